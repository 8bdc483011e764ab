//! Pages that cannot drift: the reference pages are made from the tables and the command line, and every
//! `console` block of the README and of `docs/` is run again. `UPDATE_EXPECT=1 cargo test docs` rewrites them.
//!
//! In a block, `$ contactable …` runs in process, `$ cat FILE` and `$ head -n N FILE` read what a run wrote, and
//! `$ echo $?` tells how the last run ended. Run directories lie in a directory of the test's own.

use crate::demo::fixtures;
use crate::run::{Scratch, contactable};
use clap::builder::StyledStr;
use contactable::cli::Exit;
use contactable::data::format::Detect;
use contactable::data::{formats, rulebooks};
use contactable::reason::Reason;
use expect_test::expect_file;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const MADE: &str =
    "<!-- Made by tests/it/docs.rs; change the table, then run: UPDATE_EXPECT=1 cargo test docs -->\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str, title: &str, lead: &str, body: &str) {
    let text = format!("{MADE}# {title}\n\n{lead}\n\n{}\n", body.trim_end());
    expect_file![root().join("docs/reference").join(name)].assert_eq(&text);
}

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}

/// An example the reason is found on, as a cell shows it; tests find every one of them.
fn example(reason: Reason) -> String {
    let shown = |text: &str| -> String {
        let short: String = text.chars().take(60).collect();
        let cut = if short.len() < text.len() { "…" } else { "" };
        let plain = |c: char| {
            if c == ' ' || c.is_ascii_graphic() { c.to_string() } else { c.escape_unicode().to_string() }
        };
        short.chars().map(plain).collect::<String>().replace('`', "'").replace('|', "\\|") + cut
    };
    match reason.hits().iter().find(|hit| !hit.trim().is_empty()) {
        None => String::new(),
        Some(hit) if reason.family() == "phone" || reason.family() == "sms" => {
            let (cell, region) = hit.rsplit_once('|').unwrap();
            let home = if region.is_empty() { "no country".to_owned() } else { region.to_owned() };
            format!("`{}` ({home})", shown(cell))
        }
        Some(hit) => format!("`{}`", shown(hit)),
    }
}

#[test]
fn reasons_page() {
    let mut body = String::new();
    let mut family = "";
    for reason in Reason::ALL {
        if reason.family() != family {
            family = reason.family();
            let _ =
                write!(body, "\n## {family}\n\n| id | effect | means | for example |\n|---|---|---|---|\n");
        }
        let effect = reason.effect().word();
        let _ = writeln!(
            body,
            "| `{}` | {effect} | {} | {} |",
            reason.id(),
            cell(reason.sentence()),
            example(reason)
        );
    }
    let lead = "Every finding and every decision names one of these. Ids are never renamed. *blocks*: the channel it \
        is found on is not used; *warns*: worth a look; *repairs*: the value was repaired and the original kept; \
        *notes*: a plain fact. Examples are cells (of \
        permission: jurisdiction, channel, send date and events), and tests find the reason on each. A profile can let others block (`block = [\"email-role\"]`). The ids stand in \
        `contacts.csv` (`<channel>_reason`), `findings.csv`, `rejected.csv` and `report.json`.";
    page("reasons.md", "Reasons", lead, body.trim_start());
}

#[test]
fn formats_page() {
    let mut body =
        String::from("| id | vendor | kind | told by | known from | as of |\n|---|---|---|---|---|---|\n");
    for format in formats() {
        let told = match format.detect {
            _ if format.unreadable.is_some() => "recognised, and refused with advice".to_owned(),
            Detect::Header | Detect::Exact => format.distinguishing.join(", "),
            Detect::Name => format!("the file name ({})", format.file_pattern.join(", ")),
            Detect::Content => "its cells".to_owned(),
            Detect::Never => format!("`--format {}=FILE` only", format.id),
        };
        let _ = writeln!(
            body,
            "| `{}` | {} | {} | {} | {} | {} |",
            format.id,
            cell(&format.vendor),
            format.kind.word(),
            cell(&told),
            format.provenance.confidence.word(),
            format.as_of
        );
    }
    let lead = format!(
        "The {} vendor layouts that are recognised; `contactable formats ID` shows one in full, with what every \
         column becomes, its quirks, its sources and what of it is not verified. Any other CSV file is read by the \
         spelling of its headers (in many languages) and the look of its cells; `contactable inspect FILE` shows \
         what was understood.",
        formats().len()
    );
    page("formats.md", "Formats", &lead, &body);
}

