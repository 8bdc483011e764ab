//! Promises 2 and 3 case by case: every shape in which a refusal may come, and every way in which a consent
//! might creep to where it was not given.

use crate::run::{Record, Scratch, clean, contactable, files, jane, read_csv, recount};
use contactable::cli::Exit;
use sha2::Digest;
use std::collections::BTreeSet;
use std::path::PathBuf;

mod columns;

const CRM: &str = "first name,last name,email,phone,country\n\
    Jane,Doe,Jane.Doe+shop@gmail.com,+12127365001,US\n\
    Bob,Stone,bob@stonemill.org,+12127365000,US\n";
const BRITISH: &str = "first name,last name,email,phone,country\n\
    Jane,Doe,Jane.Doe+shop@gmail.com,+447911123456,GB\n\
    Bob,Stone,bob@stonemill.org,+12127365000,US\n";
const EVENTS: &str = "email,phone,event,channel,timestamp,source,method,purpose,detail\n";

fn refused(record: &Record, channel: &str) -> bool {
    record[&format!("{channel}_reason")].starts_with("refusal-")
}

/// The file, brought beside the contacts, refuses Jane on the channel, and Bob nothing.
fn refuses(crm: &str, name: &str, text: &str, channel: &str) {
    let (jane, out, _scratch) = jane(&[("crm.csv", crm), (name, text)], &[]);
    assert!(refused(&jane, channel), "{name} {text:?}: {}", jane[&format!("{channel}_reason")]);
    let contacts = read_csv(&out.join("contacts.csv"));
    let bob = contacts.iter().find(|c| c["first_name"] == "Bob").unwrap();
    assert!(!refused(bob, channel), "{name} {text:?} refuses Bob too");
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_number_without_its_country_binds_whoever_has_it() {
    for number in ["07911 123456", "7911123456", "447911123456", "00447911123456", "+44 (0)7911 123456"] {
        refuses(BRITISH, "unsubscribes.csv", &format!("phone\n{number}\n"), "call");
    }
}

#[test]
fn a_refusal_is_read_from_whatever_cell_holds_the_address() {
    refuses(CRM, "unsubscribes.csv", "email,notes\nn/a,jane.doe@gmail.com\n", "email");
    refuses(CRM, "unsubscribes.csv", "email,name\n,jane.doe@gmail.com\n", "email");
    refuses(BRITISH, "unsubscribes.csv", "email,date\n+447911123456,\n", "call");
}

#[test]
fn a_refusal_row_may_hold_any_number_of_addresses() {
    let many: Vec<String> = (0..300).map(|i| format!("a{i}@stonemill.net")).collect();
    let text = format!("email\n\"{}; jane.doe@gmail.com\"\n", many.join("; "));
    let (jane, out, _scratch) = jane(&[("crm.csv", CRM), ("unsubscribes.csv", &text)], &[]);
    assert!(refused(&jane, "email"));
    let passed_on = read_csv(&out.join("suppression.csv")).len();
    assert_eq!(passed_on, 303, "each of them is passed on, the address that Jane goes by, and her number");
}

#[test]
fn a_contact_row_with_too_many_addresses_says_so() {
    let many: Vec<String> = (0..300).map(|i| format!("a{i}@stonemill.net")).collect();
    let crm = format!("first name,email,country\nJane,\"{}\",US\n", many.join("; "));
    let (_, out, _scratch) = jane(&[("crm.csv", &crm)], &[]);
    let findings = read_csv(&out.join("findings.csv"));
    assert!(findings.iter().any(|f| f["reason"] == "row-too-many-points"));
}

#[test]
fn a_mistyped_refusal_binds_the_address_that_was_meant() {
    refuses(CRM, "unsubscribes.csv", "email\njane.doe@gmial.com\n", "email");
    let crm = "first name,last name,email,country,unsubscribed\n\
        Jane,Doe,jane.doe@gmail.com,US,\nJoan,Roe,jane.doe@gmial.com,US,yes\n";
    let (jane, _, _scratch) = jane(&[("crm.csv", crm)], &[]);
    assert!(refused(&jane, "email"), "a row that refuses in another list");
}

#[test]
fn every_spelling_of_a_refused_domain_counts() {
    for text in [
        "email\n@gmail.com\n",
        "email\n@GMAIL.COM.\n",
        "email\n*@gmail.com\n",
        "email\n%@gmail.com\n",
        "email\n*.gmail.com\n",
        "email\n\"@elm.example; @gmail.com\"\n",
        "point,kind\ngmail.com,domain\n",
        "domain\ngmail.com\n",
    ] {
        refuses(CRM, "suppression.csv", text, "email");
    }
    let german = CRM.replace("Jane.Doe+shop@gmail.com", "jane@xn--mhlbach-n2a.de");
    refuses(&german, "suppression.csv", "email\n@Mühlbach.de\n", "email");
}

#[test]
fn the_domain_beside_an_address_is_not_refused() {
    let text = "email,domain\ncarol@gmail.com,gmail.com\n";
    let (jane, _, _scratch) = jane(&[("crm.csv", CRM), ("unsubscribes.csv", text)], &[]);
    assert!(!refused(&jane, "email"));
}

#[test]
fn two_entries_of_one_domain_both_hold() {
    let lists = "point,kind,channels,reason,since\n\
        @gmail.com,domain,email,do_not_contact,2025-01-01\n@gmail.com,domain,email,do_not_contact,\n";
    let consent = format!("{EVENTS}jane.doe+shop@gmail.com,,consent_given,email,2026-01-01,web,form,,\n");
    let files = [("crm.csv", CRM), ("suppression.csv", lists), ("consent-events.csv", consent.as_str())];
    let (jane, _, _scratch) = jane(&files, &[]);
    assert!(refused(&jane, "email"), "the undated entry is in force");
}

#[test]
fn digests_come_in_many_forms() {
    for form in
        ["Jane.Doe+shop@gmail.com", "jane.doe+shop@gmail.com", "janedoe@gmail.com", "JANE.DOE+SHOP@GMAIL.COM"]
    {
        let digest = hex(sha2::Sha256::digest(form));
        refuses(CRM, "suppression.csv", &format!("hash\n{digest}\n"), "email");
        refuses(CRM, "suppression.csv", &format!("hash\nsha256:{}\n", digest.to_uppercase()), "email");
        refuses(CRM, "suppression.csv", &format!("hash\n\"{};'{digest}\"\n", "0".repeat(64)), "email");
        refuses(CRM, "suppression.csv", &format!("reason,hash\nx,y,{digest}\n"), "email");
    }
    for form in ["+447911123456", "447911123456", "7911123456", "07911123456"] {
        let digest = hex(sha2::Sha256::digest(form));
        refuses(BRITISH, "suppression.csv", &format!("{digest}\n"), "call");
    }
}

#[test]
fn an_address_beside_its_digest_counts_too() {
    let digest = hex(sha2::Sha256::digest("jane.doe@gmail.com"));
    let text = format!("email,email_sha256\njane.doe@gmail.com,{digest}\n");
    refuses(CRM, "suppression.csv", &text, "email");
}

#[test]
fn a_refusal_in_a_shifted_cell_counts() {
    let crm = "email,first name,last name,opt-out,notes\njane.doe@gmail.com,Jane,Doe,,\n";
    let other = "email,first name,last name,opt-out,notes\njane.doe@gmail.com,Jane,van,Doe,yes,a,b\n";
    let (jane, _, _scratch) = jane(&[("crm.csv", crm), ("shop.csv", other)], &[]);
    assert!(refused(&jane, "email"));
}

#[test]
fn a_flag_of_erasure_is_a_refusal() {
    for header in ["erased", "GDPR erasure"] {
        let crm = format!("first name,email,country,{header}\nJane,jane.doe@gmail.com,US,X\n");
        let (jane, _, _scratch) = jane(&[("crm.csv", &crm)], &[]);
        assert!(refused(&jane, "email"), "{header}");
    }
}

#[test]
fn a_consent_does_not_move_when_its_own_address_is_bad() {
    let crm = "first name,last name,email,email 2,country,newsletter,opt-in date,opt-in source\n\
        Jane,Doe,jane@@fernhill,jane@fernhill.org,GB,yes,2026-05-01,web form\n";
    let (jane, _, _scratch) = jane(&[("crm.csv", crm)], &[]);
    assert_eq!(jane["email_decision"], "blocked", "{}", jane["email_reason"]);
}

#[test]
fn a_consent_is_not_read_from_any_cell() {
    for text in [
        ",,consent_given,email,2026-01-01,web,form,,jane.doe+shop@gmail.com\n",
        "n/a,,consent_given,email,2026-01-01,web,form,,jane.doe+shop@gmail.com\n",
    ] {
        let events = format!("{EVENTS}{text}");
        let (jane, _, _scratch) = jane(&[("crm.csv", BRITISH), ("consent-events.csv", &events)], &[]);
        assert_eq!(jane["email_decision"], "blocked");
    }
}

#[test]
fn dates_of_unlike_precision_do_not_hide_each_other() {
    // The whole day stands beside the moment, and an earlier refusal of the same kind: all three are folded.
    let events = format!(
        "{EVENTS}jane.doe+shop@gmail.com,,consent_withdrawn,email,2025-01-01,web,form,,\n\
        jane.doe+shop@gmail.com,,consent_withdrawn,email,2025-06-02,web,form,,\n\
        jane.doe+shop@gmail.com,,consent_withdrawn,email,2025-06-02T01:00:00Z,web,form,,\n\
        jane.doe+shop@gmail.com,,consent_given,email,2025-06-02T05:00:00Z,web,form,,\n"
    );
    let (jane, _, _scratch) = jane(&[("crm.csv", CRM), ("consent-events.csv", &events)], &[]);
    assert!(refused(&jane, "email"), "{}", jane["email_reason"]);
}

/// The refusals, and a later happening: the suppression file in their stead leads to the same decisions.
fn round_trip(refusals: &[&str], later: &str) {
    let scratch = Scratch::new();
    let lines =
        |rows: &[&str]| EVENTS.to_owned() + &rows.iter().map(|r| format!("{r}\n")).collect::<String>();
    let sources = scratch.write(&[
        ("crm.csv", CRM.to_owned()),
        ("refusals-consent-events.csv", lines(refusals)),
        ("later-consent-events.csv", lines(&[later])),
    ]);
    let (first, whole, fed) = (scratch.path("first"), scratch.path("whole"), scratch.path("fed"));
    clean(&sources[..2], &first, &[]);
    let passed_on = scratch.path("earlier-suppression.csv");
    std::fs::copy(first.join("suppression.csv"), &passed_on).unwrap();
    clean(&sources, &whole, &[]);
    clean(&[sources[0].clone(), passed_on, sources[2].clone()], &fed, &[]);
    let decisions = |dir: &PathBuf| -> Vec<String> {
        let channels = ["email", "sms", "call", "post"];
        let contacts = read_csv(&dir.join("contacts.csv"));
        let all = contacts.iter().flat_map(|c| channels.iter().map(move |channel| (c, channel)));
        all.map(|(c, x)| format!("{} {x} {}", c["first_name"], c[&format!("{x}_decision")])).collect()
    };
    assert_eq!(decisions(&whole), decisions(&fed), "{refusals:?}");
}

#[test]
fn a_suppression_file_judges_as_its_sources_did() {
    let jane = |event: &str, channel: &str, at: &str| {
        format!("jane.doe+shop@gmail.com,,{event},{channel},{at},web,form,,")
    };
    let consent = jane("consent_given", "email", "2026-02-01");
    let click = jane("last_activity", "email", "2026-02-01");
    let check = |refusals: &[String], later: &str| {
        round_trip(&refusals.iter().map(String::as_str).collect::<Vec<_>>(), later);
    };
    let complaint = jane("complaint", "email", "2025-01-01");
    check(&[complaint.clone(), jane("consent_withdrawn", "email", "")], &consent);
    check(&[complaint.clone(), jane("consent_withdrawn", "email", "2026-03-01")], &consent);
    check(&[complaint.clone(), jane("consent_withdrawn", "sms", "")], &consent);
    check(&[jane("hard_bounce", "email", "2025-01-01"), jane("consent_withdrawn", "sms", "")], &click);
    check(&[complaint, jane("hard_bounce", "email", "")], &consent);
    check(&[jane("do_not_contact", "", "2025-01-01")], &consent);
    check(&[jane("consent_declined", "email", "2025-01-01")], &consent);
}

#[test]
fn of_an_erased_person_only_the_tombstone_remains() {
    let scratch = Scratch::new();
    let events = format!(
        "{EVENTS}jane.doe@gmail.com,,erasure,,2025-01-01,web,form,,\n\
        jane.doe@gmail.com,,consent_withdrawn,email,2024-01-01,web,form,,\n"
    );
    let sources = scratch.write(&[("crm.csv", CRM), ("consent-events.csv", events.as_str())]);
    let (key, out) = (scratch.path("key"), scratch.path("run"));
    std::fs::write(&key, "0123456789abcdef0123456789abcdef").unwrap();
    let said = clean(&sources, &out, &["--key-file", key.to_str().unwrap()]);
    recount(&out);
    let streams =
        [("stdout".to_owned(), said.stdout.into_bytes()), ("stderr".to_owned(), said.stderr.into_bytes())];
    for (name, bytes) in files(&out).into_iter().chain(streams) {
        let text = String::from_utf8(bytes).unwrap().to_lowercase();
        for value in ["jane", "2127365001"] {
            assert!(!text.contains(value), "{value} stands in {name}");
        }
    }
    let passed_on = scratch.path("earlier-suppression.csv");
    std::fs::copy(out.join("suppression.csv"), &passed_on).unwrap();
    let next = [sources[0].clone(), passed_on];
    let [crm, list] = next.each_ref().map(|p| p.to_str().unwrap());
    let nowhere = scratch.path("keyless");
    let keyless = contactable(&["clean", crm, list, "--out", nowhere.to_str().unwrap()]);
    assert_eq!(keyless.exit, Exit::Usage, "tombstones that no key was given for: {}", keyless.stderr);
    assert!(keyless.stderr.contains("--key-file"));
    let fed = scratch.path("fed");
    clean(&next, &fed, &["--key-file", key.to_str().unwrap()]);
    let names: BTreeSet<String> =
        read_csv(&fed.join("contacts.csv")).into_iter().map(|c| c["first_name"].clone()).collect();
    assert_eq!(names, BTreeSet::from(["Bob".to_owned()]));
    let kinds: BTreeSet<String> =
        read_csv(&fed.join("suppression.csv")).into_iter().map(|line| line["kind"].clone()).collect();
    assert_eq!(kinds, BTreeSet::from(["hmac-sha256".to_owned()]), "a tombstone stays one, run after run");
}

#[test]
fn who_comes_back_after_erasure_is_a_contact_again() {
    let events = format!(
        "{EVENTS}jane.doe+shop@gmail.com,,erasure,,2025-01-01,web,form,,\n\
        jane.doe+shop@gmail.com,,consent_given,email,2026-01-01,web,form,,\n"
    );
    let (jane, _, _scratch) = jane(&[("crm.csv", CRM), ("consent-events.csv", &events)], &[]);
    assert_eq!(jane["email_reason"], "basis-express-consent");
    assert_eq!(jane["call_reason"], "refusal-erasure", "the number stays erased");
}

#[test]
fn an_empty_file_among_others_asks_nothing() {
    let (_, out, _scratch) = jane(&[("crm.csv", CRM), ("nothing.csv", "")], &[]);
    assert_eq!(read_csv(&out.join("contacts.csv")).len(), 2);
}

const HOUSES: &str = "first name,last name,street,city,postal code,email,phone,country\n\
    Jane,Doe,12 Main Street,Springfield,90210-1234,jane.doe@fernhill.org,+12127365001,US\n\
    Bob,Stone,14 Main Street,Springfield,90210,bob@stonemill.org,+12127365000,US\n";

#[test]
fn a_postal_refusal_binds_the_household_and_the_next_run() {
    for text in [
        "first name,last name,street,city,zip\nJane,Doe,12 main st.,Springfield,90210\n",
        "name,address,city,zip\nDoe,\"12, MAIN ST\",,90210\n",
        "street,city,zip\n12 Main Street,Springfield,90210\n",
        "name,street,zip,notes\nSomebody Else,9 Elm Road,90210,jane.doe@fernhill.org\n",
    ] {
        refuses(HOUSES, "suppression.csv", text, "post");
    }
    refuses(HOUSES, "do-not-mail.csv", "last name,street,zip\nDoe,12 Main Street,90210\n", "post");
    refuses(HOUSES, "unsubscribes.csv", "last name,street,zip\nDoe,12 Main Street,90210\n", "post");

    let other = "name,street,zip,no post\nDoe,12 Main Street,90210,yes\nX,9 Elm Rd,90210,\n";
    let unnamed = "street,zip,no post\n12 Main Street,90210,yes\n9 Elm Road,90210,\n";
    for shop in [other, unnamed] {
        let scratch = Scratch::new();
        let sources = scratch.write(&[("crm.csv", HOUSES), ("shop.csv", shop)]);
        let (first, next) = (scratch.path("first"), scratch.path("next"));
        let houses = ["--as", "contacts=shop.csv"];
        clean(&sources, &first, &houses);
        let passed_on = scratch.path("earlier-suppression.csv");
        std::fs::copy(first.join("suppression.csv"), &passed_on).unwrap();
        clean(&[sources[0].clone(), passed_on], &next, &[]);
        for dir in [first, next] {
            let contacts = read_csv(&dir.join("contacts.csv"));
            let of = |name: &str| contacts.iter().find(|c| c["first_name"] == name).unwrap();
            assert!(refused(of("Jane"), "post"), "{shop}");
            assert!(!refused(of("Bob"), "post") && !refused(of("Jane"), "email"), "{shop}");
        }
    }
}

#[test]
fn postal_entries_stand_in_the_suppression_file() {
    let files = [
        ("crm.csv", HOUSES),
        ("suppression.csv", "last name,street,zip\nDoe,12 Main St,90210\nAcme Ltd,1 Elm Rd,1234\n"),
    ];
    let (_, out, _scratch) = jane(&files, &[]);
    let entries: BTreeSet<String> = read_csv(&out.join("suppression.csv"))
        .into_iter()
        .filter(|e| e["kind"] == "post")
        .map(|e| e["point"].clone())
        .collect();
    let wanted = ["doe | 12 main st | 90210", "acme ltd | 1 elm rd | 1234"];
    assert_eq!(entries, BTreeSet::from(wanted.map(str::to_owned)));
    let events: Vec<String> =
        read_csv(&out.join("events.csv")).into_iter().map(|e| e["point"].clone()).collect();
    assert_eq!(events, wanted);
}

#[test]
fn a_contact_rows_refusal_of_a_number_without_country_binds_whoever_has_it() {
    let crm = "first name,phone,country,email\nJane,+49 171 1234567,DE,jane@fernhill.org\nBob,+49 171 7654321,DE,bob@stonemill.org\n";
    for number in ["0171 1234567", "171/1234567", "49 171 1234567", "0049 171 1234567"] {
        let shop = format!("name,phone,do not call\nJ.,{number},yes\nB.,0171 7654321,\n");
        let (jane, out, _scratch) =
            jane(&[("crm.csv", crm), ("shop.csv", &shop)], &["--as", "contacts=shop.csv"]);
        assert!(refused(&jane, "call"), "{number}: {}", jane["call_reason"]);
        let contacts = read_csv(&out.join("contacts.csv"));
        let bob = contacts.iter().find(|c| c["first_name"] == "Bob").unwrap();
        assert!(!refused(bob, "call"), "{number} refuses Bob too");
        let numbers: Vec<String> =
            read_csv(&out.join("suppression.csv")).into_iter().map(|e| e["point"].clone()).collect();
        assert!(numbers.contains(&"+491711234567".to_owned()), "{numbers:?}");
    }
}

#[test]
fn a_letter_goes_to_the_address_that_may_be_written_to() {
    let crm = "first name,last name,street,postal code,email,country,last changed\n\
        Jane,Doe,12 Main Street,90210,jane.doe@fernhill.org,US,2026-05-01\n\
        John,Doe,12 Main Street,90210,john@stonemill.org,US,2026-05-01\n\
        Jane,Doe,9 Elm Road,90210,jane.doe@fernhill.org,US,2020-05-01\n";
    let list = "last name,street,zip\nDoe,12 Main Street,90210\n";
    let (jane, out, _scratch) = jane(&[("crm.csv", crm), ("do-not-mail.csv", list)], &[]);
    assert_eq!((jane["street"].as_str(), jane["post_decision"].as_str()), ("12 Main Street", "contactable"));
    let letters: Vec<String> =
        read_csv(&out.join("post.csv")).into_iter().map(|l| l["street"].clone()).collect();
    assert_eq!(letters, ["9 Elm Road"]);
}

#[test]
fn what_one_refused_by_mail_is_not_told_of_the_household() {
    let crm = "first name,last name,street,postal code,email,country,newsletter\n\
        Jane,Doe,12 Main Street,90210,jane@fernhill.org,US,no\nJohn,Doe,12 Main Street,90210,john@fernhill.org,US,\n";
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", crm), ("later.csv", &crm.replace(",no\n", ",\n"))]);
    let (first, next) = (scratch.path("first"), scratch.path("next"));
    clean(&sources[..1], &first, &[]);
    let passed_on = scratch.path("earlier-suppression.csv");
    std::fs::copy(first.join("suppression.csv"), &passed_on).unwrap();
    clean(&[sources[1].clone(), passed_on], &next, &[]);
    let contacts = read_csv(&next.join("contacts.csv"));
    let of = |name: &str| contacts.iter().find(|c| c["first_name"] == name).unwrap();
    assert!(refused(of("Jane"), "email") && !refused(of("John"), "email"));
}

#[test]
fn of_two_people_at_one_mailbox_each_keeps_the_refusal_that_binds_them() {
    let crm = "first name,last name,email,newsletter,opt-in date,opt-in source,country\n\
        Anna,Becker,house@fernhill.org,yes,2025-06-05,https://fernhill.example/join,GB\n\
        Tomas,Novak,house@fernhill.org,yes,2025-06-01,https://fernhill.example/join,GB\n";
    let scratch = Scratch::new();
    let sources = scratch
        .write(&[("crm.csv", crm), ("unsubscribes.csv", "email,date\nhouse@fernhill.org,2025-06-01\n")]);
    let (first, next) = (scratch.path("first"), scratch.path("next"));
    clean(&sources, &first, &[]);
    let passed_on = scratch.path("earlier-suppression.csv");
    std::fs::copy(first.join("suppression.csv"), &passed_on).unwrap();
    clean(&[sources[0].clone(), passed_on], &next, &[]);
    for run in [&first, &next] {
        let of = |name: &str| {
            let contacts = read_csv(&run.join("contacts.csv"));
            contacts.into_iter().find(|c| c["first_name"] == name).unwrap()["email_decision"].clone()
        };
        // Nobody can say which of them left, and so whose later yes would end it.
        assert_eq!((of("Anna").as_str(), of("Tomas").as_str()), ("blocked", "blocked"));
    }
}

#[test]
fn a_refusal_that_two_columns_tell_is_one() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nJane,jane@stonemill.org,US\nBob,rob@stonemill.org,US\n";
    let text = std::fs::read_to_string("fixtures/recipes/unsubscribed-2026-11-30.csv").unwrap();
    let files = [("crm.csv", crm), ("unsubscribed-2026-11-30.csv", text.as_str())];
    let sources = scratch.write(&files);
    let out = scratch.path("run");
    clean(&sources, &out, &[]);
    crate::run::recount(&out);
    let events = read_csv(&out.join("events.csv"));
    let rows = text.lines().count() - 1;
    assert_eq!(events.len(), rows, "one line per event and point: {events:?}");
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["refusals"]["total"], rows);
    // Two refusals of one row stay two, and a file of consents tells each once too.
    let left = "email,unsubscribed at,complaint date\njane@stonemill.org,2026-03-01,2026-03-01\n";
    let given =
        "email,event,channel,timestamp,source\nrob@stonemill.org,consent_given,email,2026-01-01,form\n";
    let files = [("crm.csv", crm), ("unsubscribed.csv", left), ("consent-events.csv", given)];
    let out = scratch.path("two");
    clean(&scratch.write(&files), &out, &[]);
    let events = read_csv(&out.join("events.csv"));
    let mut kinds: Vec<_> = events.iter().map(|e| e["event"].as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["complaint", "consent_given", "consent_withdrawn"]);
}

