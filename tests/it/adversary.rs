//! Attacks on promise 2: how the world writes a refusal, and where it hides one. Every case here slipped through once.

mod files;
mod marks;
mod nobody;
mod revived;
mod scope;
mod streams;

use crate::run::{Record, Scratch, contactable, jane, read_csv};

const CRM: &str = "first name,last name,email,phone,country\n\
    Jane,Doe,jane.doe@fernhill.org,+447911123456,US\n\
    Bob,Stone,bob@stonemill.org,+12127365000,US\n";

fn refused(record: &Record, channel: &str) -> bool {
    record[&format!("{channel}_reason")].starts_with("refusal-")
}

/// The file refuses Jane on the channel, and Bob nothing.
fn refuses(name: &str, text: &str, channel: &str) {
    let (jane, out, _scratch) = jane(&[("crm.csv", CRM), (name, text)], &[]);
    assert!(refused(&jane, channel), "{name} {text:?}: {}", jane[&format!("{channel}_reason")]);
    let contacts = read_csv(&out.join("contacts.csv"));
    let bob = contacts.iter().find(|c| c["first_name"] == "Bob").unwrap();
    assert!(!refused(bob, channel), "{name} {text:?} refuses Bob too");
}

/// Jane among others under a header of one file; what blocks her e-mail.
fn among(header: &str, cell: &str, others: &[&str]) -> String {
    let mut crm = format!("first name,email,country,{header}\nJane,jane.doe@fernhill.org,US,{cell}\n");
    for (i, other) in others.iter().enumerate() {
        crm += &format!("P{i},p{i}@stonemill.org,US,{other}\n");
    }
    jane(&[("crm.csv", &crm)], &[]).0["email_reason"].clone()
}

#[test]
fn an_address_within_something_else_is_refused() {
    for cell in [
        "Jane Doe jane.doe@fernhill.org",
        "email jane.doe@fernhill.org please",
        "jane.doe@fernhill.org - unsubscribed",
        "jane.doe@fernhill.org?subject=x",
        "zoe@elmgrove.net:jane.doe@fernhill.org",
        "[jane.doe@fernhill.org](mailto:jane.doe@fernhill.org)",
        "<a href='mailto:jane.doe@fernhill.org'>x</a>",
        "jane.doe[at]fernhill.org",
        "jane.doe AT fernhill DOT org",
        "jane.doe%40fernhill.org",
        "jane. doe@fernhill.org",
        "*jane.doe@fernhill.org",
        "\u{feff}\0jane.doe@fernhill.org\0",
        "zoe@elmgrove.net\u{b}jane.doe@fernhill.org",
        "\"=HYPERLINK(\"\"mailto:jane.doe@fernhill.org\"\",\"\"x\"\")\"",
        "\"jane.doe@fernhill.org,2024-01-01\"",
    ] {
        refuses("unsubscribes.csv", &format!("email\n{cell}\nyan@elmgrove.net\n"), "email");
    }
    // Lines whose cells were cut at the wrong place, or not at all.
    for text in [
        "email^date\njane.doe@fernhill.org^2024-01-01\n",
        "email,reason\nzoe@elmgrove.net,x\n\"jane.doe@fernhill.org,x\n",
        "zoe@elmgrove.net jane.doe@fernhill.org\n",
        "\"Doe, Jane\" <jane.doe@fernhill.org>\n",
    ] {
        refuses("unsubscribes.csv", text, "email");
    }
}

/// As a word processor writes it in the list of those who left.
#[test]
fn a_typographic_apostrophe_refuses_the_address_with_a_straight_one() {
    let crm = "first name,email,country\nJane,jane.o'doe@fernhill.org,US\n";
    for cell in ["jane.o\u{2019}doe@fernhill.org", "Jane.O\u{2018}Doe@fernhill.org"] {
        let list = format!("email\n{cell}\n");
        let (jane, ..) = jane(&[("crm.csv", crm), ("unsubscribes.csv", &list)], &[]);
        assert!(refused(&jane, "email"), "{cell}: {}", jane["email_reason"]);
    }
}

#[test]
fn what_stands_within_a_contacts_cell_is_refused_with_it() {
    let crm = "first name,email,country,unsubscribed\n\
        Jane,jane.doe@fernhill.org,US,\nJoan,Joan (jane.doe@fernhill.org) old,US,yes\n";
    assert!(refused(&jane(&[("crm.csv", crm)], &[]).0, "email"));
}

