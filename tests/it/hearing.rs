//! What columns, cells, replies and files say of permission: whoever refused is heard, whoever agreed is kept.
//!
//! Each class has members on both sides. Under the law of the United States e-mail needs no consent, so whoever is blocked
//! there was blocked for what the file says.

use crate::run::{Record, Scratch, clean, contactable, read_csv, recount};
use contactable::cli::Exit;
use std::fmt::Write as _;
use std::path::PathBuf;

/// What a run says of each contact by the text before the `@` of its address.
struct Heard {
    contacts: Vec<Record>,
    out: PathBuf,
    stderr: String,
    _scratch: Scratch,
}

impl Heard {
    /// Of a run over files, in the United States.
    fn of(files: &[(&str, &str)], more: &[&str]) -> Self {
        let scratch = Scratch::new();
        let sources = scratch.write(files);
        let out = scratch.path("run");
        let mut args = vec!["--country", "US"];
        args.extend(more);
        let said = clean(&sources, &out, &args);
        recount(&out);
        let contacts = read_csv(&out.join("contacts.csv"));
        Self { contacts, out, stderr: said.stderr, _scratch: scratch }
    }

    /// The reason of a channel for whoever's address begins so.
    fn reason(&self, who: &str, channel: &str) -> String {
        let is = |contact: &&Record| contact["email"].starts_with(who) || contact["phone"].ends_with(who);
        let contact = self.contacts.iter().find(is).unwrap_or_else(|| panic!("{who} is no contact"));
        contact[&format!("{channel}_reason")].clone()
    }

    fn lines(&self, file: &str) -> Vec<Record> {
        read_csv(&self.out.join(file))
    }
}

/// A list with one column beside address, number and name: its cells in order of `p0`, `p1`, ….
fn column(header: &str, cells: &[&str]) -> String {
    let mut list = format!("email,first name,phone,{header}\n");
    for (i, cell) in cells.iter().enumerate() {
        let cell = if cell.contains([',', '"']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            (*cell).to_owned()
        };
        let _ = writeln!(list, "p{i}@stonemill{i}.org,N{i},21255578{i:02},{cell}");
    }
    list
}

/// What becomes of each cell of a column, by e-mail.
fn by_email(header: &str, cells: &[&str]) -> Vec<String> {
    let heard = Heard::of(&[("list.csv", &column(header, cells))], &[]);
    (0..cells.len()).map(|i| heard.reason(&format!("p{i}@"), "email")).collect()
}

const FREE: &str = "basis-none-needed";
const UNKNOWN: &str = "consent-word-unknown";

/// Every cell that refuses does, and every cell that does not is free, in one column among each other.
fn both_sides(header: &str, refusing: &[&str], free: &[&str]) {
    let cells: Vec<&str> = refusing.iter().chain(free).copied().collect();
    let said = by_email(header, &cells);
    for (at, (cell, reason)) in cells.iter().zip(&said).enumerate() {
        let refused = reason.starts_with("refusal-") || reason.starts_with("bounce-");
        assert!(if at < refusing.len() { refused } else { reason == FREE }, "{header}: {cell:?}: {reason}");
    }
}

#[test]
fn a_known_no_counts_whatever_stands_around_it() {
    both_sides(
        "Email status",
        &["Suppressed", "Withdrawn", "Objected", "Unsubscribed", "opted out", "UNSUBSCRIBED (web)"],
        &["Active", "Active", "Active", "Active", "Active", "", "n/a", "Subscribed", "unknown"],
    );
    both_sides(
        "Contact by email",
        &["No", "NO thanks", "nein", "0"],
        &["Yes", "Yes", "Not asked", "ja", "1", "-"],
    );
    both_sides("Email status", &["Non-Marketable", "Non merci"], &["Marketable", ""]);
    both_sides(
        "Email Preference",
        &["NoMassEmails", "No e-mails", "Do not email"],
        &["EmailAllowed", "Email allowed", ""],
    );
    both_sides(
        "Marketing consent",
        &["no", "refused", "Opt-out"],
        &["yes", "Opt-in", "unknown", "\\N", "NaT"],
    );
    both_sides("May we contact you?", &["No", "false"], &["Yes", "true", "null"]);
}

