//! What a list is taken for is told by its head; nothing that turns up behind it passes unseen.

use super::super::run::Scratch;
use super::{blocked, check, passed};
use contactable::cli::Exit;
use std::fmt::Write as _;

/// Rows that fill more than the head.
const ROWS: usize = 12_000;

/// A list whose last columns are empty in its head and hold something later.
fn list(late: impl Fn(usize) -> String) -> String {
    let mut text = "name,email,phone,alternate,account owner\n".to_owned();
    for i in 0..ROWS {
        let more = if i > ROWS - 2000 { late(i) } else { ",".into() };
        let _ = writeln!(text, "Person number {i},p{i}@fernhill.co.uk,+447911{:06},{more}", 200_000 + i);
    }
    text
}

#[test]
fn addresses_that_turn_up_behind_the_head_are_looked_for() {
    let scratch = Scratch::new();
    let rows = list(|i| match i % 3 {
        0 => format!("q{i}@stonemill.org,owner{i}@fernhill.co.uk"),
        1 => format!("ask q{} at q{i}@stonemill.org first and never write there whatever they say,", i - 1),
        _ => format!("\"Q, R <Q{i}@Stonemill.org>\",q{}@stonemill.org", i - 2),
    });
    let last = ROWS - 1;
    let row = |i: usize| i - i % 3;
    let (address, name) = (row(last - 9), row(last - 9) + 2);
    scratch.write(&[
        ("list.csv", &rows),
        // An address alone, one beside a name; one in a text and an account owner's are nobody's of the row.
        (
            "unsubscribed.csv",
            &format!(
                "email\nq{address}@stonemill.org\nq{name}@stonemill.org\nq{}@stonemill.org\nowner{address}@fernhill.co.uk\n",
                address + 1
            ),
        ),
    ]);
    let said = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &[]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let told: Vec<_> =
        blocked(&scratch).into_iter().map(|[line, _, _, entry, how]| (line, entry, how)).collect();
    let expected = |i: usize, entry: &str| ((i + 2).to_string(), entry.to_owned(), "email".to_owned());
    assert_eq!(told, [expected(address, "2"), expected(name, "3")]);
    assert!(said.stderr.contains("column 4 `alternate`"), "{}", said.stderr);
    assert!(!said.stderr.contains("owner"), "{}", said.stderr);
    let quiet = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &["--quiet"]);
    assert!(quiet.stderr.contains("alternate"), "a warning is not silenced: {}", quiet.stderr);
}

#[test]
fn numbers_that_turn_up_behind_the_head_are_looked_for() {
    let scratch = Scratch::new();
    let rows = list(|i| match i % 2 {
        0 => format!("+44 7912 {:06},", 300_000 + i),
        _ => format!("447912{:06},", 300_000 + i),
    });
    let i = ROWS - 10;
    scratch.write(&[
        ("list.csv", &rows),
        // A number that tells its country; digits alone may be anything.
        ("sms_stop.csv", &format!("phone\n+447912{:06}\n+447912{:06}\n", 300_000 + i, 300_001 + i)),
    ]);
    let said = check(&scratch, "sms", "list.csv", &["sms_stop.csv"], &["--country", "GB"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let lines: Vec<_> = blocked(&scratch).into_iter().map(|[line, ..]| line).collect();
    assert_eq!(lines, [(i + 2).to_string()]);
    // Nothing is asked of numbers where only addresses bind.
    assert_eq!(passed(&scratch, "list.csv", &["sms_stop.csv"], &[]), rows.as_bytes());
}

#[test]
fn a_list_without_anything_late_says_nothing_of_it() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", &list(|_| "a note,".into())),
        ("unsubscribed.csv", &"email\nx@y.example\n".into()),
    ]);
    let said = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &["--quiet"]);
    assert_eq!((said.exit, said.stderr.as_str()), (Exit::Done, ""));
}

/// Lists of digests often hold that of nothing: a person without a second address is not on them.
#[test]
fn the_digest_of_nothing_is_nobodys() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "email,email 2\nann@fernhill.co.uk,\nbob@fernhill.co.uk,bob@stonemill.org\n"),
        ("hashes.txt", "d41d8cd98f00b204e9800998ecf8427e\n0123456789abcdef0123456789abcdef\n"),
    ]);
    let said = check(&scratch, "email", "list.csv", &["hashes.txt"], &[]);
    assert_eq!(said.stdout.lines().count(), 3, "{}", said.stderr);
}

#[test]
fn a_whole_country_is_refused_only_when_asked() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("list.csv", "email\nann@bund.de\nbob@fernhill.co.uk\n"),
        ("dot.csv", "email\n.de\nx@y.example\n"),
        ("star.csv", "email\n*.de\nx@y.example\n"),
    ]);
    let dot = check(&scratch, "email", "list.csv", &["dot.csv"], &[]);
    assert_eq!(dot.stdout.lines().count(), 3, "{}", dot.stderr);
    assert!(dot.stderr.contains("1 of 2 rows name nobody"), "{}", dot.stderr);
    assert_eq!(passed(&scratch, "list.csv", &["star.csv"], &[]), b"email\nbob@fernhill.co.uk\n");
}
