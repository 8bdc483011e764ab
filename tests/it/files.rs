//! What comes as a list and is none, or is one in an odd dress.

use super::run::{Said, Scratch, contactable, read_csv, recount};
use contactable::cli::Exit;
use std::fs;

const SENT: [&str; 2] = ["--send-date", "2026-11-28"];

/// Runs `clean` on files of the scratch directory.
fn cleaned(scratch: &Scratch, sources: &[&str], more: &[&str]) -> Said {
    let paths: Vec<String> = sources.iter().map(|s| scratch.path(s).to_str().unwrap().to_owned()).collect();
    let out = scratch.path("run").to_str().unwrap().to_owned();
    let mut args = vec!["clean"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(["--out", &out, "--replace", "--country", "US"]);
    args.extend(SENT);
    args.extend(more);
    contactable(&args)
}

/// Runs `check` of an e-mail list against files.
fn checked(scratch: &Scratch, list: &str, against: &str, more: &[&str]) -> Said {
    let (list, against) = (scratch.path(list), scratch.path(against));
    let mut args =
        vec!["check", list.to_str().unwrap(), "--channel", "email", "--against", against.to_str().unwrap()];
    args.extend(SENT);
    args.extend(more);
    contactable(&args)
}

fn suppressed(scratch: &Scratch, sources: &[&str], out: &str, more: &[&str]) -> Said {
    let paths: Vec<String> = sources.iter().map(|s| scratch.path(s).to_str().unwrap().to_owned()).collect();
    let out = scratch.path(out).to_str().unwrap().to_owned();
    let mut args = vec!["suppress"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(["--out", &out]);
    if !more.contains(&"--send-date") {
        args.extend(SENT);
    }
    args.extend(more);
    contactable(&args)
}

const LIST: (&str, &str) = ("list.csv", "email,first name\nann@fernhill.org,Ann\nbob@fernhill.org,Bob\n");

/// Files that are no table, whatever they are called.
fn strange() -> Vec<(&'static str, Vec<u8>)> {
    [strange_bytes(), strange_texts()].concat()
}

fn strange_bytes() -> Vec<(&'static str, Vec<u8>)> {
    let zeros =
        |head: &[u8]| [head, &[0; 64], b"\x01\x02\x03\nann@fernhill.org,\x00\x07\n", &[7; 64]].concat();
    vec![
        ("optouts.csv", zeros(b"7z\xBC\xAF\x27\x1C\x00\x04")),
        ("optouts.csv", zeros(b"Rar!\x1A\x07\x01\x00")),
        ("optouts.csv", zeros(b"\xFD7zXZ\x00")),
        ("optouts.csv", zeros(b"SQLite format 3\0")),
        ("optouts.csv", zeros(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")),
        ("optouts.csv", zeros(b"PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml")),
        ("optouts.csv", zeros(b"PK\x05\x06")),
        ("optouts.csv", zeros(b"bplist00")),
        ("optouts.csv", zeros(b"PAR1\x15\x04")),
        ("optouts.csv", zeros(b"Obj\x01\x04")),
        ("optouts.csv", zeros(b"\x7FELF\x02\x01\x01")),
        ("optouts.csv", zeros(b"MZ\x90\x00\x03")),
        ("optouts.csv", zeros(b"\xCF\xFA\xED\xFE\x07")),
        ("optouts.csv", zeros(b"\x89PNG\r\n\x1A\n")),
        ("optouts.csv", zeros(b"\xFF\xD8\xFF\xE0")),
        ("optouts.csv", zeros(b"ffff")),
        ("optouts.csv", vec![0; 500]),
    ]
}

fn strange_texts() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("optouts.csv", text("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nann@fernhill.org\n")),
        ("optouts.csv", text("\n\n%PDF-1.4\n")),
        ("optouts.csv", text("{\\rtf1\\ansi ann@fernhill.org\\par}\n")),
        (
            "optouts.xls",
            text("<html>\n<body><table><tr><td>ann@fernhill.org</td></tr></table></body></html>\n"),
        ),
        (
            "optouts.xls",
            text("\u{feff} <TABLE border=1>\n<tr><th>Email</th></tr>\n<tr><td>ann@fernhill.org</td></tr>\n"),
        ),
        (
            "optouts.xls",
            text("<?xml version=\"1.0\"?>\n<Workbook><Row><Cell>ann@fernhill.org</Cell></Row></Workbook>\n"),
        ),
        (
            "optouts.csv",
            text("<contacts>\n  <contact>\n    <email>ann@fernhill.org</email>\n  </contact>\n</contacts>\n"),
        ),
        ("optouts.csv", text("<?xml version=\"1.0\"?>\n<!DOCTYPE plist>\n<plist><array/></plist>\n")),
        (
            "optouts.csv",
            text("version: 1\n\ndn: uid=ann,ou=people,dc=fernhill,dc=org\nmail: ann@fernhill.org\n"),
        ),
        ("optouts.csv", text("# made by a directory\ndn:: dWlkPWFubg==\nmail: ann@fernhill.org\n")),
        (
            "optouts.csv",
            text(
                "--\n-- PostgreSQL database dump\n--\n\nCOPY public.optouts (email) FROM stdin;\nann@fernhill.org\n\\.\n",
            ),
        ),
        (
            "optouts.csv",
            text(
                "CREATE TABLE `optouts` (\n  `email` varchar(255)\n);\nINSERT INTO `optouts` VALUES ('ann@fernhill.org');\n",
            ),
        ),
        (
            "optouts.csv",
            text(
                "INSERT INTO optouts (email) VALUES ('ann@fernhill.org');\nINSERT INTO optouts (email) VALUES ('b@x.org');\n",
            ),
        ),
        (
            "optouts.csv",
            text(
                "From ann@fernhill.org Mon Nov  2 10:00:00 2026\nReturn-Path: <ann@fernhill.org>\nSubject: stop\n\nstop\n",
            ),
        ),
        (
            "optouts.csv",
            text(
                "Received: from a by b;\n\tMon, 2 Nov 2026\nFrom: ann@fernhill.org\nTo: us@acme.org\nSubject: stop\n\nplease\n",
            ),
        ),
        ("optouts.csv", text("BEGIN:VCALENDAR\nATTENDEE:mailto:ann@fernhill.org\nEND:VCALENDAR\n")),
    ]
}

#[test]
fn what_is_no_table_ends_every_command() {
    for (name, bytes) in strange() {
        let scratch = Scratch::new();
        scratch.write(&[LIST]);
        scratch.write(&[(name, bytes.clone())]);
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(30)]).into_owned();
        let register = format!("us-dnc={}@2026-11-20", scratch.path(name).display());
        let path = scratch.path(name).to_str().unwrap().to_owned();
        for said in [
            cleaned(&scratch, &[name], &[]),
            cleaned(&scratch, &["list.csv", name], &[]),
            cleaned(&scratch, &["list.csv"], &["--registry", &register]),
            cleaned(&scratch, &["list.csv"], &["--suppress", &path]),
            checked(&scratch, "list.csv", name, &[]),
            checked(&scratch, name, "list.csv", &[]),
            suppressed(&scratch, &[name], "out.csv", &[]),
        ] {
            assert_eq!(said.exit, Exit::Failed, "{start:?} {said:?}");
            assert!(said.stderr.contains(name) && said.stderr.contains("hint: "), "{start:?} {said:?}");
            assert!(said.stdout.is_empty() && !said.stderr.contains("ann@"), "{start:?} {said:?}");
        }
        assert!(!scratch.path("run").exists() && !scratch.path("out.csv").exists());
    }
}