#[test]
fn a_word_nobody_knows_blocks_until_it_is_explained() {
    for (header, word) in [
        ("Email status", "Frobnicated"),
        ("Email Preference", "Tier B"),
        ("subscriber_status", "3"),
        ("Marketing consent", "see note"),
        ("Newsletter", "quux"),
        ("SMS and email permission", "partly"),
    ] {
        let list = column(header, &[word, "", "yes"]);
        let heard = Heard::of(&[("list.csv", &list)], &[]);
        assert_eq!(heard.reason("p0@", "email"), UNKNOWN, "{header}: {word}");
        assert_eq!(heard.reason("p1@", "email"), FREE, "{header}: a blank");
        assert_eq!(heard.contacts[0]["email_reachable"], "no", "{header}");
        assert!(heard.lines("suppression.csv").is_empty(), "no refusal: {header}");
        // What is told, and how it is answered.
        let report = std::fs::read_to_string(heard.out.join("report.json")).unwrap();
        assert!(report.contains(&format!("--word '{header}:{word}=no'")), "{header}: {word}");
        for (answer, reason) in [("no", "refusal-declined"), ("nothing", FREE)] {
            let said = format!("{header}:{word}={answer}");
            let heard = Heard::of(&[("list.csv", &list)], &["--word", &said]);
            assert_eq!(heard.reason("p0@", "email"), reason, "{said}");
        }
    }
    // It binds its point in every row that holds it, and the person's other points not.
    let list = column("Email status", &["Frobnicated", "Active"]) + "p0@stonemill0.org,Zoe,,\n";
    let heard = Heard::of(&[("list.csv", &list)], &[]);
    assert!(
        heard.contacts.iter().filter(|c| c["email"].starts_with("p0@")).all(|c| c["email_reason"] == UNKNOWN)
    );
    assert_eq!(heard.reason("p0@", "call"), "registry-not-brought", "another channel");
}

#[test]
fn an_answer_may_be_kept_in_the_profile() {
    let scratch = Scratch::new();
    let profile = "[words]\n\"Email status\" = { Frobnicated = \"nothing\", \"Non-Foo\" = \"no\" }\n";
    scratch.write(&[("contactable.toml", profile)]);
    let profile = scratch.path("contactable.toml");
    let list = column("Email status", &["Frobnicated", "Non-Foo", "Bar"]);
    let heard = Heard::of(&[("list.csv", &list)], &["--profile", profile.to_str().unwrap()]);
    assert_eq!(heard.reason("p0@", "email"), FREE);
    assert_eq!(heard.reason("p1@", "email"), "refusal-declined");
    assert_eq!(heard.reason("p2@", "email"), UNKNOWN);
}

#[test]
fn an_answer_to_a_column_that_is_nowhere_is_a_mistake() {
    let scratch = Scratch::new();
    let list = scratch.write(&[("list.csv", column("Email status", &["Foo"]))]).remove(0);
    let out = scratch.path("run");
    let args =
        ["clean", list.to_str().unwrap(), "--out", out.to_str().unwrap(), "--word", "Mail status:Foo=no"];
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.stderr.contains("no source has a column Mail status"), "{}", said.stderr);
    for wrong in ["Foo=no", "Email status:Foo", "Email status:Foo=maybe", ":Foo=no"] {
        let args = ["clean", list.to_str().unwrap(), "--out", out.to_str().unwrap(), "--word", wrong];
        assert_eq!(contactable(&args).exit, Exit::Usage, "{wrong}");
    }
}

