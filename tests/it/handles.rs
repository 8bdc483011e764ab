//! Social handles and messaging numbers are contact points of the channel `messaging`.

use crate::run::{Record, Scratch, clean, contactable, read_csv, recount};
use contactable::cli::Exit;
use std::path::{Path, PathBuf};

const MESSAGING: &[&str] = &["--channels", "email,sms,call,messaging"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/handles").join(name)
}

fn run(sources: &[PathBuf], more: &[&str]) -> (Vec<Record>, PathBuf, Scratch) {
    let scratch = Scratch::new();
    let out = scratch.path("run");
    clean(sources, &out, more);
    recount(&out);
    (read_csv(&out.join("contacts.csv")), out, scratch)
}

fn written(files: &[(&str, &str)], more: &[&str]) -> (Vec<Record>, PathBuf, Scratch) {
    let scratch = Scratch::new();
    let sources = scratch.write(files);
    let out = scratch.path("run");
    clean(&sources, &out, more);
    recount(&out);
    (read_csv(&out.join("contacts.csv")), out, scratch)
}

fn of<'r>(contacts: &'r [Record], name: &str) -> &'r Record {
    contacts.iter().find(|c| c["first_name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn messaging(contact: &Record) -> (&str, &str) {
    (&contact["messaging_decision"], &contact["messaging_reason"])
}

/// Lists of the run's file for the channel: number, handle.
fn list(out: &Path) -> Vec<(String, String)> {
    let lines = read_csv(&out.join("messaging.csv"));
    lines.into_iter().map(|l| (l["phone"].clone(), l["social_handle"].clone())).collect()
}

#[test]
fn a_handle_is_read_kept_and_decided_on() {
    let (contacts, out, _scratch) = run(&[fixture("community.csv")], MESSAGING);
    assert_eq!(contacts.len(), 7, "whoever has a handle alone is a contact");
    assert_eq!(of(&contacts, "Ada")["social_handles"], "instagram:ada.archer");
    assert_eq!(messaging(of(&contacts, "Ada")), ("contactable", "basis-express-consent"));
    assert_eq!(of(&contacts, "Ada")["Instagram"], "@Ada.Archer", "the cell is carried along as it was");
    assert_eq!(of(&contacts, "Ben")["social_handle"], "instagram:benbaker");
    assert_eq!(messaging(of(&contacts, "Ben")).0, "contactable");
    assert_eq!(of(&contacts, "Dan")["social_handle"], "twitter:dandyer");
    assert_eq!(of(&contacts, "Fay")["social_handle"], "linkedin:fay-field-123");
    assert_eq!(messaging(of(&contacts, "Fay")).0, "blocked", "nobody said yes there");
    assert_eq!(messaging(of(&contacts, "Eve")), ("blocked", "handle-invalid"), "a name is no account");
    assert_eq!(of(&contacts, "Gus")["social_handles"], "linkedin:https://www.linkedin.com/company/acme");
    assert_eq!(
        messaging(of(&contacts, "Gus")).1,
        "handle-invalid",
        "a company's page is no person's account"
    );
    let listed = list(&out);
    assert!(listed.contains(&(String::new(), "instagram:benbaker".to_owned())), "{listed:?}");
    assert!(listed.contains(&("+447400223456".to_owned(), String::new())), "{listed:?}");
    let rejected = read_csv(&out.join("rejected.csv"));
    assert_eq!(rejected.len(), 1, "`n/a` is no handle, and Hal has nothing else");
    assert_eq!(rejected[0]["reason"], "row-no-contact-point");
}

#[test]
fn consent_never_moves_between_a_number_and_a_handle() {
    let (contacts, _, _scratch) = run(&[fixture("community.csv")], MESSAGING);
    let cleo = of(&contacts, "Cleo");
    assert_eq!(messaging(cleo).0, "contactable");
    let proof = |files: &[(&str, &str)]| {
        let (_, out, scratch) = written(files, &["--channels", "messaging", "--proof"]);
        let lines = read_csv(&out.join("decisions.csv"));
        drop(scratch);
        let yes = lines.into_iter().filter(|l| l["decision"] == "contactable");
        yes.map(|l| l["point"].clone()).collect::<Vec<_>>()
    };
    let row = |header: &str, cells: &str| {
        let text = format!(
            "first name,{header},consent date,consent source,country\nJane,{cells},2026-03-01,fair,GB\n"
        );
        proof(&[("crm.csv", &text)])
    };
    let (insta, number) = ("instagram:jane", "+447400223456");
    assert_eq!(row("phone,instagram,messenger consent", "+447400223456,@jane,yes"), [number]);
    assert_eq!(row("instagram,messenger consent", "@jane,yes"), [insta]);
    assert_eq!(row("phone,telegram,telegram consent", "+447400223456,@jane,yes"), ["telegram:jane"]);
    let nobody: [&str; 0] = [];
    assert_eq!(
        row("instagram,whatsapp consent", "@jane,yes"),
        nobody,
        "a yes to WhatsApp is none to Instagram"
    );
    assert_eq!(row("instagram,telegram,messenger consent", "@jane,@jane,yes"), nobody, "to which of them?");
    assert_eq!(row("instagram,telegram opt in", "@jane,yes"), nobody);
    assert_eq!(row("phone,instagram,telegram consent", "+447400223456,@jane,yes"), nobody);
    assert_eq!(row("phone,whatsapp,whatsapp consent", "+442079460000,+447400223456,yes"), [number]);
}

#[test]
fn a_refusal_at_a_handle_binds_it_for_every_holder() {
    let (contacts, out, _scratch) =
        run(&[fixture("community.csv"), fixture("instagram-unsubscribes.csv")], MESSAGING);
    assert_eq!(messaging(of(&contacts, "Ben")).1, "refusal-withdrawn");
    assert_eq!(messaging(of(&contacts, "Ada")).0, "contactable", "the near miss keeps its yes");
    let suppressed = read_csv(&out.join("suppression.csv"));
    let mut points: Vec<_> = suppressed
        .iter()
        .map(|l| (l["point"].as_str(), l["kind"].as_str(), l["channels"].as_str()))
        .collect();
    points.sort_unstable();
    assert_eq!(
        points,
        [("instagram:benbaker", "handle", "messaging"), ("instagram:nobody.we.know", "handle", "messaging")]
    );
    let two = "first name,instagram,messenger consent,consent date,consent source,country\n\
        Ann,@shared,yes,2026-03-01,fair,GB\nBob,shared,yes,2026-03-01,fair,GB\nCy,other,yes,2026-03-01,fair,GB\n";
    let (contacts, _, _scratch) = written(
        &[("crm.csv", two), ("unsubscribes.csv", "instagram\nhttps://instagram.com/Shared\n")],
        MESSAGING,
    );
    for (name, decision) in [("Ann", "blocked"), ("Bob", "blocked"), ("Cy", "contactable")] {
        assert_eq!(messaging(of(&contacts, name)).0, decision, "{name}");
    }
}

#[test]
fn a_stop_travels_between_a_persons_points() {
    let crm = "first name,last name,email,phone,instagram,country\nJane,Doe,jane@stonemill.org,+447400223456,@jane,GB\n";
    let events = |line: &str| format!("email,phone,social_handle,event,channel,timestamp,source\n{line}\n");
    let judged = |line: &str| {
        let (contacts, _, _scratch) = written(
            &[("crm.csv", crm), ("events.csv", &events(line))],
            &["--channels", "email,sms,messaging", "--proof"],
        );
        let jane = of(&contacts, "Jane").clone();
        ["email", "sms", "messaging"].map(|c| jane[&format!("{c}_reason")].starts_with("refusal-"))
    };
    let stop = "consent_withdrawn";
    let general = |event: &str| judged(&format!(",,instagram:jane,{event},,2026-05-01,app"));
    assert_eq!(general("objection"), [true, true, true], "an objection speaks of every channel");
    assert_eq!(general(stop), [false, false, true], "a stop where it was told");
    assert_eq!(judged(&format!(",,instagram:jane,{stop},messaging,2026-05-01,app")), [false, false, true]);
    assert_eq!(judged(&format!(",+447400223456,,{stop},messaging,2026-05-01,app")), [false, false, true]);
    assert_eq!(judged(&format!(",+447400223456,,{stop},sms,2026-05-01,app")), [false, true, false]);
    assert_eq!(
        judged(&format!(",,instagram:janet,{stop},,2026-05-01,app")),
        [false, false, false],
        "another's"
    );
}

#[test]
fn a_suppression_file_gives_handles_back() {
    let (_, out, scratch) =
        run(&[fixture("community.csv"), fixture("instagram-unsubscribes.csv")], MESSAGING);
    let own = out.join("suppression.csv");
    let again = scratch.path("again");
    clean(&[fixture("community.csv"), own.clone()], &again, MESSAGING);
    assert_eq!(messaging(of(&read_csv(&again.join("contacts.csv")), "Ben")).1, "refusal-withdrawn");
    let merged = scratch.path("merged.csv");
    let said = contactable(&[
        "suppress",
        own.to_str().unwrap(),
        "--out",
        merged.to_str().unwrap(),
        "--send-date",
        "2026-11-21",
    ]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let kinds: Vec<_> =
        read_csv(&merged).into_iter().map(|l| (l["point"].clone(), l["kind"].clone())).collect();
    assert!(kinds.contains(&("instagram:benbaker".to_owned(), "handle".to_owned())), "{kinds:?}");
    let previous = scratch.path("next");
    clean(
        &[fixture("community.csv")],
        &previous,
        &[MESSAGING, &["--previous", out.to_str().unwrap()]].concat(),
    );
    let (then, now) = (read_csv(&out.join("contacts.csv")), read_csv(&previous.join("contacts.csv")));
    assert_eq!(messaging(of(&now, "Ben")).1, "refusal-withdrawn");
    assert_eq!(of(&now, "Ben")["contact_id"], of(&then, "Ben")["contact_id"]);
}

#[test]
fn an_erased_handle_stands_as_a_tombstone() {
    let scratch = Scratch::new();
    let key = &scratch.write(&[("key", "0123456789abcdef0123456789abcdef")])[0];
    let sources = scratch.write(&[
        ("crm.csv", "first name,instagram,country\nJane,@jane,GB\nBob,@bob,GB\n"),
        (
            "events.csv",
            "social_handle,event,channel,timestamp,source\ninstagram:jane,erasure,,2026-05-01,letter\n",
        ),
    ]);
    let more = [MESSAGING, &["--key-file", key.to_str().unwrap()]].concat();
    let (out, again) = (scratch.path("run"), scratch.path("again"));
    clean(&sources, &out, &more);
    let suppressed = read_csv(&out.join("suppression.csv"));
    assert_eq!(suppressed.iter().map(|l| l["kind"].as_str()).collect::<Vec<_>>(), ["hmac-sha256"]);
    clean(&[sources[0].clone(), out.join("suppression.csv")], &again, &more);
    let left: Vec<_> =
        read_csv(&again.join("contacts.csv")).into_iter().map(|c| c["first_name"].clone()).collect();
    assert_eq!(left, ["Bob"], "who was erased comes back with no list");
}

#[test]
fn a_hashed_list_tells_no_handle_and_still_binds_it() {
    let scratch = Scratch::new();
    let key = &scratch.write(&[("key", "0123456789abcdef0123456789abcdef")])[0];
    let key = key.to_str().unwrap();
    let left = fixture("instagram-unsubscribes.csv");
    for (hash, more) in [("sha256", &[][..]), ("hmac-sha256", &["--key-file", key][..])] {
        let list = scratch.path(&format!("suppression-{hash}.csv"));
        let (list, left) = (list.to_str().unwrap(), left.to_str().unwrap());
        let make = ["suppress", left, "--out", list, "--hash", hash, "--send-date", "2026-11-21"];
        let said = contactable(&[&make[..], more].concat());
        assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
        let text = std::fs::read_to_string(list).unwrap();
        assert!(!text.contains("benbaker") && text.contains(hash), "{text}");
        let out = scratch.path(hash);
        clean(&[fixture("community.csv"), PathBuf::from(list)], &out, &[MESSAGING, more].concat());
        let contacts = read_csv(&out.join("contacts.csv"));
        assert_eq!(messaging(of(&contacts, "Ben")).1, "refusal-withdrawn", "{hash}");
        assert_eq!(messaging(of(&contacts, "Ada")).0, "contactable", "{hash}");
        let people = &scratch.write(&[("list.csv", "name,instagram\nBen,@BenBaker\nCy,@cy\n")])[0];
        let ask = ["check", people.to_str().unwrap(), "--channel", "messaging", "--against", list];
        let said = contactable(&[&ask[..], &["--send-date", "2026-11-21"], more].concat());
        assert_eq!(said.stdout, "name,instagram\nCy,@cy\n", "{hash}: {}", said.stderr);
    }
}

#[test]
fn check_understands_handles() {
    let scratch = Scratch::new();
    let check = |list: &str, against: &Path, channel: &str| {
        let list = &scratch.write(&[("list.csv", list)])[0];
        let against = against.to_str().unwrap();
        contactable(&[
            "check",
            list.to_str().unwrap(),
            "--channel",
            channel,
            "--against",
            against,
            "--send-date",
            "2026-11-21",
        ])
    };
    let (_, out, _run) = run(&[fixture("community.csv"), fixture("instagram-unsubscribes.csv")], MESSAGING);
    let list = "name,instagram\nBen,@BenBaker\nCy,@cy\n";
    let said = check(list, &out.join("suppression.csv"), "messaging");
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (Exit::Done, "name,instagram\nCy,@cy\n"),
        "{}",
        said.stderr
    );
    let said = check(list, &fixture("instagram-unsubscribes.csv"), "messaging");
    assert_eq!(said.stdout, "name,instagram\nCy,@cy\n", "{}", said.stderr);
    // A run clears whom it allowed, at the very handle.
    let list = "name,instagram\nAda,ada.archer\nBen,@BenBaker\nCy,@cy\n";
    assert_eq!(check(list, &out, "messaging").stdout, "name,instagram\nAda,ada.archer\n");
    // A general stop at a handle stops mail to whoever holds it; one for messages does not.
    let mail = "email,instagram\nben@stonemill.org,@BenBaker\ncy@stonemill.org,@cy\n";
    assert_eq!(check(mail, &out.join("suppression.csv"), "email").stdout, mail);
    let general = &scratch.write(&[("do-not-contact.csv", "instagram\n@benbaker\n")])[0];
    assert_eq!(check(mail, general, "email").stdout, "email,instagram\ncy@stonemill.org,@cy\n");
}

#[test]
fn explain_finds_a_person_by_handle() {
    let (_, out, _scratch) = run(&[fixture("community.csv")], MESSAGING);
    for value in ["instagram:benbaker", "@BenBaker", "https://instagram.com/benbaker"] {
        let said = contactable(&["explain", out.to_str().unwrap(), value]);
        assert!(said.stdout.contains("Ben Baker"), "{value}: {}", said.stdout);
    }
}

#[test]
fn one_account_and_one_name_is_one_person() {
    let crm = "first name,last name,email,instagram,country\nJane,Doe,,@jane,GB\nJane,Doe,jane@stonemill.org,jane,GB\n\
        Bob,Stone,,@shop,GB\nCy,Young,cy@stonemill.org,@shop,GB\n";
    let (contacts, out, _scratch) = written(&[("crm.csv", crm)], MESSAGING);
    assert_eq!(contacts.len(), 3, "the shop's account makes nobody one person");
    let merges = read_csv(&out.join("merges.csv"));
    assert!(merges.iter().all(|m| m["rule"] == "handle") && merges.len() == 2, "{merges:?}");
}

#[test]
fn files_without_handles_are_written_as_before() {
    let crm = "first name,email,phone,twitter followers,line,signal\nJane,jane@stonemill.org,+447400223456,120,a,strong\n";
    let (contacts, out, _scratch) = written(&[("crm.csv", crm)], MESSAGING);
    assert!(!contacts[0].contains_key("social_handle"));
    assert!(!read_csv(&out.join("messaging.csv")).iter().any(|l| l.contains_key("social_handle")));
    assert_eq!(contacts[0]["phones"], "+447400223456");
}
