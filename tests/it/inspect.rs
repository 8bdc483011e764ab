//! What the program makes of a file it does not know: columns, usable rows, what it would ask.

use super::run::{Scratch, clean, contactable, read_csv};
use contactable::cli::Exit;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

fn inspect(sources: &[PathBuf], more: &[&str]) -> (Exit, Value) {
    let mut args = vec!["inspect", "--json"];
    args.extend(sources.iter().map(|s| s.to_str().unwrap()));
    args.extend(more);
    let said = contactable(&args);
    (said.exit, serde_json::from_str(&said.stdout).unwrap())
}

fn field(look: &Value, column: &str) -> String {
    let columns = look["columns"].as_array().unwrap();
    let found = columns.iter().find(|c| c["column"] == column).unwrap();
    found["field"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn columns_that_fill_late_are_seen() {
    // Two lists were joined: the second one stands one column to the right.
    let mut text = "Site name,Phone,Email Address,Valid until,Column1\n".to_owned();
    for i in 0..2_000 {
        writeln!(text, "Site {i},555-01{:02},,,", i % 100).unwrap();
    }
    for i in 0..400 {
        writeln!(text, "Site {i},555-01{:02},12/31/13,,info{i}@fernhill.example", i % 100).unwrap();
    }
    let scratch = Scratch::new();
    let (exit, looks) = inspect(&scratch.write(&[("in.csv", text)]), &[]);
    assert_eq!(exit, Exit::Done);
    assert_eq!(field(&looks[0], "Email Address"), "");
    assert_eq!(field(&looks[0], "Column1"), "email");
}

#[test]
fn a_text_with_an_address_in_it_is_no_address() {
    let mut text = "name,email,contact\n".to_owned();
    for i in 0..30 {
        let address = format!("office{i}@town.example");
        let block = format!("Town hall\nMarket Square {i}\n12345 Anytown\nPhone: +49 30 123456\n{address}");
        writeln!(text, "Town {i},{address},\"{block}\"").unwrap();
    }
    let scratch = Scratch::new();
    let sources = scratch.write(&[("in.csv", text)]);
    assert_eq!(field(&inspect(&sources, &[]).1[0], "contact"), "");
    clean(&sources, &scratch.path("run"), &[]);
    let contacts = read_csv(&scratch.path("run/contacts.csv"));
    assert_eq!((contacts.len(), contacts[7]["email"].as_str()), (30, "office7@town.example"));
}

#[test]
fn inspect_counts_like_clean() {
    // A landline is a sound number, and a row with a street can be used.
    let text = "name,street,city,country,phone\nAnn Lee,Main Street 1,Leeds,GB,020 7946 0123\n\
                Bob Ray,Main Street 2,Leeds,GB,\nCy Dee,,,GB,\n";
    let scratch = Scratch::new();
    let (_, looks) = inspect(&scratch.write(&[("in.csv", text.replace("7946 0123", "7183 8750"))]), &[]);
    assert_eq!((&looks[0]["rows"], &looks[0]["rejected"]), (&3.into(), &1.into()));
    assert_eq!(looks[0]["quality"]["valid phones"]["good"], 1, "{}", looks[0]["quality"]);
}

#[test]
fn only_a_list_beside_others_is_asked_about() {
    let scratch = Scratch::new();
    let bare =
        scratch.write(&[("list.csv", "number\n+44 20 7183 8750\n+44 20 7183 8751\n+44 20 7183 8752\n")]);
    let (exit, looks) = inspect(&bare, &[]);
    assert_eq!((exit, &looks[0]["question"]), (Exit::Done, &Value::Null));
    let people = scratch.write(&[("people.csv", "name,email\nAnn Lee,ann@example.org\n")]);
    let (exit, looks) = inspect(&[bare[0].clone(), people[0].clone()], &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(looks[0]["question"].as_str().unwrap().contains("--as contacts=list.csv"));
}

#[test]
fn digits_that_make_no_number_tell_no_country() {
    // 721 and 829 are area codes of the Caribbean; here they begin a number that lacks its area code.
    let scratch = Scratch::new();
    let sources = scratch.write(&[("in.csv", "name,phone\nAnn Lee,7219100\nBob Ray,8297555\n")]);
    clean(&sources, &scratch.path("run"), &["--country", "US"]);
    for contact in read_csv(&scratch.path("run/contacts.csv")) {
        assert_eq!(contact["call_rule"], "US-call");
    }
}

#[test]
fn numbers_without_a_country_are_a_next_step() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("in.csv", "name,phone\nAnn Lee,020 7183 8750\n")]);
    clean(&sources, &scratch.path("run"), &[]);
    let report: Value = serde_json::from_slice(&fs::read(scratch.path("run/report.json")).unwrap()).unwrap();
    assert!(report.to_string().contains("--country COUNTRY"));
    clean(&sources, &scratch.path("told"), &["--country", "GB"]);
    let report = fs::read_to_string(scratch.path("told/report.json")).unwrap();
    assert!(!report.contains("--country COUNTRY"));
}

#[test]
fn nothing_is_asked_about_a_file_without_rows() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("empty.csv", String::new()), ("bare.csv", "email\n".to_owned())]);
    let (exit, looks) = inspect(&sources, &[]);
    assert_eq!(exit, Exit::Done);
    assert!(looks.as_array().unwrap().iter().all(|look| look["question"].is_null()));
    let bare = "email\njane@fernhill.co.uk\n".to_owned();
    let sources = scratch.write(&[("empty.csv", String::new()), ("bare.csv", bare)]);
    assert_eq!(inspect(&sources, &[]).0, Exit::Usage);
}

#[test]
fn every_file_that_is_unclear_is_asked_about_at_once() {
    let scratch = Scratch::new();
    let list = |name: &str| format!("email\n{name}@fernhill.co.uk\n");
    let sources = scratch.write(&[
        ("east.csv", list("jane")),
        ("crm.csv", "email,first name,opt-in date\nann@fernhill.co.uk,Ann,2025-01-02\n".to_owned()),
        ("west.csv", list("bob")),
    ]);
    let out = scratch.path("run");
    let mut args = vec!["clean", "--out", out.to_str().unwrap()];
    args.extend(sources.iter().map(|s| s.to_str().unwrap()));
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Usage);
    assert!(
        said.stderr.contains("say for each of east.csv, west.csv: --as contacts=FILE"),
        "{}",
        said.stderr
    );
}
