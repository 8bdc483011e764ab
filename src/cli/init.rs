//! `init`: a commented profile for some files. Everything in it is a comment until somebody takes the mark off.

use crate::cli::end::{End, Exit};
use crate::cli::groups::AboutFilesArgs;
use crate::data::wrap::wrap;
use crate::pipeline::{self, InspectedSource};
use crate::plan::{Profile, ReadPlan};
use crate::record::Kind;
use crate::report::visible;
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// Columns of a line of comment.
const WIDTH: usize = 96;

/// What `init` takes.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Files to look at
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    about: AboutFilesArgs,
}

/// Prints the profile.
pub(super) fn run(args: InitArgs, stdout: &mut dyn Write) -> Result<Exit, End> {
    let options = args.about.options(args.sources);
    let plan = ReadPlan::new(options)?;
    let looks = pipeline::inspect(&plan)?;
    stdout.write_all(profile(&looks).as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// The profile for files that were looked at.
fn profile(looks: &[InspectedSource]) -> String {
    let mut out = String::new();
    let head = "contactable.toml: the settings of your team, made by `contactable init` from the files below. \
        Every setting is commented out; take the # off those you want. A flag of the command line wins over it.";
    comment(&mut out, head);
    out.push('\n');
    heading(&mut out, "The files");
    looks.iter().for_each(|look| file(look, &mut out));
    let countries = countries(looks, &mut out);
    heading(&mut out, "Settings");
    for key in Profile::KEYS {
        comment(&mut out, &format!("{} Left out: {}.", key.says.concat().trim(), key.default));
        let seen = match key.name {
            "country" => countries.first().map(|code| format!("\"{code}\"")),
            "source_priority" => Some(format!("[{}]", contact_files(looks).join(", "))),
            "words" => unknown_words(looks),
            _ => None,
        };
        let value = seen.filter(|value| value != "[]").unwrap_or_else(|| key.example.to_owned());
        let _ = writeln!(out, "# {} = {value}\n", key.name);
    }
    heading(&mut out, "Gates");
    gates(looks, &mut out);
    out
}

/// The words about permission that are not known, each to be told whether it refuses; none where all are known.
fn unknown_words(looks: &[InspectedSource]) -> Option<String> {
    let mut columns: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (column, words) in looks.iter().filter_map(|look| look.facts.as_ref()).flat_map(|f| &f.unknown_words)
    {
        for word in words.keys().filter(|word| !word.is_empty()) {
            columns.entry(column).or_default().insert(word, "no");
        }
    }
    let table = toml::Value::try_from(columns)
        .ok()
        .filter(|table| table.as_table().is_some_and(|t| !t.is_empty()))?;
    Some(table.to_string())
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "# {text}\n# {}", "-".repeat(text.len()));
}

/// A paragraph of comment.
fn comment(out: &mut String, text: &str) {
    let mut lines = String::new();
    wrap(&mut lines, 100 - WIDTH + 2, 0, &visible(text));
    lines.lines().for_each(|line| {
        let _ = writeln!(out, "# {}", line.trim());
    });
}

/// What one file is, and what is unclear about it.
fn file(look: &InspectedSource, out: &mut String) {
    let head = match &look.facts {
        None => look.source.clone(),
        Some(facts) => {
            let (vendor, kind) = (facts.vendor.as_deref().unwrap_or("any CSV"), facts.kind.word());
            let InspectedSource { source, rows, rejected, .. } = look;
            format!("{source}: {kind} ({vendor}), {rows} rows, of which {rejected} cannot be used")
        }
    };
    comment(out, &head);
    if let Some(facts) = &look.facts {
        let shares =
            facts.quality.iter().map(|(name, share)| format!("{name} {} of {}", share.good, share.of));
        let shares = shares.collect::<Vec<_>>().join(", ");
        if !shares.is_empty() {
            comment(out, &shares);
        }
        facts.notes.iter().for_each(|note| comment(out, &format!("unclear: {note}")));
        if facts.leaves_out_refusals {
            let says = "this export does not mark people who opted out; bring the tool's unsubscribes too";
            comment(out, &format!("unclear: {says}"));
        }
    }
    for line in look.question.iter().flat_map(|question| question.lines()) {
        comment(out, &format!("to answer: {}", line.trim()));
    }
    out.push('\n');
}

/// Says which countries the people's rows tell, and how many tell none; the codes, most frequent first.
fn countries(looks: &[InspectedSource], out: &mut String) -> Vec<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, n) in people(looks).flat_map(|look| &look.countries) {
        *counts.entry(code).or_default() += n;
    }
    let mut sorted: Vec<(&str, u64)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let told: Vec<String> = sorted.iter().take(12).map(|(code, n)| format!("{code} {n}")).collect();
    let none: u64 = people(looks).map(|look| look.no_country).sum();
    let told = if told.is_empty() { "none".to_owned() } else { told.join(", ") };
    let says = if none == 1 { "row tells none" } else { "rows tell none" };
    comment(out, &format!("Countries that rows, numbers and domains tell: {told}. {none} {says}."));
    if none > 0 {
        let law = "Rows that tell none are judged by the strictest law until `country` says where they are.";
        comment(out, law);
    }
    out.push('\n');
    sorted.into_iter().map(|(code, _)| code.to_owned()).collect()
}

/// The lists of people.
fn people(looks: &[InspectedSource]) -> impl Iterator<Item = &InspectedSource> {
    looks.iter().filter(|look| look.facts.as_ref().is_some_and(|facts| facts.kind == Kind::Contacts))
}

/// Names of the lists of people, as TOML texts.
fn contact_files(looks: &[InspectedSource]) -> Vec<String> {
    people(looks).map(|look| toml::Value::String(look.source.clone()).to_string()).collect()
}

/// Gates for the command line: twice what these files hold is more than next month's should.
fn gates(looks: &[InspectedSource], out: &mut String) {
    let gate = "A gate ends a run with exit code 3 when a reason is found more often than usual. From what these \
        files hold today:";
    comment(out, gate);
    let (rows, rejected) =
        looks.iter().fold((0, 0), |(rows, bad), look| (rows + look.rows, bad + look.rejected));
    let mut gates = vec!["refusal-message-after=0".to_owned(), "consent-resurrected=0".to_owned()];
    gates.push(format!("row-no-contact-point={}%", twice(rejected, rows)));
    for (quality, reason) in [("valid emails", "email-domain-typo"), ("dated consents", "consent-undated")] {
        let shares = looks.iter().filter_map(|look| look.facts.as_ref()?.quality.get(quality));
        let (bad, of) = shares.fold((0, 0), |(bad, of), share| (bad + share.of - share.good, of + share.of));
        if of > 0 {
            gates.push(format!("{reason}={}%", twice(bad, of)));
        }
    }
    let _ = writeln!(out, "# contactable clean SOURCE... --out DIR --profile contactable.toml \\");
    for (at, gate) in gates.iter().enumerate() {
        let end = if at + 1 < gates.len() { " \\" } else { "" };
        let _ = writeln!(out, "#   --fail-on {gate}{end}");
    }
}

/// Twice a share in whole per cent, at least 1.
fn twice(part: u64, whole: u64) -> u64 {
    (part.saturating_mul(200)).div_ceil(whole.max(1)).clamp(1, 100)
}
