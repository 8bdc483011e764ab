//! `compare`: what changed between two runs, and what of it is due to data, rules, lists, version or the send date.

use crate::previous::{clean, report};
use crate::run::{Record, Scratch, contactable, read_csv};
use contactable::cli::Exit;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn compared(old: &Path, new: &Path, more: &[&str]) -> String {
    let mut args = vec!["compare", old.to_str().unwrap(), new.to_str().unwrap()];
    args.extend(more);
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    said.stdout
}

fn json(old: &Path, new: &Path) -> Value {
    serde_json::from_str(&compared(old, new, &["--json"])).unwrap()
}

/// Changed decisions as `channel was_reason > now_reason: causes = contacts`.
fn changed(changes: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let line = |c: &Value| {
        let causes: Vec<String> = c["causes"].as_array().unwrap().iter().map(text).collect();
        let [channel, was, now] = ["channel", "was_reason", "now_reason"].map(|key| text(&c[key]));
        format!("{channel} {was} > {now}: {} = {}", causes.join(" or "), c["contacts"])
    };
    let mut lines: Vec<String> = changes["changed"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

/// Contactable then + gained - lost + new - gone = contactable now, and both as the lists have it.
fn adds_up(changes: &Value, old: &Path, new: &Path) {
    for (channel, counts) in changes["channels"].as_object().unwrap() {
        let n = |key: &str| counts[key].as_i64().unwrap();
        assert_eq!(n("then") + n("gained") - n("lost") + n("new") - n("gone"), n("now"), "{channel}");
        for (dir, key) in [(old, "then"), (new, "now")] {
            assert_eq!(report(dir)["channels"][channel]["contactable"], n(key), "{channel} {key}");
        }
    }
    let n = |key: &str| changes[key].as_u64().unwrap();
    assert_eq!(n("kept") + n("new"), changes["now"]["contacts"].as_u64().unwrap());
    assert_eq!(n("kept") + n("gone"), changes["then"]["contacts"].as_u64().unwrap());
}

const CRM: &str = "first name,last name,email,phone,country\n\
    Jane,Doe,jane@stonemill.org,+12127365001,US\n\
    Bob,Stone,bob@stonemill.org,,US\n\
    Ann,Ash,ann@stonemill.org,,US\n\
    Cal,Young,cal@stonemill.org,,US\n";

#[test]
fn data_are_told_apart_from_nothing_else_by_two_runs_of_one_day() {
    let scratch = Scratch::new();
    let (old, new) = (scratch.path("old"), scratch.path("new"));
    clean(&scratch.write(&[("crm.csv", CRM)]), &old, "2026-11-21", &[]);
    let later = CRM
        .replace("Ann,Ash,ann@stonemill.org", "Eve,Elm,eve@stonemill.org")
        .replace("cal@stonemill.org", "cal@stonemill.org,,US\nCal,Young,cal@stonemill.org");
    let gone = "email,unsubscribed at\njane@stonemill.org,2026-10-01\n";
    let bounced = "email,bounced at,bounce type\nbob@stonemill.org,2026-10-01,hard\n";
    let sources =
        scratch.write(&[("crm.csv", later.as_str()), ("unsubscribes.csv", gone), ("bounces.csv", bounced)]);
    clean(&sources, &new, "2026-11-21", &["--as", "bounces=bounces.csv"]);
    let changes = json(&old, &new);
    adds_up(&changes, &old, &new);
    assert_eq!((&changes["kept"], &changes["new"], &changes["gone"]), (&3.into(), &1.into(), &1.into()));
    let email: Vec<String> = changed(&changes).into_iter().filter(|c| c.starts_with("email")).collect();
    assert_eq!(
        email,
        [
            "email basis-none-needed > bounce-hard: data = 1",
            "email basis-none-needed > refusal-withdrawn: data = 1"
        ]
    );
    let decay = &changes["decay"][0];
    assert_eq!(decay["source"], "crm.csv");
    assert_eq!(
        ["contacts", "invalid", "bounced", "refused"].map(|key| decay[key].as_u64().unwrap()),
        [3, 0, 1, 1]
    );
    let counts = &changes["channels"]["email"];
    assert_eq!(
        (&counts["refused"], &counts["unrefused"]),
        (&1.into(), &3.into()),
        "the opt-out rate is 1 of 3"
    );
    let causes: Vec<&String> = changes["differs"].as_object().unwrap().keys().collect();
    assert_eq!(causes, ["data"]);

    // The text: aligned, short, nobody in it; the file: a line per contact and channel.
    let out = scratch.path("changed.csv");
    let text = compared(&old, &new, &["--out", out.to_str().unwrap()]);
    assert!(text.lines().count() < 30 && !text.contains('@') && !text.contains("+1212"), "{text}");
    assert!(text.contains("3 kept, 1 new, 1 gone"), "{text}");
    assert!(text.contains("1 refused since (33.3%)"), "{text}");
    let lines: Vec<Record> = read_csv(&out);
    let told: u64 =
        changes["changed"].as_array().unwrap().iter().map(|c| c["contacts"].as_u64().unwrap()).sum();
    assert_eq!(lines.len() as u64, told);
    assert!(lines.is_sorted_by_key(|r| r["contact_id"].clone()));
    let again = contactable(&[
        "compare",
        old.to_str().unwrap(),
        new.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(again.exit, Exit::Usage, "a file that exists is not overwritten unasked");
}

#[test]
fn a_ground_that_ended_between_the_days_is_the_dates_doing() {
    let scratch = Scratch::new();
    // Canada: a purchase carries two years; French consent to calls one.
    let crm = "first name,last name,email,country,last order\nJane,Doe,jane@stonemill.org,CA,2024-12-01\n";
    let events = "email,event,timestamp,source\njane@stonemill.org,purchase,2024-12-01,shop\n";
    let sources = scratch.write(&[("crm.csv", crm), ("consent-events.csv", events)]);
    let (old, new) = (scratch.path("old"), scratch.path("new"));
    clean(&sources, &old, "2026-11-21", &["--channels", "email"]);
    clean(&sources, &new, "2027-02-21", &["--channels", "email"]);
    let changes = json(&old, &new);
    assert_eq!(changed(&changes), ["email basis-purchase > basis-window-over: date = 1"]);
    // New files beside it change nothing of that: her own ground ran out.
    let more = scratch.write(&[
        ("crm.csv", crm),
        ("consent-events.csv", events),
        ("unsubscribes.csv", "email\nx@acme.org\n"),
    ]);
    let third = scratch.path("third");
    clean(&more, &third, "2027-02-21", &["--channels", "email"]);
    assert_eq!(changed(&json(&old, &third)), ["email basis-purchase > basis-window-over: date = 1"]);
}

#[test]
fn lists_and_settings_have_their_own_causes() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM)]);
    let profile = scratch.write(&[("p.toml", "block = [\"email-disposable\"]\n")]);
    let list = scratch.write(&[("throwaway.txt", "stonemill.org\n")]);
    let [old, listed, both] = ["old", "listed", "both"].map(|name| scratch.path(name));
    let profile = ["--channels", "email", "--profile", profile[0].to_str().unwrap()];
    clean(&sources, &old, "2026-11-21", &profile);
    let brought = [&profile[..], &["--disposable", list[0].to_str().unwrap()]].concat();
    clean(&sources, &listed, "2026-11-21", &brought);
    let changes = json(&old, &listed);
    adds_up(&changes, &old, &listed);
    let [line] = &changed(&changes)[..] else { panic!("{changes}") };
    assert!(line.starts_with("email basis-none-needed > email-disposable: lists"), "{line}");

    // The profile alone: the same list, blocking or not.
    let bare = ["--channels", "email", "--disposable", list[0].to_str().unwrap()];
    clean(&sources, &both, "2026-11-21", &bare);
    assert_eq!(changed(&json(&both, &listed)), ["email basis-none-needed > email-disposable: settings = 4"]);
}

