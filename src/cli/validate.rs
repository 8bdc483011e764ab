//! `validate`: one value, one verdict, one line.

use super::args::{Validate, What};
use super::{End, Exit, clock};
use crate::data::country;
use crate::dns::{self, Answers};
use crate::email::{self, Checked, Verdict};
use crate::output::Line;
use crate::phone::{self, Formats, Region};
use crate::plan::Judging;
use crate::reason::Reason;
use crate::record::Failure;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

/// How many values are read before DNS is asked about their domains.
const BATCH: usize = 10_000;

/// What `validate email --json` says of a value.
#[derive(Serialize)]
struct EmailSaid<'a> {
    input: &'a str,
    verdict: &'a str,
    value: &'a str,
    key: &'a str,
    reasons: Vec<&'static str>,
    suggestion: Option<&'a str>,
    /// What DNS said; missing when it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    dns: Option<&'static str>,
}

/// What `validate phone --json` says of a value.
#[derive(Serialize)]
struct PhoneSaid<'a> {
    input: &'a str,
    verdict: &'a str,
    e164: Option<&'a str>,
    region: Option<&'a str>,
    r#type: &'a str,
    sms: &'a str,
    extension: Option<&'a str>,
    reasons: Vec<&'static str>,
    /// As written at home.
    national: Option<&'a str>,
    /// As written for callers abroad.
    international: Option<&'a str>,
}

/// Judges the values given, or those of the standard input.
pub(super) fn run(args: &Validate, stdin: impl Read, stdout: &mut dyn Write) -> Result<Exit, End> {
    let region = match &args.country {
        None => None,
        Some(text) => Some(
            region_of(text).ok_or_else(|| Failure::usage("this is no country we know").at("--country"))?,
        ),
    };
    let judging = Judging::new(&args.judging.options(Some(&args.dns)))?;
    let shape = match (args.json, args.csv) {
        (true, _) => Shape::Json,
        (_, true) => Shape::Csv,
        _ => Shape::Text,
    };
    let mut judge = Judge {
        shape,
        region,
        tables: match args.what {
            What::Email => Tables::Email(Box::new((judging.email()?, email::Scratch::default()))),
            What::Phone => Tables::Phone(Box::new(Phones {
                tables: judging.phone()?,
                scratch: phone::Scratch::default(),
                formats: Formats::built_in(),
                written: Default::default(),
            })),
        },
        dns: judging.dns.as_ref().filter(|_| args.what == What::Email).map(|_| Answers::default()),
        judging,
        line: Line::new(false),
        all_ok: true,
    };
    let mut out = BufWriter::new(stdout);
    judge.header(&mut out)?;
    if args.values.is_empty() || args.values == ["-"] {
        judge.stream(&mut BufReader::new(stdin), &mut out)?;
    } else {
        let values: Vec<_> = args.values.iter().map(|value| (value.clone(), None)).collect();
        judge.batch(&values, &mut out)?;
    }
    out.flush()?;
    Ok(if args.strict && !judge.all_ok { Exit::Found } else { Exit::Done })
}

fn region_of(text: &str) -> Option<Region> {
    country(text).and_then(|c| Region::from_iso(c.code()))
}

/// How verdicts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Json,
    Csv,
}

enum Tables {
    Email(Box<(email::Tables, email::Scratch)>),
    Phone(Box<Phones>),
}

struct Phones {
    tables: phone::Tables,
    scratch: phone::Scratch,
    formats: Formats,
    /// The number at hand as written at home and abroad.
    written: [String; 2],
}

struct Judge {
    shape: Shape,
    region: Option<Region>,
    tables: Tables,
    judging: Judging,
    /// What DNS said so far; `None`: it is not asked.
    dns: Option<Answers>,
    line: Line,
    all_ok: bool,
}