#[test]
fn jurisdictions_page() {
    let said = contactable(&["rules"]);
    let mut body = format!("```text\n{}```\n", said.stdout);
    // The command also tells which rules are due for another reading; the page stays the same every day.
    let day = "2026-12-01".parse().unwrap();
    for book in rulebooks().all() {
        let _ = write!(body, "\n## {}: {}\n\n```text\n{}```\n", book.id, book.name, book.text(day));
    }
    let lead = "The law the decisions rest on, as data: what each rule asks, where that stands, how far it was \
        verified and until when it should be read again. States of the EU and the EEA without a rulebook of their own follow \
        `EU`; every other place follows the fallback `ZZ`. This is not legal advice.";
    page("jurisdictions.md", "Jurisdictions", lead, &body);
}

fn styled(text: Option<&StyledStr>) -> String {
    text.map(|s| s.to_string()).unwrap_or_default()
}

/// A command with its options, then the commands below it.
fn describe(sub: &clap::Command, above: &str, body: &mut String) {
    let name = format!("{above} {}", sub.get_name());
    let _ = write!(body, "\n## {name}\n\n{}.\n\n", styled(sub.get_about()));
    for arg in sub.get_arguments().filter(|a| !["help", "version"].contains(&a.get_id().as_str())) {
        let values: Vec<String> =
            arg.get_value_names().unwrap_or_default().iter().map(|v| v.to_string()).collect();
        let takes = arg.get_action().takes_values();
        let shown = match (arg.get_long(), takes) {
            (Some(long), true) => format!("--{long} <{}>", values.join(" ")),
            (Some(long), false) => format!("--{long}"),
            (None, _) => format!("<{}>", values.join(" ")),
        };
        let several =
            if matches!(arg.get_action(), clap::ArgAction::Append) { " (may be repeated)" } else { "" };
        let _ = writeln!(body, "- `{shown}`{several}: {}", cell(&styled(arg.get_help())));
        for value in arg.get_possible_values() {
            if !takes {
                break;
            }
            match cell(&styled(value.get_help())).as_str() {
                "" => writeln!(body, "  - `{}`", value.get_name()),
                help => writeln!(body, "  - `{}`: {help}", value.get_name()),
            }
            .unwrap();
        }
    }
    for below in sub.get_subcommands().filter(|c| c.get_name() != "help") {
        describe(below, &name, body);
    }
}

#[test]
fn cli_page() {
    let mut body = String::new();
    let command = contactable::cli::command();
    for sub in command.get_subcommands() {
        describe(sub, "contactable", &mut body);
    }
    let lead = format!(
        "{}.\n\nResults go to the standard output, everything else to the standard error. `contactable COMMAND \
         --help` says the same in the terminal; `--version` tells the version.",
        styled(command.get_about())
    );
    page("cli.md", "Command line", &lead, body.trim_start());
}

/// How a command ends, and one that ends so.
const EXITS: &[(Exit, &str, &str)] = &[
    (
        Exit::Done,
        "Done. Also when whoever read our output has gone (a closed pipe).",
        "clean fixtures/demo/* --out RUN --quiet",
    ),
    (
        Exit::Failed,
        "Could not, or would not: a file cannot be read, a source changed while it was read, the result does not balance, a list is too old to check against. Nothing was published, and no row left that was not checked.",
        "clean fixtures/no-such-file.csv --out RUN --quiet",
    ),
    (
        Exit::Usage,
        "Wrong usage, a wrong profile, or a question to answer: the message names the flag.",
        "clean fixtures/demo/* --out RUN --send-date tomorrow",
    ),
    (
        Exit::Found,
        "Done completely, and a gate (`--fail-on`) found more than it allows, or `check --strict` blocked a row. What was to be written is there.",
        "clean fixtures/demo/* --out RUN --quiet --fail-on email-domain-typo=0",
    ),
];

