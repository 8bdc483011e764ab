//! What people write of somebody who is not to be contacted, in whatever column and language; and those who have died.

use super::{CRM, among, refused, refuses};
use crate::run::{Scratch, clean, contactable, jane, read_csv};
use std::fmt::Write as _;

#[test]
fn a_remark_of_a_death_binds_whoever_holds_the_point() {
    for cells in [
        "jane.doe@fernhill.org (deceased),",
        "jane.doe@fernhill.org - verstorben,",
        "jane.doe@fernhill.org \u{2013} verstorben,",
        "jane.doe@fernhill.org (passed away),",
        ",+44 7911 123456 (deceased)",
        ",+44 7911 123456 d\u{e9}c\u{e9}d\u{e9}",
    ] {
        let remarked = format!("first name,email,phone,country\nZoe,{cells},US\n");
        let (jane, out, scratch) = jane(&[("a.csv", CRM), ("b.csv", &remarked)], &[]);
        let of_mail = cells.contains('@');
        for channel in if of_mail { &["email"][..] } else { &["sms", "call"] } {
            let reason = &jane[&format!("{channel}_reason")];
            assert_eq!(reason, "refusal-deceased", "{cells}: {channel}");
        }
        // Neither the next run nor a later yes brings anybody back.
        let yes = "email,phone,event,channel,timestamp,source\n\
            jane.doe@fernhill.org,+447911123456,consent_given,,2026-06-01,web form\n";
        scratch.write(&[("yes.csv", yes)]);
        let next = scratch.path("next");
        let sources = [scratch.path("a.csv"), scratch.path("yes.csv"), out.join("suppression.csv")];
        clean(&sources, &next, &["--as", "consent-events=yes.csv"]);
        let again = read_csv(&next.join("contacts.csv")).into_iter().find(|c| c["first_name"] == "Jane");
        let channel = if of_mail { "email" } else { "call" };
        assert!(refused(&again.unwrap(), channel), "{cells} in the next run");
    }
    // A number out of service is no refusal.
    let gone = "first name,email,phone,country\nZoe,,+44 7911 123456 (out of service),US\n";
    assert!(!refused(&jane(&[("a.csv", CRM), ("b.csv", gone)], &[]).0, "call"));
}

#[test]
fn a_mark_of_a_death_is_one_in_any_column() {
    let others = ["Active", "Active", "Lead", "Active", "Customer"];
    for header in ["Status", "Tags", "Notes", "Segment", "Info"] {
        for cell in ["deceased", "Deceased 2023", "passed away", "Verstorben", "d\u{e9}c\u{e9}d\u{e9}e"] {
            assert_eq!(among(header, cell, &others), "refusal-deceased", "{header} {cell}");
        }
        for cell in ["not deceased", "dead lead", "Deceasington"] {
            assert_eq!(among(header, cell, &others), "basis-none-needed", "{header} {cell}");
        }
    }
}

#[test]
fn marks_are_read_in_the_languages_people_write_them() {
    let others = ["Active", "Active", "Lead", "Active", "Customer"];
    for header in ["Status", "Tags", "Notes"] {
        for cell in [
            "no_email",
            "NoEmail",
            "no mail",
            "stop emails",
            "optouts",
            "opt_outs_2024",
            "unsubbed",
            "former subscriber",
            "asked to be removed",
            "removed by request",
            "blacklisted",
            "Robinson list",
            "GDPR erasure requested",
            "right to be forgotten",
            "Widerspruch eingelegt",
            "hat Einwilligung widerrufen",
            "ne souhaite plus recevoir",
            "se ha dado de baja",
            "descadastrado",
            "afgemeld",
            "avanm\u{e4}ld",
            "odhl\u{e1}\u{161}en",
            "leiratkozott",
            "\u{43e}\u{442}\u{43f}\u{438}\u{441}\u{430}\u{43b}\u{441}\u{44f}",
            "\u{43d}\u{435} \u{43f}\u{438}\u{441}\u{430}\u{442}\u{44c}",
            "\u{914d}\u{4fe1}\u{505c}\u{6b62}",
            "\u{9000}\u{8ba2}",
        ] {
            let reason = among(header, cell, &others);
            assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
        }
        for cell in ["email ok", "kein Widerspruch", "wants emails", "sends no mailers", "list member"] {
            assert_eq!(among(header, cell, &others), "basis-none-needed", "{header} {cell}");
        }
    }
}

