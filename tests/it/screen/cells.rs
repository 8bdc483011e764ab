//! What stands beside an address or number, in its own cell or another, and what a header may hold.

use super::super::run::Scratch;
use super::{blocked, check};
use contactable::cli::Exit;
use std::fmt::Write as _;

#[test]
fn a_cell_that_says_no_does_not_pass() {
    let scratch = Scratch::new();
    scratch.write(&[
        (
            "list.csv",
            "name,email,phone\n\
             Ann,ann@fernhill.co.uk,020 7183 8750\n\
             Bob,bob@fernhill.co.uk (unsubscribed),020 7183 8751 (do not call)\n\
             Cyd,DO NOT EMAIL <cyd@fernhill.co.uk>,020 7183 8752 (call after 5)\n",
        ),
        ("unsubscribed.csv", "email\nx@y.example\n"),
    ]);
    let told = |channel: &str, more: &[&str]| -> Vec<(String, String)> {
        let said = check(&scratch, channel, "list.csv", &["unsubscribed.csv"], more);
        assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
        blocked(&scratch).into_iter().map(|[line, reason, ..]| (line, reason)).collect()
    };
    let says = |line: &str, reason: &str| (line.to_owned(), reason.to_owned());
    let both = [says("3", "refusal-do-not-contact"), says("4", "refusal-do-not-contact")];
    assert_eq!(told("email", &[]), both);
    assert_eq!(told("email", &["--unknown", "allow"]), both, "a no is not unknown");
    assert_eq!(told("call", &["--country", "GB"]), [says("3", "refusal-do-not-contact")]);
}

/// A column in which marks may stand is no less unknown for it.
#[test]
fn addresses_that_turn_up_late_among_marks_are_looked_for() {
    let scratch = Scratch::new();
    let mut list = "name,email,contact info\n".to_owned();
    for i in 0..12_000 {
        let late = if i == 11_000 { "gone@stonemill.org" } else { "" };
        let _ = writeln!(list, "Person number {i},p{i}@fernhill.co.uk,{late}");
    }
    scratch.write(&[("list.csv", &list), ("unsubscribed.csv", &"email\ngone@stonemill.org\n".into())]);
    let said = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &[]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let lines: Vec<_> = blocked(&scratch).into_iter().map(|[line, ..]| line).collect();
    assert_eq!(lines, ["11002"]);
}

/// The only column that speaks of permission tells how often, and one asks for never.
#[test]
fn who_wants_to_hear_never_does_not_pass() {
    let scratch = Scratch::new();
    let list = "email,newsletter frequency\nann@fernhill.co.uk,weekly\nbob@fernhill.co.uk,never\n";
    scratch.write(&[("list.csv", list), ("unsubscribed.csv", "email\nx@y.example\n")]);
    let said = check(&scratch, "email", "list.csv", &["unsubscribed.csv"], &[]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let told: Vec<_> = blocked(&scratch).into_iter().map(|[line, reason, ..]| (line, reason)).collect();
    assert_eq!(told, [("3".to_owned(), "refusal-declined".to_owned())], "{}", said.stdout);
}

#[test]
fn an_example_in_a_header_makes_no_data_of_it() {
    let scratch = Scratch::new();
    for header in ["Email (e.g. name@company.com)", "Email e.g. name@company.com"] {
        let list = format!(
            "{header},Unsubscribed\nann@fernhill.co.uk,no\nbob@fernhill.co.uk,yes\ncyd@fernhill.co.uk,no\n"
        );
        scratch.write(&[("list.csv", &list), ("stop.csv", &"email\nx@y.example\n".into())]);
        let said = check(&scratch, "email", "list.csv", &["stop.csv"], &[]);
        assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
        assert!(!said.stdout.contains("bob@"), "{header}: {}", said.stdout);
        assert!(said.stdout.starts_with(header) && said.stdout.contains("cyd@"), "{header}: {}", said.stdout);
    }
}