/// The profile with every key at its example, as somebody would type it.
fn whole_profile() -> String {
    let line = |key: &contactable::plan::ProfileKey| format!("{} = {}\n", key.name, key.example);
    contactable::plan::Profile::KEYS.iter().map(line).collect()
}

#[test]
fn config_page() {
    let mut body = String::from("| key | left out | sets |\n|---|---|---|\n");
    for key in contactable::plan::Profile::KEYS {
        let says: String = key.says.concat().trim().to_owned();
        let _ = writeln!(body, "| `{}` | {} | {} |", key.name, cell(key.default), cell(&says));
    }
    let _ = write!(body, "\nEvery key, as it is written (TOML):\n\n```toml\n{}```\n", whole_profile());
    let lead = "What a team sets once: `--profile contactable.toml`. Every key may be left out; an option of the command \
        line goes before the profile. A key that is not known, and a reason, day or rule that is none, ends the run \
        (exit 2) with its place. The profile's SHA-256 stands in the report.";
    page("config.md", "The profile", lead, &body);
}

#[test]
fn every_key_of_the_profile_takes_its_example_and_has_its_default() {
    let scratch = Scratch::new();
    let path = scratch.write(&[("contactable.toml", whole_profile())]).remove(0);
    let (read, _) = contactable::plan::Profile::read(&path).unwrap();
    assert_eq!((read.bulk_second, read.sunset_months), (50, Some(24)));
    assert_eq!(read.list_since.to_string(), "2015-03-01");
    let text = std::fs::read_to_string(&path).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!(table.len(), contactable::plan::Profile::KEYS.len());
    // Numbers: what holds is what the page says.
    let own = contactable::plan::Profile::default();
    let numbers = [
        ("bulk_second", own.bulk_second),
        ("bulk_day_percent", own.bulk_day_percent),
        ("bulk_ip", own.bulk_ip),
        ("rush_minute", own.rush_minute),
        ("rush_ip_day", own.rush_ip_day),
        ("all_yes_rows", own.all_yes_rows),
    ];
    for (name, value) in numbers {
        let key = contactable::plan::Profile::KEYS.iter().find(|key| key.name == name).unwrap();
        assert_eq!(key.default, format!("`{value}`"), "{name}");
    }
    assert_eq!(own.list_since.to_string(), "1995-01-01");
}