#[test]
fn columns_about_something_else_block_nobody() {
    for (header, cells) in [
        ("StatusCode", &["A", "C", "D", "P"][..]),
        ("MailingCity", &["Hull", "Leeds", "No Name Key", "York"]),
        ("Contact owner", &["Ann Lee", "Bo", "Cy", "Di"]),
        ("Financial Status", &["paid", "refunded", "voided", "pending"]),
        ("Status", &["Customer", "Prospect", "Frobnicated", "blocked"]),
        ("Lifecycle Stage", &["lead", "MQL", "SQL", "opportunity"]),
        ("Membership status", &["Gold", "Silver", "expired", "None"]),
        ("Mailing list", &["Spring fair", "Autumn fair", "VIPs", "Press"]),
        ("Contact type", &["Donor", "Volunteer", "Staff", "Board"]),
        ("Email type", &["work", "home", "other", "school"]),
        ("Phone type", &["mobile", "landline", "fax", "no"]),
        ("Job title", &["Deceased Estates Manager", "Head of Opt-outs", "CEO", "Spam analyst"]),
        ("Company", &["Unsubscribe Ltd", "Stop Hunger Now", "No Mail Inc", "Acme"]),
        ("City", &["Do Not Contact", "Unsub", "Rome", "Paris"]),
        ("Verified", &["no", "yes", "no", "yes"]),
        ("Homeowner", &["no", "yes", "no", "yes"]),
        ("Email opens", &["0", "3", "12", "1"]),
    ] {
        let said = by_email(header, cells);
        assert!(said.iter().all(|reason| reason == FREE), "{header}: {cells:?}: {said:?}");
    }
}

#[test]
fn a_bare_status_speaks_where_some_cell_of_the_whole_file_does() {
    let mut cells = vec!["Frobnicated", "Active", "Customer"];
    cells.resize(1400, "Active");
    let mut list = column("Status", &cells);
    let last = list.clone() + "last@elmgrove.net,Last,,Unsubscribed\n";
    list += "last@elmgrove.net,Last,,Prospect\n";
    let silent = Heard::of(&[("list.csv", &list)], &[]);
    assert!(silent.contacts.iter().all(|contact| contact["email_reason"] == FREE));
    let speaking = Heard::of(&[("list.csv", &last)], &[]);
    assert_eq!(speaking.reason("p0@", "email"), UNKNOWN, "the word that the sample alone does not explain");
    assert_eq!(speaking.reason("p1@", "email"), FREE);
    assert_eq!(speaking.reason("last@", "email"), "refusal-withdrawn");
    // The same for a list that is checked, as a file and as a stream.
    let scratch = Scratch::new();
    let files = scratch.write(&[("list.csv", last.as_str()), ("stops.csv", "email\nzoe@elmgrove.net\n")]);
    let args =
        ["check", files[0].to_str().unwrap(), "--channel", "email", "--against", files[1].to_str().unwrap()];
    let said = contactable(&args);
    assert!(!said.stdout.contains("p0@") && said.stdout.contains("p1@") && !said.stdout.contains("last@"));
    assert!(said.stderr.contains("--word 'Status:Frobnicated=no'"), "{}", said.stderr);
}

#[test]
fn a_column_nobody_understands_is_named_as_not_read() {
    let list = column("Kundenkreis 7", &["ja", "nein", "ja"]);
    let heard = Heard::of(&[("list.csv", &list)], &[]);
    assert!(heard.contacts.iter().all(|contact| contact["email_reason"] == FREE));
    let report = std::fs::read_to_string(heard.out.join("report.json")).unwrap();
    assert!(report.contains("Kundenkreis 7") && report.contains("was not read"));
    let answered = Heard::of(&[("list.csv", &list)], &["--word", "Kundenkreis 7:ja=no"]);
    assert_eq!(answered.reason("p0@", "email"), "refusal-declined");
    assert_eq!(answered.reason("p1@", "email"), FREE);
}

#[test]
fn a_cell_that_answers_its_header_in_its_own_words_is_read_so() {
    both_sides("Do not allow Bulk Emails", &["Do Not Allow", "yes", "X"], &["Allow", "", "no"]);
    both_sides("Do not allow Emails", &["Do Not Allow", "true"], &["Allow", "false"]);
    both_sides("Send Marketing Materials", &["Do Not Send", "No"], &["Send", "Yes"]);
    both_sides("donotsendmm", &["Do Not Send"], &["Send"]);
    both_sides("Do not contact", &["Do not contact", "x"], &["Contact", ""]);
    both_sides("Email allowed", &["not allowed", "no"], &["allowed", "email allowed"]);
}

#[test]
fn a_column_that_refuses_every_row_is_said_first() {
    let heard = Heard::of(&[("list.csv", &column("Do not email", &["on", "x", "2024-01-01"]))], &[]);
    let report = std::fs::read_to_string(heard.out.join("report.json")).unwrap();
    assert!(report.contains("mapping-all-refused"), "{report}");
}

