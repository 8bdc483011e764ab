//! `check`: what passes and what does not, byte for byte, whatever the list is checked against.

mod campaign;
mod cells;
mod faults;
mod late;
mod matrix;

use super::run::{Record, Said, Scratch, clean, contactable, read_csv};
use contactable::cli::{self, Exit};
use std::fs;

const SENT: &str = "2026-11-21";

/// The words of `check LIST --channel CHANNEL --against …`, blocked rows to `blocked.csv`.
fn words(scratch: &Scratch, channel: &str, list: &str, against: &[&str], more: &[&str]) -> Vec<String> {
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let mut args = vec!["check".to_owned(), path(list), "--channel".into(), channel.into()];
    for name in against {
        args.extend(["--against".into(), path(name)]);
    }
    args.extend(["--blocked".into(), path("blocked.csv")]);
    if !more.contains(&"--send-date") {
        args.extend(["--send-date".into(), SENT.into()]);
    }
    args.extend(more.iter().map(|s| (*s).to_owned()));
    args
}

fn check(scratch: &Scratch, channel: &str, list: &str, against: &[&str], more: &[&str]) -> Said {
    let args = words(scratch, channel, list, against, more);
    contactable(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What leaves on stdout, whatever its encoding.
fn passed(scratch: &Scratch, list: &str, against: &[&str], more: &[&str]) -> Vec<u8> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let args = words(scratch, "email", list, against, more);
    let exit = cli::run(std::iter::once("contactable".to_owned()).chain(args), &mut stdout, &mut stderr);
    assert_eq!(exit, Exit::Done, "{}", String::from_utf8_lossy(&stderr));
    stdout
}

/// Line, reason, list, line of the entry, and what matched.
fn blocked(scratch: &Scratch) -> Vec<[String; 5]> {
    let told = |r: &Record| ["line", "reason", "list", "entry_line", "matched"].map(|name| r[name].clone());
    read_csv(&scratch.path("blocked.csv")).iter().map(told).collect()
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
            ["3", "refusal-withdrawn", "unsubscribed.csv", "3", "email"],
            ["4", "refusal-do-not-contact", "suppression.csv", "2", "domain"],
            ["5", "refusal-withdrawn", "unsubscribed.csv", "4", "email-canonical"],
            ["6", "email-no-at", "", "", ""],
            ["7", "row-ragged", "", "", ""],
            ["8", "row-no-contact-point", "", "", ""],
        ]
    );
    assert_eq!(read_csv(&scratch.path("blocked.csv"))[1]["name"], "Cy");
    let strict = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &["--strict"]);
    assert_eq!(strict.exit, Exit::Found);
    let lax = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &["--unknown", "allow"]);
    assert!(lax.stdout.contains("Ed,") && lax.stdout.contains("Gus,") && !lax.stdout.contains("Fay"));
}

#[test]
fn the_summary_goes_where_the_rows_do_not() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "email\na@fernhill.co.uk\nb@fernhill.co.uk\n"),
        ("stop.csv", "email\nb@fernhill.co.uk\n"),
    ]);
    let said = check(&scratch, "email", "list.csv", &["stop.csv"], &["--json"]);
    let summary: serde_json::Value = serde_json::from_str(&said.stderr).unwrap();
    assert_eq!((said.stdout.as_str(), summary["allowed"].as_u64()), ("email\na@fernhill.co.uk\n", Some(1)));
    let out = scratch.path("allowed.csv");
    let said =
        check(&scratch, "email", "list.csv", &["stop.csv"], &["--json", "--out", out.to_str().unwrap()]);
    let summary: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(summary["against"][0]["hits"], 1);
    assert_eq!(fs::read_to_string(&out).unwrap(), "email\na@fernhill.co.uk\n");
    let quiet = check(&scratch, "email", "list.csv", &["stop.csv"], &["--quiet"]);
    assert_eq!(quiet.stderr, "");
    let onto = check(
        &scratch,
        "email",
        "list.csv",
        &["stop.csv"],
        &["--out", scratch.path("stop.csv").to_str().unwrap()],
    );
    assert_eq!(onto.exit, Exit::Usage, "{}", onto.stderr);
}

