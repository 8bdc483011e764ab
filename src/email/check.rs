//! One address, checked: an ordinary one the short way, every other by `careful`.

use crate::email::careful::{self, Buffers};
use crate::email::domain::{DomainFacts, DomainMemo};
use crate::email::judge::judge;
use crate::email::key;
use crate::email::syntax::{self, Plain};
use crate::email::tables::EmailTables;
use crate::email::verdict::CheckedAddress;

/// Working memory of one worker: buffers and the memo of domains, which takes 1 MiB with the first address. Never
/// changes a result.
#[derive(Debug, Clone, Default)]
pub struct EmailScratch {
    memo: DomainMemo,
    exact: String,
    key: String,
    careful: Buffers,
}

/// Checks one address. For cells that may hold several see [`split_cell`](crate::email::split_cell).
pub fn check<'a>(cell: &'a str, tables: &EmailTables, scratch: &'a mut EmailScratch) -> CheckedAddress<'a> {
    let EmailScratch { memo, exact, key, careful } = scratch;
    let Some((plain, folded, known)) = look(cell, tables, memo, exact) else {
        return careful::check(cell, tables, memo, careful);
    };
    let (local, host) = (&folded[..plain.at], &folded[plain.at + 1..]);
    let (judged, keyed) = judge(local, host, known, tables, key);
    judged.checked(cell, (folded, if keyed { key } else { folded }), plain.at)
}

/// The canonical forms of an address, without a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound<'a> {
    /// As [`CheckedAddress::exact`].
    pub exact: &'a str,
    /// As [`CheckedAddress::key`].
    pub key: &'a str,
    /// As [`CheckedAddress::domain`].
    pub domain: &'a str,
}

/// The canonical forms of an ordinary address, as [`check`] gives them, which does not call it invalid. `None`: the
/// cell has to go through [`crate::email::split_cell`] and [`check`].
pub fn sound<'a>(cell: &'a str, tables: &EmailTables, scratch: &'a mut EmailScratch) -> Option<Sound<'a>> {
    let EmailScratch { memo, exact, key, .. } = scratch;
    let (plain, folded, known) = look(cell, tables, memo, exact)?;
    let (local, host) = (&folded[..plain.at], &folded[plain.at + 1..]);
    let rules = tables.provider(known.provider());
    let keyed = rules.is_some_and(|rules| key::key(local, host, known, rules, key).written);
    Some(Sound { exact: folded, key: if keyed { key } else { folded }, domain: host })
}

/// The parts of an ordinary address, its folded text and its domain's facts; `None` where `careful` has to check it.
#[inline]
fn look<'a>(
    cell: &'a str,
    tables: &EmailTables,
    memo: &mut DomainMemo,
    exact: &'a mut String,
) -> Option<(Plain, &'a str, DomainFacts)> {
    let plain = syntax::plain(cell)?;
    let mut folded = cell;
    if plain.upper {
        exact.clear();
        exact.push_str(cell);
        exact.make_ascii_lowercase();
        folded = exact;
    }
    let known = memo.facts(&folded[plain.at + 1..], tables);
    (known.fault.is_none() && known.slip.is_none()).then_some((plain, folded, known))
}
