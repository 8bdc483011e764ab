//! Lists that are brought, slips that are put right on request, and lists that replace built-in ones.

use crate::run::{Scratch, clean, contactable, files, read_csv, recount};
use contactable::cli::Exit;
use contactable::data::domains::LISTS;
use serde_json::Value;
use std::path::Path;

fn manifest(run: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

/// Decision, reason and address of each contact.
fn told(run: &Path) -> Vec<String> {
    let row =
        |c: &crate::run::Record| format!("{} {} {}", c["email_decision"], c["email_reason"], c["email"]);
    read_csv(&run.join("contacts.csv")).iter().map(row).collect()
}

const PEOPLE: &str = "name,email,country,consent,consent date,consent source\n\
    Ann Ash,ann@gamil.com,US,,,\n\
    Bob Birch,bob@gmail.con,US,,,\n\
    Cy Cedar,cy@gnail.com,US,,,\n\
    Di Dogwood,di@gmail.com,US,,,\n\
    Ed Elm,ed@gamil.com,DE,yes,2026-01-01,web form\n";

#[test]
fn a_sure_slip_is_put_right_on_request_and_consent_stays_behind() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("people.csv", PEOPLE)]);
    let (plain, fixed) = (scratch.path("plain"), scratch.path("fixed"));
    clean(&sources, &plain, &[]);
    assert_eq!(told(&plain)[0], "contactable basis-none-needed ann@gamil.com", "never by itself");
    assert!(
        told(&plain)[4].starts_with("contactable basis-express-consent ed@gamil.com"),
        "{:?}",
        told(&plain)
    );
    clean(&sources, &fixed, &["--fix-typos"]);
    recount(&fixed);
    let told = told(&fixed);
    assert_eq!(told[0], "contactable basis-none-needed ann@gmail.com");
    assert_eq!(told[1], "contactable basis-none-needed bob@gmail.com", "an invalid address too");
    assert_eq!(told[2], "contactable basis-none-needed cy@gnail.com", "likely is not sure");
    assert_eq!(told[3], "contactable basis-none-needed di@gmail.com");
    assert!(told[4].starts_with("blocked"), "consent does not move: {}", told[4]);
    let findings = read_csv(&fixed.join("findings.csv"));
    let original = findings.iter().find(|f| f["reason"] == "email-typo-fixed" && f["line"] == "2").unwrap();
    assert_eq!(original["detail"], "ann@gamil.com", "the original is kept");
    assert!(manifest(&fixed)["options"].as_array().unwrap().contains(&"--fix-typos".into()));
}

#[test]
fn refusals_move_to_the_address_that_was_meant() {
    let scratch = Scratch::new();
    let people = "name,email,country\nAnn Ash,ann@gamil.com,US\nBob Birch,bob@gmail.com,US\n";
    let sources = scratch.write(&[
        ("people.csv", people),
        ("unsubscribed.csv", "email,unsubscribed at\nann@gmail.com,2026-01-01\nbob@gamil.com,2026-01-01\n"),
    ]);
    let out = scratch.path("run");
    clean(&sources, &out, &["--fix-typos"]);
    recount(&out);
    for row in told(&out) {
        assert!(row.starts_with("blocked"), "{row}");
    }
    let suppressed = std::fs::read_to_string(out.join("suppression.csv")).unwrap();
    for point in ["ann@gmail.com", "bob@gamil.com", "bob@gmail.com"] {
        assert!(suppressed.contains(point), "{point} in {suppressed}");
    }
}