#[test]
fn tables_that_begin_like_something_else_are_read() {
    for text in [
        "MZ,email\nx,ann@fernhill.org\n",
        "ORC id,email\n1,ann@fernhill.org\n",
        "From,To,Subject,email\na,b,c,ann@fernhill.org\n",
        "Insert into,email\nweb,ann@fernhill.org\n",
        "dn,email\nuid=ann,ann@fernhill.org\n",
        "email,note\nann@fernhill.org,<html>\n",
        "email,note\nann@fernhill.org,a\u{7}b\n",
        "email\nann@fernhill.org\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ] {
        let scratch = Scratch::new();
        scratch.write(&[("people.csv", text)]);
        let said = cleaned(&scratch, &["people.csv"], &[]);
        assert_eq!(said.exit, Exit::Done, "{text:?} {said:?}");
        let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
        assert_eq!(contacts.len(), 1, "{text:?}");
    }
    // UTF-16 is half zero bytes, and a table.
    let scratch = Scratch::new();
    let utf16: Vec<u8> =
        "email,name\nann@fernhill.org,Ann\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    scratch.write(&[("people.csv", utf16)]);
    assert_eq!(cleaned(&scratch, &["people.csv"], &[]).exit, Exit::Done);
}

#[test]
fn a_file_that_tells_nobody_is_asked_about_and_may_be_left_out() {
    for text in ["sku,price\nA-1,9.50\nB-2,3.00\n", "Project,Owner team\nRoof,Blue\n", "sku,price\n"] {
        let scratch = Scratch::new();
        scratch.write(&[LIST, ("stock.csv", text)]);
        let said = cleaned(&scratch, &["list.csv", "stock.csv"], &[]);
        assert_eq!(said.exit, Exit::Usage, "{said:?}");
        assert!(said.stderr.contains("--as ignore=stock.csv"), "{said:?}");
        let said = cleaned(&scratch, &["list.csv", "stock.csv"], &["--as", "ignore=stock.csv"]);
        assert_eq!(said.exit, Exit::Done, "{said:?}");
        recount(&scratch.path("run"));
        let rejected = read_csv(&scratch.path("run").join("rejected.csv"));
        assert_eq!(rejected.len(), text.lines().count() - 1);
        assert!(rejected.iter().all(|row| row["reason"] == "row-ignored"), "{rejected:?}");
        assert_eq!(read_csv(&scratch.path("run").join("contacts.csv")).len(), 2);
    }
    // A layout that proves refusals is not left out by a word.
    let scratch = Scratch::new();
    scratch.write(&[
        LIST,
        ("s.csv", "point,kind,channels,reason,since,first_seen,source\nann@fernhill.org,email,,,,,\n"),
    ]);
    assert_eq!(cleaned(&scratch, &["list.csv", "s.csv"], &["--as", "ignore=s.csv"]).exit, Exit::Usage);
    assert_eq!(cleaned(&scratch, &["list.csv", "s.csv"], &[]).exit, Exit::Done);
}

