//! Registers as users bring them: any list of numbers; not brought, stale, listed and overridden, each by its own name.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::run::{Scratch, clean, contactable, read_csv};
use contactable::cli::Exit;

const PEOPLE: &str = "first name,last name,phone,country,call consent,consent date,consent source\n\
    Ann,Low,+447400100001,GB,,,\nBea,Fox,+447400100002,GB,,,\nCid,Roy,+447400100003,GB,yes,2026-01-01,form\n";

/// Reasons of the three for calls, by a run against that register.
fn calls(register: &str, taken: &str) -> Vec<String> {
    let scratch = Scratch::new();
    let files = scratch.write(&[("people.csv", PEOPLE), ("tps.txt", register)]);
    let out = scratch.path("run");
    let told = format!("uk-tps={}@{taken}", files[1].display());
    let more: &[&str] = if taken.is_empty() { &[] } else { &["--registry", &told] };
    clean(&files[..1], &out, more);
    read_csv(&out.join("contacts.csv")).iter().map(|c| c["call_reason"].clone()).collect()
}

const FREE: &str = "basis-legitimate-interest";
const YES: &str = "basis-express-consent";

#[test]
fn a_register_is_read_however_its_numbers_are_written() {
    for register in [
        "07400100002\n07400100009\n",
        "phone\n07400100002\n07400100009\n",
        "+447400100002\n+447400100009\n",
        "07400100002\r\n07400100009\r\n07400100010\r\n",
        "07400 100 002\n",
        "number,added\n07400100002,2020-01-01\n",
        "07400100002 \r\n07400100009 \r\n",
        "447400100002\n",
    ] {
        assert_eq!(calls(register, "2026-11-10"), [FREE, "registry-listed", YES], "{register:?}");
    }
}

#[test]
fn not_brought_and_stale_are_reasons_of_their_own_and_consent_overrides() {
    let listed = "phone\n07400100002\n07400100003\n";
    assert_eq!(calls(listed, ""), ["registry-not-brought", "registry-not-brought", YES]);
    // The answer counts 28 days, the last of them already over: it was taken on 25 October, or a day before.
    assert_eq!(calls(listed, "2026-10-25"), [FREE, "registry-listed", YES]);
    assert_eq!(calls(listed, "2026-10-24")[0], "registry-stale");
}

#[test]
fn a_look_up_of_one_number_counts_for_the_register_it_names() {
    let decided = |event: &str, day: &str, detail: &str, purpose: &str| {
        let scratch = Scratch::new();
        let events = format!(
            "email,phone,event,timestamp,source,detail,purpose\n,+447400100001,{event},{day},desk,{detail},{purpose}\n"
        );
        let files = scratch.write(&[("people.csv", PEOPLE), ("events.csv", events.as_str())]);
        let out = scratch.path("run");
        clean(&files, &out, &[]);
        read_csv(&out.join("contacts.csv"))[0]["call_reason"].clone()
    };
    assert_eq!(decided("registry_check", "2026-11-10", "uk-tps", ""), FREE);
    assert_eq!(decided("registry_check", "2026-11-10", "UK-TPS", "marketing"), FREE);
    assert_eq!(decided("registry_check", "2026-10-01", "uk-tps", ""), "registry-stale");
    assert_eq!(decided("registry_check", "2026-11-10", "us-dnc", ""), "registry-not-brought");
    assert_eq!(
        decided("registry_check", "2026-11-10", "", "marketing"),
        "registry-not-brought",
        "it names none"
    );
    assert_eq!(decided("registry_listed", "2026-11-10", "uk-tps", ""), "registry-listed");
    assert_eq!(decided("registry_listed", "2026-11-10", "us-dnc", ""), "registry-not-brought");
    assert_eq!(decided("registry_listed", "2026-11-10", "", ""), "registry-listed", "it may be any");
}

#[test]
fn a_register_of_which_nothing_can_be_read_ends_the_run() {
    let scratch = Scratch::new();
    let files = scratch.write(&[("people.csv", PEOPLE), ("tps.txt", "nothing,to be\nread,here\n")]);
    let out = scratch.path("run");
    let told = format!("uk-tps={}@2026-11-10", files[1].display());
    let args = [
        "clean",
        files[0].to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--send-date",
        "2026-11-21",
        "--registry",
        &told,
    ];
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Failed);
    assert!(said.stderr.contains("tps.txt") && said.stderr.contains("list nobody"), "{}", said.stderr);
    assert!(!out.exists());
}

#[test]
fn orders_are_dated_purchases_and_the_tick_at_the_checkout_a_consent() {
    let scratch = Scratch::new();
    let fixture = |id: &str, file: &str| {
        let path = format!("{}/fixtures/formats/{id}/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap().replace("2024-05", "2026-05").replace(",US,", ",CA,")
    };
    let files = scratch.write(&[
        ("orders_export_1.csv", fixture("shopify_orders", "orders_export_1.csv")),
        ("orders-2026.csv", fixture("woocommerce_orders", "orders-2024-05-20.csv")),
    ]);
    let decided = |files: &[std::path::PathBuf]| -> Vec<(String, String, String)> {
        let out = scratch.path("run");
        clean(files, &out, &["--replace"]);
        let contacts = read_csv(&out.join("contacts.csv"));
        let of = |c: &crate::run::Record| {
            (c["email"].clone(), c["email_reason"].clone(), c["email_valid_until"].clone())
        };
        contacts.iter().map(of).collect()
    };
    let row = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    // Ana ticked the box; Ben was paid back, and did not; a word that is not known says nothing of Chloé.
    assert_eq!(
        decided(&files[..1]),
        [
            row("ana.ferreira@example.com", "basis-express-consent", ""),
            row("ben.okoro@example.com", "consent-not-given", ""),
            row("chloe.martin@example.com", "consent-never-asked", ""),
        ]
    );
    // Completed; failed; a status of the shop's own making. Two years from the day of the order, by Canadian law.
    let woo = decided(&files[1..]);
    assert_eq!(woo[0], row("ana.ferreira@example.com", "basis-purchase", "2028-05-12"));
    assert_eq!((woo[1].1.as_str(), woo[2].1.as_str()), ("consent-never-asked", "consent-never-asked"));
}
