//! The lists cut by a column (`--split-by`): which value a contact has, what its file is called, and the files.
//!
//! Every line of a list stands in exactly one of its parts, and the whole list is written beside them.

use crate::data::country;
use crate::decide::Decision;
use crate::output::{OutFile, RunDirWriter, hex};
use crate::pipeline::contact::decided::{Decided, carried_cell};
use crate::pipeline::kit::run::header;
use crate::pipeline::understand::output_columns::{By, SHOWN};
use crate::plan::CleanPlan;
use crate::record::{Channel, Failure, Field};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// More parts than these are no parts anybody works with.
const FILES_MAX: usize = 200;

/// A name is cut to so many characters before its digest.
const CHARS_MAX: usize = 40;

/// The part of contacts that have no value.
const NONE: &str = "_none";

/// A value as part of a file's name: the case of letters aside, no two share one; a digest keeps unusual ones apart.
pub(crate) fn name(value: &str) -> String {
    let value = value.trim().to_lowercase();
    if value.is_empty() {
        return NONE.to_owned();
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let whole = value.chars().all(|c| plain(c) || c == '-' || c == '_');
    if whole && value.len() <= CHARS_MAX && value.starts_with(plain) && !ends_in_digest(&value) {
        return value;
    }
    let mut text: String = value.chars().map(|c| if plain(c) { c } else { '-' }).take(CHARS_MAX).collect();
    while let Some(at) = text.find("--") {
        text.remove(at);
    }
    let digest = hex(&Sha256::digest(value.as_bytes())[..4]);
    match text.trim_matches('-') {
        "" => format!("-{digest}"),
        text => format!("{text}-{digest}"),
    }
}

/// The part a contact's line belongs to, by the name of its file.
pub(crate) fn part(by: By, decided: &Decided<'_, '_>, values: &[&str], decision: &Decision) -> String {
    let judgement = decision.judgement.as_ref();
    match by {
        By::Jurisdiction => {
            name(judgement.map_or("", |j| decided.writing.law.books.book(j.jurisdiction).id.as_str()))
        }
        By::Basis => name(decision.yes().map_or("", |yes| yes.basis.word())),
        By::Shown(slot) => {
            let value = values.get(slot).copied().unwrap_or_default();
            let code = (SHOWN[slot].0 == Field::Country).then(|| country(value)).flatten();
            name(code.as_ref().map_or(value, |country| country.code()))
        }
        By::Carried(slot) => name(carried_cell(decided.writing, decided.contact, slot)),
    }
}

/// Whether a plain value could be taken for the name that another value gets with its digest.
fn ends_in_digest(value: &str) -> bool {
    let end = value.rsplit_once('-').map_or("", |(_, end)| end);
    end.len() == 8 && end.bytes().all(|b| b.is_ascii_hexdigit())
}

pub(crate) struct ListParts<'d> {
    dir: &'d RunDirWriter,
    /// Per list: the word of its channel and its header line.
    heads: Vec<(&'static str, Vec<u8>)>,
    files: BTreeMap<(usize, String), OutFile>,
}

impl<'d> ListParts<'d> {
    /// No part yet; `headers` gives the headers of a channel's list.
    pub(crate) fn new(
        dir: &'d RunDirWriter,
        plan: &CleanPlan,
        headers: impl Fn(Channel) -> Vec<String>,
    ) -> Self {
        let head =
            |channel: Channel| (channel.word(), header(plan.write.spreadsheet_safe, &headers(channel)));
        Self { dir, heads: plan.law.channels.iter().map(head).collect(), files: BTreeMap::new() }
    }

    /// Appends lines to a part of list number `list`.
    pub(crate) fn write(&mut self, list: usize, part: &str, lines: &[u8]) -> Result<(), Failure> {
        let full = self.files.len() == FILES_MAX;
        match self.files.entry((list, part.to_owned())) {
            Entry::Occupied(file) => file.into_mut().write(lines),
            Entry::Vacant(_) if full => {
                let what = format!("the lists would be cut into more than {FILES_MAX} files");
                Err(Failure::usage(what)
                    .at("--split-by")
                    .hint("nothing was published; choose a column with fewer different values"))
            }
            Entry::Vacant(place) => {
                let (word, head) = &self.heads[list];
                let file = place.insert(self.dir.file(&format!("{word}.{part}.csv"))?);
                file.write(head)?;
                file.write(lines)
            }
        }
    }

    /// The files, in the order of their names.
    pub(crate) fn files(self) -> impl Iterator<Item = OutFile> {
        self.files.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_value_is_a_safe_name_and_no_two_values_share_one() {
        let values = "GB|de||_none|-|../../etc/passwd|..|a/b|a b|a\\b|a-b|United Kingdom|Österreich|日本|con|a\0b|\
                      a\nb|=1+1";
        let long = [41, 42].map(|n| "x".repeat(n));
        let values = values.split('|').chain(long.iter().map(String::as_str));
        let names: Vec<String> = values.map(name).collect();
        for (at, one) in names.iter().enumerate() {
            assert!(one.len() <= 50, "{one}");
            let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
            assert!(one.chars().all(safe), "{one}");
            assert!(names[..at].iter().all(|other| other != one), "{one} stands for two values");
        }
        assert_eq!([name("GB"), name(" gb "), name(""), name("lead_1")], ["gb", "gb", "_none", "lead_1"]);
        // A value that looks like another's name with its digest gets one of its own.
        let forged = name("a b");
        assert_ne!(name(&forged), forged);
    }
}
