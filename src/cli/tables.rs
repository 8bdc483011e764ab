//! `formats`, `reasons`, `rules`: the built-in tables, whole or one entry in full.

use crate::cli::clock;
use crate::cli::end::{End, Exit};
use crate::data::format;
use crate::data::rulebooks;
use crate::reason::Reason;
use crate::record::Failure;
use crate::report::noun;
use clap::Args;
use std::io::Write;

/// What each of them takes.
#[derive(Debug, Args)]
pub(super) struct TableArgs {
    /// Show this entry only, in full
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// Prints the vendor layouts, or one in full.
pub(super) fn formats(args: &TableArgs, out: &mut dyn Write) -> Result<Exit, End> {
    let all = format::formats();
    let Some(id) = &args.id else {
        for format in all {
            writeln!(out, "{:<32} {:<14} {}", format.id, format.kind.word(), format.vendor)?;
        }
        return Ok(Exit::Done);
    };
    let ids = || all.iter().map(|format| format.id.as_str());
    let format = all.iter().find(|f| f.id == *id).ok_or_else(|| unknown("format", id, ids()))?;
    write!(out, "{format}")?;
    Ok(Exit::Done)
}

/// Prints the reason table, or one reason in full.
pub(super) fn reasons(args: &TableArgs, out: &mut dyn Write) -> Result<Exit, End> {
    let Some(id) = &args.id else {
        for reason in Reason::ALL {
            writeln!(out, "{:<32} {:<8} {}", reason.id(), reason.effect().word(), reason.sentence())?;
        }
        return Ok(Exit::Done);
    };
    let ids = || Reason::ALL.iter().map(|reason| reason.id());
    let reason = Reason::from_id(id).ok_or_else(|| unknown("reason", id, ids()))?;
    let (sentence, effect) = (reason.sentence(), reason.effect().word());
    writeln!(out, "{}\n  {sentence}\n  effect      {effect}", reason.id())?;
    for example in reason.hits() {
        writeln!(out, "  found on    {example:?}")?;
    }
    for example in reason.near_misses() {
        writeln!(out, "  not on      {example:?}")?;
    }
    Ok(Exit::Done)
}

/// Prints the rulebooks, or one in full.
pub(super) fn rules(args: &TableArgs, out: &mut dyn Write) -> Result<Exit, End> {
    let books = rulebooks();
    let Some(id) = &args.id else {
        for book in books.all() {
            let rules = book.rules.len() + book.sharing.len();
            let (id, name, nouns) = (&book.id, &book.name, noun(rules as u64, "rules"));
            writeln!(out, "{id:<7} {name:<40} {rules:>3} {nouns}, read {}", book.as_of)?;
        }
        return Ok(Exit::Done);
    };
    let unknown = || Failure::usage("no rulebook is called that").hint("`contactable rules` lists them");
    let book = books.all().iter().find(|book| book.id.eq_ignore_ascii_case(id)).ok_or_else(unknown)?;
    write!(out, "{}", book.text(clock::today()))?;
    Ok(Exit::Done)
}

/// Says that a table has no such entry, and which ones come near.
fn unknown<'a>(what: &str, asked: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let near = near(asked, known);
    let mean = if near.is_empty() { String::new() } else { format!("; near are {}", near.join(", ")) };
    Failure::usage(format!("no {what} is called that"))
        .hint(format!("`contactable {what}s` lists them{mean}"))
}

/// More names than these help nobody.
const NEAR_MAX: usize = 12;

/// The names that hold what was asked for, then those that hold its first word.
fn near<'a>(asked: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let asked = asked.trim().to_lowercase();
    let word = asked.split(['_', '-', ' ']).next().unwrap_or_default();
    let (mut holding, mut like) = (Vec::new(), Vec::new());
    for name in known {
        let lower = name.to_lowercase();
        if !asked.is_empty() && lower.contains(&asked) {
            holding.push(name);
        } else if word.len() > 2 && lower.contains(word) {
            like.push(name);
        }
    }
    holding.extend(like);
    holding.truncate(NEAR_MAX);
    holding
}
