//! What is said of one value, and in which shape. Knows no streams.

use crate::cli::clock;
use crate::cli::end::End;
use crate::data::country;
use crate::dns::{self, DnsAnswers};
use crate::email::{self, CheckedAddress, EmailVerdict};
use crate::output::{Line, digits};
use crate::phone::{self, Formats, Region};
use crate::plan::Judging;
use crate::reason::Reason;
use crate::record::Failure;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
use std::io::Write;

/// The fields of an address: columns of CSV, keys of JSON.
const EMAIL: &str = "input,verdict,value,key,reasons,suggestion,dns,at";

/// The fields of a number, likewise; the last two as it is written at home, and for callers abroad.
const PHONE: &str = "input,verdict,e164,region,type,sms,extension,reasons,national,international";

/// What is said of a value in a field.
enum Said<'a> {
    Text(&'a str),
    /// A text that may lack: `null` in JSON.
    Filled(&'a str),
    /// Ids parted by blanks: a list in JSON.
    Reasons(&'a str),
    /// What DNS said; where it was not asked, JSON has no such key, and where it was, it is the last.
    Dns(Option<&'a str>),
    /// Byte of the value at which its syntax fails, from 0.
    At(Option<u32>),
}

impl Serialize for Said<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(to),
            Self::Filled(text) => Some(text).filter(|text| !text.is_empty()).serialize(to),
            Self::Reasons(ids) => to.collect_seq(ids.split_whitespace()),
            Self::Dns(answer) => answer.serialize(to),
            Self::At(at) => at.serialize(to),
        }
    }
}

/// How verdicts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputShape {
    /// Aligned for people.
    Text,
    /// An object a line.
    Json,
    /// With a header.
    Csv,
}

enum JudgeTables {
    Email(Box<email::EmailTables>),
    Phone(Box<(phone::PhoneTables, Formats)>),
}

/// All that verdicts follow from, the same for every value.
pub(super) struct Judge {
    fields: Vec<&'static str>,
    shape: OutputShape,
    region: Option<Region>,
    tables: JudgeTables,
    judging: Judging,
    /// What DNS said so far; `None`: it is not asked.
    dns: Option<DnsAnswers>,
}

/// One worker's buffers, and what it has to hand out.
#[derive(Default)]
pub(super) struct Desk {
    email: email::EmailScratch,
    phone: phone::PhoneScratch,
    /// The number at hand as written at home and abroad.
    written: [String; 2],
    words: String,
    line: Line,
    out: Vec<u8>,
    found: bool,
}

impl Desk {
    /// Whether every value was ok.
    pub(super) const fn all_ok(&self) -> bool {
        !self.found
    }

    /// Writes what was said since.
    pub(super) fn hand_out(&mut self, to: &mut dyn Write) -> Result<(), End> {
        self.line.drain_into(&mut self.out);
        to.write_all(&self.out)?;
        self.out.clear();
        Ok(())
    }
}

impl Judge {
    /// Fails where a list that was brought cannot be read.
    pub(super) fn new(
        email: bool,
        shape: OutputShape,
        region: Option<Region>,
        judging: Judging,
    ) -> Result<Self, Failure> {
        Ok(Self {
            fields: if email { EMAIL } else { PHONE }.split(',').collect(),
            shape,
            region,
            tables: match email {
                true => JudgeTables::Email(Box::new(judging.email()?)),
                false => JudgeTables::Phone(Box::new((judging.phone()?, Formats::built_in()))),
            },
            dns: judging.dns.as_ref().filter(|_| email).map(|_| DnsAnswers::default()),
            judging,
        })
    }

    /// Whether DNS has to be asked before values are judged.
    pub(super) const fn asks_dns(&self) -> bool {
        self.dns.is_some()
    }

    /// The header, where the shape has one.
    pub(super) fn header(&self, desk: &mut Desk) {
        if self.shape == OutputShape::Csv {
            desk.line.cells(self.fields.iter().copied());
            desk.line.end();
        }
    }

