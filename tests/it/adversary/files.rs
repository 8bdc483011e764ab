//! What a file is taken for: by the option it came with, its name, its folder, its first line.

use super::{CRM, refused};
use crate::run::{Said, Scratch, clean, contactable, jane, read_csv};
use contactable::cli::Exit;

/// Cleans these files as they stand among the arguments (`--suppress` and its like stay as they are).
fn tried(scratch: &Scratch, args: &[&str]) -> Said {
    let place = |word: &&str| match word.starts_with("--") || word.contains('=') {
        true => (*word).to_owned(),
        false => scratch.path(word).to_str().unwrap().to_owned(),
    };
    let out = scratch.path("run");
    let mut all = vec!["clean".to_owned()];
    all.extend(args.iter().map(place));
    all.extend(["--replace", "--send-date", "2026-11-21", "--out", out.to_str().unwrap()].map(str::to_owned));
    contactable(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn refusals_brought_as_events_are_asked_about_when_no_column_tells_events() {
    for (name, list, flag) in [
        ("unsubscribes.csv", "email\njane.doe@fernhill.org\n", "--as unsubscribes="),
        (
            "unsubscribes.csv",
            "email,date,reason\njane.doe@fernhill.org,2026-05-01,too often\n",
            "--as unsubscribes=",
        ),
        (
            "unsubscribes.csv",
            "email,action,date\njane.doe@fernhill.org,out,2026-05-01\n",
            "--as unsubscribes=",
        ),
        (
            "data.csv",
            "email,unsubscribed_at\njane.doe@fernhill.org,2026-05-01\nzoe@elmgrove.net,2026-05-02\n",
            "--as unsubscribes=",
        ),
        ("data.csv", "email,date\njane.doe@fernhill.org,2026-05-01\n", "--as suppression="),
    ] {
        let scratch = Scratch::new();
        scratch.write(&[("crm.csv", CRM), (name, list)]);
        let said = tried(&scratch, &["crm.csv", "--events", name]);
        assert_eq!(said.exit, Exit::Usage, "{list}: {}", said.stdout);
        assert!(said.stderr.contains(&format!("{flag}{name}")), "{list}: {}", said.stderr);
        // The answer is taken.
        let answer = format!("unsubscribes={name}");
        let said = tried(&scratch, &["crm.csv", "--events", name, "--as", &answer]);
        assert_eq!(said.exit, Exit::Done, "{list}: {}", said.stderr);
        let contacts = read_csv(&scratch.path("run/contacts.csv"));
        assert!(refused(&contacts[0], "email"), "{list}");
    }
    // A file of events that is so called is one.
    let events = "email,event,timestamp\njane.doe@fernhill.org,consent_withdrawn,2026-05-01\n";
    let scratch = Scratch::new();
    scratch.write(&[("crm.csv", CRM), ("unsubscribes.csv", events)]);
    let said = tried(&scratch, &["crm.csv", "--events", "unsubscribes.csv"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    assert!(refused(&read_csv(&scratch.path("run/contacts.csv"))[0], "email"));
}

/// As programs write them; without blanks they were refused already.
#[test]
fn json_arrays_are_refused_whatever_their_blanks() {
    let jane = "{\"email\": \"jane.doe@fernhill.org\", \"created\": 1778513299}";
    let zoe = "{\"email\": \"zoe@elmgrove.net\", \"tags\": [\"a\", \"b\"]}";
    let pretty = jane.replace('{', "  {\n    ").replace(", ", ",\n    ").replace('}', "\n  }");
    for text in [
        format!("[{jane}, {zoe}]"),
        format!("[{jane}]\n"),
        format!("[{jane},\n{zoe}]\n"),
        format!("[\n{jane},\n{zoe}\n]\n"),
        format!("[\n{pretty},\n{pretty}\n]\n"),
        format!("[ {jane}, {zoe} ]\n"),
        format!("\u{feff}[\n  {jane}\n]\n"),
        "[]".to_owned(),
    ] {
        for flag in ["", "--suppress", "--events"] {
            let scratch = Scratch::new();
            scratch.write(&[("crm.csv", CRM), ("unsubscribes.json", &text)]);
            let args = ["crm.csv", flag, "unsubscribes.json"];
            let args: Vec<&str> = args.into_iter().filter(|word| !word.is_empty()).collect();
            let said = tried(&scratch, &args);
            assert_eq!(said.exit, Exit::Usage, "{flag} {text}: {}", said.stdout);
            assert!(said.stderr.contains("JSON"), "{flag} {text}: {}", said.stderr);
        }
        let scratch = Scratch::new();
        let files = scratch.write(&[("crm.csv", CRM), ("unsubscribes.json", &text)]);
        let [list, against] = [&files[0], &files[1]].map(|p| p.to_str().unwrap());
        let said = contactable(&["check", list, "--channel", "email", "--against", against]);
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Usage, ""), "{text}");
    }
}

#[test]
fn a_first_line_with_somebody_in_it_is_no_header() {
    for line in [
        "Email: jane.doe@fernhill.org, Phone: 5032261007",
        "Email jane.doe@fernhill.org, Phone 5032261007",
        "Name: Jane, Email: jane.doe@fernhill.org",
    ] {
        let (jane, ..) = jane(&[("crm.csv", CRM), ("unsubscribes.txt", line)], &[]);
        assert!(refused(&jane, "email"), "{line}: {}", jane["email_reason"]);
    }
}

#[test]
fn a_list_of_refusals_without_a_row_is_said() {
    for (list, told) in [("email\n", true), ("email\nzoe@elmgrove.net\n", false)] {
        let scratch = Scratch::new();
        let files = scratch.write(&[("crm.csv", CRM), ("unsubscribes.csv", list)]);
        let said = clean(&files, &scratch.path("run"), &[]);
        let words = "! 1 source of refusals holds no row";
        assert_eq!(said.stdout.contains(words), told, "{list:?}: {}", said.stdout);
        let [_, list, out] = ["crm.csv", "unsubscribes.csv", "all.csv"].map(|name| scratch.path(name));
        let said = contactable(&["suppress", list.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert_eq!(said.stderr.contains("is empty"), told, "{}", said.stderr);
    }
}

/// What an id refuses, no list can tell: a file of nothing else ends the run or is asked about, and the result tells of rows.
#[test]
fn refusals_that_tell_an_id_only_are_said_first_whatever_kind_their_source_is() {
    // Nothing but ids and answers: nobody can tell what it is, and it is asked.
    let scratch = Scratch::new();
    scratch.write(&[("crm.csv", CRM), ("consent.csv", "PartyId,PrivacyConsentStatus\n0PKA,OptOut\n")]);
    assert_eq!(tried(&scratch, &["crm.csv", "consent.csv"]).exit, Exit::Usage);
    let individual = "Id,FirstName,LastName,HasOptedOutTracking,HasOptedOutProfiling,HasOptedOutProcessing,\
        HasOptedOutSolicit,ShouldForget\n0PKA,Jane,Roe,0,0,0,1,0\n0PKB,Bob,Stone,0,0,0,0,0\n";
    for (name, text, exit) in [
        ("individual.csv", individual, Exit::Usage),
        (
            "ContactPointConsent.csv",
            "Id,Name,PartyId,PrivacyConsentStatus\n1,Jane,0PKA,OptOut\n2,Bob,0PKB,OptIn\n",
            Exit::Usage,
        ),
        ("data.csv", "customer_id,unsubscribed_at\n17,2026-05-01\n18,2026-05-02\n", Exit::Usage),
        ("unsubscribes.csv", "customer_id,unsubscribed_at\n17,2026-05-01\n", Exit::Failed),
    ] {
        let scratch = Scratch::new();
        scratch.write(&[("crm.csv", CRM), (name, text)]);
        assert_eq!(tried(&scratch, &["crm.csv", name]).exit, exit, "{name}");
    }
    for (name, text, rows) in [
        ("people.csv", "first name,email,unsubscribed\nJane,,yes\nBob,bob@elmgrove.net,no\nEve,,no\n", 1),
        (
            "unsubscribes.csv",
            "customer_id,email,unsubscribed_at\n17,,2026-05-01\n18,zoe@elmgrove.net,2026-05-01\n",
            1,
        ),
    ] {
        let scratch = Scratch::new();
        let files = scratch.write(&[("crm.csv", CRM), (name, text)]);
        let said = clean(&files, &scratch.path("run"), &[]);
        let words = format!("! {rows} row{} of refusals could not be read", if rows == 1 { "" } else { "s" });
        assert!(said.stdout.contains(&words), "{name}: {}", said.stdout);
        let first = said.stdout.find("! ").unwrap();
        assert_eq!(said.stdout.find(&words), Some(first), "{name}: it is said first: {}", said.stdout);
    }
}

/// Two lists in one file: nothing in a row below the heading says what the heading says.
#[test]
fn headings_amid_the_rows_are_said_first_and_are_nobody() {
    for (list, line) in [
        ("Name,Email\nBob,bob@stonemill.org\nDo not contact:,\nJane,jane.doe@fernhill.org\n", 3),
        ("Name,Email\nBob,bob@stonemill.org\nUNSUBSCRIBED,\nJane,jane.doe@fernhill.org\n", 3),
        ("Name,Email\nBob,bob@stonemill.org\nUnsubscribed\nJane,jane.doe@fernhill.org\n", 3),
        (
            "email,first_name,city\nbob@stonemill.org,Bob,Salem\nann@stonemill.org,Ann,Salem\n\
             email,first_name,unsubscribed_at\njane.doe@fernhill.org,Jane,2026-05-01\n",
            4,
        ),
        (
            "email,first_name\nbob@stonemill.org,Bob\nann@stonemill.org,Ann\nfirst_name,email\n\
             Jane,jane.doe@fernhill.org\n",
            4,
        ),
    ] {
        let scratch = Scratch::new();
        let files = scratch.write(&[("list.csv", list), ("unsubscribes.csv", "email\nzoe@elmgrove.net\n")]);
        let out = scratch.path("run");
        let said = clean(&files, &out, &[]);
        let words = format!("! list.csv:{line} is a heading amid the rows");
        assert!(said.stdout.contains(&words), "{list}: {}", said.stdout);
        assert_eq!(said.stdout.find("! "), said.stdout.find(&words), "{list}: {}", said.stdout);
        let rejected = read_csv(&out.join("rejected.csv"));
        let heading = rejected.iter().find(|r| r["line"] == line.to_string()).expect(list);
        assert_eq!(heading["reason"], "row-section", "{list}");
        crate::run::recount(&out);
        let [list, against] = [&files[0], &files[1]].map(|p| p.to_str().unwrap());
        let said = contactable(&["check", list, "--channel", "email", "--against", against, "--quiet"]);
        assert!(said.stderr.contains(&words[2..]), "{list}: {}", said.stderr);
        // A gate stops the run.
        let said = tried(&scratch, &["list.csv", "--fail-on", "row-section=0"]);
        assert_eq!(said.exit, Exit::Found, "{}", said.stderr);
    }
}

#[test]
fn the_header_once_more_makes_no_entry_and_no_alarm() {
    let list = "email,first_name\nbob@stonemill.org,Bob\nE-Mail,First Name\njane.doe@fernhill.org,Jane\n";
    let scratch = Scratch::new();
    let files =
        scratch.write(&[("list.csv", list), ("unsubscribes.csv", "email\nzoe@elmgrove.net\nE-Mail\n")]);
    let out = scratch.path("run");
    let said = clean(&files, &out, &[]);
    assert!(
        !said.stdout.contains("heading") && !said.stdout.contains("could not be read"),
        "{}",
        said.stdout
    );
    assert_eq!(read_csv(&out.join("contacts.csv")).len(), 2);
    let list = read_csv(&out.join("suppression.csv"));
    assert_eq!(list.iter().map(|l| l["point"].as_str()).collect::<Vec<_>>(), ["zoe@elmgrove.net"]);
}

/// `unsubscribed/may.csv`: the folder says it where the file does not.
#[test]
fn the_name_of_a_folder_counts_where_the_file_says_nothing() {
    let people = "email,first_name,last_name\njane.doe@fernhill.org,Jane,Doe\n";
    let bare = "email\njane.doe@fernhill.org\n";
    for (file, kind) in [
        ("unsubscribed/may.csv", "unsubscribes"),
        ("bounces/2026.csv", "bounces"),
        ("removed/a.csv", "suppression"),
    ] {
        let scratch = Scratch::new();
        std::fs::create_dir(scratch.path(file).parent().unwrap()).unwrap();
        scratch.write(&[("crm.csv", CRM), (file, people)]);
        let said = tried(&scratch, &["crm.csv", file]);
        assert_eq!(said.exit, Exit::Usage, "{file}: {}", said.stdout);
        assert!(said.stderr.contains(&format!("--as {kind}=")), "{file}: {}", said.stderr);
        scratch.write(&[(file, bare)]);
        let said = tried(&scratch, &["crm.csv", file]);
        assert_eq!(said.exit, Exit::Done, "{file}: {}", said.stderr);
        let contacts = read_csv(&scratch.path("run/contacts.csv"));
        assert_eq!(contacts[0]["email_decision"], "blocked", "{file}");
        assert_eq!(contacts.len(), 2, "{file}");
    }
    // Neither a folder of nothing in particular, nor one whose file says otherwise by its layout.
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("exports")).unwrap();
    scratch.write(&[("crm.csv", CRM), ("exports/may.csv", people)]);
    assert_eq!(tried(&scratch, &["crm.csv", "exports/may.csv"]).exit, Exit::Done);
}

#[test]
fn names_of_lists_of_those_who_left_are_asked_about_beside_columns_of_people() {
    let people = "email,first_name,last_name\njane.doe@fernhill.org,Jane,Doe\n";
    for stem in [
        "removed",
        "removals",
        "never_contact",
        "no_mail",
        "do_not_use",
        "to_remove",
        "refused",
        "opposed",
        "leavers",
        "left_2026",
        "quit",
        "deletions",
        "deleted_users",
        "erasure_requests",
        "gdpr_requests",
        "cancellations",
        "kuendigungen",
        "dead_emails",
        "invalid_emails",
        "bad_emails",
        "retours",
    ] {
        let name = format!("{stem}.csv");
        let scratch = Scratch::new();
        scratch.write(&[("crm.csv", CRM), (name.as_str(), people)]);
        let said = tried(&scratch, &["crm.csv", &name]);
        assert_eq!(said.exit, Exit::Usage, "{name}: {}", said.stdout);
        assert!(said.stderr.contains(&format!("--as contacts={name}")), "{name}: {}", said.stderr);
        // Beside it or alone, bare addresses are what the name says.
        scratch.write(&[(name.as_str(), "email\njane.doe@fernhill.org\n")]);
        for args in [vec!["crm.csv", &name], vec![&name]] {
            let said = tried(&scratch, &args);
            assert_eq!(said.exit, Exit::Done, "{name}: {}", said.stderr);
            let list = std::fs::read_to_string(scratch.path("run/email.csv")).unwrap();
            assert!(!list.contains("jane.doe"), "{name}: {list}");
        }
    }
    for name in ["left_handed_customers.csv", "removals_company_clients.csv"] {
        let scratch = Scratch::new();
        scratch.write(&[(name, people)]);
        assert_eq!(tried(&scratch, &[name]).exit, Exit::Done, "{name}");
    }
    // What a list is checked against refuses all it names, without a question.
    let scratch = Scratch::new();
    let files = scratch.write(&[("crm.csv", CRM), ("removed.csv", people)]);
    let [list, against] = [&files[0], &files[1]].map(|p| p.to_str().unwrap());
    let said = contactable(&["check", list, "--channel", "email", "--against", against]);
    assert!(said.exit == Exit::Done && !said.stdout.contains("Jane"), "{} {}", said.stdout, said.stderr);
}