#[test]
fn a_mark_in_a_name_or_a_preference_refuses() {
    for (header, cells) in [
        ("full name", ["Jane Doe DO NOT CONTACT", "Jane (deceased)", "Jane - unsubscribed"]),
        ("last name", ["Doe **DO NOT EMAIL**", "Doe (opted out)", "Doe/verstorben"]),
        ("communication preference", ["Do not contact", "No email", "Stop"]),
    ] {
        for cell in cells {
            let reason = among(header, cell, &["Roe", "Poe", "Moe"]);
            assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
        }
    }
    // Somebody may be called so.
    for header in ["full name", "last name"] {
        for name in ["Stop", "Abuse", "Cancel"] {
            assert_eq!(among(header, name, &["Roe", "Poe"]), "basis-none-needed", "{header} {name}");
        }
    }
    for (header, cell) in [
        ("abonn\u{e9}", "non"),
        ("zapisany", "nie"),
        ("exclude from mailing", "1"),
        ("donotbulkemail", "Do Not Allow"),
        ("do not promote", "Y"),
        ("marketing_emails_enabled", "false"),
        ("email_notifications", "off"),
        ("Newsletter", "storniert"),
        ("solicit code", "No Solicitations"),
        ("mail code", "no comms"),
        ("opt-in", "nope"),
        ("contactable", "no"),
        ("Keep me updated", "No"),
        ("Privacy marketing", "NO"),
        ("配信可否", "不可"),
        ("Opt out channels", "email"),
        ("Blocked channels", "sms; email"),
        ("Reason for leaving", "too many mails"),
    ] {
        let reason = among(header, cell, &["", "", ""]);
        assert!(reason.starts_with("refusal-"), "{header} {cell}: {reason}");
    }
    // Whoever stands under the lists somebody left has left them.
    let reason = among("unsubscribed lists", "Newsletter; Promotions", &["", "", ""]);
    assert!(reason.starts_with("refusal-"), "{reason}");
}

#[test]
fn domains_and_numbers_in_more_dresses() {
    for text in
        ["@*.fernhill.org\n", "(*)@fernhill.org\n", "domain\nFERNHILL.ORG.\n", "pattern\n@*.fernhill.org\n"]
    {
        refuses("suppression.csv", text, "email");
    }
    // A number without its plus in a row that is cut at the wrong place.
    for text in ["phone\n44 7911123456,\n", "name,phone\nDoe,Jane,447911123456\n"] {
        refuses("do-not-call.csv", text, "call");
    }
    // As the numbers were written before those countries changed them.
    for (today, before) in [
        ("+525512345678", "+5215512345678"),
        ("+5511987654321", "+551187654321"),
        ("+5491123456789", "+541123456789"),
    ] {
        let crm = format!("first name,phone,country\nJane,{today},US\n");
        let (jane, ..) = jane(&[("crm.csv", &crm), ("do-not-call.csv", &format!("phone\n{before}\n"))], &[]);
        assert!(refused(&jane, "call"), "{before}: {}", jane["call_reason"]);
    }
    for bounced in
        ["bounce+jane.doe=fernhill.org@mail.elmgrove.net", "SRS0=kx=t7=fernhill.org=jane.doe@elmgrove.net"]
    {
        refuses("unsubscribes.csv", &format!("email\n{bounced}\nyan@elmgrove.net\n"), "email");
    }
    let log = "2024-01-01 12:00 unsubscribe email=jane.doe@fernhill.org id=1\n2024-01-02 12:00 unsubscribe email=zoe@elmgrove.net id=2\n";
    refuses("unsubscribes.txt", log, "email");
    use sha2::Digest;
    let digest =
        |text: &str| sha2::Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let crm = "first name,email,phone,country\nJane,jane.doe+news@fernhill.org,,US\n";
    let list = format!("hash\n{}\n", digest("jane.doe@fernhill.org"));
    let (jane, _, scratch) = jane(&[("crm.csv", crm), ("suppression.csv", &list)], &[]);
    assert!(refused(&jane, "email"), "a partner's digest is of the address without its tag");
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let (crm, list) = (path("crm.csv"), path("suppression.csv"));
    let said = contactable(&["check", &crm, "--channel", "email", "--against", &list]);
    assert!(!said.stdout.contains("Jane"), "{}", said.stdout);
}