#[test]
fn a_list_of_which_nothing_is_understood_refuses_the_run() {
    for text in ["", "\n\n", "\u{feff}", "who,why\nthe tall one,rude\nhis brother,too\n", "quarter\n"] {
        let scratch = Scratch::new();
        scratch.write(&[LIST, ("unsubscribed.csv", text)]);
        let path = scratch.path("unsubscribed.csv").to_str().unwrap().to_owned();
        for said in [
            cleaned(&scratch, &["list.csv", "unsubscribed.csv"], &[]),
            cleaned(&scratch, &["list.csv"], &["--suppress", &path]),
            checked(&scratch, "list.csv", "unsubscribed.csv", &[]),
            suppressed(&scratch, &["unsubscribed.csv"], "out.csv", &[]),
            suppressed(&scratch, &["unsubscribed.csv"], "out.idx", &[]),
        ] {
            assert_eq!(said.exit, Exit::Failed, "{text:?} {said:?}");
        }
    }
    // A nightly job writes its header also when nobody left.
    for text in ["email\n", "Email Address,Unsubscribed at\n", "phone,date\n"] {
        let scratch = Scratch::new();
        scratch.write(&[LIST, ("unsubscribed.csv", text)]);
        assert_eq!(cleaned(&scratch, &["list.csv", "unsubscribed.csv"], &[]).exit, Exit::Done, "{text:?}");
        for said in [
            checked(&scratch, "list.csv", "unsubscribed.csv", &[]),
            suppressed(&scratch, &["unsubscribed.csv"], "out.csv", &[]),
        ] {
            assert_eq!(said.exit, Exit::Done, "{text:?} {said:?}");
            assert!(said.stderr.contains("empty") || said.stdout.contains("empty"), "{said:?}");
        }
    }
}

#[test]
fn a_register_that_registers_nothing_clears_nobody() {
    let people = "email,first name,phone\nann@fernhill.org,Ann,+1 503 226 1007\n";
    for text in [
        "",
        "phone\n",
        "\n",
        "email,first name\nann@fernhill.org,Ann\n",
        "email,first name,phone\ncy@fernhill.org,Cy,+1 503 226 1008\n",
        "sku,price\nA,1\n",
    ] {
        let scratch = Scratch::new();
        scratch.write(&[("people.csv", people), ("dnc.csv", text)]);
        let register = format!("us-dnc={}@2026-11-20", scratch.path("dnc.csv").display());
        let said = cleaned(&scratch, &["people.csv"], &["--registry", &register]);
        assert_eq!(said.exit, Exit::Failed, "{text:?} {said:?}");
    }
    for text in ["phone\n5032261008\n", "503,2261008\n503,2261009\n", "5032261008\n5032261009\n"] {
        let scratch = Scratch::new();
        scratch.write(&[("people.csv", people), ("dnc.csv", text)]);
        let register = format!("us-dnc={}@2026-11-20", scratch.path("dnc.csv").display());
        let said = cleaned(&scratch, &["people.csv"], &["--registry", &register]);
        assert_eq!(said.exit, Exit::Done, "{text:?} {said:?}");
    }
}

