//! Which channels a refusal speaks of, where the row says it in a cell of its own, where the file has addresses and the
//! row has none, and where a column named after a channel answers yes or no.

use super::{CRM, refused, refuses};
use crate::run::{Record, Scratch, contactable, jane, read_csv};
use contactable::cli::Exit;
use std::fmt::Write as _;

/// Jane's record after a list of refusals beside the CRM.
fn after(name: &str, text: &str) -> Record {
    jane(&[("crm.csv", CRM), (name, text)], &[]).0
}

#[test]
fn a_list_of_people_who_left_says_in_a_column_which_channel() {
    for name in ["unsubscribes.csv", "optouts.csv", "unsubs-2026.csv"] {
        for header in
            ["channel", "Kanal", "medium", "type", "list", "unsubscribed_from", "Unsubscribed Channel"]
        {
            let list = format!(
                "email,{header},date\njane.doe@fernhill.org,sms,2026-05-01\nzoe@elmgrove.net,email,2026-05-02\n"
            );
            let jane = after(name, &list);
            assert!(refused(&jane, "sms"), "{name} {header}: {}", jane["sms_reason"]);
            // A column of another name may tell by which way it was said: e-mail is refused too.
            let narrow = ["channel", "Kanal"].contains(&header);
            assert_eq!(refused(&jane, "email"), !narrow, "{name} {header}");
        }
        // By which way people said it narrows nothing, and widens nothing.
        for header in ["method", "source", "Opt-out received by", "via"] {
            let list = format!(
                "email,{header},date\njane.doe@fernhill.org,phone,2026-05-01\nzoe@elmgrove.net,email,2026-05-02\n"
            );
            assert!(refused(&after(name, &list), "email"), "{name} {header}");
        }
    }
    // Several, all of them, and what is not understood.
    for cell in ["email;sms", "all", "Both", "everything", ""] {
        let list = format!(
            "email,channel,date\njane.doe@fernhill.org,{cell},2026-05-01\nzoe@elmgrove.net,email,2026-05-02\n"
        );
        let jane = after("unsubscribes.csv", &list);
        assert!(refused(&jane, "sms") && refused(&jane, "email"), "{cell:?}");
    }
    let by_number = "phone,channel,date\n+447911123456,email,2026-05-01\n+12125550100,sms,2026-05-02\n";
    assert!(refused(&after("unsubscribes.csv", by_number), "email"));
    // A column of something else narrows nothing.
    refuses("unsubscribes.csv", "email,type\njane.doe@fernhill.org,hard\nzoe@elmgrove.net,soft\n", "email");
}

#[test]
fn check_and_suppress_read_the_channel_of_the_row() {
    let scratch = Scratch::new();
    let list =
        "email,channel,date\njane.doe@fernhill.org,sms,2026-05-01\nzoe@elmgrove.net,email,2026-05-02\n";
    scratch.write(&[("crm.csv", CRM), ("unsubscribes.csv", list)]);
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let made = contactable(&["suppress", &path("unsubscribes.csv"), "--out", &path("all.idx")]);
    assert_eq!(made.exit, Exit::Done, "{}", made.stderr);
    for against in ["unsubscribes.csv", "all.idx"] {
        let passes = |channel: &str| {
            let said =
                contactable(&["check", &path("crm.csv"), "--channel", channel, "--against", &path(against)]);
            said.stdout.contains("Jane")
        };
        assert!(!passes("sms") && passes("email"), "{against}");
    }
}

#[test]
fn a_row_without_an_address_refuses_what_it_has() {
    let lists = [
        "phone,email,unsubscribed_at\n+447911123456,,2026-05-01\n,zoe@elmgrove.net,2026-05-01\n",
        "phone,email,unsubscribed_at\n+447911123456,n/a,2026-05-01\n,zoe@elmgrove.net,2026-05-01\n",
    ];
    for list in lists {
        let jane = after("unsubscribed.csv", list);
        assert!(refused(&jane, "sms") && refused(&jane, "call"), "{list}");
    }
    // One file is enough; a row with an address refuses e-mail as ever.
    for header in ["Unsubscribed", "Unsubscribed At", "Status", "Tags"] {
        let (no, yes) = match header {
            "Unsubscribed" => ("TRUE", "FALSE"),
            "Unsubscribed At" => ("2026-05-01", ""),
            _ => ("Unsubscribed", "Subscribed"),
        };
        let crm = format!(
            "first name,phone,email,country,{header}\nJane,+447911123456,,US,{no}\n\
             Bob,+12127365000,bob@stonemill.org,US,{no}\nCat,+12127365003,,US,{yes}\nDan,,dan@stonemill.org,US,{yes}\n"
        );
        let (jane, out, scratch) = jane(&[("crm.csv", &crm)], &[]);
        assert!(refused(&jane, "sms") && refused(&jane, "call"), "{header}: {}", jane["sms_reason"]);
        let contacts = read_csv(&out.join("contacts.csv"));
        let of = |name: &str| contacts.iter().find(|c| c["first_name"] == name).unwrap();
        assert!(refused(of("Bob"), "email") && !refused(of("Bob"), "call"), "{header}");
        assert!(!refused(of("Cat"), "call"), "{header}");
        let path = scratch.path("crm.csv");
        scratch.write(&[("other.csv", "email\nyan@elmgrove.net\n")]);
        let other = scratch.path("other.csv");
        let args =
            ["check", path.to_str().unwrap(), "--channel", "call", "--against", other.to_str().unwrap()];
        let passed = contactable(&args).stdout;
        assert!(
            !passed.contains("Jane") && passed.contains("Cat") && passed.contains("Bob"),
            "{header}: {passed}"
        );
    }
    // A header that names e-mail says nothing of the number.
    let crm = "first name,phone,email,country,unsubscribed from e-mail\nJane,+447911123456,,US,yes\nBob,,bob@stonemill.org,US,no\n";
    assert!(!refused(&jane(&[("crm.csv", crm)], &[]).0, "call"));
}

