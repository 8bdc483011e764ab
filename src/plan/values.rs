//! Words of the command line and the profile, read: the same function reads both. Knows not where a word stands.

use crate::data::jurisdiction::Audience;
use crate::data::{self, Country};
use crate::record::{Channel, Channels, Day, Failure};
use std::net::{IpAddr, SocketAddr};

/// Bytes of RAM for temporary data unless told otherwise.
pub const MEMORY: usize = 256 << 20;

/// Whom messages may be for, the default first.
pub const AUDIENCES: [Audience; 2] = [Audience::B2c, Audience::B2b];

/// The day of a text such as `2026-12-01`; fails where it is no date.
pub fn day(text: &str) -> Result<Day, Failure> {
    text.parse().map_err(|_| Failure::usage("this is no date").hint("write it as 2026-12-01"))
}

/// The country of an ISO code or a name; fails where no country is called that.
pub fn country(text: &str) -> Result<Country, Failure> {
    data::country(text)
        .ok_or_else(|| Failure::usage("this is no country we know").hint("give an ISO code such as GB"))
}

/// The channels of a list of words, separated by commas; fails where one of them is no channel.
pub fn channels(text: &str) -> Result<Channels, Failure> {
    text.split(',').try_fold(Channels::NONE, |set, word| Ok(set.union(Channels::only(channel(word.trim())?))))
}

pub(super) fn channel(word: &str) -> Result<Channel, Failure> {
    Channel::from_word(word).ok_or_else(|| {
        let known = Channel::ALL.map(Channel::word).join(", ");
        Failure::usage(format!("`{word}` is no channel")).hint(format!("channels are {known}"))
    })
}

/// Whom messages are for: `b2b` or `b2c`.
pub(super) fn audience(word: &str) -> Result<Audience, Failure> {
    let found = AUDIENCES.into_iter().find(|audience| audience.word() == word);
    found.ok_or_else(|| Failure::usage("the audience is b2b or b2c"))
}

/// A number of threads, 1 or more.
///
/// # Errors
/// It is none.
pub fn threads(text: &str) -> Result<usize, Failure> {
    let number = text.parse().ok().filter(|number| *number > 0);
    let wrong = || Failure::usage("the number of threads is 1 or more");
    number.ok_or_else(|| wrong().hint("leave it away to use all cores"))
}

/// Bytes of RAM: `256M`, `2G`; fails where it is no amount.
pub fn memory(text: &str) -> Result<usize, Failure> {
    let wrong = || Failure::usage("this is no amount of memory").hint("write it as 256M or 2G");
    let (digits, unit) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let number: usize = digits.parse().map_err(|_| wrong())?;
    let shift = match unit.to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err(wrong()),
    };
    number.checked_shl(shift).filter(|bytes| bytes >> shift == number).ok_or_else(wrong)
}

/// The address of a server, `IP` or `IP:PORT`, port 53 where none is told; fails where it is no address.
pub fn server(text: &str) -> Result<SocketAddr, Failure> {
    let of_ip = || text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse().or_else(|_| of_ip()).map_err(|_| {
        Failure::usage("this is no address of a server").hint("write it as 192.0.2.53 or 192.0.2.53:5353")
    })
}
