//! What is said to whoever mistyped something: every hint names what there is, and every count has its noun.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::run::{Scratch, contactable, read_csv};
use contactable::cli::Exit;
use contactable::reason::Reason;

const CRM: &str = "first name,email,phone,country\nJane,jane@stonemill.de,+447400100001,GB\n";

/// What a run says that must not begin.
fn refused(more: &[&str]) -> String {
    let scratch = Scratch::new();
    let file = scratch.write(&[("crm.csv", CRM), ("tps.txt", "+447400100002\n")]);
    let tps = format!("uk-tps={}", file[1].display());
    let more: Vec<String> = more.iter().map(|arg| arg.replace("TPS", &tps)).collect();
    let out = scratch.path("run");
    let mut args = vec!["clean", file[0].to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(["--send-date", "2026-12-01"]);
    args.extend(more.iter().map(String::as_str));
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Usage, "{more:?}: {}{}", said.stdout, said.stderr);
    assert!(!out.exists(), "{more:?}");
    said.stderr
}

#[test]
fn a_ground_of_no_rulebook_is_no_ground() {
    for word in ["foo", "asserted", "Express_Consent", ""] {
        let said = refused(&["--assert-basis", &format!("crm.csv:email:{word}@2025-03-01=x")]);
        assert!(said.contains("express_consent") && said.contains("solicited"), "{said}");
        assert!(!said.contains(", asserted"), "{said}");
    }
}

#[test]
fn a_ground_that_the_law_does_not_know_gives_nothing_and_is_said() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nJane,jane@stonemill.de,DE\nBob,bob@stonemill.ca,CA\n";
    let out = scratch.path("run");
    let stated = ["--assert-basis", "crm.csv:email:solicited@2026-03-01=asked at our stand"];
    let said = crate::run::clean(&scratch.write(&[("crm.csv", crm)]), &out, &stated);
    let contacts = read_csv(&out.join("contacts.csv"));
    let of = |name: &str| {
        let contact = contacts.iter().find(|c| c["first_name"] == name).unwrap();
        (contact["email_decision"].clone(), contact["email_reason"].clone())
    };
    assert_eq!(of("Jane"), ("blocked".to_owned(), "basis-not-of-law".to_owned()));
    assert_eq!(of("Bob"), ("contactable".to_owned(), "basis-asserted".to_owned()));
    let told = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("is not known to the recipient's law"), "{told}");
}

#[test]
fn a_stated_ground_ends_as_the_law_ends_it() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nBob,bob@stonemill.ca,CA\n";
    let out = scratch.path("run");
    let stated = ["--assert-basis", "crm.csv:email:ebr_purchase@2023-03-01=till slips"];
    crate::run::clean(&scratch.write(&[("crm.csv", crm)]), &out, &stated);
    let bob = &read_csv(&out.join("contacts.csv"))[0];
    assert_eq!((&*bob["email_decision"], &*bob["email_reason"]), ("blocked", "basis-window-over"));
}

#[test]
fn what_is_proven_goes_before_what_is_stated() {
    let scratch = Scratch::new();
    let proven = "first name,email,phone,country,consent,consent date,consent source\n\
        Jane,jane@muehlbach.de,+4915120000010,DE,yes,2026-01-01,form\n";
    let stated = "first name,email,phone,country\nJane,jane@stonemill.de,+4915120000010,DE\n";
    let out = scratch.path("run");
    let sources = scratch.write(&[("a-stated.csv", stated), ("b-proven.csv", proven)]);
    crate::run::clean(&sources, &out, &["--assert-basis", "a-stated.csv:email:express_consent@2026-02-01=x"]);
    let contacts = read_csv(&out.join("contacts.csv"));
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    assert_eq!(
        (&*contacts[0]["email"], &*contacts[0]["email_basis"]),
        ("jane@muehlbach.de", "express_consent")
    );
}

#[test]
fn a_register_of_a_day_to_come_has_not_answered() {
    let said = refused(&["--registry", "TPS@2027-01-01"]);
    assert!(said.contains("later than the send date") && said.contains("2026-12-01"), "{said}");
    let scratch = Scratch::new();
    let files = scratch.write(&[("list.csv", "phone\n+447400100001\n"), ("tps.txt", "+447400100002\n")]);
    let tps = format!("uk-tps={}@2027-01-01", files[1].display());
    let list = files[0].to_str().unwrap();
    let said = contactable(&[
        "check",
        list,
        "--channel",
        "call",
        "--registry",
        &tps,
        "--send-date",
        "2026-12-01",
        "--country",
        "GB",
    ]);
    assert_eq!((said.exit, &*said.stdout), (Exit::Usage, ""), "{}", said.stderr);
}

#[test]
fn hints_name_what_there_is() {
    let said = refused(&["--registry", "nothing"]);
    let id = said.split("for example ").nth(1).unwrap().split('=').next().unwrap();
    assert!(contactable::data::rulebooks().register(id).is_some(), "{said}");
    let said = refused(&["--fail-on", "nothing=1"]);
    let id = said.split("write it as ").nth(1).unwrap().split('=').next().unwrap();
    assert!(Reason::from_id(id).is_some(), "{said}");
    let said = refused(&["--as", "contact=crm.csv"]);
    for kind in contactable::record::Kind::ALL {
        assert!(said.contains(kind.word()), "{said}");
    }
    assert!(said.contains("for '--as <KIND=FILE>'"), "{said}");
}

#[test]
fn a_name_that_is_nearly_right_gets_the_right_ones() {
    let said = contactable(&["formats", "mailchimp"]);
    assert_eq!(said.exit, Exit::Usage);
    let near: Vec<&str> = said.stderr.split("near are ").nth(1).unwrap().trim().split(", ").collect();
    assert!(near.len() > 1 && near.iter().all(|id| id.contains("mailchimp")), "{}", said.stderr);
    assert!(near.iter().all(|id| contactable(&["formats", id]).exit == Exit::Done), "{}", said.stderr);
    let said = contactable(&["reasons", "email-typo"]);
    assert!(said.stderr.contains("email-typo-fixed"), "{}", said.stderr);
    let said = contactable(&["reasons", "zzz"]);
    assert!(said.stderr.contains("`contactable reasons` lists them") && !said.stderr.contains("near"));
}

#[test]
fn one_is_singular() {
    let said = contactable(&["rules"]).stdout;
    assert!(!said.contains(" 1 rules") && said.contains(" 1 rule, "), "{said}");
    let scratch = Scratch::new();
    let files = scratch.write(&[("stop.csv", "email\njane@stonemill.org\n"), ("list.csv", CRM)]);
    let (stop, list) = (files[0].to_str().unwrap(), files[1].to_str().unwrap());
    for name in ["all.csv", "all.idx"] {
        let out = scratch.path(name);
        let said =
            contactable(&["suppress", stop, "--as", "suppression=stop.csv", "--out", out.to_str().unwrap()]);
        assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
        let clean =
            |text: &str| !["1 points", "1 lines", "1 rows", "1 entries"].iter().any(|bad| text.contains(bad));
        assert!(clean(&said.stdout), "{}", said.stdout);
        let said = contactable(&["check", list, "--channel", "email", "--against", out.to_str().unwrap()]);
        assert!(clean(&said.stderr) && said.stderr.contains("1 entry"), "{}", said.stderr);
    }
    let list = scratch.write(&[("one.csv", "first name,email\nJane,jane@stonemill.org\n")]);
    let said = contactable(&["init", list[0].to_str().unwrap()]);
    assert!(said.stdout.contains("1 row tells none."), "{}", said.stdout);
}
