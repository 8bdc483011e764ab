//! What a run finds about permission beside its decisions: each reason with its evidence, a hit and a near miss, and
//! what it means for a decision.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::run::{Record, Scratch, clean, files, read_csv, recount};
use contactable::reason::Reason;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A run over those files, with a profile.
fn run(scratch: &Scratch, named: &[(&str, &str)], profile: &str) -> PathBuf {
    let sources = scratch.write(named);
    let profile = scratch.write(&[("contactable.toml", profile)]).remove(0);
    let out = scratch.path("run");
    clean(&sources, &out, &["--profile", profile.to_str().unwrap(), "--replace"]);
    recount(&out);
    out
}

fn found(out: &Path, reason: &str) -> Vec<Record> {
    read_csv(&out.join("findings.csv")).into_iter().filter(|f| f["reason"] == reason).collect()
}

/// `line channel detail` of every line with a contact.
fn told(out: &Path, reason: &str) -> Vec<String> {
    let lines = found(out, reason).into_iter().filter(|f| !f["contact_id"].is_empty());
    lines.map(|f| format!("{} {} {}", f["line"], f["channel"], f["detail"])).collect()
}

/// `source:line detail` of every line about a file as a whole.
fn of_files(out: &Path, reason: &str) -> Vec<String> {
    let lines = found(out, reason).into_iter().filter(|f| f["contact_id"].is_empty());
    lines.map(|f| format!("{}:{} {}", f["source"], f["line"], f["detail"])).collect()
}

fn email(out: &Path, at: usize) -> String {
    let contact = read_csv(&out.join("contacts.csv")).remove(at);
    format!("{} {}", contact["email_decision"], contact["email_reason"])
}

/// A list of `n` people with consents of that date, source and IP address.
fn people(n: usize, country: &str, consent: impl Fn(usize) -> String) -> String {
    let mut text = "email,country,newsletter,opt-in date,opt-in source,opt-in ip\n".to_owned();
    for i in 0..n {
        let _ = writeln!(text, "reader{i}@stonemill.de,{country},{}", consent(i));
    }
    text
}

#[test]
fn consent_bulk_time() {
    let scratch = Scratch::new();
    let same = |i: usize| {
        let time = if i < 20 {
            "2025-03-01T10:00:07Z".to_owned()
        } else {
            format!("2025-04-{:02}T09:1{}:33Z", i - 19, i % 10)
        };
        format!("yes,{time},form,")
    };
    let out = run(&scratch, &[("crm.csv", &people(24, "DE", same))], "");
    let lines = told(&out, "consent-bulk-time");
    assert_eq!(lines.len(), 20);
    assert_eq!(lines[0], "2 email 2025-03-01T10:00:07Z consent_given; 20 of 24 consents");
    assert_eq!(
        of_files(&out, "consent-bulk-time"),
        ["crm.csv:1 20 of 24 consents carry the time of a crowd, 20 of them 2025-03-01T10:00:07Z"]
    );
    assert_eq!(email(&out, 0), "contactable basis-express-consent", "it warns");
    let report = std::fs::read_to_string(out.join("report.json")).unwrap();
    assert!(report.contains("Times that a machine wrote prove no date"), "and the report says so first");
    let out = run(&scratch, &[("crm.csv", &people(24, "DE", same))], "block = [\"consent-bulk-time\"]\n");
    assert_eq!(email(&out, 0), "blocked consent-bulk-time", "unless the profile says that it blocks");
    assert_eq!(email(&out, 23), "contactable basis-express-consent");
    let out = run(&scratch, &[("crm.csv", &people(24, "DE", same))], "bulk_second = 21\n");
    assert!(found(&out, "consent-bulk-time").is_empty(), "a near miss");
}

