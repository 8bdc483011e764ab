//! How DNS is asked: which server, how many domains at once, how long it may take; whether the program can ask at
//! all (the cargo feature `dns`).

use crate::record::Failure;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsSettings {
    /// The server; `None`: those the system is set up with.
    pub server: Option<SocketAddr>,
    /// Where answers are kept between runs.
    pub cache: Option<PathBuf>,
    /// The moment of the run, in seconds since 1970 UTC.
    pub now: i64,
    /// How old a kept answer may be, in days.
    pub keep_days: u16,
    /// How many domains are asked at once.
    pub at_once: usize,
    /// How long one question waits for its answer; it is sent twice.
    pub question: Duration,
    /// How long all questions about one domain may take.
    pub domain: Duration,
    /// How long all questions of the run may take.
    pub run: Duration,
}

impl DnsSettings {
    /// The settings unless told otherwise: the system's servers, answers a week old, 32 domains at once, 3 seconds
    /// a question, 10 a domain, 10 minutes in all.
    pub const fn new(now: i64) -> Self {
        Self {
            server: None,
            cache: None,
            now,
            keep_days: 7,
            at_once: 32,
            question: Duration::from_secs(3),
            domain: Duration::from_secs(10),
            run: Duration::from_secs(600),
        }
    }
}

/// Whether the program can ask at all: fails where it was built without the cargo feature `dns`.
pub fn built_in() -> Result<(), Failure> {
    match cfg!(feature = "dns") {
        true => Ok(()),
        false => Err(Failure::usage("this program was built without DNS").at("--dns").hint(
            "build it with the cargo feature `dns`, which is on unless --no-default-features is given",
        )),
    }
}