#[test]
fn lists_are_brought_and_allow_beats_deny() {
    let scratch = Scratch::new();
    let people = "name,email,country\nAnn Ash,ann@throw.acme-mail.org,US\nBob Birch,bob@mailinator.com,US\n\
        Cy Cedar,cy@gmial.com,US\n";
    let paths = scratch.write(&[
        ("people.csv", people),
        ("ours.txt", "# seen lately\nacme-mail.org\n"),
        ("real.txt", "mailinator.com\ngmial.com\n"),
        ("wrong.txt", "co.uk\n"),
    ]);
    let path = |i: usize| paths[i].to_str().unwrap();
    let out = scratch.path("run");
    clean(&paths[..1], &out, &["--disposable", path(1), "--allow-domain", path(2)]);
    let findings = read_csv(&out.join("findings.csv"));
    let emails: Vec<_> =
        findings.iter().filter(|f| f["channel"] == "email" && f["reason"].starts_with("email-")).collect();
    assert_eq!(emails.len(), 1, "{emails:?}");
    assert_eq!((emails[0]["line"].as_str(), emails[0]["reason"].as_str()), ("2", "email-disposable"));
    let lists = manifest(&out)["lists"].clone();
    let list = |id: &str| lists.as_array().unwrap().iter().find(|l| l["id"] == id).unwrap().clone();
    assert_eq!(list("ours.txt")["sha256"].as_str().unwrap().len(), 64);
    assert!(list("disposable")["sha256"].is_null() && list("disposable")["as_of"].is_string());

    let said =
        contactable(&["validate", "email", "--csv", "--disposable", path(1), "a@acme-mail.org", "b@c,d"]);
    assert_eq!(
        said.stdout.lines().nth(1),
        Some("a@acme-mail.org,risky,a@acme-mail.org,a@acme-mail.org,email-disposable,,,")
    );
    assert!(said.stdout.lines().nth(2).unwrap().starts_with("\"b@c,d\",invalid,,,"), "{}", said.stdout);
    let said = contactable(&["validate", "email", "--disposable", path(3), "a@b.de"]);
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.stderr.contains("wrong.txt:1"), "{}", said.stderr);
}

#[test]
fn the_byte_at_which_an_address_fails_is_told() {
    let values = ["a b@c.org", "jane..doe@acme.com", "jane@acme.com"];
    let told = |shape: &str| contactable(&[&["validate", "email", shape][..], &values].concat()).stdout;
    let json: Vec<Value> = told("--json").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!([&json[0]["at"], &json[1]["at"], &json[2]["at"]], [&1.into(), &5.into(), &Value::Null]);
    let csv = told("--csv");
    let last: Vec<&str> = csv.lines().map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(last, ["at", "1", "5", ""]);
    let text = contactable(&[&["validate", "email"][..], &values].concat()).stdout;
    assert!(text.lines().next().unwrap().ends_with("email-space-in-local  at byte 1"), "{text}");
    assert!(!text.lines().nth(2).unwrap().contains("byte"), "{text}");
}

#[test]
fn single_values_are_fixed_and_judged_strictly() {
    let said = contactable(&["validate", "email", "--fix-typos", "--json", "Ann@gamil.com"]);
    let row: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(
        (&row["input"], &row["value"], &row["verdict"]),
        (&"Ann@gamil.com".into(), &"Ann@gmail.com".into(), &"risky".into())
    );
    assert!(row["reasons"].as_array().unwrap().contains(&"email-typo-fixed".into()), "{row}");
    for (args, exit) in [
        (["email", "--strict", "jane@acme.com"], Exit::Done),
        (["email", "--strict", "jane@acme"], Exit::Found),
        (["phone", "--strict", "+442071838750"], Exit::Done),
        (["phone", "--strict", "0207"], Exit::Found),
    ] {
        assert_eq!(contactable(&[&["validate"][..], &args].concat()).exit, exit, "{args:?}");
    }
}