#[test]
fn consent_bulk_time_reopens_nothing() {
    // Somebody imports the list anew after an opt-out: the tool stamps everybody with the time of the import.
    let scratch = Scratch::new();
    let left = ("unsubscribed.csv", "email,unsubscribed at\nreader3@stonemill.de,2025-02-01\n");
    let second = |i: usize| if i == 0 { 8 } else { 7 };
    let list = |n: usize| people(n + 1, "US", |i| format!("yes,2025-03-01T10:00:0{}Z,form,", second(i)));
    let out = run(&scratch, &[("crm.csv", &list(19)), left], "");
    assert_eq!(email(&out, 3), "contactable basis-express-consent", "a few may have come back together");
    let out = run(&scratch, &[("crm.csv", &list(20)), left], "");
    assert_eq!(email(&out, 3), "blocked refusal-withdrawn");
    assert_eq!(
        told(&out, "consent-after-refusal-unproven"),
        ["5 email 2025-03-01T10:00:07Z consent_given; 2025-02-01 consent_withdrawn unsubscribed.csv:2"]
    );
    // What people confirmed one by one is theirs, however their sign-ups were stamped; the refusal stays.
    let confirmed = |n: usize| {
        let mut text = "email,country,newsletter,opt-in date,opt-in source,confirmed at\n".to_owned();
        for i in 0..n {
            let _ = writeln!(
                text,
                "reader{i}@stonemill.de,DE,yes,2025-03-01T10:00:07Z,form,2025-03-02T1{}:{i:02}:11Z",
                i % 10
            );
        }
        text
    };
    let out = run(&scratch, &[("crm.csv", &confirmed(40))], "");
    assert!(told(&out, "consent-bulk-time").is_empty() && !of_files(&out, "consent-bulk-time").is_empty());
}

#[test]
fn consents_of_an_event_file_are_counted_too() {
    let scratch = Scratch::new();
    let crm = "email,country,first name\nreader1@stonemill.de,DE,Jane\n";
    let events = |n: usize| {
        (0..n).fold("email,event,timestamp,source,channel\n".to_owned(), |text, i| {
            text + &format!("reader{i}@stonemill.de,consent_given,2025-03-01T10:00:07Z,form,email\n")
        })
    };
    let out = run(&scratch, &[("crm.csv", crm), ("events.csv", &events(20))], "");
    assert_eq!(
        told(&out, "consent-bulk-time"),
        ["3 email 2025-03-01T10:00:07Z consent_given; 20 of 20 consents"]
    );
    let out = run(&scratch, &[("crm.csv", crm), ("events.csv", &events(19))], "");
    assert!(told(&out, "consent-bulk-time").is_empty());
}

#[test]
fn consent_bulk_ip() {
    let scratch = Scratch::new();
    let one =
        |ip: &'static str| move |i: usize| format!("yes,2025-{:02}-{:02},form,{ip}", i % 12 + 1, i % 28 + 1);
    let out = run(&scratch, &[("crm.csv", &people(50, "DE", one("192.0.2.7")))], "");
    assert_eq!(told(&out, "consent-bulk-ip").len(), 50);
    assert_eq!(
        of_files(&out, "consent-bulk-ip"),
        ["crm.csv:1 50 of 50 came from the IP address of a crowd, 50 from one"]
    );
    assert!(!std::fs::read_to_string(out.join("findings.csv")).unwrap().contains("192.0.2.7"));
    for (n, ip) in [(49, "192.0.2.7"), (50, "")] {
        let out = run(&scratch, &[("crm.csv", &people(n, "DE", one(ip)))], "");
        assert!(found(&out, "consent-bulk-ip").is_empty(), "{n} from {ip:?}");
    }
}

#[test]
fn consent_rush() {
    let scratch = Scratch::new();
    let minute = |i: usize| format!("yes,2025-03-01T10:00:{:02}Z,form,", i % 50);
    let out = run(&scratch, &[("crm.csv", &people(100, "DE", minute))], "");
    assert_eq!(told(&out, "consent-rush").len(), 100);
    assert_eq!(
        told(&out, "consent-rush")[0],
        "2 email 2025-03-01T10:00:00Z consent_given; 100 of 100 consents"
    );
    assert!(found(&run(&scratch, &[("crm.csv", &people(99, "DE", minute))], ""), "consent-rush").is_empty());
    let day = |i: usize| format!("yes,2025-03-01T1{}:{:02}:07Z,form,192.0.2.7", i % 10, i);
    assert_eq!(told(&run(&scratch, &[("crm.csv", &people(20, "DE", day))], ""), "consent-rush").len(), 20);
    assert!(found(&run(&scratch, &[("crm.csv", &people(19, "DE", day))], ""), "consent-rush").is_empty());
}

