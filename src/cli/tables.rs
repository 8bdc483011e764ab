//! The built-in tables, and what `inspect` found, as people read them.

use crate::cli::{End, Exit};
use crate::data::format_files::formats;
use crate::data::rulebooks;
use crate::pipeline::jobs::inspect::Look;
use crate::reason::Reason;
use crate::record::Failure;
use crate::report::noun;
use std::io::Write;

/// Says that a table has no such entry, and which ones come near.
fn unknown(what: &str, asked: &str, known: impl Iterator<Item = &'static str>) -> Failure {
    let near = near(asked, known);
    let mean = if near.is_empty() { String::new() } else { format!("; near are {}", near.join(", ")) };
    Failure::usage(format!("no {what} is called that"))
        .hint(format!("`contactable {what}s` lists them{mean}"))
}

/// More names than these help nobody.
const NEAR_MAX: usize = 12;

/// The names that hold what was asked for, or begin with the same word.
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

/// Prints the reason table, or one reason in full.
pub(super) fn reasons(id: Option<&str>, out: &mut dyn Write) -> Result<Exit, End> {
    match id {
        None => {
            for reason in Reason::ALL {
                writeln!(out, "{:<32} {:<8} {}", reason.id(), reason.effect().word(), reason.sentence())?;
            }
        }
        Some(id) => {
            let reason = Reason::from_id(id)
                .ok_or_else(|| unknown("reason", id, Reason::ALL.iter().map(|reason| reason.id())))?;
            writeln!(
                out,
                "{}\n  {}\n  effect      {}",
                reason.id(),
                reason.sentence(),
                reason.effect().word()
            )?;
            for example in reason.hits() {
                writeln!(out, "  found on    {example:?}")?;
            }
            for example in reason.near_misses() {
                writeln!(out, "  not on      {example:?}")?;
            }
        }
    }
    Ok(Exit::Done)
}

/// Prints the vendor layouts, or one in full.
pub(super) fn formats_table(id: Option<&str>, out: &mut dyn Write) -> Result<Exit, End> {
    match id {
        None => {
            for format in formats() {
                writeln!(out, "{:<32} {:<14} {}", format.id, format.kind.word(), format.vendor)?;
            }
        }
        Some(id) => {
            let ids = || formats().iter().map(|format| format.id.as_str());
            let format = formats().iter().find(|f| f.id == id).ok_or_else(|| unknown("format", id, ids()))?;
            write!(out, "{}", format.describe())?;
        }
    }
    Ok(Exit::Done)
}

/// Prints the rulebooks, or one in full.
pub(super) fn rules(id: Option<&str>, out: &mut dyn Write) -> Result<Exit, End> {
    let books = rulebooks();
    match id {
        None => {
            for book in books.all() {
                let rules = book.rules.len() + book.sharing.len();
                writeln!(
                    out,
                    "{:<7} {:<40} {rules:>3} {}, read {}",
                    book.id,
                    book.name,
                    noun(rules as u64, "rules"),
                    book.as_of
                )?;
            }
        }
        Some(id) => {
            let known = books.all().iter().find(|book| book.id.eq_ignore_ascii_case(id));
            let number = known.and_then(|book| books.number(&book.id));
            let number = number.ok_or_else(|| {
                Failure::usage("no rulebook is called that").hint("`contactable rules` lists them")
            })?;
            write!(out, "{}", books.book(number).text(super::clock::today()))?;
        }
    }
    Ok(Exit::Done)
}

/// Prints what `inspect` found.
pub(super) fn looks(looks: &[Look], json: bool, out: &mut dyn Write) -> Result<(), End> {
    if json {
        let text = serde_json::to_string_pretty(looks)
            .map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    for (at, look) in looks.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        one(look, out)?;
    }
    Ok(())
}

fn one(look: &Look, out: &mut dyn Write) -> Result<(), End> {
    writeln!(out, "{}", look.source)?;
    if let Some(facts) = &look.facts {
        let format = facts.format.as_deref().unwrap_or("any CSV");
        writeln!(out, "  is          {} ({format}): {}", facts.kind.word(), facts.why)?;
        if let Some(confidence) = &facts.confidence {
            writeln!(out, "  known from  {confidence}")?;
        }
        writeln!(out, "  encoding    {}", facts.encoding)?;
        let dialect = &facts.dialect;
        writeln!(
            out,
            "  dialect     {} between cells, {} around, {}",
            dialect.delimiter, dialect.quote, dialect.line_end
        )?;
        match facts.header_line {
            Some(line) => writeln!(out, "  header      line {line}")?,
            None => writeln!(out, "  header      none")?,
        }
        writeln!(
            out,
            "  rows        {} ({} cannot be used, {} blank lines)",
            look.rows, look.rejected, look.blank_lines
        )?;
        for (name, share) in &facts.quality {
            let percent = share.good as f64 * 100.0 / share.of.max(1) as f64;
            writeln!(out, "  {name:<15} {} of {} ({percent:.1} %)", share.good, share.of)?;
        }
        let width = facts.columns.iter().map(|c| c.column.chars().count()).max().unwrap_or(0).min(40);
        for column in &facts.columns {
            writeln!(
                out,
                "  column      {:<width$}  {}",
                column.column,
                column.field.as_deref().unwrap_or("(carried along)")
            )?;
        }
        for note in &facts.notes {
            writeln!(out, "  note        {note}")?;
        }
        if facts.leaves_out_refusals {
            writeln!(out, "  beware      this export does not mark people who opted out")?;
        }
    }
    if let Some(question) = &look.question {
        writeln!(out, "  question    {}", question.replace('\n', "\n              "))?;
    }
    Ok(())
}