#[test]
fn a_mark_in_any_column_is_a_refusal() {
    let others = ["Active", "Active", "Lead", "Active", "Customer"];
    for header in
        ["Status", "Customer status", "Tags", "Notes", "Segment", "Email status", "Flag", "Info", ""]
    {
        for cell in ["Unsubscribed", "UNSUB - do not contact", "Do not contact", "opted out"] {
            let reason = among(header, cell, &others);
            assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
        }
        assert_eq!(among(header, "Bounced", &others), "bounce-hard", "{header}");
        for cell in ["Active", "Cancelled", "never unsubscribed", "subscribed", "Doncaster"] {
            // Under a header of permission a word is heard that says nothing under another.
            if header == "Email status" && ["Cancelled", "Doncaster"].contains(&cell) {
                assert_ne!(among(header, cell, &others), "basis-none-needed", "{header} {cell}");
                continue;
            }
            assert_eq!(among(header, cell, &others), "basis-none-needed", "{header} {cell}");
        }
    }
    // It speaks of the channels it names, and never for a consent.
    let crm = "first name,email,phone,country,tags\n\
        Jane,jane@fernhill.org,+4915112345678,DE,\"vip; do not call\"\nBob,bob@stonemill.org,,DE,subscribed\n";
    let (jane, out, _scratch) = jane(&[("crm.csv", crm)], &[]);
    assert!(refused(&jane, "call") && !refused(&jane, "email"), "{}", jane["email_reason"]);
    let contacts = read_csv(&out.join("contacts.csv"));
    assert_eq!(contacts[1]["email_reason"], "consent-never-asked", "a tag grants nothing");
}

#[test]
fn a_no_in_its_own_words_is_a_no() {
    let others = ["yes", "yes", "no", "yes"];
    for header in ["Newsletter", "Opt-In", "E-Mail erlaubt", "Mailing OK?", "Can email", "ok to email"] {
        for cell in [
            "No thanks",
            "nein danke",
            "not allowed",
            "no (called 3/4)",
            "0.0",
            "\u{2717}",
            "unsubscribed 2024",
        ] {
            let reason = among(header, cell, &others);
            assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
        }
        for cell in ["", "not asked", "no answer", "-"] {
            assert_eq!(among(header, cell, &others), "basis-none-needed", "{header} {cell}");
        }
    }
    // What only may be permission never grants it.
    let crm = "first name,email,country,Mailing OK?,consent date,consent source\n\
        Jane,jane@fernhill.org,GB,yes,2026-01-01,web form\n";
    assert!(jane(&[("crm.csv", crm)], &[]).0["email_decision"] == "blocked");
}

#[test]
fn a_zero_of_a_calendar_dates_no_refusal() {
    for zero in ["1970-01-01", "1970-01-01T00:00:00Z", "1899-12-30", "1447-09-01"] {
        let events = format!(
            "email,event,channel,timestamp,source\njane.doe@fernhill.org,consent_withdrawn,email,{zero},web\n\
            jane.doe@fernhill.org,consent_given,email,2026-01-01,web\n"
        );
        refuses("consent-events.csv", &events, "email");
    }
}

#[test]
fn digests_and_domains_in_the_dress_of_other_tools() {
    use sha2::Digest;
    let digest: String =
        sha2::Sha256::digest("jane.doe@fernhill.org").iter().map(|b| format!("{b:02x}")).collect();
    for cell in [
        format!("sha256={digest}"),
        format!("{{SHA256}}{digest}"),
        format!("'{digest}'"),
        format!("\\x{digest}"),
    ] {
        refuses("suppression.csv", &format!("hash\n{cell}\n"), "email");
    }
    for text in [
        "fernhill.org\nelmgrove.net\n",
        "domain\nwww.fernhill.org\n",
        "domain\nhttps://fernhill.org/contact\n",
        "Domain Name\nfernhill.org\n",
        "domaine\nfernhill.org\n",
        "email\n.fernhill.org\n",
        "Entry,Type\nfernhill.org,Domain\n",
    ] {
        refuses("suppression.csv", text, "email");
    }
    refuses("unsubscribes.csv", "fernhill.org\n", "email");
}