#[test]
fn lists_are_shown_and_replaced() {
    let scratch = Scratch::new();
    let dir = scratch.path("data");
    let at = ["--data-dir", dir.to_str().unwrap()];
    let shown = contactable(&["data", "show"]).stdout;
    for list in LISTS {
        assert!(shown.lines().any(|l| l.starts_with(list.name) && l.contains(list.date())), "{}", list.name);
    }
    assert!(shown.lines().any(|l| l.starts_with("phone ") && l.contains("9.0.43")), "{shown}");

    let disposable = LISTS.iter().find(|l| l.name == "disposable").unwrap();
    let wide: String = disposable.words().chain(["acme-mail.org"]).map(|w| format!("{w}\n")).collect();
    let files_given = scratch.write(&[
        ("wide.txt", wide.as_str()),
        ("short.txt", "mailinator.com\n"),
        ("people.csv", "name,email,country\nAnn Ash,ann@acme-mail.org,US\n"),
        ("no.bin", "no plans"),
    ]);
    let path = |i: usize| files_given[i].to_str().unwrap();
    let update = |file: &str, more: &[&str]| {
        contactable(
            &[
                &["data", "update", "disposable", file, "--source", "test", "--licence", "CC0-1.0"][..],
                &at,
                more,
            ]
            .concat(),
        )
    };
    let said = update(path(0), &[]);
    assert!(said.exit == Exit::Usage && said.stderr.contains("--date"), "{}", said.stderr);
    let said = update(path(1), &["--date", "2026-11-20"]);
    assert!(said.exit == Exit::Usage && said.stderr.contains("fewer than half"), "{}", said.stderr);
    assert!(!dir.join("disposable.txt").exists());
    let said = update(path(0), &["--date", "2026-11-20"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let shown = contactable(&[&["data", "show"][..], &at].concat()).stdout;
    assert!(
        shown.lines().any(|l| l.starts_with("disposable") && l.contains("replaced 2026-11-20")),
        "{shown}"
    );

    // Only a run that is told uses it, and records which bytes it used.
    let (plain, replaced) = (scratch.path("plain"), scratch.path("replaced"));
    clean(&files_given[2..3], &plain, &[]);
    clean(&files_given[2..3], &replaced, &at);
    let disposables =
        |run: &Path| std::fs::read_to_string(run.join("findings.csv")).unwrap().contains("email-disposable");
    assert!(!disposables(&plain) && disposables(&replaced));
    let list = |run: &Path| {
        let lists = manifest(run)["lists"].clone();
        lists.as_array().unwrap().iter().find(|l| l["id"] == "disposable").unwrap().clone()
    };
    assert_eq!(list(&replaced)["as_of"], "2026-11-20");
    assert_eq!(list(&replaced)["sha256"].as_str().unwrap().len(), 64);
    assert_ne!(files(&plain)["findings.csv"], files(&replaced)["findings.csv"]);

    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/phone/plan-9.0.42.bin");
    let said = contactable(&[&["data", "update", "phone", plans.to_str().unwrap()][..], &at].concat());
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let shown = contactable(&[&["data", "show"][..], &at].concat()).stdout;
    assert!(shown.lines().any(|l| l.starts_with("phone") && l.contains("9.0.42")), "{shown}");
    let said = contactable(&[&["data", "update", "phone", path(3)][..], &at].concat());
    assert_ne!(said.exit, Exit::Done);
    // A list that was edited by hand is looked at again.
    std::fs::write(dir.join("disposable.txt"), &wide).unwrap();
    let said = contactable(&[&["validate", "email", "a@b.de"][..], &at].concat());
    assert_eq!(said.exit, Exit::Usage, "{}", said.stderr);
}

#[test]
fn a_number_is_at_home_where_its_row_is() {
    let scratch = Scratch::new();
    let rows = [
        // A dial-code column states the country.
        ("a@acme.com", "44", "", "", "", "020 7183 8750", "+442071838750", false),
        // State, time zone, locale or mail domain only tell it: that is said.
        ("b@acme.com", "", "Ontario", "", "", "416 456 1234", "+14164561234", true),
        ("c@acme.com", "", "", "Europe/Berlin", "", "030 901820", "+4930901820", true),
        ("d@acme.com", "", "", "", "fr_FR", "01 42 68 53 00", "+33142685300", true),
        ("e@acme.it", "", "", "", "", "06 3600 1234", "+390636001234", true),
        // Its own country code needs no inference.
        ("f@acme.it", "", "", "", "", "+44 20 7183 8750", "+442071838750", false),
        // Two countries under which it is a different number: none is taken.
        ("g@acme.de", "", "", "Europe/Paris", "", "0234567890", "0234567890", false),
        // A language alone tells nothing.
        ("h@acme.com", "", "", "", "de", "030 901820", "030 901820", false),
    ];
    let mut text = String::from("email,dial code,state,timezone,locale,phone\n");
    for (email, dial, state, zone, locale, phone, ..) in rows {
        text.push_str(&format!("{email},{dial},{state},{zone},{locale},{phone}\n"));
    }
    let sources = scratch.write(&[("list.csv", text)]);
    let out = scratch.path("run");
    clean(&sources, &out, &[]);
    let contacts = read_csv(&out.join("contacts.csv"));
    let findings = read_csv(&out.join("findings.csv"));
    for (contact, (email, .., expected, inferred)) in contacts.iter().zip(rows) {
        let line = contact["sources"].rsplit(':').next().unwrap();
        let found = findings.iter().any(|f| f["line"] == line && f["reason"] == "phone-region-inferred");
        assert_eq!((contact["phone"].as_str(), found), (expected, inferred), "{email}");
    }
    assert_eq!(contacts.len(), rows.len());
}