#[test]
fn scope_is_respected() {
    let scratch = Scratch::new();
    scratch.write(&[
        (
            "list.csv",
            "email,phone\nann@fernhill.co.uk,+447911123401\nbob@fernhill.co.uk,+447911123402\n\
            cy@fernhill.co.uk,+447911123403\ndi@fernhill.co.uk,+447911123404\n",
        ),
        ("sms_stop.csv", "phone\n+447911123401\n"),
        (
            "suppression.csv",
            "point,kind,channels,reason,since,first_seen,source\n+447911123402,phone,,objection,,,\n\
            +447911123403,phone,call,objection,,,\nann@fernhill.co.uk,email,email,complaint,,,\n",
        ),
        (
            "suppression_blocks.csv",
            "status,reason,email,created\n4.7.0,421 later,di@fernhill.co.uk,1714521600\n",
        ),
    ]);
    let all = ["sms_stop.csv", "suppression.csv", "suppression_blocks.csv"];
    let lines = |channel: &str| {
        assert_eq!(check(&scratch, channel, "list.csv", &all, &[]).exit, Exit::Done);
        blocked(&scratch).into_iter().map(|[line, ..]| line).collect::<Vec<_>>()
    };
    // A stop for everything binds the person's address too; one for texts does not; a soft bounce binds nobody.
    assert_eq!(lines("email"), ["2", "3"]);
    assert_eq!(lines("sms"), ["2", "3"]);
    assert_eq!(lines("call"), ["2", "3", "4"], "a stop by text ends calls");
}

#[test]
fn what_the_list_itself_refuses_does_not_pass() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "name,email,unsubscribed\nAnn,ann@fernhill.co.uk,no\nBob,bob@fernhill.co.uk,yes\n"),
        ("stop.csv", "email\nx@fernhill.co.uk\n"),
    ]);
    let said = check(&scratch, "email", "list.csv", &["stop.csv"], &[]);
    assert_eq!(said.stdout, "name,email,unsubscribed\nAnn,ann@fernhill.co.uk,no\n");
    assert_eq!(blocked(&scratch), [["3", "refusal-withdrawn", "", "", ""]]);
}

#[test]
fn several_addresses_in_a_cell_are_all_checked() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "name,email\nAnn,ann@fernhill.co.uk; bob@fernhill.co.uk\nCy,cy@fernhill.co.uk; di@fernhill.co.uk\n"),
        ("stop.csv", "email\nbob@fernhill.co.uk\n"),
    ]);
    assert_eq!(
        passed(&scratch, "list.csv", &["stop.csv"], &[]),
        b"name,email\nCy,cy@fernhill.co.uk; di@fernhill.co.uk\n"
    );
}