#[test]
fn a_number_written_as_it_is_dialled_binds() {
    for cell in [
        "011447911123456",
        "01144 7911 123456",
        "44 07911 123456",
        "447911123456@c.us",
        "447911123456@s.whatsapp.net",
    ] {
        refuses("unsubscribes.csv", &format!("phone\n{cell}\n"), "call");
    }
    refuses("unsubscribes.csv", "phone,country\n447911123456,DE\n+447911120000,GB\n", "call");
}

#[test]
fn refusals_that_cannot_be_read_are_said_first() {
    let run = |text: &str| {
        let scratch = Scratch::new();
        let sources = scratch.write(&[("crm.csv", CRM), ("suppression.csv", text)]);
        let out = scratch.path("run");
        let [crm, list] = [&sources[0], &sources[1]].map(|p| p.to_str().unwrap());
        contactable(&["clean", crm, list, "--out", out.to_str().unwrap()]).stdout
    };
    let said = run(&format!("hash\n{}\n", "a".repeat(96)));
    assert!(said.contains("! 1 row of refusals could not be read"), "{said}");
    assert!(!run("email\nzoe@elmgrove.net\n").contains("could not be read"));
}

#[test]
fn a_list_that_is_checked_is_read_alike() {
    for (header, cell) in
        [("tags", "Unsubscribed"), ("status", "Do not contact"), ("Newsletter", "No thanks")]
    {
        let scratch = Scratch::new();
        let list = format!(
            "email,{header}\njane.doe@fernhill.org,{cell}\nbob@stonemill.org,Active\np1@stonemill.org,Active\n"
        );
        let files =
            scratch.write(&[("list.csv", list.as_str()), ("suppression.csv", "email\nzoe@elmgrove.net\n")]);
        let [list, against] = [&files[0], &files[1]].map(|p| p.to_str().unwrap());
        let said = contactable(&["check", list, "--channel", "email", "--against", against]);
        assert!(!said.stdout.contains("jane.doe"), "{header} {cell}: {}", said.stdout);
        assert!(said.stdout.contains("bob@stonemill.org"), "{header} {cell}");
    }
}

#[test]
fn a_remark_beside_a_point_binds_whoever_holds_it() {
    let other = "first name,email,phone,country\nJane,jane.doe@fernhill.org,+447911123456,US\n";
    for (cells, bound, free) in [
        (",+44 7911 123456 (do not call)", vec!["call", "sms"], "email"),
        ("jane.doe@fernhill.org (unsubscribed),", vec!["email"], "call"),
        // At an address that two people hold it goes no further than the address.
        ("jane.doe@fernhill.org (do not contact),", vec!["email"], "call"),
    ] {
        let remarked = format!("first name,email,phone,country\nZoe,{cells},US\n");
        let (jane, out, scratch) = jane(&[("a.csv", other), ("b.csv", &remarked)], &[]);
        for channel in &bound {
            assert!(refused(&jane, channel), "{cells}: {channel}: {}", jane[&format!("{channel}_reason")]);
        }
        assert!(!refused(&jane, free), "{cells}: {free}");
        let list = std::fs::read_to_string(out.join("suppression.csv")).unwrap();
        assert!(list.contains("do_not_contact") || list.contains("suppressed"), "{cells}: {list}");
        // The next run, without the file that had the remark.
        let next = scratch.path("next");
        crate::run::clean(&[scratch.path("a.csv"), out.join("suppression.csv")], &next, &[]);
        let again = &read_csv(&next.join("contacts.csv"))[0];
        for channel in &bound {
            assert!(refused(again, channel), "{cells}: {channel} in the next run");
        }
        let list = scratch.path("b.csv");
        let against = out.join("suppression.csv");
        let asked = if bound[0] == "call" { "call" } else { "email" };
        let [list, against] = [&list, &against].map(|p| p.to_str().unwrap());
        let said = contactable(&["check", list, "--channel", asked, "--against", against]);
        assert!(!said.stdout.contains("Zoe"), "{cells}: {}", said.stdout);
    }
    // A number that reaches nobody is no refusal of its next holder.
    let gone = "first name,email,phone,country\nZoe,,+44 7911 123456 (wrong number),US\n";
    assert!(!refused(&jane(&[("a.csv", other), ("b.csv", gone)], &[]).0, "call"));
}
