//! What the report accounts for: evidence, opt-outs and how soon they were obeyed, whom one may ask, what was judged,
//! who overrode what; and its schema.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::demo::fixtures;
use crate::json_schema::faults;
use crate::run::{Scratch, clean, contactable, read_csv, recount};
use contactable::cli::Exit;
use contactable::report::schema;
use serde_json::{Value, json};
use std::path::Path;

fn report(dir: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(dir.join("report.json")).unwrap()).unwrap()
}

/// A run over those files, and its report.
fn run(scratch: &Scratch, files: &[(&str, &str)], more: &[&str]) -> Value {
    let sources = scratch.write(files);
    let out = scratch.path("run");
    clean(&sources, &out, &[more, &["--replace"]].concat());
    recount(&out);
    report(&out)
}

#[test]
fn the_schema_is_printed() {
    let printed = contactable(&["generate", "schema"]);
    assert_eq!((printed.exit, printed.stdout.as_str()), (Exit::Done, schema()));
}

#[test]
fn reports_keep_to_the_schema_and_other_shapes_do_not() {
    let schema: Value = serde_json::from_str(schema()).unwrap();
    let holds = |report: &Value| assert_eq!(faults(&schema, report), [""; 0]);
    let scratch = Scratch::new();
    let out = scratch.path("run");
    clean(
        &fixtures("demo"),
        &out,
        &["--channels", "email,sms,call,post,messaging,auto-call", "--operator", "Jo"],
    );
    let demo = report(&out);
    holds(&demo);
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report/report.json");
    holds(&serde_json::from_slice(&std::fs::read(fixture).unwrap()).unwrap());
    for (at, wrong) in
        [("/contacts", json!("27")), ("/channels", json!([])), ("/run/channels/0", json!("fax"))]
    {
        let mut changed = demo.clone();
        *changed.pointer_mut(at).unwrap() = wrong;
        assert!(!faults(&schema, &changed).is_empty(), "{at}");
    }
}

const LEFT: &str = "email,unsubscribed at,optout_campaign,optout_reason\n\
    jane@stonemill.de,2026-03-01,Spring letter,too many mails\n\
    bob@stonemill.de,2026-03-15,Spring letter,too many mails\n\
    eve@stonemill.de,2026-05-02,Spring letter,too many mails\n\
    old@stonemill.de,,May letter,my mail is old@stonemill.de\n";

#[test]
fn opt_outs_are_told_by_month_source_campaign_and_reason() {
    let scratch = Scratch::new();
    let crm = "first name,last name,email,country\n\
        Jane,Doe,jane@stonemill.de,DE\nBob,Stone,bob@stonemill.de,DE\nAnn,Roy,ann@stonemill.de,DE\nCid,Low,cid@stonemill.de,DE\n";
    let report = run(&scratch, &[("crm.csv", crm), ("unsubscribed.csv", LEFT)], &[]);
    let told = &report["opt_outs"];
    assert_eq!(told["rows"], 4);
    assert_eq!(told["by_month"], json!({"2026-03": 2, "2026-05": 1, "undated": 1}));
    assert_eq!(told["by_source"], json!({"crm.csv": {"opted_out": 2, "contacts": 4}}));
    assert_eq!(told["by_campaign"], json!({"counts": {"Spring letter": 3}, "other": 1, "untold": 0}));
    assert_eq!(told["by_reason"], json!({"counts": {"too many mails": 3}, "other": 1, "untold": 0}));
    let page = std::fs::read_to_string(scratch.path("run").join("report.html")).unwrap();
    assert!(page.contains("Spring letter") && !page.contains("old@stonemill"), "no address on the page");
}

#[test]
fn the_time_from_opt_out_to_suppression_is_counted_in_days() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nJane,jane@stonemill.de,DE\nBob,bob@stonemill.de,DE\nEve,eve@stonemill.de,DE\n\
        Old,old@stonemill.de,DE\n";
    let stop = "email,suppressed_at\njane@stonemill.de,2026-03-01\nbob@stonemill.de,2026-04-04\nold@stonemill.de,2026-04-04\n";
    let files = [("crm.csv", crm), ("unsubscribed.csv", LEFT), ("suppression.csv", stop)];
    let report = run(&scratch, &files, &[]);
    let times = &report["opt_outs"]["to_suppression"];
    let of = |key: &str| times[key].as_u64().unwrap();
    // 20 days for Bob; Eve's opt-out of 2 May stands on no list on 21 November.
    assert_eq!([of("same_day"), of("later"), of("undated"), of("not_listed")], [1, 1, 1, 1]);
    assert_eq!([of("longest_days"), of("oldest_unlisted_days")], [20, 203]);
}