#[test]
fn what_programs_write_for_nothing_says_nothing() {
    let blanks = [
        "",
        " ",
        "\\N",
        "NULL",
        "NaT",
        "nan",
        "#REF!",
        "#N/A",
        "#WERT!",
        "0001-01-01T00:00:00",
        "0000-00-00",
        "1900-01-01 00:00:00",
        "1970-01-01T00:00:00Z",
        "01/01/0001 12:00:00 AM",
        "----",
        "None",
        "nil",
    ];
    for header in ["UnsubscribedOn", "Opt-out", "Do Not Email", "Unsubscribed at", "Email opt-out reason"] {
        let said = by_email(header, &blanks);
        for (cell, reason) in blanks.iter().zip(said) {
            assert_eq!(reason, FREE, "{header}: {cell:?}");
        }
        let said = by_email(header, &["2024-05-06T07:08:09", "", "2023-01-02"]);
        assert!(said[0].starts_with("refusal-") && said[2].starts_with("refusal-"), "{header}: {said:?}");
    }
    // Nobody is refused because two cells say that there is no number.
    let list = "email,first name,phone\nann@stonemill.org,Ann,NULL\nbob@fernhill.org,Bob,0000000000\n";
    let stops = "email,phone\nx@elmgrove.net,NULL\ny@elmgrove.net,0000000000\nz@elmgrove.net,-\n";
    let heard = Heard::of(&[("list.csv", list), ("unsubscribes.csv", stops)], &[]);
    assert!(heard.contacts.iter().all(|contact| contact["email_reason"] == FREE));
    assert!(heard.lines("suppression.csv").iter().all(|line| line["point"].contains('@')));
}

#[test]
fn one_meaning_is_one_reading() {
    let list = |header: &str| column(header, &["x", "unsubscribed", "no"]);
    for header in ["Do Not Email", "No email", "donotemail", "E-Mail opt-out", "Unsubscribed from email"] {
        let heard = Heard::of(&[("list.csv", &list(header))], &[]);
        assert!(heard.reason("p0@", "email").starts_with("refusal-"), "{header}");
        assert_eq!(heard.reason("p0@", "call"), "registry-not-brought", "{header}: e-mail only");
    }
    for (header, cell) in [("phone_status", 1), ("phone opt out", 0), ("Phone unsubscribed", 0)] {
        let heard = Heard::of(&[("list.csv", &list(header))], &[]);
        for channel in ["sms", "call"] {
            assert!(
                heard.reason(&format!("p{cell}@"), channel).starts_with("refusal-"),
                "{header}: {channel}"
            );
        }
        assert_eq!(heard.reason(&format!("p{cell}@"), "email"), FREE, "{header}: the number only");
    }
}

#[test]
fn replies_are_read_as_a_reasonable_person_would() {
    let stops = [
        "Stop. Thank you",
        "STOP",
        "Please take me off your list",
        "Please stop texting me",
        "I revoke my consent",
        "stop!!",
        "no more texts please",
        "Lose my number",
        "unsubscribe me",
        "Stop it now",
    ];
    let free =
        ["Can I stop by?", "thanks!", "see you at the bus stop", "yes please", "Don't stop, I love these"];
    let cells: Vec<&str> = stops.iter().chain(&free).copied().collect();
    let heard = Heard::of(&[("list.csv", &column("Last SMS Reply", &cells))], &[]);
    for (i, cell) in cells.iter().enumerate() {
        let who = format!("p{i}@");
        let stopped = heard.reason(&who, "sms").starts_with("refusal-")
            && heard.reason(&who, "call").starts_with("refusal-");
        assert_eq!(stopped, i < stops.len(), "{cell}: {}", heard.reason(&who, "sms"));
        assert_eq!(heard.reason(&who, "email"), FREE, "{cell}: a text says nothing of e-mail");
    }
    // Without a channel in header or words, every channel that the row has.
    let heard =
        Heard::of(&[("list.csv", &column("Last Reply", &["Stop", "Please stop texting me", "ok"]))], &[]);
    assert!(
        heard.reason("p0@", "email").starts_with("refusal-")
            && heard.reason("p0@", "sms").starts_with("refusal-")
    );
    assert!(heard.reason("p1@", "sms").starts_with("refusal-") && heard.reason("p1@", "email") == FREE);
    // A row without a point of that channel refuses what it has.
    let list = "email,first name,Last SMS Reply\nann@stonemill.org,Ann,STOP\nbob@fernhill.org,Bob,hello\n";
    let heard = Heard::of(&[("list.csv", list)], &[]);
    assert!(heard.reason("ann@", "email").starts_with("refusal-") && heard.reason("bob@", "email") == FREE);
}