#[test]
fn a_refusal_of_a_house_is_proven_alike_in_every_run() {
    // Rows refuse two spellings of one household; the keys of a run are random, and nothing of them may show.
    let crm = "first name,last name,email,phone,street,city,state,zip,country,status\n\
        William,Morales,will@stonemill.org,+12127365001,2333 Elm Place,Albany,NY,12203,US,subscribed\n\
        W.,Morales,,+12127365001,2333 Elm Place,Albany,NY,12203,US,subscribed\n\
        Chris,,chris@familymail.example,,2333 Elm Place,Albany,NY,12203,US,unsubscribed\n\
        Kim,,kim@familymail.example,,2333 Elm Place,Albany,NY,12203,US,complained\n";
    let proof = || {
        let scratch = Scratch::new();
        let out = scratch.path("run");
        clean(&scratch.write(&[("crm.csv", crm)]), &out, &["--proof"]);
        files(&out)["decisions.csv"].clone()
    };
    let first = proof();
    let post = String::from_utf8(first.clone()).unwrap();
    let post = post.lines().filter(|line| line.contains(",post,\"w")).map(str::to_owned).collect::<Vec<_>>();
    let both =
        |line: &String| line.contains("consent_withdrawn crm.csv:4") && line.contains("complaint crm.csv:5");
    assert!(post.len() == 2 && post.iter().all(both), "{post:?}");
    assert!(!post.iter().any(|line| line.contains("another spelling")), "{post:?}");
    for _ in 0..8 {
        assert_eq!(proof(), first);
    }
}
