//! A campaign against the exports of several tools, whose truth is known; and the law that `check` refuses whom
//! `clean` refuses.

use super::super::run::{clean, read_csv};
use super::{Scratch, blocked, check};
use contactable::cli::Exit;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const ROWS: usize = 100_000;

fn address(i: usize) -> String {
    format!("p{i}.smith@fernhill{}.co.uk", i % 50)
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_campaign_against_five_tools_blocks_exactly_whom_it_must() {
    let scratch = Scratch::new();
    let mut list = "First Name,Email\n".to_owned();
    let mut mailchimp =
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,UNSUB_TIME,LEID,EUID\n".to_owned();
    let mut bounces = "status,reason,email,created\n".to_owned();
    let mut blocks = bounces.clone();
    let (mut ses, mut hashes) = (String::new(), String::new());
    let mut klaviyo = "Email,Reason,Timestamp\n".to_owned();
    let mut truth = BTreeMap::new();
    for i in 0..ROWS {
        let (line, email) = ((i + 2).to_string(), address(i));
        let _ = writeln!(list, "P{i},{email}");
        let mut is = |reason: &'static str| assert!(truth.insert(line.clone(), reason).is_none());
        match i % 40 {
            0 => {
                let _ = writeln!(
                    mailchimp,
                    "{},P,S,2,2024-01-02 10:00:00,2026-01-05 10:00:00,{i},e{i}",
                    email.to_uppercase()
                );
                is("refusal-withdrawn");
            }
            1 => {
                let _ = writeln!(bounces, "5.1.1,\"550 no such\nuser, sorry\",{email},1714435200");
                is("bounce-hard");
            }
            // A block is temporary: it suppresses nobody.
            2 => drop(writeln!(blocks, "4.7.0,421 try later,{email},1714521600")),
            3 => {
                let _ = writeln!(ses, "{email},COMPLAINT");
                is("refusal-complaint");
            }
            4 => {
                let _ = writeln!(klaviyo, "{email},UNSUBSCRIBED,2026-04-13T10:15:00.000Z");
                is("refusal-withdrawn");
            }
            5 => {
                let _ = writeln!(hashes, "{}", hex(&email));
                is("refusal-do-not-contact");
            }
            _ => {}
        }
        // People of other campaigns stand on the lists too.
        let _ = writeln!(
            mailchimp,
            "other{i}@fernhill.co.uk,P,S,2,2024-01-02 10:00:00,2026-01-05 10:00:00,o{i},f{i}"
        );
    }
    let against = [
        "unsubscribed_members_export_a1.csv",
        "suppression_bounces.csv",
        "suppression_blocks.csv",
        "suppression-list.csv",
        "klaviyo_suppressed_profiles.csv",
        "unsubscribe_sha256.txt",
    ];
    let files = [&mailchimp, &bounces, &blocks, &ses, &klaviyo, &hashes];
    scratch.write(&[("list.csv", &list)]);
    scratch.write(&against.iter().copied().zip(files).collect::<Vec<_>>());
    let klaviyo = ["--format", "klaviyo_suppressed=klaviyo_suppressed_profiles.csv"];
    let said = check(&scratch, "email", "list.csv", &against, &klaviyo);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let found: BTreeMap<String, String> =
        blocked(&scratch).into_iter().map(|[line, reason, ..]| (line, reason)).collect();
    assert_eq!(found.len(), truth.len());
    for (line, reason) in truth {
        assert_eq!(found.get(&line).map(String::as_str), Some(reason), "line {line}");
    }
    assert_eq!(said.stdout.lines().count(), ROWS + 1 - found.len());
}

/// A small generator: the same lists in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn person(dice: &mut Dice, i: u64) -> (String, String) {
    let email = match dice.below(4) {
        0 => format!("J.ane{i}+tag@GoogleMail.com"),
        1 => format!("Bob{i}@Stonemill.org"),
        2 => format!("cy{i}@mail.acme{}.com", i % 7),
        _ => format!("d{i}@fernhill.co.uk"),
    };
    (email, format!("+44 7911 {:06}", 200_000 + i))
}

/// How a refusal of a person may be written.
fn refusal(dice: &mut Dice, email: &str, phone: &str) -> String {
    let lower = email.to_lowercase();
    match dice.below(9) {
        0 => format!("{lower},email,,complaint"),
        1 => format!("{},email,email,consent_withdrawn", email.to_uppercase()),
        2 => format!("{},sha256,email,do_not_contact", hex(&lower)),
        3 => format!("@{},domain,,do_not_contact", lower.split('@').nth(1).unwrap()),
        4 => format!("{phone},phone,sms call,objection"),
        5 => format!("{phone},phone,,do_not_contact"),
        6 => format!("{lower},email,email,hard_bounce"),
        7 => format!("0{},phone,sms,objection", phone.replace("+44 ", "").replace(' ', "")),
        _ => format!("nobody{}@fernhill.co.uk,email,,objection", dice.below(99)),
    }
}

#[test]
fn check_refuses_whom_clean_refuses() {
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let scratch = Scratch::new();
        let mut list = "first name,last name,email,phone,country\n".to_owned();
        let mut stop = "point,kind,channels,reason,since,first_seen,source\n".to_owned();
        for i in 0..300 {
            let (email, phone) = person(&mut dice, i);
            let _ = writeln!(list, "Ann{i},Lee{i},{email},{phone},GB");
            if dice.below(6) == 0 {
                let _ = writeln!(stop, "{},,,", refusal(&mut dice, &email, &phone));
            }
        }
        scratch.write(&[("list.csv", &list), ("suppression.csv", &stop)]);
        let (run, stop) = (scratch.path("run"), scratch.path("suppression.csv"));
        clean(&[scratch.path("list.csv")], &run, &["--suppress", stop.to_str().unwrap()]);
        let contacts = read_csv(&run.join("contacts.csv"));
        assert_eq!(contacts.len(), 300, "rows were joined: the law would compare other things");
        for channel in ["email", "sms", "call"] {
            let refused: BTreeSet<String> = contacts
                .iter()
                .filter(|c| {
                    let reason = &c[&format!("{channel}_reason")];
                    reason.starts_with("refusal-") || reason.starts_with("bounce-")
                })
                .map(|c| c["sources"].rsplit(':').next().unwrap().to_owned())
                .collect();
            assert_eq!(check(&scratch, channel, "list.csv", &["suppression.csv"], &[]).exit, Exit::Done);
            let found: BTreeSet<String> = blocked(&scratch).into_iter().map(|[line, ..]| line).collect();
            assert_eq!(found, refused, "seed {seed}, {channel}");
        }
    }
}
