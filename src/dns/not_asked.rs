//! Asking, in a program built without the cargo feature `dns`: nobody is asked.

use crate::dns::answer::Replies;
use crate::dns::settings::{DnsSettings, built_in};
use crate::record::Failure;

/// Always a failure: the program cannot ask.
pub(super) fn ask(_: &[&str], _: &DnsSettings, _: &dyn Fn() -> bool) -> Result<Replies, Failure> {
    built_in().map(|()| Replies { answers: Vec::new(), servers: Vec::new() })
}