#[test]
fn a_wrong_number_blocks_the_number_and_nothing_else() {
    let list = "email,first name,last name,phone,Last Reply\n\
        ann@stonemill.org,Ann,Lee,2125557801,Wrong number\n\
        bob@fernhill.org,Bob,Ray,2125557801,\n\
        cid@elmgrove.net,Cid,Fox,2125557803,who is this\n";
    let heard = Heard::of(&[("list.csv", list)], &[]);
    for channel in ["sms", "call"] {
        assert_eq!(heard.reason("ann@", channel), "phone-reassigned");
        assert_eq!(heard.reason("bob@", channel), "phone-reassigned", "whoever holds it");
        assert_ne!(heard.reason("cid@", channel), "phone-reassigned");
    }
    assert!(["ann@", "bob@", "cid@"].iter().all(|who| heard.reason(who, "email") == FREE));
    let lines = heard.lines("suppression.csv");
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0]["point"].as_str(), lines[0]["reason"].as_str()),
        ("+12125557801", "number_reassigned")
    );
}

#[test]
fn only_who_refused_can_lift_a_refusal() {
    let list = "email,first name,last name,consent date,opt-in source,opt-out date\n\
        box@fernhill.org,Tom,Foo,,,2026-05-01\n\
        box@fernhill.org,Mia,Foo,2026-08-01,web form,\n\
        own@stonemill.org,Jo,Ray,2026-08-01,web form,2026-05-01\n";
    let heard = Heard::of(&[("list.csv", list)], &[]);
    assert!(
        heard
            .contacts
            .iter()
            .filter(|c| c["email"].starts_with("box@"))
            .all(|c| c["email_decision"] == "blocked")
    );
    assert!(heard.lines("email.csv").iter().all(|line| !line["email"].starts_with("box@")));
    assert_eq!(
        heard.contacts.iter().find(|c| c["email"].starts_with("own@")).unwrap()["email_decision"],
        "contactable"
    );
    // A domain is the operator's decision.
    let list = "email,first name,consent date,opt-in source\njo@rival-brand.com,Jo,2026-08-01,web form\nal@fernhill.org,Al,2026-08-01,web form\n";
    let heard = Heard::of(&[("do_not_email.csv", "email\n@rival-brand.com\n"), ("list.csv", list)], &[]);
    assert!(
        heard.reason("jo@", "email").starts_with("refusal-")
            && heard.reason("al@", "email").starts_with("basis-")
    );
}

const PEOPLE: &str = "email,first name,phone\nann@stonemill.org,Ann,2125557801\nbob@fernhill.org,Bob,2125557802\ncid@elmgrove.net,Cid,2125557803\n";

#[test]
fn a_stop_by_text_ends_texts_and_calls_and_no_mail() {
    for (name, stops) in [
        (
            "sms-optouts.csv",
            "phone,timestamp,event,keyword\n+12125557801,2026-01-01,consent_withdrawn,STOP\n",
        ),
        ("optouts-sms.csv", "phone,timestamp\n+12125557801,2026-01-01\n"),
        ("text_unsubscribes.csv", "phone\n+12125557801\n"),
        ("events.csv", "phone,timestamp,event\n+12125557801,2026-01-01,consent_withdrawn\n"),
    ] {
        let heard = Heard::of(&[("list.csv", PEOPLE), (name, stops)], &[]);
        assert!(["sms", "call"].iter().all(|c| heard.reason("ann@", c).starts_with("refusal-")), "{name}");
        assert_eq!(heard.reason("ann@", "email"), FREE, "{name}");
        assert!(!heard.reason("bob@", "sms").starts_with("refusal-"), "{name}");
    }
    // Words that say all mean all.
    for event in ["objection", "do_not_contact", "deceased"] {
        let stops = format!("phone,timestamp,event\n+12125557801,2026-01-01,{event}\n");
        let heard = Heard::of(&[("list.csv", PEOPLE), ("events.csv", &stops)], &[]);
        assert!(heard.reason("ann@", "email").starts_with("refusal-"), "{event}");
    }
}