#[test]
fn messages_after_a_refusal_are_held_against_the_deadline() {
    let scratch = Scratch::new();
    // The United States give ten business days; Germany none.
    let crm = "first name,email,country,unsubscribed at,last message sent\n\
        Jane,jane@stonemill.de,DE,2026-03-01,2026-03-02\nBob,bob@millbrook.org,US,2026-03-02,2026-03-03\n\
        Eve,eve@millbrook.org,US,2026-03-02,2026-04-01\nAnn,ann@millbrook.org,US,2026-03-02,2026-03-01\n";
    let report = run(&scratch, &[("crm.csv", crm)], &["--channels", "email"]);
    let sent = report["opt_outs"]["sent_after"].as_array().unwrap();
    let of = |id: &str| sent.iter().find(|s| s["rule"].as_str().unwrap().starts_with(id)).unwrap();
    assert_eq!((&of("DE")["contacts"], &of("DE")["past_deadline"]), (&json!(1), &json!(1)));
    assert_eq!((&of("US")["contacts"], &of("US")["past_deadline"]), (&json!(2), &json!(1)));
    assert_eq!(of("US")["longest_days"], 30);
    assert_eq!(of("US")["within"], "10 business days");
}

#[test]
fn only_who_can_be_reached_by_an_open_channel_may_be_asked() {
    let scratch = Scratch::new();
    // German post may be sent until objected to; German mail needs consent.
    let crm = "first name,last name,email,street,city,postal code,country,do not contact\n\
        Jane,Doe,jane@stonemill.de,Elmweg 1,Bremen,28195,DE,\n\
        Bob,Stone,bob@stonemill.de,,,,DE,\n\
        Eve,Hill,eve@stonemill.de,Elmweg 3,Bremen,28195,DE,yes\n";
    let report = run(&scratch, &[("crm.csv", crm)], &["--channels", "email,post"]);
    let email = &report["ahead"]["repermission"]["email"];
    assert_eq!(email["ask_over"], json!({"post": 1}));
    assert_eq!((&email["refused"], &email["no_channel"]), (&json!(1), &json!(1)));
    let lines = read_csv(&scratch.path("run").join("repermission.csv"));
    assert_eq!(lines.len(), 1, "Jane alone");
    let of = |key: &str| lines[0][key].as_str();
    assert_eq!([of("channel"), of("reason"), of("ask_over")], ["email", "consent-never-asked", "post"]);
    let jane =
        read_csv(&scratch.path("run").join("contacts.csv")).into_iter().find(|c| c["first_name"] == "Jane");
    assert_eq!(of("contact_id"), jane.unwrap()["contact_id"]);
}

#[test]
fn a_ground_that_ends_is_worth_asking_for_a_better_one() {
    let scratch = Scratch::new();
    let crm = "first name,email,country,last order\nAnn,ann@stonemill.ca,CA,2024-12-21\nBea,bea@fernhill.ca,CA,2026-10-21\n";
    let report = run(&scratch, &[("crm.csv", crm)], &["--channels", "email"]);
    assert_eq!(report["ahead"]["repermission"]["email"]["while_it_lasts"], 1);
    let lines = read_csv(&scratch.path("run").join("repermission.csv"));
    assert_eq!((lines.len(), lines[0]["until"].as_str()), (1, "2026-12-20"));
    assert_eq!(report["ahead"]["next_because"], "the first ground ends the day before");
}

#[test]
fn evidence_is_counted_per_channel() {
    let scratch = Scratch::new();
    let crm = "first name,email,country,consent,consent date,consent source,consent ip\n\
        Jane,jane@stonemill.de,DE,yes,2026-01-01,form,192.0.2.1\nBob,bob@stonemill.de,DE,yes,2026-01-01,form,\n";
    let report = run(&scratch, &[("crm.csv", crm)], &["--channels", "email"]);
    let email = &report["evidence"]["email"];
    assert_eq!((&email["grounds"], &email["present"]["capture_source"]), (&json!(2), &json!(2)));
    assert_eq!((&email["present"]["ip"], &email["missing"]["wording"]), (&json!(1), &json!(2)));
}

#[test]
fn segments_tell_how_long_ago_the_last_sign_was() {
    let scratch = Scratch::new();
    // 90 days before 21 November 2026 is 23 August; a year before, 21 November 2025.
    let crm = "first name,email,country,last_activity\nAnn,ann@stonemill.org,US,2026-08-23\nBea,bea@stonemill.org,US,2026-08-22\n\
        Cid,cid@stonemill.org,US,2025-11-20\nDan,dan@stonemill.org,US,\n";
    let report = run(&scratch, &[("crm.csv", crm)], &["--channels", "email"]);
    let mut told: Vec<_> = report["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["engagement"].as_str().unwrap(), s["contacts"].as_u64().unwrap()))
        .collect();
    told.sort();
    assert_eq!(told, [("active", 1), ("quiet", 1), ("silent", 1), ("unknown", 1)]);
}

#[test]
fn judgement_calls_and_overrides_name_rules_and_author() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nJane,jane@stonemill.ke,KE\nBob,bob@stonemill.de,DE\n";
    let more = [
        "--operator",
        "Jo Park",
        "--controller",
        "Fernhill Ltd",
        "--assert-basis",
        "crm.csv:email:express_consent@2025-03-01=signed forms",
    ];
    let report = run(&scratch, &[("crm.csv", crm)], &more);
    assert_eq!(
        (&report["run"]["controller"], &report["run"]["operator"]),
        (&json!("Fernhill Ltd"), &json!("Jo Park"))
    );
    let overrides = report["overrides"].as_array().unwrap();
    let asserted = overrides.iter().find(|o| o["why"] == "signed forms").unwrap();
    assert_eq!(asserted["by"], "Jo Park");
    assert_eq!(asserted["what"], "express consent for email in crm.csv since 2025-03-01");
    let calls = report["judgement_calls"].as_array().unwrap();
    let says = |part: &str| calls.iter().find(|c| c["says"].as_str().unwrap().contains(part));
    assert_eq!(says("Nothing tells where").unwrap()["count"], 1, "Kenya has no rulebook");
    let chosen = says("a choice of this program").unwrap()["rules"].as_array().unwrap();
    assert!(chosen.iter().any(|id| id.as_str().unwrap().starts_with("ZZ")), "{chosen:?}");
    // Every rulebook can be told by its text.
    for book in report["run"]["rulebooks"].as_array().unwrap() {
        assert_eq!(book["sha256"].as_str().unwrap().len(), 64);
    }
}

