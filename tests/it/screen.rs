//! `check`: what passes and what does not, byte for byte, whatever the list is checked against.

use super::run::{Said, Scratch, contactable, read_csv};
use contactable::cli::Exit;
use std::fs;
use std::path::Path;

/// Checks `list` for e-mail against `against`; blocked rows go to `blocked.csv`.
fn check(scratch: &Scratch, channel: &str, list: &str, against: &[&str], more: &[&str]) -> Said {
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let mut args = vec!["check".to_owned(), path(list), "--channel".into(), channel.into()];
    for name in against {
        args.extend(["--against".into(), path(name)]);
    }
    args.extend(["--blocked".into(), path("blocked.csv"), "--send-date".into(), "2026-11-21".into()]);
    args.extend(more.iter().map(|s| (*s).to_owned()));
    contactable(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn blocked(scratch: &Scratch) -> Vec<(String, String, String, String, String)> {
    let cell = |r: &super::run::Record, name: &str| r[name].clone();
    read_csv(&scratch.path("blocked.csv"))
        .iter()
        .map(|r| {
            (cell(r, "line"), cell(r, "reason"), cell(r, "list"), cell(r, "entry_line"), cell(r, "matched"))
        })
        .collect()
}

fn row(
    line: &str,
    reason: &str,
    list: &str,
    entry: &str,
    matched: &str,
) -> (String, String, String, String, String) {
    (line.into(), reason.into(), list.into(), entry.into(), matched.into())
}

#[test]
fn allowed_rows_leave_and_blocked_ones_say_why() {
    let scratch = Scratch::new();
    scratch.write(&[
        (
            "list.csv",
            "name,email\r\n\"Ann, A.\",ann@fernhill.co.uk\r\nBob,BOB@Example.org\r\nCy,cy@acme.com\r\n\
             Di,j.ane@googlemail.com\r\nEd,not an address\r\nFay\r\nGus,\r\n\r\nHal,hal@fernhill.co.uk\r\n",
        ),
        ("unsubscribed.csv", "email\nx@y.example\nbob@example.org\njane+x@gmail.com\n"),
        ("suppression.csv", "point,kind,channels,reason,since,first_seen,source\n@acme.com,domain,,,,,\n"),
    ]);
    let said = check(&scratch, "email", "list.csv", &["unsubscribed.csv", "suppression.csv"], &[]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    assert_eq!(said.stdout, "name,email\r\n\"Ann, A.\",ann@fernhill.co.uk\r\n\r\nHal,hal@fernhill.co.uk\r\n");
    assert_eq!(
        blocked(&scratch),
        [
            row("3", "refusal-withdrawn", "unsubscribed.csv", "3", "email"),
            row("4", "refusal-do-not-contact", "suppression.csv", "2", "domain"),
            row("5", "refusal-withdrawn", "unsubscribed.csv", "4", "email-canonical"),
            row("6", "email-no-at", "", "", ""),
            row("7", "row-ragged", "", "", ""),
            row("8", "row-no-contact-point", "", "", ""),
        ]
    );
    let strict = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &["--strict"]);
    assert_eq!(strict.exit, Exit::Found);
    assert!(Path::new(&scratch.path("blocked.csv")).exists());
    let _ = fs::metadata(scratch.path("x"));
}
