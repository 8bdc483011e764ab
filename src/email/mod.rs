//! One e-mail address: text and tables in, verdict, canonical forms and findings out.
//!
//! Pure: no I/O, no date, no knowledge of telephone numbers. An ordinary ASCII address takes one pass over its
//! bytes and one look into a memo of domains; everything else goes through `careful`, which says what it took
//! off, what is wrong and where.
//!
//! What the words mean: `Invalid` no mail can be sent to what the cell holds; `Risky` it can, but something
//! speaks against it; `Repaired` an address was read after taking something off; `Ok` as it stands. A domain
//! typo is suggested, never applied. Two keys: `exact` says whose consent this is (letter case and repairs
//! only), `key` says which mailbox it reaches by the provider's rules and serves to match and to refuse.

mod careful;
mod check;
mod clean;
mod domain;
mod judge;
mod key;
mod near;
mod own_lists;
mod split;
mod syntax;
mod tables;
#[cfg(test)]
mod tests;
mod typo;
mod verdict;
mod within;

pub use check::{EmailScratch, Sound, check, sound};
pub use clean::name_beside;
pub use split::{split_cell, split_flags};
pub use tables::{EmailTables, ListVersion};
pub use verdict::{AddressFacts, CheckedAddress, EmailVerdict, dns_reason};
pub use within::addresses_within;