#[test]
fn one_header_over_two_columns_speaks_of_both_points() {
    let crm = "First name,Email,Unsubscribed,Phone,Unsubscribed,Country\n\
        Jane,jane.doe@fernhill.org,no,+447911123456,yes,US\nBob,bob@stonemill.org,no,+12127365000,no,US\n";
    let (_, out, _scratch) = jane(&[("crm.csv", crm)], &[]);
    let contacts = read_csv(&out.join("contacts.csv"));
    let jane = contacts.iter().find(|c| c["emails"].contains("jane")).unwrap();
    let bob = contacts.iter().find(|c| c["emails"].contains("bob")).unwrap();
    assert!(refused(jane, "sms") && refused(jane, "call"), "{}", jane["sms_reason"]);
    assert!(!refused(bob, "email") && !refused(bob, "call"));
}

#[test]
fn a_column_that_asks_whether_to_send_refuses_by_a_no() {
    for header in ["send?", "Send", "include", "Include?"] {
        let crm = format!(
            "first name,email,country,{header}\nJane,jane.doe@fernhill.org,US,no\nBob,bob@stonemill.org,US,yes\nCat,cat@stonemill.org,US,yes\n"
        );
        let (jane, out, _scratch) = jane(&[("crm.csv", &crm)], &[]);
        assert!(refused(&jane, "email"), "{header}: {}", jane["email_reason"]);
        assert_eq!(read_csv(&out.join("email.csv")).len(), 2, "{header}");
    }
}

/// Jane's cells under four headers, among others who said yes to all.
fn matrix(headers: &str, answers: &str, yes: &str) -> Record {
    let mut crm = format!("First name,E-mail address,Mobile number,Street,City,Country,{headers}\n");
    let _ = writeln!(crm, "Jane,jane.doe@fernhill.org,+447911123456,1 Elm Rd,Albany,US,{answers}");
    for at in 0..4 {
        let all = vec![yes; answers.split(',').count()].join(",");
        let _ = writeln!(crm, "Bob,bob{at}@stonemill.org,+1212736500{at},2{at} Elm Rd,Albany,US,{all}");
    }
    let (_, out, _scratch) = jane(&[("crm.csv", &crm)], &[]);
    let contacts = read_csv(&out.join("contacts.csv"));
    let bob = contacts.iter().find(|c| c["emails"].contains("bob0")).unwrap();
    assert!(!refused(bob, "email"), "{headers}: a yes refuses");
    contacts.into_iter().find(|c| c["emails"].contains("jane")).unwrap()
}

#[test]
fn a_column_named_after_a_channel_answers_for_it() {
    for headers in [
        "By email,By text,By phone,By post",
        "Email,SMS,Phone,Post",
        "Email?,SMS?,Phone?,Post?",
        "Email Y/N,SMS Y/N,Phone Y/N,Post Y/N",
        "Email (yes/no),SMS (yes/no),Phone (yes/no),Post (yes/no)",
        "Contact by email,Contact by SMS,Contact by phone,Contact by post",
        "Email preference,SMS preference,Phone preference,Post preference",
        "Email pref,SMS pref,Phone pref,Post pref",
        "Email updates,SMS updates,Phone updates,Post updates",
        "Email comms,SMS comms,Phone comms,Post comms",
        "Email flag,SMS flag,Phone flag,Post flag",
        "Via email,Via SMS,Via phone,Via post",
        "Channel: Email,Channel: SMS,Channel: Phone,Channel: Post",
        "Per E-Mail,Per SMS,Per Telefon,Per Post",
        "Send email,Send SMS,Phone calls,Send post",
        "Happy to email,Happy to text,Happy to call,Happy to post",
    ] {
        for (no, yes) in [("No", "Yes"), ("N", "Y"), ("FALSE", "TRUE"), ("0", "1")] {
            let jane = matrix(headers, &[no, no, no, no].join(","), yes);
            for channel in ["email", "sms", "call", "post"] {
                let reason = &jane[&format!("{channel}_reason")];
                assert!(refused(&jane, channel), "{headers} {no}: {channel} {reason}");
            }
            let jane = matrix(headers, &[yes, no, yes, yes].join(","), yes);
            assert!(!refused(&jane, "email") && refused(&jane, "sms"), "{headers} {no}: text messages only");
        }
    }
    // Addresses, numbers and what is said of them are no answers.
    for (header, cell) in [("Email verified", "no"), ("Phone type", "no"), ("Email 2", "n/a")] {
        assert!(!refused(&matrix(header, cell, "yes"), "email"), "{header}");
    }
}

