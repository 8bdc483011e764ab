//! What vendors' systems tell of people who want no more: complaints, answers to texts, streams of events.

use super::among;

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
}
