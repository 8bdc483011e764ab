//! Whether the program can ask DNS: the cargo feature `dns`.

use crate::record::Failure;

/// Tells whether the program can ask at all.
///
/// # Errors
/// It was built without the cargo feature `dns`.
pub fn built_in() -> Result<(), Failure> {
    match cfg!(feature = "dns") {
        true => Ok(()),
        false => Err(Failure::usage("this program was built without DNS").at("--dns").hint(
            "build it with the cargo feature `dns`, which is on unless --no-default-features is given",
        )),
    }
}