#[test]
fn a_rewritten_list_is_as_old_as_what_it_was_made_of() {
    let scratch = Scratch::new();
    scratch.write(&[
        LIST,
        ("unsubscribed-2024-03-01.csv", "email\nzoe@fernhill.org\n"),
        ("bounces.csv", "email,bounced_at\nyan@fernhill.org,2026-11-20\n"),
        ("stop.csv", "email\nxia@fernhill.org\n"),
    ]);
    let passes = |against: &str, days: &str| checked(&scratch, "list.csv", against, &["--max-age", days]);
    let made = |sources: &[&str], out: &str, more: &[&str]| {
        let said = suppressed(&scratch, sources, out, more);
        assert_eq!(said.exit, Exit::Done, "{said:?}");
        said
    };
    // The day of the oldest source, through a file, a file of that file, and an index of it.
    made(&["unsubscribed-2024-03-01.csv", "bounces.csv"], "old.csv", &[]);
    made(&["old.csv"], "again.csv", &[]);
    made(&["again.csv"], "again.idx", &[]);
    for list in ["old.csv", "again.csv", "again.idx"] {
        let said = passes(list, "30");
        assert_eq!(said.exit, Exit::Failed, "{list}: {said:?}");
        assert!(said.stderr.contains("days old"), "{list}: {said:?}");
        assert_eq!(passes(list, "1100").exit, Exit::Done, "{list}");
    }
    // The newest event of a list that tells no other day.
    made(&["bounces.csv"], "new.csv", &[]);
    assert_eq!(passes("new.csv", "8").exit, Exit::Done);
    assert_eq!(passes("new.csv", "7").exit, Exit::Failed);
    // Unknown stays unknown, also beside what is known.
    made(&["stop.csv", "bounces.csv"], "unknown.csv", &[]);
    made(&["unknown.csv"], "unknown2.csv", &[]);
    for list in ["unknown.csv", "unknown2.csv"] {
        assert!(passes(list, "1100").stderr.contains("nothing tells of which day"), "{list}");
    }
}

#[test]
fn what_a_merge_keeps_is_shown_with_its_day_and_ages_nothing() {
    let scratch = Scratch::new();
    scratch.write(&[
        LIST,
        ("unsubscribed-2024-03-01.csv", "email\nzoe@fernhill.org\nyan@fernhill.org\n"),
        ("unsubscribed-2026-11-20.csv", "email\nyan@fernhill.org\nxia@fernhill.org\n"),
    ]);
    assert_eq!(suppressed(&scratch, &["unsubscribed-2024-03-01.csv"], "all.csv", &[]).exit, Exit::Done);
    let said = suppressed(&scratch, &["unsubscribed-2026-11-20.csv"], "all.csv", &["--merge"]);
    assert_eq!(said.exit, Exit::Done, "{said:?}");
    assert!(said.stdout.contains("kept 1 line of 2024-03-01"), "{said:?}");
    assert_eq!(checked(&scratch, "list.csv", "all.csv", &["--max-age", "8"]).exit, Exit::Done);
    assert_eq!(checked(&scratch, "list.csv", "all.csv", &["--max-age", "7"]).exit, Exit::Failed);
    let kept: Vec<_> = read_csv(&scratch.path("all.csv"))
        .iter()
        .map(|r| [r["point"].clone(), r["list_day"].clone(), r["kept_day"].clone()].join("|"))
        .collect();
    let mut kept = kept;
    kept.sort();
    assert_eq!(
        kept,
        [
            "xia@fernhill.org|2026-11-20|",
            "yan@fernhill.org|2026-11-20|",
            "zoe@fernhill.org|2026-11-20|2024-03-01"
        ]
    );
    // Merged once more, it keeps the day it came with.
    scratch.write(&[("unsubscribed-2026-11-27.csv", "email\nwyn@fernhill.org\n")]);
    let said = suppressed(&scratch, &["unsubscribed-2026-11-27.csv"], "all.csv", &["--merge"]);
    assert!(said.stdout.contains("of 2024-03-01") && said.stdout.contains("of 2026-11-20"), "{said:?}");
    assert_eq!(checked(&scratch, "list.csv", "all.csv", &["--max-age", "1"]).exit, Exit::Done);
}