#[test]
fn check_reads_the_answers_too() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("crm.csv", "Name,E-mail address,By email\nJane,jane.doe@fernhill.org,No\nBob,bob@stonemill.org,Yes\nCat,cat@stonemill.org,Yes\n"),
        ("other.csv", "email\nyan@elmgrove.net\n"),
    ]);
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let said =
        contactable(&["check", &path("crm.csv"), "--channel", "email", "--against", &path("other.csv")]);
    assert!(!said.stdout.contains("Jane") && said.stdout.contains("Bob"), "{}", said.stdout);
}

const NEIGHBOURS: &str = "first name,last name,email,phone,street,city,postcode,country\n\
    Jane,Doe,jane.doe@fernhill.org,+447911123456,12 Main St,Albany,12207,US\n\
    Bob,Stone,bob@stonemill.org,+12127365000,12 Main St,Albany,12207,US\n";

#[test]
fn an_address_refused_beside_a_street_does_not_silence_the_house() {
    let list =
        "email,street,city,postcode,unsubscribed at\nzoe@elmgrove.net,12 Main St,Albany,12207,2026-05-01\n";
    let (jane, out, scratch) = jane(&[("crm.csv", NEIGHBOURS), ("unsubscribes.csv", list)], &[]);
    assert!(!refused(&jane, "email"), "{}", jane["email_reason"]);
    let lines = read_csv(&out.join("suppression.csv"));
    let points: Vec<_> = lines.iter().map(|l| l["point"].as_str()).collect();
    assert_eq!(points, ["zoe@elmgrove.net"]);
    // Who names a house alone speaks of all who live there; who says stop beside it, of the letterbox too.
    scratch.write(&[("crm.csv", NEIGHBOURS)]);
    for (list, email, post) in [
        ("street,city,postcode\n12 Main St,Albany,12207\n", true, true),
        ("email,street,city,postcode\nzoe@elmgrove.net,12 Main St,Albany,12207\n", false, true),
    ] {
        let jane = super::jane(&[("crm.csv", NEIGHBOURS), ("do-not-contact.csv", list)], &[]).0;
        assert_eq!((refused(&jane, "email"), refused(&jane, "post")), (email, post), "{list}");
    }
}

#[test]
fn check_finds_who_is_known_by_a_house_alone() {
    let scratch = Scratch::new();
    let list = "first name,last name,street,city,postcode\nJane,Doe,\"12, Main Street\",Albany,12207\n";
    scratch.write(&[("crm.csv", NEIGHBOURS), ("do-not-contact.csv", list)]);
    let run = scratch.path("run");
    crate::run::clean(&[scratch.path("crm.csv"), scratch.path("do-not-contact.csv")], &run, &[]);
    let house = "point,kind,channels,reason,since,first_seen,source,reached_through\n\
        doe | 12 main st | 12207,post,email sms call post,do_not_contact,,2026-05-01,dnc.csv:2,\n";
    let nameless = house.replace("doe |", "|");
    scratch.write(&[("suppression.csv", house), ("nameless.csv", &nameless)]);
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    for name in ["do-not-contact.csv", "suppression.csv"] {
        contactable(&["suppress", &path(name), "--out", &path("all.idx"), "--replace"]);
        for against in [name, "all.idx"] {
            for channel in ["email", "sms", "call"] {
                let said = contactable(&[
                    "check",
                    &path("crm.csv"),
                    "--channel",
                    channel,
                    "--against",
                    &path(against),
                ]);
                assert!(!said.stdout.contains("Jane"), "{name} {against} {channel}: {}", said.stderr);
                assert!(said.stdout.contains("Bob"), "{name} {against} {channel}: {}", said.stderr);
            }
        }
    }
    // A house without a name is everybody's.
    let said =
        contactable(&["check", &path("crm.csv"), "--channel", "sms", "--against", &path("nameless.csv")]);
    assert!(!said.stdout.contains("Jane") && !said.stdout.contains("Bob"), "{}", said.stdout);
    // Where the row tells an address, that is what it refuses.
    let list = "email,first name,last name,street,city,postcode\nzoe@elmgrove.net,Zoe,Stone,12 Main St,Albany,12207\n";
    scratch.write(&[("unsubscribes.csv", list)]);
    let said = contactable(&[
        "check",
        &path("crm.csv"),
        "--channel",
        "email",
        "--against",
        &path("unsubscribes.csv"),
    ]);
    assert!(said.stdout.contains("Bob"), "{}", said.stdout);
}
