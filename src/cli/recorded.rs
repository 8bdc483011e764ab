//! Options as typed, for the report: file names without directories, nothing of the machine.

use clap::ArgMatches;
use clap::parser::ValueSource;
use std::borrow::Cow;
use std::path::Path;

/// The options that say something of the result, in the order in which they are recorded.
const RECORDED: &str = "send-date country sender-country purpose controller operator channels audience lists split-by \
    assert-basis fail-on as format registry suppress events lists-full proof spreadsheet-safe previous fix-typos \
    disposable allow-domain data-dir dns dns-server dns-cache dns-cache-days dns-seconds";

/// What was typed after a command, as the report records it: `--flag` or `--flag value`.
pub(super) fn recorded(command: &clap::Command, matches: &ArgMatches) -> Vec<String> {
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
    let name = |path: &str| match Path::new(path).file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => "stdin".to_owned(),
    };
    match value.split_once('=') {
        Some((word, file)) if called.contains("=FILE") => format!("{word}={}", name(file)).into(),
        _ if called == "FILE" || called == "DIR" => name(&value).into(),
        _ => value,
    }
}