/// One list in every dress: nothing blocked, every byte leaves; Bob blocked, exactly his line is missing.
#[test]
fn every_byte_of_what_passes_is_as_it_came() {
    let rows = [
        "Name;E-Mail;Note",
        "Zoë;zoe@fernhill.co.uk;\"a \"\"b\"\"; c\"",
        "Bob;bob@fernhill.co.uk;",
        "Jürgen;jurgen@fernhill.co.uk;x",
    ];
    let text = |end: &str| rows.map(|row| format!("{row}{end}")).concat();
    let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let wide = |text: &str, big: bool| {
        let unit = move |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
        text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let utf8 = |text: &str| text.as_bytes().to_vec();
    // What it is called, its bytes, those of Bob's line.
    let mut cases: Vec<(&str, Vec<u8>, Vec<u8>)> = Vec::new();
    for end in ["\n", "\r\n", "\r"] {
        cases.push(("UTF-8", utf8(&text(end)), utf8(&format!("{}{end}", rows[2]))));
        cases.push((
            "BOM",
            [b"\xEF\xBB\xBF".to_vec(), utf8(&text(end))].concat(),
            utf8(&format!("{}{end}", rows[2])),
        ));
        cases.push(("Latin-1", latin(&text(end)), latin(&format!("{}{end}", rows[2]))));
        for big in [false, true] {
            let mark = wide("\u{feff}", big);
            let bytes = [mark, wide(&text(end), big)].concat();
            cases.push(("UTF-16", bytes, wide(&format!("{}{end}", rows[2]), big)));
        }
    }
    cases.push(("sep", utf8(&format!("sep=;\r\n{}", text("\r\n"))), utf8(&format!("{}\r\n", rows[2]))));
    let open_end = text("\n").trim_end().to_owned();
    cases.push(("no end", utf8(&open_end), utf8(&format!("{}\n", rows[2]))));
    cases.push(("blank lines", utf8(&text("\n\n")), utf8(&format!("{}\n", rows[2]))));
    let broken = text("\n").replace("; c", ";\nc");
    cases.push(("line end in a cell", utf8(&broken), utf8(&format!("{}\n", rows[2]))));
    for (name, bytes, bob) in cases {
        let scratch = Scratch::new();
        scratch.write(&[
            ("list.csv", &bytes[..]),
            ("none.csv", b"email\nx@y.example\n"),
            ("stop.csv", b"email\nbob@fernhill.co.uk\n"),
        ]);
        assert_eq!(passed(&scratch, "list.csv", &["none.csv"], &[]), bytes, "{name}: all pass");
        let at = bytes.windows(bob.len()).position(|w| w == bob).unwrap();
        let without = [&bytes[..at], &bytes[at + bob.len()..]].concat();
        assert_eq!(passed(&scratch, "list.csv", &["stop.csv"], &[]), without, "{name}: Bob stays behind");
    }
}

#[test]
fn pieces_and_threads_do_not_show() {
    use std::fmt::Write as _;
    let scratch = Scratch::new();
    let (mut list, mut stop) = ("name,email,note\r\n".to_owned(), "email\n".to_owned());
    for i in 0..40_000 {
        let note = "x".repeat(i % 97);
        let _ = write!(list, "\"N, {i}\",p{i}@fernhill.co.uk,{note}\r\n");
        if i % 7 == 0 {
            let _ = writeln!(stop, "P{i}@Fernhill.co.uk");
        }
    }
    scratch.write(&[("list.csv", &list), ("stop.csv", &stop)]);
    let one = passed(&scratch, "list.csv", &["stop.csv"], &["--threads", "1"]);
    let told = fs::read(scratch.path("blocked.csv")).unwrap();
    let four = passed(&scratch, "list.csv", &["stop.csv"], &["--threads", "4"]);
    assert!(one == four && told == fs::read(scratch.path("blocked.csv")).unwrap());
    let expected: String = list
        .split_inclusive("\r\n")
        .enumerate()
        .filter(|(at, _)| *at == 0 || (at - 1) % 7 != 0)
        .map(|(_, line)| line)
        .collect();
    assert!(one == expected.as_bytes(), "other rows passed");
}

#[test]
fn a_list_that_matches_nobody_is_warned_of() {
    use std::fmt::Write as _;
    let scratch = Scratch::new();
    let (mut list, mut stop) = ("email\n".to_owned(), String::new());
    for i in 0..200 {
        let _ = writeln!(list, "p{i}@fernhill.co.uk");
        let _ = writeln!(stop, "{:032x}", (i as u128 + 1) << 100);
    }
    scratch.write(&[("list.csv", &list), ("hashes.txt", &stop)]);
    let said = check(&scratch, "email", "list.csv", &["hashes.txt"], &["--quiet"]);
    assert_eq!(said.exit, Exit::Done);
    for part in ["NOT ONE of 200 rows", "hashes.txt", "md5 of the address", "column email", "200 MD5 digests"]
    {
        assert!(said.stderr.contains(part), "{part}: {}", said.stderr);
    }
}

#[test]
fn old_lists_are_refused_before_a_byte_leaves() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "email,phone\na@fernhill.co.uk,+12127365001\n"),
        ("stop-2026-11-01.csv", "email\nb@fernhill.co.uk\n"),
        (
            "unsubscribed.csv",
            "email,unsubscribed_at\nb@fernhill.co.uk,2026-11-15\nc@fernhill.co.uk,2026-10-15\n",
        ),
        ("stop.csv", "email\nb@fernhill.co.uk\n"),
        ("dnc.txt", "phone\n+12127365009\n"),
    ]);
    let ends = |against: &str, more: &[&str], code: Exit, says: &str| {
        let said = check(&scratch, "email", "list.csv", &[against], more);
        assert_eq!(said.exit, code, "{against} {more:?}: {}", said.stderr);
        assert!(said.stderr.contains(says), "{}", said.stderr);
        assert_eq!(said.stdout.is_empty(), code == Exit::Failed);
    };
    ends("stop-2026-11-01.csv", &["--max-age", "20"], Exit::Done, "of 2026-11-01");
    ends("stop-2026-11-01.csv", &["--max-age", "19"], Exit::Failed, "20 days old");
    ends("unsubscribed.csv", &["--max-age", "6"], Exit::Done, "of 2026-11-15");
    ends("unsubscribed.csv", &["--max-age", "5"], Exit::Failed, "6 days old");
    ends("stop.csv", &["--max-age", "5"], Exit::Failed, "nothing tells of which day");
    ends("stop.csv@2026-11-20", &["--max-age", "5"], Exit::Done, "of 2026-11-20");
    let register = |date: &str| {
        let registry = format!("us-dnc={}@{date}", scratch.path("dnc.txt").display());
        check(&scratch, "call", "list.csv", &["stop.csv"], &["--registry", &registry])
    };
    assert_eq!(register("2026-11-01").exit, Exit::Done, "{}", register("2026-11-01").stderr);
    let stale = register("2026-09-01");
    assert_eq!((stale.exit, stale.stdout.as_str()), (Exit::Failed, ""), "{}", stale.stderr);
}

