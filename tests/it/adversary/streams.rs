//! What vendors' systems tell of people who want no more: complaints, answers to texts, streams of events.

use super::{among, refused};
use crate::run::{Record, Scratch, clean, contactable, jane, read_csv, recount};

/// The contacts of a run over these files, by their e-mail address, else their number.
fn contacts(files: &[(&str, &str)], more: &[&str]) -> Vec<Record> {
    let scratch = Scratch::new();
    let sources = scratch.write(files);
    let out = scratch.path("run");
    clean(&sources, &out, more);
    recount(&out);
    read_csv(&out.join("contacts.csv"))
}

fn of<'a>(contacts: &'a [Record], name: &str) -> &'a Record {
    let called =
        |c: &&Record| ["first_name", "full_name"].iter().any(|h| c.get(*h).is_some_and(|n| n == name));
    contacts.iter().find(called).expect(name)
}

const OTHERS: [&str; 5] = ["Opened", "Clicked", "Opened", "Delivered", "Opened"];

#[test]
fn a_complaint_is_a_mark_in_any_column() {
    for header in ["last_event", "reason", "Status", "Tags", "Notes"] {
        for cell in [
            "Spam complaint",
            "Marked as spam",
            "complained",
            "abuse",
            "spam report",
            "reported spam",
            "SPAMREPORT",
            "Marked Email as Spam",
            "als Spam markiert",
            "Signal\u{e9} comme spam",
            "vip; complained",
        ] {
            let reason = among(header, cell, &OTHERS);
            assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
        }
        for cell in [
            "no spam",
            "spam check passed",
            "not marked as spam",
            "no spam complaints",
            "complained about the delay",
            "spam filter on",
            "complaint handling team",
        ] {
            assert_eq!(among(header, cell, &OTHERS), "basis-none-needed", "{header} {cell}");
        }
    }
}

#[test]
fn a_stop_sent_back_refuses_every_channel() {
    for header in ["message", "body", "reply", "last reply", "last sms reply", "response", "keyword"] {
        for word in [
            "STOP",
            "Stop.",
            "stop all",
            "STOPALL",
            "UNSUBSCRIBE",
            "CANCEL",
            "END",
            "QUIT",
            "OPTOUT",
            "opt-out",
            "REVOKE",
            "ARRET",
            "Arr\u{ea}t",
            "STOPP",
            "ALTO",
            "BAJA",
            "please stop",
        ] {
            let table = format!(
                "phone,name,{header},received\n+15032261007,Jane,{word},2026-05-01\n\
                +15032261008,Bob,YES,2026-05-01\n+15032261009,Cat,I will cancel my trip,2026-05-02\n"
            );
            let people = contacts(&[("replies.csv", &table)], &["--country", "US", "--lists", "reachable"]);
            for channel in ["sms", "call"] {
                let reason = |name: &str| &of(&people, name)[&format!("{channel}_reason")];
                assert!(refused(of(&people, "Jane"), channel), "{header} {word}: {}", reason("Jane"));
                assert!(!refused(of(&people, "Bob"), channel), "{header} {word}: {}", reason("Bob"));
                assert!(!refused(of(&people, "Cat"), channel), "{header} {word}: {}", reason("Cat"));
            }
        }
    }
}

#[test]
fn a_stop_is_a_tag_and_a_cancelled_order_is_none() {
    for header in ["Status", "Tags", "Flag", "Segment"] {
        for cell in ["STOP", "vip; stop", "stopall"] {
            let reason = among(header, cell, &["Active", "Lead", "Active"]);
            assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
        }
        for cell in ["Cancel", "End", "Quit", "bus stop", "Stop-over trip"] {
            let reason = among(header, cell, &["Active", "Lead", "Active"]);
            assert_eq!(reason, "basis-none-needed", "{header} {cell}");
        }
    }
    // A column of answers may as well hold the dates of them.
    let crm = "email,first name,country,last reply\njane@fernhill.org,Jane,US,2026-05-01\n";
    assert_eq!(jane(&[("crm.csv", crm)], &[]).0["email_reason"], "basis-none-needed");
}

/// What becomes of a refusal of March when a consent of June has this source.
fn consent_after_refusal(source: &str) -> String {
    let crm = format!(
        "email,first_name,country,newsletter,opt_in_date,consent_source\n\
        jane@acme-demo.com,Jane,US,yes,2026-06-01,{source}\n"
    );
    let unsub = "email,unsubscribed_at\njane@acme-demo.com,2026-03-12\n";
    jane(&[("crm.csv", &crm), ("unsub.csv", unsub)], &[]).0["email_reason"].clone()
}

