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