#[test]
fn mapping_consent_all_yes() {
    let scratch = Scratch::new();
    let yes = |no: usize| {
        move |i: usize| format!("{},2025-0{}-01,form,", if i == no { "" } else { "yes" }, i % 9 + 1)
    };
    let out = run(&scratch, &[("crm.csv", &people(50, "DE", yes(99)))], "");
    assert_eq!(
        of_files(&out, "mapping-consent-all-yes"),
        ["crm.csv:1 column newsletter: yes in 50 of 50 rows"]
    );
    assert!(email(&out, 0).starts_with("contactable"));
    let block = "block = [\"mapping-consent-all-yes\"]\n";
    let out = run(&scratch, &[("crm.csv", &people(50, "DE", yes(99)))], block);
    assert_eq!(email(&out, 0), "blocked mapping-consent-all-yes");
    for (n, no) in [(50, 7), (49, 99)] {
        let out = run(&scratch, &[("crm.csv", &people(n, "DE", yes(no)))], block);
        assert!(found(&out, "mapping-consent-all-yes").is_empty());
        assert!(email(&out, 0).starts_with("contactable"));
    }
}

#[test]
fn crowds_do_not_depend_on_threads_or_the_order_of_rows_and_files() {
    let scratch = Scratch::new();
    let mixed = |i: usize| match i % 3 {
        0 => format!("yes,2025-03-01T10:00:07Z,form,198.51.100.{}", i % 7),
        1 => format!("yes,2025-05-01T10:07:{:02}Z,form,192.0.2.7", i % 60),
        _ => format!("yes,2024-{:02}-{:02}T08:{:02}:21Z,form,", i % 12 + 1, i % 28 + 1, i % 60),
    };
    let list = people(330, "DE", mixed);
    let left = ("unsubscribed.csv", "email,unsubscribed at\nreader3@stonemill.de,2025-02-01\n");
    let sources = scratch.write(&[("crm.csv", list.as_str()), left]);
    let backwards: Vec<PathBuf> = sources.iter().rev().cloned().collect();
    let (one, two) = (scratch.path("one"), scratch.path("two"));
    clean(&sources, &one, &["--threads", "1"]);
    clean(&backwards, &two, &["--threads", "4"]);
    assert_eq!(files(&one), files(&two));
    let mut rows: Vec<&str> = list.lines().skip(1).collect();
    rows.reverse();
    let turned = format!("{}\n{}\n", list.lines().next().unwrap(), rows.join("\n"));
    let again = scratch.write(&[("crm.csv", turned.as_str())]).remove(0);
    let three = scratch.path("three");
    clean(&[again, sources[1].clone()], &three, &[]);
    let decided = |out: &Path| {
        let mut all: Vec<_> = read_csv(&out.join("contacts.csv"))
            .into_iter()
            .map(|c| (c["email"].clone(), c["email_decision"].clone(), c["email_reason"].clone()))
            .collect();
        all.sort();
        all
    };
    let count = |out: &Path| {
        ["consent-bulk-time", "consent-bulk-ip", "consent-rush"].map(|reason| told(out, reason).len())
    };
    assert_eq!((decided(&one), count(&one)), (decided(&three), count(&three)));
    // Of one of them the refusal is told, not the doubt.
    assert_eq!(count(&one), [109, 110, 110]);
}

#[test]
fn consent_before_list() {
    let scratch = Scratch::new();
    let dated = |day: &'static str| move |_: usize| format!("yes,{day},form,");
    for (day, profile, wanted) in [
        // What computers write for no date is none; so early a day is nobody's.
        ("1970-01-01", "", "blocked consent-undated"),
        ("1994-12-31", "", "blocked consent-before-list"),
        ("1995-01-01", "", "contactable basis-express-consent"),
        ("2014-12-31", "", "contactable basis-express-consent"),
        ("2014-12-31", "list_since = \"2015-01-01\"\n", "blocked consent-before-list"),
        ("2015-01-01", "list_since = \"2015-01-01\"\n", "contactable basis-express-consent"),
    ] {
        let out = run(&scratch, &[("crm.csv", &people(1, "DE", dated(day)))], profile);
        assert_eq!(email(&out, 0), wanted, "{day} {profile}");
    }
    let sources = scratch.write(&[("crm.csv", people(1, "DE", dated("2020-01-01")))]);
    for (line, wanted) in [
        ("list_since = \"in spring\"\n", "wrong.toml:2: `in spring`: this is no date"),
        ("list_born = \"2015-01-01\"\n", "wrong.toml:2: unknown field `list_born`"),
    ] {
        let profile = scratch.write(&[("wrong.toml", format!("purpose = \"news\"\n{line}"))]).remove(0);
        let args =
            ["clean", sources[0].to_str().unwrap(), "--out", "never", "--profile", profile.to_str().unwrap()];
        let said = crate::run::contactable(&args);
        assert!(said.stderr.contains(wanted), "{}", said.stderr);
    }
}

