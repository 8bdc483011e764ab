//! Options as typed, for the report: file names without directories, nothing of the machine.

use clap::ArgMatches;
use clap::parser::ValueSource;
use std::ffi::OsStr;
use std::path::Path;

/// How an option is recorded.
#[derive(Clone, Copy)]
enum Shown {
    /// Its values, word for word.
    Word,
    /// The names of its files.
    File,
    /// Words of files: `WORD=FILE` with the name of the file.
    WordOfFile,
    /// That it was there.
    Switch,
}

/// The options that say something of the result, in the order in which they are recorded.
const RECORDED: &[(&str, Shown)] = &[
    ("send-date", Shown::Word),
    ("country", Shown::Word),
    ("sender-country", Shown::Word),
    ("purpose", Shown::Word),
    ("controller", Shown::Word),
    ("operator", Shown::Word),
    ("channels", Shown::Word),
    ("audience", Shown::Word),
    ("lists", Shown::Word),
    ("split-by", Shown::Word),
    ("assert-basis", Shown::Word),
    ("fail-on", Shown::Word),
    ("as", Shown::WordOfFile),
    ("format", Shown::WordOfFile),
    ("registry", Shown::WordOfFile),
    ("suppress", Shown::File),
    ("events", Shown::File),
    ("lists-full", Shown::Switch),
    ("proof", Shown::Switch),
    ("spreadsheet-safe", Shown::Switch),
    ("previous", Shown::File),
    ("fix-typos", Shown::Switch),
    ("disposable", Shown::File),
    ("allow-domain", Shown::File),
    ("data-dir", Shown::File),
    ("dns", Shown::Switch),
    ("dns-server", Shown::Word),
    ("dns-cache", Shown::File),
    ("dns-cache-days", Shown::Word),
    ("dns-seconds", Shown::Word),
];

/// What was typed after a command, as the report records it.
pub(super) fn recorded(command: &clap::Command, matches: &ArgMatches) -> Vec<String> {
    let mut typed = Vec::new();
    for (flag, shown) in RECORDED {
        let argument = command.get_arguments().find(|argument| argument.get_long() == Some(flag));
        let Some(id) = argument.map(|argument| argument.get_id().as_str()) else { continue };
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        match shown {
            Shown::Switch => typed.push(format!("--{flag}")),
            Shown::Word | Shown::File | Shown::WordOfFile => {
                let values = matches.get_raw(id).into_iter().flatten();
                typed.extend(values.map(|value| format!("--{flag} {}", text(*shown, value))));
            }
        }
    }
    typed
}

fn text(shown: Shown, value: &OsStr) -> String {
    let value = value.to_string_lossy();
    let name = |path: &str| {
        Path::new(path).file_name().map_or("stdin".into(), |name| name.to_string_lossy().into_owned())
    };
    match shown {
        Shown::Word | Shown::Switch => value.into_owned(),
        Shown::File => name(&value),
        Shown::WordOfFile => {
            let (word, file) = value.split_once('=').unwrap_or((&value, ""));
            format!("{word}={}", name(file))
        }
    }
}