#[test]
fn rules_and_version_are_causes_where_they_differ() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM), ("unsubscribes.csv", "email\nbob@stonemill.org\n")]);
    let (old, new) = (scratch.path("old"), scratch.path("new"));
    clean(&sources[..1], &old, "2026-11-21", &["--channels", "email"]);
    clean(&sources, &new, "2026-11-21", &["--channels", "email"]);
    // As if an older version had read an older rulebook: the files of the run, and its manifest, say so.
    let edit = |file: &str, pairs: &[(&str, &str)]| {
        let text = fs::read_to_string(old.join(file)).unwrap();
        let edited = pairs.iter().fold(text, |text, (from, to)| text.replace(from, to));
        fs::write(old.join(file), edited).unwrap();
    };
    let before = digest(&old.join("report.json"));
    let mut value = report(&old);
    let books = value["run"]["rulebooks"].as_array_mut().unwrap();
    let us = books.iter_mut().find(|b| b["id"] == "US").unwrap();
    us["as_of"] = "2025-01-01".into();
    value["run"]["version"] = "0.0.9".into();
    fs::write(old.join("report.json"), serde_json::to_string_pretty(&value).unwrap()).unwrap();
    let contacts = digest(&old.join("contacts.csv"));
    edit("contacts.csv", &[("basis-none-needed", "basis-legitimate-interest")]);
    let pairs = [(before, digest(&old.join("report.json"))), (contacts, digest(&old.join("contacts.csv")))];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    edit("manifest.json", &pairs);
    assert_eq!(
        changed(&json(&old, &new)),
        [
            "email basis-legitimate-interest > basis-none-needed: rules or version = 3",
            "email basis-legitimate-interest > refusal-withdrawn: data = 1"
        ]
    );
}