#[test]
fn exit_codes_page() {
    let mut body = String::from("| code | means | for example |\n|---|---|---|\n");
    for (exit, means, example) in EXITS {
        let shell = Shell::new();
        let said = contactable(&shell.args(example).iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(said.exit, *exit, "{example}: {}", said.stderr);
        let _ = writeln!(body, "| {} | {} | `contactable {example}` |", *exit as u8, cell(means));
    }
    let _ = writeln!(
        body,
        "| {} | Interrupted (ctrl-C, `kill`). Nothing was published. | |",
        Exit::Interrupted as u8
    );
    page("exit-codes.md", "Exit codes", "A script may rely on these.", &body);
}

/// Runs the lines of one page; run directories are the test's own.
struct Shell {
    scratch: Scratch,
    exit: u8,
}

impl Shell {
    fn new() -> Self {
        Self { scratch: Scratch::new(), exit: 0 }
    }

    /// The words of a command line: quotes hold words together, `dir/*` is the files of that fixture directory,
    /// and whatever begins with the name of a run directory lies in the scratch directory, as does `blocked.csv`.
    fn args(&self, line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for c in line.trim().chars() {
            match c {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                _ => words.last_mut().unwrap().push(c),
            }
        }
        words.into_iter().filter(|w| !w.is_empty()).flat_map(|word| self.expand(word)).collect()
    }

    fn expand(&self, word: String) -> Vec<String> {
        if let Some(dir) = word.strip_suffix("/*").and_then(|d| d.strip_prefix("fixtures/")) {
            return fixtures(dir).iter().map(|p| p.to_str().unwrap().to_owned()).collect();
        }
        let first = word.split('/').next().unwrap_or_default();
        if first == "RUN" || first.ends_with("-run") || first == "blocked.csv" {
            return vec![self.scratch.path(&word).to_str().unwrap().to_owned()];
        }
        vec![word]
    }

    /// What a line prints.
    fn run(&mut self, line: &str) -> String {
        let args = self.args(line);
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        let read = |path: &str| fs::read_to_string(path).unwrap_or_else(|e| panic!("{line}: {e}"));
        match words.as_slice() {
            ["contactable", rest @ ..] => {
                let said = contactable(rest);
                self.exit = said.exit as u8;
                let scratch = self.scratch.path("");
                (said.stdout + &said.stderr).replace(scratch.to_str().unwrap(), "")
            }
            ["cat", path] => read(path),
            ["head", "-n", lines, path] => {
                let text = read(path);
                text.split_inclusive('\n').take(lines.parse().unwrap()).collect()
            }
            ["echo", "$?"] => format!("{}\n", self.exit),
            _ => panic!("a console block can run only contactable, cat, head -n and echo $?: {line}"),
        }
    }
}

/// The page with what its commands print today.
fn rerun(text: &str) -> String {
    let mut shell = Shell::new();
    let mut out = String::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if inside && bare != "```" && !bare.starts_with("$ ") {
            continue;
        }
        if bare.starts_with("```") {
            inside = bare == "```console";
        }
        out.push_str(line);
        if let Some(command) = bare.strip_prefix("$ ").filter(|_| inside) {
            let said = shell.run(command);
            out.push_str(&said);
            if !said.is_empty() && !said.ends_with('\n') {
                out.push('\n');
            }
        }
    }
    out
}

fn pages() -> Vec<PathBuf> {
    let of = |dir: &Path| -> Vec<PathBuf> {
        let files = fs::read_dir(dir).unwrap().flatten().map(|e| e.path());
        files.filter(|p| p.extension().is_some_and(|e| e == "md")).collect()
    };
    let mut pages = vec![root().join("README.md")];
    pages.extend(of(&root().join("docs")));
    pages.sort();
    pages
}

#[test]
fn every_console_block_prints_what_it_says() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        if text.contains("```console") {
            expect_file![page].assert_eq(&rerun(&text));
        }
    }
}

#[test]
fn links_within_the_repository_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let here = page.parent().unwrap().join(file);
            if !target.contains("://") && !file.is_empty() && !here.exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// Flags of `clean` that a page names must exist.
#[test]
fn pages_name_only_flags_that_exist() {
    let command = contactable::cli::command();
    let known: Vec<String> = command
        .get_subcommands()
        .flat_map(|s| std::iter::once(s).chain(s.get_subcommands()))
        .flat_map(|s| s.get_arguments())
        .filter_map(|a| a.get_long().map(str::to_owned))
        .chain(
            [
                "help",
                "version",
                "release",
                "path",
                "locked",
                "benches",
                "bench",
                "tool",
                "no-default-features",
                "features",
            ]
            .map(str::to_owned),
        )
        .collect();
    let mut unknown = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("--") {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            let flag: String =
                text[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            let starts = matches!(before, ' ' | '`' | '(' | '\n')
                && flag.starts_with(|c: char| c.is_ascii_lowercase());
            if starts && !known.contains(&flag) {
                unknown.push(format!("{}: --{flag}", page.display()));
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn every_file_of_data_that_others_made_is_named_in_the_licence() {
    let licence = fs::read_to_string(root().join("LICENSE")).unwrap();
    let mut missing = Vec::new();
    for entry in fs::read_dir(root().join("src/data")).unwrap().flatten() {
        let path = entry.path();
        if !path.is_file() || path.extension().is_some_and(|e| e == "rs") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
        let theirs = ["Apache-2.0", "CC0", "Unicode License", "MIT"].iter().any(|l| head.contains(l));
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if theirs && !licence.contains(&name) {
            missing.push(name);
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