#[test]
fn refusal_message_after() {
    let scratch = Scratch::new();
    let crm = |country: &str, sent: &str| {
        format!(
            "email,first name,country,unsubscribed at,last email sent\njane@stonemill.org,Jane,{country},2026-01-01,{sent}\n"
        )
    };
    let told_of = |country: &str, sent: &str| {
        told(&run(&scratch, &[("crm.csv", &crm(country, sent))], ""), "refusal-message-after")
    };
    assert_eq!(
        told_of("DE", "2026-01-04"),
        [
            "2 email 2026-01-04 last_message_sent; 2026-01-01 consent_withdrawn crm.csv:2; DE: 3 days late (within 0 days)"
        ]
    );
    assert!(told_of("DE", "2026-01-01").is_empty(), "on the same day");
    // Ten working days in the United States: the last is 15 January.
    assert!(told_of("US", "2026-01-15").is_empty());
    let late = told_of("US", "2026-01-17");
    assert!(late[0].ends_with("US: 2 days late (within 10 business days)"), "{late:?}");
    // Every deadline that was missed is told; the mailbox provider's own too.
    let crm = "email,first name,country,unsubscribed at,last email sent\njane@gmail.com,Jane,US,2026-01-01,2026-01-17\n";
    let late = told(&run(&scratch, &[("crm.csv", crm)], ""), "refusal-message-after");
    assert!(
        late[0].contains("US: 2 days late") && late[0].contains("14 days late (within 2 days)"),
        "{late:?}"
    );
    // Of several messages all are counted, and those after the person came back are none of them.
    let crm = "email,first name,country\njane@stonemill.org,Jane,DE\n";
    let events = "email,event,timestamp,source,channel\n\
        jane@stonemill.org,consent_withdrawn,2026-01-01,form,email\n\
        jane@stonemill.org,last_message_sent,2026-01-03,tool,email\n\
        jane@stonemill.org,last_message_sent,2026-01-05,tool,email\n\
        jane@stonemill.org,consent_given,2026-02-01,form,email\n\
        jane@stonemill.org,last_message_sent,2026-02-05,tool,email\n";
    let out = run(&scratch, &[("crm.csv", crm), ("events.csv", events)], "");
    assert_eq!(email(&out, 0), "contactable basis-express-consent");
    let late = told(&out, "refusal-message-after");
    assert!(late[0].contains("DE: "), "{late:?}");
}

#[test]
fn frequency_too_soon() {
    let scratch = Scratch::new();
    let crm = |wish: &str, sent: &str| {
        format!(
            "email,first name,country,email frequency,last email sent\njane@stonemill.org,Jane,US,{wish},{sent}\n"
        )
    };
    // The send date is 21 November 2026.
    for (wish, sent, wanted) in [
        ("monthly", "2026-10-22", "blocked frequency-too-soon"),
        ("monthly", "2026-10-21", "contactable basis-none-needed"),
        ("Once a year", "2025-11-22", "blocked frequency-too-soon"),
        ("Once a year", "2025-11-21", "contactable basis-none-needed"),
        ("wöchentlich", "2026-11-15", "blocked frequency-too-soon"),
        ("now and then", "2026-11-20", "contactable basis-none-needed"),
        ("monthly", "", "contactable basis-none-needed"),
        ("", "2026-11-20", "contactable basis-none-needed"),
        ("never", "", "blocked refusal-declined"),
    ] {
        let out = run(&scratch, &[("crm.csv", &crm(wish, sent))], "");
        assert_eq!(email(&out, 0), wanted, "{wish} {sent}");
    }
    let out = run(&scratch, &[("crm.csv", &crm("monthly", "2026-10-22"))], "");
    assert_eq!(
        told(&out, "frequency-too-soon"),
        ["2 email monthly; last message 2026-10-22; next from 2026-11-22"]
    );
    // The wish names e-mail; the other channels are as they were.
    let crm = "email,phone,first name,country,email frequency,last email sent\njane@stonemill.org,+14155550100,Jane,US,never,\n";
    let contact = read_csv(&run(&scratch, &[("crm.csv", crm)], "").join("contacts.csv")).remove(0);
    assert_ne!(contact["call_reason"], "refusal-declined");
}

