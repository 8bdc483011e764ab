//! `rules`: the rulebooks, with citations and doubts.

use crate::cli::clock;
use crate::cli::end::{End, Exit};
use crate::data::rulebooks;
use crate::record::Failure;
use crate::report::noun;
use clap::Args;
use std::io::Write;

/// What `rules` takes.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// Show this entry only, in full
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// Prints the rulebooks, or one in full.
pub(super) fn run(args: &RulesArgs, out: &mut dyn Write) -> Result<Exit, End> {
    let books = rulebooks();
    match &args.id {
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
            write!(out, "{}", books.book(number).text(clock::today()))?;
        }
    }
    Ok(Exit::Done)
}
