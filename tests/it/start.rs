//! How one starts, and how lists are handed on: `init`, `generate`, `--split-by`.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::demo::fixtures;
use crate::run::{Record, Scratch, clean, contactable, files, read_csv, recount};
use contactable::cli::{self, Exit};
use contactable::plan::Profile;
use std::path::Path;

#[test]
fn init_tells_what_the_files_are_and_explains_every_setting() {
    let demo = fixtures("demo");
    let args: Vec<&str> = std::iter::once("init").chain(demo.iter().map(|p| p.to_str().unwrap())).collect();
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let text = said.stdout;
    for piece in [
        "crm-contacts.csv: contacts",
        "customers_export.csv: contacts (Shopify)",
        "valid emails",
        "unclear: this export does not mark people who opted out",
        "Countries that rows, numbers and domains tell: GB",
        "1 row tells none.",
        "# country = \"GB\"",
        "# source_priority = [\"crm-contacts.csv\"",
        "--fail-on refusal-message-after=0 \\",
        "--fail-on row-no-contact-point=",
    ] {
        assert!(text.contains(piece), "{piece} is not told:\n{text}");
    }
    // A comment as it stands; with the marks off, a profile that holds every key.
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    let keys = Profile::KEYS;
    for key in keys {
        let set = format!("# {} = ", key.name);
        assert_eq!(text.lines().filter(|line| line.starts_with(&set)).count(), 1, "{}", key.name);
        let says = key.says.concat();
        let word = says.split_whitespace().next().unwrap();
        assert!(text.contains(word), "{}", key.name);
    }
    let set = |line: &&str| keys.iter().any(|key| line.starts_with(&format!("# {} = ", key.name)));
    let profile: String = text.lines().filter(set).map(|line| format!("{}\n", &line[2..])).collect();
    let scratch = Scratch::new();
    let plain: String = profile
        .lines()
        .filter(|l| !l.contains("rulebooks") && !l.contains("claims"))
        .map(|l| format!("{l}\n"))
        .collect();
    let file = scratch.write(&[("contactable.toml", &plain)]).remove(0);
    clean(&demo, &scratch.path("run"), &["--profile", file.to_str().unwrap()]);
}

#[test]
fn init_tells_a_question_instead_of_failing() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[
        ("crm.csv", "first name,email\nJane,jane@stonemill.org\n"),
        ("list.csv", "email\na@stonemill.org\n"),
    ]);
    let said = contactable(&["init", sources[0].to_str().unwrap(), sources[1].to_str().unwrap()]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    assert!(said.stdout.contains("to answer: ") && said.stdout.contains("--as"), "{}", said.stdout);
}

#[test]
fn man_pages_and_completions_tell_every_command() {
    let commands: Vec<String> = cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let man = contactable(&["generate", "man"]);
    assert!(man.stdout.contains(".TH contactable 1"), "{}", man.stdout);
    for shell in ["bash", "zsh", "fish"] {
        let made = contactable(&["generate", "completions", shell]);
        assert_eq!(made.exit, Exit::Done);
        for command in &commands {
            assert!(made.stdout.contains(command.as_str()), "{shell}: {command}");
        }
    }
    for command in &commands {
        assert!(man.stdout.contains(&command.replace('-', "\\-")), "{command}");
        let page = contactable(&["generate", "man", command]);
        assert_eq!(page.exit, Exit::Done, "{}", page.stderr);
        assert!(page.stdout.contains(".SH OPTIONS") || page.stdout.contains(".SH SUBCOMMANDS"), "{command}");
    }
    assert_eq!(contactable(&["generate", "man", "nothing"]).exit, Exit::Usage);
}

const CRM: &str = "first name,email,country,tier\n\
    Ann,ann@stonemill.org,United States,Gold\nBea,bea@stonemill.org,US,gold\nCid,cid@stonemill.org,US,a/../b\n\
    Dan,dan@stonemill.org,US,\nEve,eve@stonemill.org,US,a-..-b\n";

/// The parts of the e-mail list of a run, by the name of their files.
fn parts(out: &Path) -> Vec<(String, Vec<Record>)> {
    let names = files(out).into_keys().filter(|name| name.starts_with("email.") && name != "email.csv");
    names.map(|name| (name.clone(), read_csv(&out.join(name)))).collect()
}

#[test]
fn lists_are_cut_by_a_column_into_parts_that_make_the_whole() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM)]);
    let out = scratch.path("run");
    clean(&sources, &out, &["--split-by", "Tier", "--channels", "email"]);
    recount(&out);
    let parts = parts(&out);
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(parts.len(), 4, "{names:?}");
    assert!(names.contains(&"email.gold.csv") && names.contains(&"email._none.csv"), "{names:?}");
    let gold = &parts.iter().find(|(name, _)| name == "email.gold.csv").unwrap().1;
    assert_eq!(gold.len(), 2, "the case of letters makes no part");
    let whole = read_csv(&out.join("email.csv"));
    let mut together: Vec<Record> = parts.iter().flat_map(|(_, lines)| lines.clone()).collect();
    together.sort_by_key(|line| whole.iter().position(|w| w == line));
    assert_eq!(together, whole);
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(names.iter().all(|name| manifest.contains(&format!("\"{name}\""))), "the manifest lists them");
}

#[test]
fn lists_are_cut_by_country_jurisdiction_and_basis() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM)]);
    for (by, name) in
        [("country", "email.us.csv"), ("jurisdiction", "email.us.csv"), ("basis", "email.none_needed.csv")]
    {
        let out = scratch.path(by);
        clean(&sources, &out, &["--split-by", by, "--channels", "email"]);
        let parts = parts(&out);
        assert_eq!((parts.len(), parts[0].0.as_str(), parts[0].1.len()), (1, name, 5), "{by}");
    }
}

#[test]
fn a_shared_address_stands_in_one_part() {
    let scratch = Scratch::new();
    let crm = "first name,last name,email,country,tier\n\
        Ann,Roy,info@stonemill.org,US,gold\nBob,Stone,info@stonemill.org,US,tin\nEve,Hill,eve@stonemill.org,US,tin\n";
    let sources = scratch.write(&[("crm.csv", crm)]);
    let out = scratch.path("run");
    clean(&sources, &out, &["--split-by", "tier", "--channels", "email"]);
    let lines: usize = parts(&out).iter().map(|(_, lines)| lines.len()).sum();
    assert_eq!((lines, read_csv(&out.join("email.csv")).len()), (2, 2));
}

#[test]
fn too_many_parts_and_an_unknown_column_publish_nothing() {
    let scratch = Scratch::new();
    let mut crm = "email,country,member\n".to_owned();
    (0..250).for_each(|i| crm.push_str(&format!("p{i}@stonemill.org,US,m{i}\n")));
    let sources = scratch.write(&[("crm.csv", &crm)]);
    let out = scratch.path("run");
    for (by, says) in
        [("member", "more than 200 files"), ("shoe size", "no source has a column of that name")]
    {
        let args = ["clean", sources[0].to_str().unwrap(), "--out", out.to_str().unwrap(), "--split-by", by];
        let said = contactable(&args);
        assert_eq!(said.exit, Exit::Usage, "{}", said.stderr);
        assert!(said.stderr.contains(says), "{}", said.stderr);
        assert!(!out.exists(), "nothing is published");
    }
}
