//! `validate`: one value, one verdict, one line.

use super::args::{Validate, What};
use super::{End, Exit};
use crate::data::country;
use crate::email;
use crate::phone::{self, Region};
use crate::record::Failure;
use serde::Serialize;
use std::io::{BufRead, Write};

/// What `validate email --json` says of a value.
#[derive(Serialize)]
struct EmailSaid<'a> {
    input: &'a str,
    verdict: &'a str,
    value: &'a str,
    key: &'a str,
    reasons: Vec<&'static str>,
    suggestion: Option<&'a str>,
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
}

/// Judges the values given, or those of the standard input.
pub(super) fn run(args: &Validate, stdin: &mut dyn BufRead, out: &mut dyn Write) -> Result<Exit, End> {
    let region = match &args.country {
        None => None,
        Some(text) => Some(
            region_of(text).ok_or_else(|| Failure::usage("this is no country we know").at("--country"))?,
        ),
    };
    let mut judge = Judge {
        json: args.json,
        region,
        emails: (args.what == What::Email).then(|| (email::Tables::builtin(), email::Scratch::default())),
        phones: (args.what == What::Phone).then(|| (phone::Tables::built_in(), phone::Scratch::default())),
    };
    let piped = args.values.is_empty() || args.values == ["-"];
    if !piped {
        for value in &args.values {
            judge.one(value, None, out)?;
        }
        return Ok(Exit::Done);
    }
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if stdin.read_until(b'\n', &mut bytes).map_err(|e| Failure::io("read", "stdin", &e))? == 0 {
            return Ok(Exit::Done);
        }
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        let (value, country) = line.split_once('\t').map_or((line, None), |(v, c)| (v, Some(c)));
        judge.one(value, country, out)?;
    }
}

fn region_of(text: &str) -> Option<Region> {
    country(text).and_then(|c| Region::from_iso(c.code()))
}

struct Judge {
    json: bool,
    region: Option<Region>,
    emails: Option<(email::Tables, email::Scratch)>,
    phones: Option<(phone::Tables, phone::Scratch)>,
}

impl Judge {
    fn one(&mut self, input: &str, country: Option<&str>, out: &mut dyn Write) -> Result<(), End> {
        if let Some((tables, scratch)) = &mut self.emails {
            let found = email::check(input, tables, scratch);
            let said = EmailSaid {
                input,
                verdict: found.verdict.word(),
                value: found.address,
                key: found.key,
                reasons: found.reasons.iter().map(crate::reason::Reason::id).collect(),
                suggestion: found.suggestion,
            };
            return if self.json { json(&said, out) } else { plain(&said, out) };
        }
        let Some((tables, scratch)) = &mut self.phones else { return Ok(()) };
        let region = country.and_then(region_of).or(self.region);
        let found = phone::check(input, region, tables, scratch);
        let said = PhoneSaid {
            input,
            verdict: found.verdict.word(),
            e164: Some(found.e164).filter(|t| !t.is_empty()),
            region: found.region.as_ref().map(Region::as_str),
            r#type: found.kind.word(),
            sms: found.sms.word(),
            extension: Some(found.extension).filter(|t| !t.is_empty()),
            reasons: found.reasons.as_slice().iter().map(|r| r.id()).collect(),
        };
        if self.json {
            return json(&said, out);
        }
        let number = said.e164.unwrap_or("-");
        writeln!(
            out,
            "{:<9} {:<17} {:<21} sms {:<10} {}",
            said.verdict,
            number,
            said.r#type,
            said.sms,
            said.reasons.join(" ")
        )?;
        Ok(())
    }
}

fn plain(said: &EmailSaid<'_>, out: &mut dyn Write) -> Result<(), End> {
    let value = if said.value.is_empty() { said.input } else { said.value };
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

fn json(said: &impl Serialize, out: &mut dyn Write) -> Result<(), End> {
    let text = serde_json::to_string(said).map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
    writeln!(out, "{text}")?;
    Ok(())
}