#[test]
fn best_channel_follows_the_wish_then_the_last_contact_then_the_strongest_ground() {
    let scratch = Scratch::new();
    let crm = |wish: &str| {
        format!(
            "email,first name,last name,street,city,postal code,country,preferred channel,consent,consent date,consent source\n\
             jane@stonemill.org,Jane,Doe,1 Elm St,Salem,01970,US,{wish},yes,2026-01-01,form\n"
        )
    };
    let events = "email,event,timestamp,source,channel\njane@stonemill.org,last_inbound_contact,2026-05-01,desk,post\n";
    let best = |wish: &str, events: &str| {
        let out = run(&scratch, &[("crm.csv", &crm(wish)), ("events.csv", events)], "");
        read_csv(&out.join("contacts.csv")).remove(0)["best_channel"].clone()
    };
    let none = "email,event,timestamp,source,channel\n";
    assert_eq!(best("", none), "email", "the strongest ground: her consent");
    assert_eq!(best("Letter", none), "post", "as people say it");
    assert_eq!(best("e-mail", events), "email", "the wish before the last contact");
    assert_eq!(best("phone", none), "email", "a wish that cannot be met");
    let everything =
        "email,event,timestamp,source,channel\njane@stonemill.org,last_inbound_contact,2026-06-01,desk,\n";
    assert_eq!(best("", everything), "email", "a contact by no channel in particular tells none");
}

#[test]
fn person_point_left() {
    let scratch = Scratch::new();
    let head = "customer id,email,first name,last name,phone,country,newsletter,opt-in date,opt-in source,last changed\n";
    let old =
        format!("{head}7,jane@stonemill.de,Jane,Doe,+4915120000010,DE,yes,2024-01-01,form,2024-01-01\n");
    let new = |email: &str| format!("{head}7,{email},Jane,Doe,+4915120000010,DE,,,,2026-01-01\n");
    let one_file = |email: &str| format!("{old}{}", new(email).lines().nth(1).unwrap());
    let out = run(&scratch, &[("crm.csv", &one_file("jane.doe@muehlbach.de"))], "");
    assert_eq!(email(&out, 0), "contactable basis-express-consent");
    assert_eq!(told(&out, "person-point-left"), ["2 email email; not in crm.csv:3"]);
    assert!(
        told(&run(&scratch, &[("crm.csv", &one_file("jane@stonemill.de"))], ""), "person-point-left")
            .is_empty()
    );
    // A consent in an event file for an address that nobody holds.
    let crm = "email,first name,country\njane@stonemill.de,Jane,DE\n";
    let events = "email,event,timestamp,source,channel\n\
        gone@stonemill.de,consent_given,2025-01-01,form,email\njane@stonemill.de,consent_given,2025-01-01,form,email\n";
    let out = run(&scratch, &[("crm.csv", crm), ("events.csv", events)], "");
    assert_eq!(
        of_files(&out, "person-point-left"),
        ["events.csv:2 2025-01-01 consent_given; no contact has it"]
    );
}

#[test]
fn mapping_consent_unnamed() {
    let scratch = Scratch::new();
    let list = |purpose: &str| {
        format!(
            "email,first name,country,consent,consent date,consent source,purpose\njane@stonemill.de,Jane,DE,yes,2025-01-01,form,{purpose}\n"
        )
    };
    let out = run(&scratch, &[("crm.csv", &list(""))], "");
    assert_eq!(of_files(&out, "mapping-consent-unnamed"), ["crm.csv:1 1 of 1 consents"]);
    assert!(
        found(&run(&scratch, &[("crm.csv", &list("marketing"))], ""), "mapping-consent-unnamed").is_empty()
    );
}