#[test]
fn a_list_of_a_day_to_come_is_none() {
    let scratch = Scratch::new();
    scratch.write(&[LIST, ("unsubscribed-2026-12-24.csv", "email\nzoe@fernhill.org\n")]);
    let said = checked(&scratch, "list.csv", "unsubscribed-2026-12-24.csv", &[]);
    assert_eq!(said.exit, Exit::Failed, "{said:?}");
    assert!(said.stderr.contains("after the send date"), "{said:?}");
    scratch.write(&[("stop.csv", "email\nzoe@fernhill.org\n")]);
    assert_eq!(checked(&scratch, "list.csv", "stop.csv@2026-11-29", &[]).exit, Exit::Failed);
    assert_eq!(checked(&scratch, "list.csv", "stop.csv@2026-11-28", &[]).exit, Exit::Done);
    // A run for a later day decided by what held then.
    assert_eq!(cleaned(&scratch, &["list.csv"], &[]).exit, Exit::Done);
    let (list, run) = (scratch.path("list.csv"), scratch.path("run"));
    let on = |day: &str| {
        let args =
            ["check", list.to_str().unwrap(), "--channel", "email", "--against", run.to_str().unwrap()];
        contactable(&[&args[..], &["--send-date", day]].concat())
    };
    let said = on("2026-11-27");
    assert_eq!(said.exit, Exit::Usage, "{said:?}");
    assert!(said.stderr.contains("--send-date 2026-11-28"), "{said:?}");
    assert_eq!(on("2026-11-28").exit, Exit::Done);
    assert_eq!(on("2026-11-29").exit, Exit::Done);
}

#[test]
fn every_column_of_a_file_without_a_header_is_carried() {
    let scratch = Scratch::new();
    scratch.write(&[("people.csv", "ann@fernhill.org,blue,x7,red\nbob@fernhill.org,green,y8,white\n")]);
    let said = cleaned(&scratch, &["people.csv"], &[]);
    assert_eq!(said.exit, Exit::Done, "{said:?}");
    let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
    let ann = contacts.iter().find(|r| r["emails"].contains("ann@")).unwrap();
    let carried = ["column 2", "column 3", "column 4"].map(|name| ann.get(name).cloned().unwrap_or_default());
    assert_eq!(carried, ["blue", "x7", "red"], "{ann:?}");
}

#[test]
fn a_header_says_nothing_to_the_terminal() {
    let scratch = Scratch::new();
    scratch.write(&[(
        "people.csv",
        "email,\u{1b}[31mOpt in\u{1b}[0m,\u{1b}]0;title\u{7}Team,\u{9b}1mRank\nann@fernhill.org,maybe so,a,1\nbob@fernhill.org,yes,b,2\n",
    )]);
    let path = scratch.path("people.csv").to_str().unwrap().to_owned();
    for said in [
        cleaned(&scratch, &["people.csv"], &[]),
        contactable(&["inspect", &path]),
        contactable(&["inspect", &path, "--json"]),
        checked(&scratch, "people.csv", "people.csv", &[]),
    ] {
        let obeyed = |c: char| c.is_control() && c != '\n';
        assert!(!said.stdout.contains(obeyed) && !said.stderr.contains(obeyed), "{said:?}");
    }
    let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
    assert!(contacts[0].keys().any(|name| name.ends_with("Team")) && contacts[0].contains_key("Rank"));
}

#[test]
fn places_and_numbers_that_cannot_be_meant_are_refused() {
    let scratch = Scratch::new();
    scratch.write(&[LIST, ("stop.csv", "email\nbob@fernhill.org\n"), ("there.csv", "mine\n")]);
    let [list, stop, there] =
        ["list.csv", "stop.csv", "there.csv"].map(|n| scratch.path(n).to_str().unwrap().to_owned());
    for args in [
        &["clean", &list, "--out", "-"][..],
        &["suppress", &stop, "--out", "-"],
        &["check", &list, "--channel", "email", "--against", &stop, "--out", "-"],
        &["clean", &list, "--out", "never", "--threads", "0"],
        &["check", &list, "--channel", "email", "--against", &stop, "--out", &there],
    ] {
        let said = contactable(args);
        assert_eq!(said.exit, Exit::Usage, "{args:?}: {said:?}");
        assert!(!fs::exists("-").unwrap() && !fs::exists("never").unwrap());
    }
    assert_eq!(fs::read_to_string(&there).unwrap(), "mine\n");
    let said = contactable(&[
        "check",
        &list,
        "--channel",
        "email",
        "--against",
        &stop,
        "--out",
        &there,
        "--replace",
    ]);
    assert_eq!(said.exit, Exit::Done, "{said:?}");
    assert_eq!(fs::read_to_string(&there).unwrap(), "email,first name\nann@fernhill.org,Ann\n");
    let said = contactable(&["clean", ".", "--out", "never"]);
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.stderr.contains(".: this is a directory") && !said.stderr.contains("stdin"), "{said:?}");
}