#[test]
fn a_consent_that_was_imported_lifts_no_refusal() {
    for source in [
        "Imported from Mailchimp",
        "import",
        "bulk import",
        "CSV upload",
        "list upload",
        "purchased list",
        "data broker",
        "migration",
        "Salesforce sync",
        "Zapier",
        "API",
        "admin",
        "internal",
        "manual entry by staff",
        "unknown",
        "?",
        "2026-06-01",
        "1 June 2026",
        "order",
        "purchase",
        "Importiert",
    ] {
        let reason = consent_after_refusal(source);
        assert!(reason.starts_with("refusal-"), "{source}: {reason}");
    }
    for source in [
        "web form",
        "website",
        "Checkout",
        "landing page",
        "in store",
        "event",
        "phone",
        "double opt-in",
        "paper form",
        "https://acme-demo.com/join",
    ] {
        let reason = consent_after_refusal(source);
        assert!(!reason.starts_with("refusal-"), "{source}: {reason}");
    }
}

#[test]
fn dots_do_not_put_the_day_first_where_the_column_shows_the_month_first() {
    let crm = "email,first_name,country,newsletter,opt_in_date,consent_source\n\
        jane@acme-demo.com,Jane,US,yes,2026-06-01,web form\n";
    let reason = |rest: &[&str]| {
        let mut unsub = "email,unsubscribed_at\njane@acme-demo.com,12.03.2026\n".to_owned();
        for (i, date) in rest.iter().enumerate() {
            unsub += &format!("p{i}@acme-demo.com,{date}\n");
        }
        // Of two equal options the last counts.
        let more = ["--send-date", "2026-12-20"];
        let scratch = Scratch::new();
        let sources = scratch.write(&[("crm.csv", crm.to_owned()), ("unsub.csv", unsub)]);
        let out = scratch.path("run");
        let mut args = vec!["clean", sources[0].to_str().unwrap(), sources[1].to_str().unwrap()];
        args.extend(["--out", out.to_str().unwrap()].iter().chain(&more));
        let said = contactable(&args);
        assert!(out.exists(), "{}", said.stderr);
        read_csv(&out.join("contacts.csv"))[0]["email_reason"].clone()
    };
    // December, after the consent.
    assert!(reason(&["12.25.2025", "11.30.2026"]).starts_with("refusal-"));
    // Both orders in one column: the later reading of the refusal counts.
    assert!(reason(&["12.25.2025", "25.12.2025"]).starts_with("refusal-"));
    // March: the consent came later.
    assert!(!reason(&["25.12.2025", "30.11.2026"]).starts_with("refusal-"));
    assert!(!reason(&[]).starts_with("refusal-"));
}

const PEOPLE: &str = "email,first name,country\ncat@acme-demo.com,Cat,US\neve@acme-demo.com,Eve,US\n";

/// What blocks Cat's and Eve's e-mail beside a stream of events, and how many contacts there are.
fn beside(name: &str, stream: &str) -> (String, String, usize) {
    let people = contacts(&[("crm.csv", PEOPLE), (name, stream)], &[]);
    let reason = |name: &str| of(&people, name)["email_reason"].clone();
    (reason("Cat"), reason("Eve"), people.len())
}

#[test]
fn streams_of_vendors_events_refuse_whom_they_name() {
    for (stream, expected) in [
        // Mailgun.
        (
            r#"{"event":"failed","severity":"permanent","recipient":"cat@acme-demo.com","timestamp":1767225600.5}
{"event":"delivered","recipient":"eve@acme-demo.com","timestamp":1767225600.5}"#,
            "bounce-hard",
        ),
        (
            r#"{"event":"complained","recipient":"cat@acme-demo.com","timestamp":1767225600.5}
{"event":"opened","recipient":"eve@acme-demo.com","timestamp":1767225600.5}"#,
            "refusal-complaint",
        ),
        // HubSpot.
        (
            r#"{"recipient":"cat@acme-demo.com","type":"SPAMREPORT","created":1767225600000}
{"recipient":"eve@acme-demo.com","type":"OPEN","created":1767225600000}"#,
            "refusal-complaint",
        ),
        // Amazon SES.
        (
            r#"{"eventType":"Bounce","bounce":{"bounceType":"Permanent","timestamp":"2026-01-01T00:00:00Z","bouncedRecipients":[{"emailAddress":"cat@acme-demo.com"}]},"mail":{"destination":["cat@acme-demo.com"]}}
{"eventType":"Delivery","mail":{"destination":["eve@acme-demo.com"]}}"#,
            "bounce-hard",
        ),
        (
            r#"{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"cat@acme-demo.com"}]},"mail":{"destination":["cat@acme-demo.com"]}}"#,
            "refusal-complaint",
        ),
    ] {
        let (cat, eve, people) = beside("events.jsonl", stream);
        assert_eq!((cat.as_str(), eve.as_str(), people), (expected, "basis-none-needed", 2), "{stream}");
    }
    // Klaviyo.
    for (metric, expected) in [
        ("Marked Email as Spam", "refusal-complaint"),
        ("Bounced Email", "bounce-hard"),
        ("Unsubscribed", "refusal-withdrawn"),
        ("Unsubscribed from Email Marketing", "refusal-withdrawn"),
    ] {
        for header in ["event", "metric"] {
            let stream = format!(
                "email,{header},timestamp\ncat@acme-demo.com,{metric},2026-05-01\neve@acme-demo.com,Opened Email,2026-05-01\n"
            );
            let (cat, eve, people) = beside("klaviyo.csv", &stream);
            assert_eq!((cat.as_str(), people), (expected, 2), "{header} {metric}");
            assert_eq!(eve, "basis-none-needed", "{header} {metric}");
        }
    }
}