#[test]
fn mail_is_the_letterbox_where_e_mail_has_a_column_of_its_own() {
    let list = |headers: &str, cells: [&str; 2]| {
        format!(
            "email,first name,street,city,zip,{headers}\nann@stonemill.org,Ann,1 Elm St,Boston,02139,{}\nbob@fernhill.org,Bob,2 Elm St,Boston,02139,{}\n",
            cells[0], cells[1]
        )
    };
    for headers in ["OptOut Mail,OptOut Email", "Do not mail,Do not e-mail", "Mail opt-out,E-mail opt-out"] {
        let heard = Heard::of(&[("list.csv", &list(headers, ["1,0", "0,1"]))], &[]);
        assert!(
            heard.reason("ann@", "post").starts_with("refusal-") && heard.reason("ann@", "email") == FREE,
            "{headers}"
        );
        assert!(
            heard.reason("bob@", "email").starts_with("refusal-")
                && !heard.reason("bob@", "post").starts_with("refusal-"),
            "{headers}"
        );
    }
    for header in ["OptOut Mail", "Do not mail"] {
        let heard = Heard::of(&[("list.csv", &list(header, ["1", "0"]))], &[]);
        assert!(
            ["post", "email"].iter().all(|c| heard.reason("ann@", c).starts_with("refusal-")),
            "{header}"
        );
        assert!(heard.reason("bob@", "email") == FREE, "{header}");
    }
}

#[test]
fn what_was_sent_to_all_says_nothing_of_anybody() {
    for text in [
        "Sale! Reply STOP to opt out",
        "To unsubscribe click here",
        "Antworten Sie STOP um sich abzumelden",
        "Dear friends of the shop, you may unsubscribe at any time in your account.",
    ] {
        let said = by_email("Message", &[text, text, text]);
        assert!(said.iter().all(|reason| reason == FREE), "{text}: {said:?}");
    }
    let said = by_email(
        "Message",
        &["Hi Ann, reply STOP to opt out", "Hi Bob, reply STOP to opt out", "asked to opt out"],
    );
    assert_eq!((said[0].as_str(), said[1].as_str()), (FREE, FREE));
    assert!(said[2].starts_with("refusal-"));
}

#[test]
fn whoever_writes_to_be_left_alone_is_the_sender() {
    for requests in [
        "Date,From,To,Subject\n2026-01-01,ann@stonemill.org,news@shop.example.com,stop\n2026-01-02,Bob <bob@fernhill.org>,news@shop.example.com,remove me\n",
        "Date,To,From,Subject\n2026-01-01,news@shop.example.com,ann@stonemill.org,stop\n2026-01-02,news@shop.example.com,bob@fernhill.org,stop\n",
        "date,sender,recipient\n2026-01-01,ann@stonemill.org,news@shop.example.com\n2026-01-02,bob@fernhill.org,hello@shop.example.com\n",
    ] {
        let heard = Heard::of(&[("list.csv", PEOPLE), ("unsubscribe-requests.csv", requests)], &[]);
        assert!(
            ["ann@", "bob@"].iter().all(|who| heard.reason(who, "email").starts_with("refusal-")),
            "{requests}"
        );
        assert_eq!(heard.reason("cid@", "email"), FREE);
        assert!(
            heard.lines("suppression.csv").iter().all(|line| !line["point"].contains("shop.example.com")),
            "{requests}"
        );
    }
}

#[test]
fn kinds_of_bounces_are_read_from_any_column() {
    for header in ["type", "category", "status", "Bounce kind", "classification"] {
        let bounces = format!(
            "email,{header}\nann@stonemill.org,complaint\nbob@fernhill.org,hard\ncid@elmgrove.net,soft\n"
        );
        let heard = Heard::of(&[("list.csv", PEOPLE), ("bounces.csv", &bounces)], &[]);
        assert_eq!(heard.reason("ann@", "email"), "refusal-complaint", "{header}");
        assert_eq!(heard.reason("bob@", "email"), "bounce-hard", "{header}");
        assert_eq!(heard.reason("cid@", "email"), FREE, "{header}");
    }
}