#[test]
fn check_heeds_a_remark_beside_what_it_does_not_look_for() {
    let scratch = crate::run::Scratch::new();
    let list = "first name,email,phone\nJane,jane.doe@fernhill.org,+44 7911 123456 (do not contact)\n\
        Kim,kim@fernhill.org,+44 7911 123457 (do not call)\nLou,lou@fernhill.org (deceased),+447911123458\n";
    scratch.write(&[("list.csv", list), ("suppression.csv", "email\nzoe@elmgrove.net\n")]);
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let (list, against) = (path("list.csv"), path("suppression.csv"));
    // A domain that is listed for texts alone can only mean the people who have an address there.
    let domain = "point,kind,channels\n@fernhill.org,domain,sms\nzoe@elmgrove.net,email,email\n";
    let plain = "first name,email,phone\nJane,jane.doe@fernhill.org,+447911123456\n";
    scratch.write(&[("domain.csv", domain), ("plain.csv", plain)]);
    let (domain, plain) = (path("domain.csv"), path("plain.csv"));
    for (channel, passes) in [("email", true), ("sms", false), ("call", true)] {
        let said = contactable(&["check", &plain, "--channel", channel, "--against", &domain]);
        assert_eq!(said.stdout.contains("Jane"), passes, "{channel}");
    }
    for (channel, passes) in [("email", vec!["Kim"]), ("sms", vec![])] {
        let said = contactable(&["check", &list, "--channel", channel, "--against", &against]);
        for name in ["Jane", "Kim", "Lou"] {
            assert_eq!(
                said.stdout.contains(name),
                passes.contains(&name),
                "{channel} {name}: {}",
                said.stdout
            );
        }
    }
}

/// Nothing in the rows that a column is judged by shows that marks stand in it.
#[test]
fn a_mark_far_down_a_column_refuses() {
    let mut crm = "full name,email,country,info,page\n".to_owned();
    for i in 0..12_000 {
        let (name, info) = match i {
            11_000 => ("Jane Doe (do not contact)", ""),
            11_001 => ("Ann Roe", "asked to opt out"),
            _ => ("Ann Roe", "met at the fair"),
        };
        let page = format!("https://fernhill.org/unsubscribe?id={i}");
        let _ = writeln!(crm, "{name} {i},p{i}@fernhill.org,US,{info},{page}");
    }
    let scratch = Scratch::new();
    scratch.write(&[("crm.csv", &crm), ("unsubscribed.csv", &"email\nx@y.example\n".to_owned())]);
    let [list, out, against] = ["crm.csv", "run", "unsubscribed.csv"].map(|name| scratch.path(name));
    clean(std::slice::from_ref(&list), &out, &[]);
    let contacts = read_csv(&out.join("contacts.csv"));
    let blocked: Vec<_> =
        contacts.iter().filter(|c| c["email_decision"] == "blocked").map(|c| c["email"].as_str()).collect();
    assert_eq!(blocked, ["p11000@fernhill.org", "p11001@fernhill.org"]);
    let [list, against] = [&list, &against].map(|path| path.to_str().unwrap());
    let said = contactable(&["check", list, "--channel", "email", "--against", against]);
    assert_eq!(said.stdout.lines().count(), 1 + 12_000 - 2, "{}", said.stderr);
    assert!(!said.stdout.contains("p11000@") && !said.stdout.contains("p11001@"));
}
