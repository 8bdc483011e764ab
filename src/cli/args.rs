//! The command line. From this one declaration come the parser, `--help`, the man page, the completions, and the options
//! as the report records them: file names without directories, nothing of the machine.

use crate::cli::check::CheckArgs;
use crate::cli::clean::{AuditArgs, CleanArgs};
use crate::cli::compare::{CompareArgs, ExplainArgs};
use crate::cli::data::DataArgs;
use crate::cli::generate::GenerateJob;
use crate::cli::init::InitArgs;
use crate::cli::inspect::InspectArgs;
use crate::cli::suppress::SuppressArgs;
use crate::cli::tables::TableArgs;
use crate::cli::validate::ValidateArgs;
use crate::plan::file_name;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Error, FromArgMatches, Parser, Subcommand};
use std::borrow::Cow;
use std::ffi::OsString;
use std::path::Path;

/// Says of every person on a contact list, for every channel, whether they may be contacted on the day you plan
/// to send, why or why not, and what proves it. Offline: nothing leaves this machine, but questions to DNS on request.
#[derive(Debug, Parser)]
#[command(name = "contactable", version, about, long_about = None, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Clean lists and audit consent: writes cleaned lists, a suppression file and a report
    Clean(Box<CleanArgs>),
    /// Check a list for one channel just before it is used: allowed rows leave on stdout, byte for byte
    Check(Box<CheckArgs>),
    /// Make one suppression file of many: unsubscribes, bounces, complaints, earlier suppression files
    Suppress(Box<SuppressArgs>),
    /// Audit consent only: report, findings and the proof of every decision; no lists, nothing to load elsewhere
    Audit(Box<AuditArgs>),
    /// Tell the story of one person in a run: what is known, what was decided and why, what would change it
    Explain(ExplainArgs),
    /// Tell what changed between two runs, and what of it is due to data, rules, lists or the date
    Compare(CompareArgs),
    /// Tell what each file is: format, kind, encoding, columns, quality, and what would be asked
    Inspect(Box<InspectArgs>),
    /// Print a commented contactable.toml for these files: what they are, what is unclear, every setting, gates
    Init(InitArgs),
    /// Judge single e-mail addresses or telephone numbers, one verdict a line
    Validate(Box<ValidateArgs>),
    /// Show or replace the lists that judge addresses and numbers
    Data(DataArgs),
    /// Show the law the decisions rest on, with citations and doubts
    Rules(TableArgs),
    /// Show the vendor layouts that are recognised
    Formats(TableArgs),
    /// Show every reason a row, a point or a contact can be given
    Reasons(TableArgs),
    /// Print man pages, completions of a shell, or the JSON Schema of report.json
    Generate {
        #[command(subcommand)]
        job: GenerateJob,
    },
}

/// The command line as it is declared: for the reference page and whatever else is made from it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// The command and its options as the report records them; fails where they are wrong, or ask for help.
pub(super) fn parse(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<(Command, Vec<String>), Error> {
    let mut declared = command();
    let matches = declared.try_get_matches_from_mut(args)?;
    let of_command = matches.subcommand().and_then(|(name, of)| Some((declared.find_subcommand(name)?, of)));
    let typed = of_command.map(|(command, of)| recorded(command, of)).unwrap_or_default();
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command()))?;
    Ok((cli.command, typed))
}

/// The options that say something of the result, in the order in which they are recorded.
const RECORDED: &str = "send-date country sender-country purpose controller operator channels audience lists split-by \
    assert-basis fail-on as format registry suppress events lists-full proof spreadsheet-safe previous fix-typos \
    disposable allow-domain data-dir dns dns-server dns-cache dns-cache-days dns-seconds";

/// What was typed after a command, as the report records it: `--flag` or `--flag value`.
fn recorded(command: &clap::Command, matches: &ArgMatches) -> Vec<String> {
    let mut typed = Vec::new();
    for flag in RECORDED.split_whitespace() {
        let Some(argument) = command.get_arguments().find(|a| a.get_long() == Some(flag)) else { continue };
        let id = argument.get_id().as_str();
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        if !argument.get_action().takes_values() {
            typed.push(format!("--{flag}"));
            continue;
        }
        let called = argument.get_value_names().and_then(<[_]>::first).map_or("", |name| name.as_str());
        for value in matches.get_raw(id).into_iter().flatten() {
            typed.push(format!("--{flag} {}", without_directories(called, value.to_string_lossy())));
        }
    }
    typed
}

/// A value without directories; what it is called (`FILE`, `DIR`, `KIND=FILE`) says whether it has any.
fn without_directories<'v>(called: &str, value: Cow<'v, str>) -> Cow<'v, str> {
    let name = |path: &str| file_name(Path::new(path));
    match value.split_once('=') {
        Some((word, file)) if called.contains("=FILE") => format!("{word}={}", name(file)).into(),
        _ if called == "FILE" || called == "DIR" => name(&value).into(),
        _ => value,
    }
}