#[test]
fn mapping_leaves_out_refusals() {
    let scratch = Scratch::new();
    let listmonk = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats/listmonk_export/subscribers.csv"),
    )
    .unwrap();
    let alone = run(&scratch, &[("subscribers.csv", &listmonk)], "");
    assert_eq!(
        of_files(&alone, "mapping-leaves-out-refusals"),
        ["subscribers.csv:1 no refusals of listmonk beside it"]
    );
    let report = std::fs::read_to_string(alone.join("report.json")).unwrap();
    assert!(report.contains("alone it makes no clean list"));
    // A gate on it can fail.
    let sources = scratch.write(&[("subscribers.csv", listmonk.as_str())]);
    let gated = ["clean", sources[0].to_str().unwrap(), "--out"];
    let out = scratch.path("gated");
    let more = ["--send-date", "2026-11-21", "--fail-on", "mapping-leaves-out-refusals=0"];
    let args: Vec<&str> = gated.into_iter().chain([out.to_str().unwrap()]).chain(more).collect();
    assert_eq!(crate::run::contactable(&args).exit, contactable::cli::Exit::Found);
    // With the opt-outs beside it, it does not stand alone.
    let left = ("unsubscribed.csv", "email\nsomebody@stonemill.org\n");
    let out = run(&scratch, &[("subscribers.csv", &listmonk), left], "");
    assert!(found(&out, "mapping-leaves-out-refusals").is_empty());
}

#[test]
fn evidence_that_nobody_kept_is_named() {
    let scratch = Scratch::new();
    let crm = "email,phone,first name,country,call consent,consent date,consent source\n\
        ,+4930901820,Jane,DE,yes,2026-01-01,form\n";
    let out = run(&scratch, &[("crm.csv", crm)], "");
    let lines = told(&out, "consent-evidence-incomplete");
    assert!(lines.iter().any(|l| l.contains("2026-01-01 consent_given; lacks ")), "{lines:?}");
}

#[test]
fn a_resurrected_person_is_told_with_the_refusal() {
    let scratch = Scratch::new();
    let list = |day: &str| {
        format!(
            "email,first name,country,newsletter,opt-in date,opt-in source\njane@stonemill.org,Jane,US,yes,{day},form\n"
        )
    };
    let left = ("unsubscribed.csv", "email,unsubscribed at\njane@stonemill.org,2026-02-01\n");
    let out = run(&scratch, &[("crm.csv", &list("2026-01-01")), left], "");
    assert_eq!(
        told(&out, "consent-resurrected"),
        ["2 email 2026-01-01 consent_given; 2026-02-01 consent_withdrawn unsubscribed.csv:2"]
    );
    let out = run(&scratch, &[("crm.csv", &list("2026-03-01")), left], "");
    assert!(told(&out, "consent-resurrected").is_empty());
    assert_eq!(
        told(&out, "refusal-lifted"),
        ["2 email 2026-02-01 consent_withdrawn; 2026-03-01 consent_given crm.csv:2"]
    );
}

#[test]
fn a_refusal_at_an_address_that_cannot_be_used_is_not_lost() {
    let scratch = Scratch::new();
    let crm = "email,first name,country,unsubscribed at\njane@stonemill.invalid,Jane,US,2026-01-01\n\
        bob@stonemill.invalid,Bob,US,\n";
    let out = run(&scratch, &[("crm.csv", crm)], "");
    assert_eq!(
        email(&out, 0),
        "blocked email-special-use-domain",
        "the first failing reason is the main one"
    );
    assert_eq!(told(&out, "refusal-withdrawn"), ["2 email 2026-01-01 consent_withdrawn"], "all are kept");
}

/// Reasons whose examples are lists: what is told of people, their wishes and their points.
const OF_LISTS: [&str; 9] = [
    "engagement-inactive",
    "preference-other-channel",
    "frequency-too-soon",
    "person-point-left",
    "person-refusal-of-other-holder",
    "person-minor",
    "mapping-consent-unnamed",
    "handle-invalid",
    "post-incomplete",
];

#[test]
fn reasons_of_lists_hit_and_near_misses_miss() {
    for id in OF_LISTS {
        let reason = Reason::from_id(id).unwrap();
        assert!(!reason.hits().is_empty() && !reason.near_misses().is_empty(), "{id} has no examples");
        for (examples, hit) in [(reason.hits(), true), (reason.near_misses(), false)] {
            for example in examples {
                let scratch = Scratch::new();
                let list = example.replace(" | ", "\n") + "\n";
                let profile = "sunset_months = 24\nchannels = \"email,call,post,messaging\"\n";
                let out = run(&scratch, &[("crm.csv", &list)], profile);
                let main = read_csv(&out.join("contacts.csv")).into_iter().any(|contact| {
                    contact.iter().any(|(column, cell)| column.ends_with("_reason") && cell == id)
                });
                assert_eq!(main || !found(&out, id).is_empty(), hit, "{id}: {example}");
            }
        }
    }
}