#[test]
fn a_run_clears_by_exact_address_and_for_its_time() {
    let scratch = Scratch::new();
    let crm = "first name,last name,email,country,email opt-in,opt-in date,opt-in source\n\
        Ann,Ash,ann@fernhill.co.uk,US,yes,2026-10-01,form\n\
        Bob,Birch,bob@fernhill.co.uk,US,,,\n\
        Cy,Cedar,cy@fernhill.co.uk,US,,,\n";
    scratch.write(&[("crm.csv", crm), ("unsubscribes.csv", "email\ncy@fernhill.co.uk\n")]);
    let run = scratch.path("run");
    clean(&[scratch.path("crm.csv"), scratch.path("unsubscribes.csv")], &run, &[]);
    fs::copy(run.join("email.csv"), scratch.path("email.csv")).unwrap();
    let whole = fs::read(run.join("email.csv")).unwrap();
    assert_eq!(passed(&scratch, "email.csv", &["run"], &[]), whole, "a run clears its own list");
    scratch.write(&[("list.csv", "email\nann@fernhill.co.uk\ncy@fernhill.co.uk\nnew@fernhill.co.uk\n")]);
    let said = check(&scratch, "email", "list.csv", &["run"], &[]);
    assert_eq!(said.stdout, "email\nann@fernhill.co.uk\n", "{}", said.stderr);
    let reasons: Vec<_> = blocked(&scratch).into_iter().map(|[line, reason, ..]| (line, reason)).collect();
    let expected = [("3", "refusal-withdrawn"), ("4", "suppression-not-cleared")];
    assert_eq!(reasons, expected.map(|(l, r)| (l.to_owned(), r.to_owned())));
    let lax = passed(&scratch, "list.csv", &["run"], &["--unknown", "allow"]);
    assert_eq!(lax, b"email\nann@fernhill.co.uk\nnew@fernhill.co.uk\n");
    // A file that is not what the manifest says is no proof.
    let contacts = run.join("contacts.csv");
    let text = fs::read_to_string(&contacts).unwrap();
    fs::write(&contacts, text.replace("blocked", "contactable")).unwrap();
    let said = check(&scratch, "email", "list.csv", &["run"], &[]);
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Failed, ""), "{}", said.stderr);
}

#[test]
fn a_decision_past_its_day_no_longer_clears() {
    let scratch = Scratch::new();
    let crm = "first name,email,phone,country,last purchase\nAnn,ann@fernhill.ca,,CA,2025-01-10\n";
    scratch.write(&[("crm.csv", crm), ("list.csv", "email\nann@fernhill.ca\n")]);
    let run = scratch.path("run");
    clean(&[scratch.path("crm.csv")], &run, &["--channels", "email"]);
    let until = read_csv(&run.join("email.csv"))[0]["valid_until"].clone();
    assert!(!until.is_empty());
    let day: jiff::civil::Date = until.parse().unwrap();
    let after = day.tomorrow().unwrap().to_string();
    assert_eq!(passed(&scratch, "list.csv", &["run"], &["--send-date", &until]), b"email\nann@fernhill.ca\n");
    assert_eq!(passed(&scratch, "list.csv", &["run"], &["--send-date", &after]), b"email\n");
    assert_eq!(blocked(&scratch)[0][1], "consent-expired");
}

#[test]
fn questions_are_asked_before_anything_is_read_in_full() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "email\na@fernhill.co.uk\n"),
        ("unsubscribed.csv", "email\nb@fernhill.co.uk\n"),
        ("crm.csv", "first name,email,unsubscribed\nAnn,a@fernhill.co.uk,no\nBob,b@fernhill.co.uk,yes\n"),
        ("names.csv", "first name,city\nAnn,Leeds\n"),
    ]);
    let usage = |list: &str, against: &[&str], more: &[&str], says: &str| {
        let said = check(&scratch, "email", list, against, more);
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Usage, ""), "{}", said.stderr);
        assert!(said.stderr.contains(says), "{}", said.stderr);
    };
    usage("unsubscribed.csv", &["list.csv"], &[], "people who left");
    usage("list.csv", &["crm.csv"], &[], "--as suppression=crm.csv");
    usage("names.csv", &["unsubscribed.csv"], &[], "no column of this list holds addresses");
    let only = check(&scratch, "email", "list.csv", &["crm.csv"], &["--as", "contacts=crm.csv"]);
    assert_eq!(only.stdout, "email\na@fernhill.co.uk\n", "{}", only.stderr);
    let every = check(&scratch, "email", "list.csv", &["crm.csv"], &["--as", "suppression=crm.csv"]);
    assert_eq!(every.stdout, "email\n", "{}", every.stderr);
}