#[test]
fn doubts_of_the_rules_that_decided_are_told_as_the_rulebook_records_them() {
    let scratch = Scratch::new();
    let crm = "first name,phone,country\nFlo,+13053585001,US\n";
    let report = run(&scratch, &[("crm.csv", crm)], &["--channels", "sms"]);
    let page = std::fs::read_to_string(scratch.path("run").join("report.html")).unwrap();
    assert!(page.contains("Doubts about"));
    let mut told = 0;
    for book in report["run"]["rulebooks"].as_array().unwrap() {
        let printed = contactable(&["rules", book["id"].as_str().unwrap()]).stdout;
        let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        for rule in book["rules"].as_array().unwrap() {
            for doubt in rule["doubts"].as_array().unwrap() {
                assert!(printed.contains(doubt.as_str().unwrap()), "{rule}: {printed}");
                told += 1;
            }
        }
    }
    assert!(told > 0, "Florida's rule has doubts");
    // French mail to businesses rests on a text that was read as a whole.
    let crm = "first name,email,country\nJane,jane@stonemill.fr,FR\n";
    let report = self::run(&scratch, &[("crm.csv", crm)], &["--audience", "b2b", "--channels", "email"]);
    let rules = report["run"]["rulebooks"][0]["rules"].as_array().unwrap();
    assert_eq!((&rules[0]["id"], &rules[0]["doubts"]), (&json!("FR-email-b2b"), &json!([])));
    let page = std::fs::read_to_string(scratch.path("run").join("report.html")).unwrap();
    assert!(!page.contains("Doubts about"));
}

#[test]
fn rules_past_their_review_are_named() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", "first name,email,country\nBob,bob@stonemill.de,DE\n")]);
    let out = scratch.path("late");
    let args =
        ["clean", sources[0].to_str().unwrap(), "--out", out.to_str().unwrap(), "--send-date", "2031-01-01"];
    assert_eq!(contactable(&args).exit, Exit::Done);
    let report = report(&out);
    let book = &report["run"]["rulebooks"][0];
    assert!(book["past_review_rules"].as_array().unwrap().iter().any(|id| id == "DE-email-sms"), "{book}");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("Past review:") && page.contains("should have been read again"));
}

#[test]
fn a_number_is_a_point_of_messaging_and_needs_its_own_consent() {
    let scratch = Scratch::new();
    let crm = "first name,phone,country,whatsapp opt-in,consent date,consent source\n\
        Jane,+4915120000010,DE,yes,2026-01-01,form\nBob,+4915120000011,DE,,,\n";
    run(&scratch, &[("crm.csv", crm)], &["--channels", "messaging,sms"]);
    let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
    let told: Vec<_> =
        contacts.iter().map(|c| [c["messaging_reason"].as_str(), c["sms_reason"].as_str()]).collect();
    assert_eq!(
        told,
        [["basis-express-consent", "consent-never-asked"], ["consent-never-asked", "consent-never-asked"]]
    );
    let list = read_csv(&scratch.path("run").join("messaging.csv"));
    assert_eq!((list.len(), list[0]["phone"].as_str()), (1, "+4915120000010"));
}

#[test]
fn the_rate_of_opt_outs_counts_everybody_with_a_row_in_the_file() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nJane,jane@stonemill.org,US\nJane,jane@stonemill.org,US\n\
        Bob,bob@stonemill.org,US\n";
    let shop = "first name,email,country\nJane,jane@stonemill.org,US\nAnn,ann@stonemill.org,US\n";
    let left = "email,unsubscribed at\njane@stonemill.org,2026-03-01\n";
    let files = [("a-crm.csv", crm), ("b-shop.csv", shop), ("unsubscribed.csv", left)];
    let report = run(&scratch, &files, &[]);
    let rates = &report["opt_outs"]["by_source"];
    assert_eq!(rates["a-crm.csv"], json!({"opted_out": 1, "contacts": 2}), "{rates}");
    assert_eq!(
        rates["b-shop.csv"],
        json!({"opted_out": 1, "contacts": 2}),
        "Jane's first row is in the other"
    );
}
