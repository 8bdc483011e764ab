//! The lists cut by a column (`--split-by`): which value a contact has, what its file is called, and the files.
//!
//! Every line of a list stands in exactly one of its parts, and the whole list is written beside them.

use super::layout::{Layout, SHOWN};
use super::lines::{Decided, carried_cell};
use super::write::Writing;
use crate::data::country;
use crate::decide::Decision;
use crate::output::{Line, OutFile, RunDir, hex};
use crate::plan::Plan;
use crate::record::{Channel, Failure, Field};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// More parts than these are no parts anybody works with.
const FILES_MAX: usize = 200;
/// A name is cut to so many characters before its digest.
const CHARS_MAX: usize = 40;
/// The part of contacts that have no value.
const NONE: &str = "_none";

/// What the lists are cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Whose law decided.
    Jurisdiction,
    /// The ground of the yes.
    Basis,
    /// A field that `contacts.csv` shows under our own name; countries by their code.
    Shown(usize),
    /// A column of theirs that is carried along.
    Carried(usize),
}

impl By {
    /// What the plan asks for, in the columns of this run.
    pub(super) fn of(plan: &Plan, layout: &Layout) -> Result<Option<Self>, Failure> {
        let Some(name) = plan.split_by.as_deref() else { return Ok(None) };
        let own = match name {
            "jurisdiction" => Some(Self::Jurisdiction),
            "basis" => Some(Self::Basis),
            _ => SHOWN.iter().position(|(_, shown)| *shown == name).map(Self::Shown),
        };
        let carried = |same: &dyn Fn(&str) -> bool| {
            layout.carried.iter().position(|header| same(header.trim())).map(Self::Carried)
        };
        let by =
            own.or_else(|| carried(&|h| h == name)).or_else(|| carried(&|h| h.eq_ignore_ascii_case(name)));
        by.map(Some).ok_or_else(|| {
            Failure::usage("no source has a column of that name").at("--split-by").hint(
                "give country, jurisdiction, basis, or a header of contacts.csv behind the channels' columns",
            )
        })
    }

    /// The part a contact's line belongs to, by the name of its file.
    pub(super) fn part(
        self,
        writing: &Writing<'_>,
        decided: &Decided<'_, '_>,
        values: &[&str],
        decision: &Decision,
    ) -> String {
        let judgement = decision.judgement.as_ref();
        match self {
            Self::Jurisdiction => {
                name(judgement.map_or("", |j| writing.law.books.book(j.jurisdiction).id.as_str()))
            }
            Self::Basis => name(decision.yes().map_or("", |yes| yes.basis.word())),
            Self::Shown(slot) => {
                let value = values.get(slot).copied().unwrap_or_default();
                let code = (SHOWN[slot].0 == Field::Country).then(|| country(value)).flatten();
                name(code.as_ref().map_or(value, |country| country.code()))
            }
            Self::Carried(slot) => name(carried_cell(writing, decided.contact, slot)),
        }
    }
}

/// The name of a value within a file's name: values that differ in the case of letters alone share one, any other two
/// never do. What is more than small letters, digits and hyphens is told apart by a digest.
fn name(value: &str) -> String {
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

/// Whether a plain value could be taken for the name that another value gets with its digest.
fn ends_in_digest(value: &str) -> bool {
    let end = value.rsplit_once('-').map_or("", |(_, end)| end);
    end.len() == 8 && end.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The parts of all lists.
pub(super) struct Parts<'d> {
    dir: &'d RunDir,
    /// Per list: the word of its channel and its header line.
    heads: Vec<(&'static str, Vec<u8>)>,
    files: BTreeMap<(usize, String), OutFile>,
}

impl<'d> Parts<'d> {
    /// No part yet; `headers` gives the headers of a channel's list.
    pub(super) fn new(dir: &'d RunDir, plan: &Plan, headers: impl Fn(Channel) -> Vec<String>) -> Self {
        let head = |channel: Channel| {
            let mut line = Line::new(plan.spreadsheet_safe);
            line.cells(headers(channel).iter().map(String::as_str));
            line.end();
            (channel.word(), line.take())
        };
        Self { dir, heads: plan.channels.iter().map(head).collect(), files: BTreeMap::new() }
    }

    /// Appends lines to a part of list number `list`.
    pub(super) fn write(&mut self, list: usize, part: &str, lines: &[u8]) -> Result<(), Failure> {
        let key = (list, part.to_owned());
        if !self.files.contains_key(&key) {
            if self.files.len() == FILES_MAX {
                return Err(Failure::usage(format!(
                    "the lists would be cut into more than {FILES_MAX} files"
                ))
                .at("--split-by")
                .hint("nothing was published; choose a column with fewer different values"));
            }
            let (word, head) = &self.heads[list];
            let mut file = self.dir.file(&format!("{word}.{part}.csv"))?;
            file.write(head)?;
            self.files.insert(key.clone(), file);
        }
        match self.files.get_mut(&key) {
            Some(file) => file.write(lines),
            None => Ok(()),
        }
    }

    /// The files, in the order of their names.
    pub(super) fn files(self) -> impl Iterator<Item = OutFile> {
        self.files.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_value_is_a_safe_name_and_no_two_values_share_one() {
        let values = [
            "GB",
            "de",
            "",
            "_none",
            "-",
            "../../etc/passwd",
            "..",
            "a/b",
            "a b",
            "a\\b",
            "a-b",
            "United Kingdom",
            "Österreich",
            "日本",
            "x".repeat(41).leak(),
            "x".repeat(42).leak(),
            "con",
            "a\0b",
            "a\nb",
            "=1+1",
        ];
        let names: Vec<String> = values.iter().map(|v| name(v)).collect();
        for (at, one) in names.iter().enumerate() {
            assert!(one.len() <= 50, "{one}");
            assert!(
                one.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_'),
                "{one}"
            );
            assert!(names[..at].iter().all(|other| other != one), "{one} stands for two values");
        }
        assert_eq!([name("GB"), name(" gb "), name(""), name("lead_1")], ["gb", "gb", "_none", "lead_1"]);
        // A value that looks like another's name with its digest gets one of its own.
        let forged = name("a b");
        assert_ne!(name(&forged), forged);
    }
}