#[test]
fn mail_that_came_back_for_now_is_no_hard_bounce() {
    for stream in [
        r#"{"event":"failed","severity":"temporary","recipient":"cat@acme-demo.com","timestamp":1767225600.5}"#,
        r#"{"eventType":"Bounce","bounce":{"bounceType":"Transient","timestamp":"2026-01-01T00:00:00Z","bouncedRecipients":[{"emailAddress":"cat@acme-demo.com"}]},"mail":{"destination":["cat@acme-demo.com"]}}"#,
    ] {
        let (cat, ..) = beside("events.jsonl", stream);
        assert_eq!(cat, "basis-none-needed", "{stream}");
    }
    for (sort, expected) in
        [("hard", "bounce-hard"), ("Permanent", "bounce-hard"), ("soft", "basis-none-needed")]
    {
        let crm = format!("email,first name,country,bounce_type\njane@fernhill.org,Jane,US,{sort}\n");
        assert_eq!(jane(&[("crm.csv", &crm)], &[]).0["email_reason"], expected, "{sort}");
    }
}

#[test]
fn an_object_within_an_object_is_read() {
    for object in [
        r#"{"email":"jane@acme-demo.com","first_name":"Jane","country":"US","preferences":{"marketing":false}}"#,
        r#"{"email":"jane@acme-demo.com","first_name":"Jane","country":"US","attributes":{"email_opt_in":false}}"#,
        r#"{"email":"jane@acme-demo.com","first_name":"Jane","country":"US","attributes":{"unsubscribed":true}}"#,
        r#"{"email":"jane@acme-demo.com","first_name":"Jane","country":"US","tags":["vip","unsubscribed"]}"#,
    ] {
        let reason = &jane(&[("people.jsonl", object)], &[]).0["email_reason"];
        assert!(reason.starts_with("refusal-"), "{object}: {reason}");
    }
    let cell = |object: &str| {
        let crm = format!(
            "email,phone,first name,country,consents\njane@acme-demo.com,+15032261007,Jane,US,\"{object}\"\n"
        );
        jane(&[("crm.csv", &crm)], &["--lists", "reachable"]).0
    };
    let email = cell(r#"{""email"":false,""sms"":true}"#);
    assert!(refused(&email, "email") && !refused(&email, "sms"), "{}", email["email_reason"]);
    let sms = cell(r#"{""email"":true,""sms"":false}"#);
    assert!(!refused(&sms, "email") && refused(&sms, "sms"), "{}", sms["sms_reason"]);
}

#[test]
fn a_property_and_its_value_are_a_header_and_its_cell() {
    for table in [
        "contact_email,property,new_value,changed_at\ncat@acme-demo.com,marketing_consent,No,2026-05-01\neve@acme-demo.com,city,Paris,2026-05-01\n",
        "email,attribute,value\ncat@acme-demo.com,email_opt_in,no\neve@acme-demo.com,email_opt_in,yes\n",
        "email,field,value\ncat@acme-demo.com,unsubscribed,true\neve@acme-demo.com,unsubscribed,false\n",
        "email,change,at\ncat@acme-demo.com,removed,2026-05-01\neve@acme-demo.com,added,2026-05-01\n",
    ] {
        let (cat, eve, people) = beside("changes.csv", table);
        assert!(cat.starts_with("refusal-"), "{table}: {cat}");
        assert_eq!((eve.as_str(), people), ("basis-none-needed", 2), "{table}");
    }
}