#[test]
fn an_event_that_nobody_knows_blocks_its_point() {
    let events = "email,event,timestamp\nann@stonemill.org,frobnicated,2026-01-01\nbob@fernhill.org,delivered,2026-01-01\n";
    let heard = Heard::of(&[("list.csv", PEOPLE), ("events.csv", events)], &[]);
    assert_eq!(heard.reason("ann@", "email"), UNKNOWN);
    assert_eq!(heard.reason("bob@", "email"), FREE);
    assert!(heard.lines("rejected.csv").is_empty() && heard.lines("suppression.csv").is_empty());
    let heard =
        Heard::of(&[("list.csv", PEOPLE), ("events.csv", events)], &["--word", "event:frobnicated=nothing"]);
    assert_eq!(heard.reason("ann@", "email"), FREE);
    assert!(!heard.stderr.contains("frobnicated"));
}

#[test]
fn digests_are_read_whatever_stands_before_them() {
    use sha2::{Digest, Sha256};
    let hex =
        |text: &str| Sha256::digest(text).iter().fold(String::new(), |all, byte| format!("{all}{byte:02x}"));
    let (ann, bob) = (hex("ann@stonemill.org"), hex("bob@fernhill.org"));
    for (before, behind) in
        [("0x", ""), ("\\x", ""), ("X'", "'"), ("sha256:", ""), ("SHA-256=", ""), ("{SHA256}", ""), ("", "")]
    {
        let list = format!("{before}{ann}{behind}\n{before}{bob}{behind}\n");
        let heard = Heard::of(&[("list.csv", PEOPLE), ("suppression.csv", &list)], &[]);
        assert!(
            ["ann@", "bob@"].iter().all(|who| heard.reason(who, "email").starts_with("refusal-")),
            "{before}"
        );
        assert_eq!(heard.reason("cid@", "email"), FREE, "{before}");
    }
}

#[test]
fn results_of_verifiers_speak_of_the_address() {
    both_sides(
        "email_status",
        &["spamtrap", "invalid", "do_not_mail", "undeliverable"],
        &["valid", "catch-all", "unknown", "accept_all", "risky", "role_based", "deliverable"],
    );
    both_sides("email1_is_bad", &["1", "true"], &["0", ""]);
    both_sides("Mailable", &["No"], &["Yes", ""]);
}

#[test]
fn refusals_are_heard_in_the_languages_of_the_rulebooks() {
    both_sides(
        "Newsletter",
        &["nein", "\u{c218}\u{c2e0}\u{ac70}\u{bd80}", "\u{9000}\u{8ba2}", "abgemeldet", "non"],
        &["ja", "oui", "s\u{ed}"],
    );
    for (header, no, yes) in [
        ("Robinsonliste", "ja", "nein"),
        ("E-Mail erlaubt", "nein", "ja"),
        ("Autorise l'envoi d'e-mails", "non", "oui"),
        ("Ne pas contacter", "oui", "non"),
        ("Acepta recibir correos", "no", "s\u{ed}"),
        ("No contactar", "s\u{ed}", "no"),
        ("Consenso marketing email", "no", "s\u{ec}"),
        ("Nie kontaktowa\u{107}", "tak", "nie"),
        ("Zgoda na e-mail", "nie", "tak"),
        ("Uitgeschreven", "ja", "nee"),
        ("Samtykke e-post", "nei", "ja"),
        ("Avregistrerad", "ja", "nej"),
    ] {
        both_sides(header, &[no], &[yes, ""]);
    }
}

#[test]
fn one_cell_like_data_makes_no_header_vanish() {
    for header in ["hs_email_optout_6125111", "Opt-out 20240115", "optout +1 212 555 7801"] {
        let said = by_email(header, &["true", "false"]);
        assert!(said[0].starts_with("refusal-") && said[1] == FREE, "{header}: {said:?}");
    }
}
