//! Bars and tables: the largest first, the rest counted, never dropped.

use crate::report::audit::Audit;
use crate::report::wording::{counted, descending, grouped, percent, permille, plain, sum};
use std::collections::BTreeMap;

/// One bar: a count under a name.
pub(super) struct Bar {
    /// The reason's sentence, or the words of an identifier.
    pub(super) name: String,
    /// Id in the glossary of the page; empty when it is not there.
    pub(super) id: String,
    pub(super) n: u64,
    pub(super) share: String,
    /// Length in per cent of the track.
    pub(super) length: String,
}

/// Bars under one heading.
#[derive(Default)]
pub(super) struct Bars {
    pub(super) bars: Vec<Bar>,
    /// `and 5 more: 312 contacts`; empty when all are shown.
    pub(super) rest: String,
}

/// Lines of a table, and what was left out.
pub(super) struct Table<T> {
    pub(super) lines: Vec<T>,
    /// Empty when nothing was left out.
    pub(super) rest: String,
}

/// A part of the whole as the length of a bar, in per cent of the track.
pub(super) fn length(part: u64, whole: u64) -> String {
    let p = permille(part, whole).unwrap_or(0).min(1000);
    format!("{}.{}", p / 10, p % 10)
}

/// The largest `most` counts as bars of `total`; what is counted is named in the plural.
pub(super) fn bars(
    audit: &Audit,
    counts: &BTreeMap<String, u64>,
    total: u64,
    most: usize,
    nouns: &str,
) -> Bars {
    let sorted = descending(counts);
    // A rest of one is as long as its own bar.
    let shown = if sorted.len() == most + 1 { most + 1 } else { most.min(sorted.len()) };
    let rest = &sorted[shown..];
    Bars {
        bars: sorted[..shown].iter().map(|(id, n)| bar(audit, id, *n, total)).collect(),
        rest: match grouped(rest.len() as u64) {
            _ if rest.is_empty() => String::new(),
            more => format!("and {more} more, together {}", counted(sum(rest.iter().map(|(_, n)| n)), nouns)),
        },
    }
}

fn bar(audit: &Audit, id: &str, n: u64, total: u64) -> Bar {
    let known = audit.reasons.get(id);
    Bar {
        name: known.map_or_else(|| plain(id), |text| text.sentence.clone()),
        id: if known.is_some() { id.to_owned() } else { String::new() },
        n,
        share: percent(n, total),
        length: length(n, total),
    }
}

/// What is left out of a table, and what it comes to.
pub(super) fn more<T>(rest: &[T], nouns: &str, together: &str) -> String {
    format!("and {} more, together {together}", counted(rest.len() as u64, nouns))
}

/// A table of at most `most` lines; `rest` says what the others come to.
pub(super) fn table<T>(mut lines: Vec<T>, most: usize, rest: impl FnOnce(&[T]) -> String) -> Table<T> {
    let rest = if lines.len() > most { rest(&lines[most..]) } else { String::new() };
    lines.truncate(most);
    Table { lines, rest }
}