impl Judge {
    fn header(&mut self, out: &mut dyn Write) -> Result<(), End> {
        if self.shape != Shape::Csv {
            return Ok(());
        }
        let headers: &[&str] = match &self.tables {
            Tables::Email(_) => &["input", "verdict", "value", "key", "reasons", "suggestion", "dns"],
            Tables::Phone(_) => &[
                "input",
                "verdict",
                "e164",
                "region",
                "type",
                "sms",
                "extension",
                "reasons",
                "national",
                "international",
            ],
        };
        self.print_csv(headers, out)
    }

    /// Judges line by line; what was read is answered before more is waited for.
    fn stream(&mut self, stdin: &mut BufReader<impl Read>, out: &mut dyn Write) -> Result<(), End> {
        let mut bytes = Vec::new();
        let mut waiting = Vec::new();
        loop {
            if stdin.buffer().is_empty() {
                out.flush()?;
            }
            bytes.clear();
            if stdin.read_until(b'\n', &mut bytes).map_err(|e| Failure::io("read", "stdin", &e))? == 0 {
                return self.batch(&waiting, out);
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\n', '\r']);
            let (value, country) = line.split_once('\t').map_or((line, None), |(v, c)| (v, Some(c)));
            if self.dns.is_none() {
                self.one(value, country, out)?;
                continue;
            }
            waiting.push((value.to_owned(), country.map(str::to_owned)));
            if waiting.len() == BATCH {
                self.batch(&waiting, out)?;
                waiting.clear();
            }
        }
    }

    /// Judges some values; asks DNS about their domains first, where that is wanted.
    fn batch(&mut self, values: &[(String, Option<String>)], out: &mut dyn Write) -> Result<(), End> {
        if let (Some(settings), Some(answers), Tables::Email(tables)) =
            (&self.judging.dns, &mut self.dns, &mut self.tables)
        {
            let (tables, scratch) = &mut **tables;
            let mut open = BTreeSet::new();
            for (value, _) in values {
                fixed(value, tables, scratch, self.judging.fix_typos, |found| {
                    let asked = found.domain.is_empty() || found.domain.starts_with('[');
                    if !asked && answers.get(found.domain).is_none() {
                        open.insert(found.domain.to_owned());
                    }
                });
            }
            answers.extend(dns::look_up(&open, settings, &clock::interrupted)?);
        }
        values.iter().try_for_each(|(value, country)| self.one(value, country.as_deref(), out))
    }

    fn one(&mut self, input: &str, country: Option<&str>, out: &mut dyn Write) -> Result<(), End> {
        let Self { tables, judging, dns, region, .. } = self;
        match tables {
            Tables::Email(tables) => {
                let (tables, scratch) = &mut **tables;
                let said = fixed(input, tables, scratch, judging.fix_typos, |found| {
                    let answer = dns.as_ref().and_then(|answers| Some(answers.get(found.domain)?.answer));
                    let found = answer.map_or(found, |answer| found.with_dns(answer));
                    OwnedSaid::new(&found, answer)
                });
                self.all_ok &= said.verdict == Verdict::Ok;
                self.print_email(input, &said, out)
            }
            Tables::Phone(tables) => {
                let Phones { tables, scratch, formats, written } = &mut **tables;
                let region = country.and_then(region_of).or(*region);
                let found = phone::check(input, region, tables, scratch);
                self.all_ok &= found.verdict == phone::Verdict::Ok;
                let [national, international] = written;
                formats.national(found.e164, national);
                formats.international(found.e164, international);
                let said = PhoneSaid {
                    input,
                    verdict: found.verdict.word(),
                    e164: Some(found.e164).filter(|t| !t.is_empty()),
                    region: found.region.as_ref().map(Region::as_str),
                    r#type: found.kind.word(),
                    sms: found.sms.word(),
                    extension: Some(found.extension).filter(|t| !t.is_empty()),
                    reasons: found.reasons.as_slice().iter().map(|r| r.id()).collect(),
                    national: Some(national.as_str()).filter(|t| !t.is_empty()),
                    international: Some(international.as_str()).filter(|t| !t.is_empty()),
                };
                print_phone(self.shape, &mut self.line, &said, out)
            }
        }
    }

    fn print_email(&mut self, input: &str, said: &OwnedSaid, out: &mut dyn Write) -> Result<(), End> {
        let said = EmailSaid {
            input,
            verdict: said.verdict.word(),
            value: &said.value,
            key: &said.key,
            reasons: said.reasons.iter().map(|r| r.id()).collect(),
            suggestion: said.suggestion.as_deref(),
            dns: said.dns,
        };
        match self.shape {
            Shape::Json => json(&said, out),
            Shape::Csv => {
                let reasons = said.reasons.join(" ");
                let (suggestion, dns) = (said.suggestion.unwrap_or_default(), said.dns.unwrap_or_default());
                self.print_csv(&[input, said.verdict, said.value, said.key, &reasons, suggestion, dns], out)
            }
            Shape::Text => {
                let value = if said.value.is_empty() { input } else { said.value };
                write!(out, "{:<9} {value}", said.verdict)?;
                if !said.reasons.is_empty() {
                    write!(out, "  {}", said.reasons.join(" "))?;
                }
                if let Some(suggestion) = said.suggestion {
                    write!(out, "  did you mean {suggestion}?")?;
                }
                writeln!(out)?;
                Ok(())
            }
        }
    }

    fn print_csv(&mut self, cells: &[&str], out: &mut dyn Write) -> Result<(), End> {
        csv(&mut self.line, cells, out)
    }
}

/// Shows what is found of a value, or, when that is wanted, of the address that a sure slip stands for.
fn fixed<T>(
    value: &str,
    tables: &email::Tables,
    scratch: &mut email::Scratch,
    fix: bool,
    mut show: impl FnMut(Checked<'_>) -> T,
) -> T {
    let sure = |found: Checked<'_>| found.sure_fix().map(str::to_owned);
    match if fix { sure(email::check(value, tables, scratch)) } else { None } {
        None => show(email::check(value, tables, scratch)),
        Some(meant) => show(email::check(&meant, tables, scratch).as_fixed()),
    }
}

/// What was found of an address, kept beyond its buffers.
struct OwnedSaid {
    verdict: Verdict,
    value: String,
    key: String,
    reasons: Vec<Reason>,
    suggestion: Option<String>,
    dns: Option<&'static str>,
}

impl OwnedSaid {
    fn new(found: &Checked<'_>, answer: Option<dns::Answer>) -> Self {
        Self {
            verdict: found.verdict,
            value: found.address.to_owned(),
            key: found.key.to_owned(),
            reasons: found.reasons.iter().collect(),
            suggestion: found.suggestion.map(str::to_owned),
            dns: answer.map(dns::Answer::word),
        }
    }
}

fn print_phone(shape: Shape, line: &mut Line, said: &PhoneSaid<'_>, out: &mut dyn Write) -> Result<(), End> {
    match shape {
        Shape::Json => json(said, out),
        Shape::Csv => {
            let reasons = said.reasons.join(" ");
            let [e164, region, extension, national, international] =
                [said.e164, said.region, said.extension, said.national, said.international]
                    .map(Option::unwrap_or_default);
            line.cells([said.input, said.verdict, e164, region, said.r#type, said.sms, extension]);
            csv(line, &[&reasons, national, international], out)
        }
        Shape::Text => {
            let number = said.e164.unwrap_or("-");
            let reasons = said.reasons.join(" ");
            writeln!(
                out,
                "{:<9} {number:<17} {:<21} sms {:<10} {reasons}",
                said.verdict, said.r#type, said.sms
            )?;
            Ok(())
        }
    }
}

fn csv(line: &mut Line, cells: &[&str], out: &mut dyn Write) -> Result<(), End> {
    line.cells(cells.iter().copied());
    line.end();
    out.write_all(&line.take())?;
    Ok(())
}

fn json(said: &impl Serialize, out: &mut dyn Write) -> Result<(), End> {
    let text = serde_json::to_string(said).map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
    writeln!(out, "{text}")?;
    Ok(())
}