    /// Asks DNS about the domains of these values that were not asked about, where that is wanted.
    pub(super) fn ask_dns<'v>(&mut self, values: impl Iterator<Item = &'v str>) -> Result<(), Failure> {
        let (Some(settings), Some(answers), JudgeTables::Email(tables)) =
            (&self.judging.dns, &mut self.dns, &self.tables)
        else {
            return Ok(());
        };
        let (mut scratch, mut open) = (email::EmailScratch::default(), BTreeSet::new());
        for value in values {
            fixed(value, tables, &mut scratch, self.judging.fix_typos, |found| {
                let asked = found.domain.is_empty() || found.domain.starts_with('[');
                if !asked && answers.get(found.domain).is_none() {
                    open.insert(found.domain.to_owned());
                }
            });
        }
        answers.extend(dns::look_up(&open, settings, &clock::interrupted)?);
        Ok(())
    }

    /// Judges one value.
    pub(super) fn one(&self, input: &str, country: Option<&str>, desk: &mut Desk) -> Result<(), Failure> {
        match &self.tables {
            JudgeTables::Email(tables) => self.email(input, tables, desk),
            JudgeTables::Phone(tables) => {
                self.phone(input, country.and_then(region_of).or(self.region), tables, desk)
            }
        }
    }

    fn email(&self, input: &str, tables: &email::EmailTables, desk: &mut Desk) -> Result<(), Failure> {
        let Desk { email, words, line, out, found: other, .. } = desk;
        fixed(input, tables, email, self.judging.fix_typos, |found| {
            let answer = self.dns.as_ref().and_then(|answers| Some(answers.get(found.domain)?.answer));
            let found = answer.map_or(found, |answer| found.with_dns(answer));
            *other |= found.verdict != EmailVerdict::Ok;
            join(found.reasons.iter(), words);
            if self.shape == OutputShape::Text {
                email_text(input, &found, words, out);
                return Ok(());
            }
            let said = [
                Said::Text(input),
                Said::Text(found.verdict.word()),
                Said::Text(found.address),
                Said::Text(found.key),
                Said::Reasons(words),
                Said::Filled(found.suggestion.unwrap_or_default()),
                Said::Dns(answer.map(dns::DnsAnswer::word)),
                Said::At(found.at),
            ];
            self.tell(&said, line, out)
        })
    }

    fn phone(
        &self,
        input: &str,
        region: Option<Region>,
        tables: &(phone::PhoneTables, Formats),
        desk: &mut Desk,
    ) -> Result<(), Failure> {
        let Desk { phone, written, words, line, out, found: other, .. } = desk;
        let found = phone::check(input, region, &tables.0, phone);
        *other |= found.verdict != phone::PhoneVerdict::Ok;
        join(found.reasons.as_slice().iter().copied(), words);
        if self.shape == OutputShape::Text {
            let number = if found.e164.is_empty() { "-" } else { found.e164 };
            for (text, width) in [(found.verdict.word(), 9), (number, 17), (found.kind.word(), 21)] {
                padded(text, width, out);
                out.push(b' ');
            }
            out.extend_from_slice(b"sms ");
            padded(found.sms.word(), 10, out);
            out.push(b' ');
            out.extend_from_slice(words.as_bytes());
            out.push(b'\n');
            return Ok(());
        }
        let [national, international] = written;
        tables.1.national(found.e164, national);
        tables.1.international(found.e164, international);
        let said = [
            Said::Text(input),
            Said::Text(found.verdict.word()),
            Said::Filled(found.e164),
            Said::Filled(found.region.as_ref().map_or("", Region::as_str)),
            Said::Text(found.kind.word()),
            Said::Text(found.sms.word()),
            Said::Filled(found.extension),
            Said::Reasons(words),
            Said::Filled(national),
            Said::Filled(international),
        ];
        self.tell(&said, line, out)
    }

    /// Writes what is said in these fields as an object, or as a line of CSV.
    fn tell(&self, said: &[Said<'_>], line: &mut Line, out: &mut Vec<u8>) -> Result<(), Failure> {
        if self.shape == OutputShape::Json {
            let all = || self.fields.iter().zip(said);
            let known = all().filter(|(_, said)| !matches!(said, Said::Dns(_)));
            let asked = all().filter(|(_, said)| matches!(said, Said::Dns(Some(_))));
            serde_json::Serializer::new(&mut *out)
                .collect_map(known.chain(asked))
                .map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
            out.push(b'\n');
            return Ok(());
        }
        for said in said {
            match said {
                Said::Text(text) | Said::Filled(text) | Said::Reasons(text) => line.cell(text),
                Said::Dns(answer) => line.cell(answer.unwrap_or_default()),
                Said::At(Some(at)) => line.number(u64::from(*at)),
                Said::At(None) => line.cell(""),
            }
        }
        line.end();
        Ok(())
    }
}

/// The region of a country's numbers.
fn region_of(text: &str) -> Option<Region> {
    country(text).and_then(|c| Region::from_iso(c.code()))
}

/// Shows what is found of a value, or, when that is wanted, of the address that a sure slip stands for.
fn fixed<T>(
    value: &str,
    tables: &email::EmailTables,
    scratch: &mut email::EmailScratch,
    fix: bool,
    mut show: impl FnMut(CheckedAddress<'_>) -> T,
) -> T {
    let sure = |found: CheckedAddress<'_>| found.sure_fix().map(str::to_owned);
    match if fix { sure(email::check(value, tables, scratch)) } else { None } {
        None => show(email::check(value, tables, scratch)),
        Some(meant) => show(email::check(&meant, tables, scratch).as_fixed()),
    }
}

fn email_text(input: &str, found: &CheckedAddress<'_>, words: &str, out: &mut Vec<u8>) {
    padded(found.verdict.word(), 9, out);
    out.push(b' ');
    out.extend_from_slice(if found.address.is_empty() { input } else { found.address }.as_bytes());
    if !words.is_empty() {
        out.extend_from_slice(b"  ");
        out.extend_from_slice(words.as_bytes());
    }
    if let Some(at) = found.at {
        out.extend_from_slice(b"  at byte ");
        out.extend_from_slice(digits(u64::from(at), &mut [0; 20]).as_bytes());
    }
    if let Some(suggestion) = found.suggestion {
        out.extend_from_slice(b"  did you mean ");
        out.extend_from_slice(suggestion.as_bytes());
        out.push(b'?');
    }
    out.push(b'\n');
}

fn join(reasons: impl Iterator<Item = Reason>, words: &mut String) {
    words.clear();
    for reason in reasons {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(reason.id());
    }
}

/// Our own words are ASCII.
fn padded(text: &str, width: usize, out: &mut Vec<u8>) {
    let end = out.len() + width.max(text.len());
    out.extend_from_slice(text.as_bytes());
    out.resize(end, b' ');
}
