//! The value that is looked for in a run directory, in every form in which its files may hold it. The checker of
//! addresses is the same as everywhere: two spellings of one mailbox are one. Knows no file.

use crate::data::fold::fold;
use crate::data::networks;
use crate::email::{self, EmailVerdict};
use crate::link::NameCells;
use crate::phone;
use crate::pipeline::understand::points::PointTables;
use crate::plan::Judging;
use crate::record::{Channel, Failure, PointKind};
use std::cell::RefCell;

pub(crate) struct Lookup {
    /// The value in lower case, without space around it; a handle in normal form.
    pub(crate) text: String,
    /// The value as a name: folded, given names first; empty where it is none.
    name: String,
    digits: String,
    pub(crate) mail: Option<MailForms>,
    /// The number in E.164, where the value has its country.
    pub(crate) number: Option<String>,
    pub(crate) tables: PointTables,
    scratch: RefCell<email::EmailScratch>,
}

pub(crate) struct MailForms {
    /// Folded; what consent holds for.
    pub(crate) exact: String,
    /// In the spelling that the provider treats as the same mailbox; what refusals hold for.
    pub(crate) key: String,
    /// Its domain, as A-labels.
    pub(crate) domain: String,
}

/// How a point or name of a run is the one that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    FamilyName,
    /// Another spelling of the same mailbox: refusals hold for both, consent for one.
    Alias,
    /// The very address, number or account, or the whole name.
    Exact,
}

impl Lookup {
    /// Reads the value; fails where it is empty.
    pub(crate) fn of(value: &str) -> Result<Self, Failure> {
        if value.trim().is_empty() {
            return Err(Failure::usage("the value to look up is empty")
                .at("VALUE")
                .hint("give an e-mail address, a telephone number, a contact id or a whole name"));
        }
        let value = without_guard(value.trim());
        let handle = networks::read(None, value).filter(|handle| handle.valid);
        let is_handle = handle.is_some();
        let text = handle.map_or_else(|| value.to_lowercase(), |handle| handle.text);
        let tables = PointTables::of(&Judging::default())?;
        let mut scratch = email::EmailScratch::default();
        let mail = Some(value).filter(|v| v.contains('@') && !is_handle).and_then(|value| {
            let found = email::check(value, &tables.email, &mut scratch);
            let [exact, key, domain] = [found.exact, found.key, found.domain].map(str::to_owned);
            (found.verdict != EmailVerdict::Invalid).then_some(MailForms { exact, key, domain })
        });
        let (digits, number) = numbers(&text, &tables);
        let mut lookup =
            Self { text, name: String::new(), digits, mail, number, tables, scratch: RefCell::new(scratch) };
        if lookup.kind().is_none() || value.contains(' ') {
            lookup.name = folded_name(value);
        }
        Ok(lookup)
    }

    /// What kind of point it is by its shape, if it is one.
    pub(crate) fn kind(&self) -> Option<PointKind> {
        match () {
            () if self.mail.is_some() => Some(PointKind::Email),
            () if self.text.starts_with('@') || networks::is_written(&self.text) => Some(PointKind::Handle),
            () if !self.digits.is_empty() => Some(PointKind::Phone),
            () => None,
        }
    }

    /// How a point is the one that is looked for, if it is. A number written for use at home fits one that ends in it.
    pub(crate) fn fit(&self, point: &str) -> Option<Fit> {
        if point.to_lowercase() == self.text && !point.is_empty() {
            return Some(Fit::Exact);
        }
        // `@foo` is whoever goes by that name in some network.
        if self.text.starts_with('@') && networks::is_written(point) {
            let named = point.split_once(':').is_some_and(|(_, name)| name == &self.text[1..]);
            return named.then_some(Fit::Exact);
        }
        if let Some(mail) = self.mail.as_ref().filter(|_| point.contains('@')) {
            let mut scratch = self.scratch.borrow_mut();
            let found = email::check(point, &self.tables.email, &mut scratch);
            return match () {
                () if found.verdict == EmailVerdict::Invalid => None,
                () if found.exact == mail.exact => Some(Fit::Exact),
                () if found.key == mail.key => Some(Fit::Alias),
                () => None,
            };
        }
        let digits = point.strip_prefix('+').filter(|_| !self.digits.is_empty())?;
        let ends = || self.digits.len() >= 7 && digits.ends_with(&self.digits);
        (digits == self.digits || ends()).then_some(Fit::Exact)
    }

    /// How a name is the one that is looked for, if it is; case, accents and punctuation aside.
    pub(crate) fn fit_name(&self, name: NameCells<'_>) -> Option<Fit> {
        if self.name.is_empty() {
            return None;
        }
        let NameCells { first, middle, last, full, suffix } = name;
        let is = |cells: &[&str]| fold(&cells.join(" ")) == self.name;
        let whole = is(&[first, last])
            || is(&[first, middle, last])
            || is(&[first, middle, last, suffix])
            || folded_name(full) == self.name;
        if whole { Some(Fit::Exact) } else { is(&[last]).then_some(Fit::FamilyName) }
    }

    /// Whether the channel is one over which the value would be reached; never, where it is no point.
    pub(crate) fn is_reached_by(&self, channel: &str) -> bool {
        let channel = Channel::from_word(channel);
        self.kind().zip(channel).is_some_and(|(kind, channel)| channel.reaches(kind))
    }
}

/// A value copied from a cell that was guarded for a spreadsheet, or marked as text there.
fn without_guard(value: &str) -> &str {
    let marked = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit() || "=+-@".contains(c));
    value.strip_prefix('\'').filter(marked).unwrap_or(value)
}

/// A name folded, given names first: `Last, First` is turned.
fn folded_name(name: &str) -> String {
    match name.split_once(',') {
        Some((last, first)) if !first.contains(',') => fold(&format!("{first} {last}")),
        _ => fold(name),
    }
}

/// The digits of what may be a number, and the number in E.164 where it has its country.
fn numbers(text: &str, tables: &PointTables) -> (String, Option<String>) {
    let number = text.chars().all(|c| c.is_ascii_digit() || "+()-./ \u{a0}".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').to_owned();
    if !number || digits.len() < 5 {
        return (String::new(), None);
    }
    let mut scratch = phone::PhoneScratch::default();
    let abroad = text.strip_prefix("00").map(|rest| format!("+{rest}")).unwrap_or_else(|| text.to_owned());
    let found = phone::check(&abroad, None, &tables.phone, &mut scratch);
    let known = Some(found.e164).filter(|e164| abroad.starts_with('+') && !e164.is_empty());
    match known {
        Some(e164) => (e164.trim_start_matches('+').to_owned(), Some(e164.to_owned())),
        None => (digits, None),
    }
}