fn digest(path: &PathBuf) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(fs::read(path).unwrap()).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn ids_of_two_keys_cannot_be_compared_unless_they_were_carried_over() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM)]);
    let key = scratch.write(&[("key", "0123456789abcdef0123456789abcdef")]);
    let [old, keyed, carried] = ["old", "keyed", "carried"].map(|name| scratch.path(name));
    let key = ["--key-file", key[0].to_str().unwrap()];
    clean(&sources, &old, "2026-11-21", &[]);
    clean(&sources, &keyed, "2026-11-21", &key);
    clean(&sources, &carried, "2026-11-21", &[&key[..], &["--previous", old.to_str().unwrap()]].concat());
    let said = contactable(&["compare", old.to_str().unwrap(), keyed.to_str().unwrap()]);
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.stderr.contains("different keys"), "{}", said.stderr);
    assert_eq!(json(&old, &carried)["kept"], 4);
}

#[test]
fn memory_and_partitions_do_not_show() {
    let scratch = Scratch::new();
    let crm = |skip: usize| {
        let row = |i: usize| format!("P{i},Elm,p{i}@stonemill{}.org,,US\n", i % 7);
        let rows = (0..2000).filter(|i| i % skip != 1).map(row);
        rows.fold("first name,last name,email,phone,country\n".to_owned(), |all, row| all + &row)
    };
    let (old, new) = (scratch.path("old"), scratch.path("new"));
    clean(&scratch.write(&[("crm.csv", crm(9))]), &old, "2026-11-21", &[]);
    let gone: String = (0..2000).step_by(13).map(|i| format!("p{i}@stonemill{}.org\n", i % 7)).collect();
    let sources = scratch.write(&[("crm.csv", crm(11)), ("unsubscribes.csv", format!("email\n{gone}"))]);
    clean(&sources, &new, "2026-11-21", &[]);
    let changes = json(&old, &new);
    adds_up(&changes, &old, &new);
    let refused = changes["channels"]["email"]["refused"].as_u64().unwrap();
    let both = (0..2000).step_by(13).filter(|i| i % 9 != 1 && i % 11 != 1).count() as u64;
    assert_eq!(refused, both);
    let tight = compared(&old, &new, &["--json", "--memory", "0"]);
    assert_eq!(changes, serde_json::from_str::<Value>(&tight).unwrap());
}
