//! The demo of the README, person by person: what the rules say each may be sent, reasoned from the rows.

use crate::run::{Record, Scratch, clean, read_csv, recount};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The files of a directory under `fixtures/`, in order.
pub(crate) fn fixtures(dir: &str) -> Vec<PathBuf> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(dir);
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    files
}

/// Whom the shop knows, on 21 November 2026, by e-mail, text, call and post: `+` and the ground of a yes, `-` and
/// the reason of a no.
const PEOPLE: &[(&str, &str, [&str; 4])] = &[
    (
        "Jane Doe",
        // She left through a +tag of a mailbox she signed up with under two other spellings. The text box in the
        // shop is another channel; no register was brought for calls.
        "Jane.Doe.fernhill@Googlemail.com; janedoe.fernhill@gmail.com; janedoe.fernhill+shop@gmail.com",
        [
            "-refusal-withdrawn",
            "+basis-express-consent",
            "-registry-not-brought",
            "+basis-legitimate-interest",
        ],
    ),
    (
        "Thomas Becker",
        // One complaint from the family's mailbox binds everybody who reads it, on the channel it was about. His
        // own number has dated consent to calls; texts were never asked.
        "familie.becker@nordwind-mail.de",
        [
            "-refusal-complaint",
            "-consent-never-asked",
            "+basis-express-consent",
            "+basis-legitimate-interest",
        ],
    ),
    (
        "Anna Becker",
        "familie.becker@nordwind-mail.de",
        ["-refusal-complaint", "-consent-never-asked", "-consent-never-asked", "+basis-legitimate-interest"],
    ),
    (
        "Claire Moreau",
        // The second address consented and is confirmed; the first has an undated yes, which is none.
        "c.moreau@bureau-demo.fr; claire.moreau@fernhill-demo.fr",
        ["+basis-express-consent", "-phone-fictional", "-phone-fictional", "+basis-legitimate-interest"],
    ),
    (
        "Robert Hughes",
        // Left in December 2025, signed up again and confirmed in June 2026.
        "rob.hughes@fernhill-demo.co.uk; bob@hughes-family.co.uk",
        [
            "+basis-express-consent",
            "-consent-not-given",
            "-registry-not-brought",
            "+basis-legitimate-interest",
        ],
    ),
    (
        "Maria Garcia",
        // gmial.com is asked about, not corrected. US mail is opt-out; texts need consent in writing, and a box at
        // a checkout shows no signature; a purchase of July 2026 opens calls for 18 months.
        "maria.garcia@gmial.com",
        ["+basis-none-needed", "-consent-not-written", "+basis-purchase", "+basis-none-needed"],
    ),
    (
        "James Miller",
        // Two people at one info@ and one number, which is on the do-not-call list, his purchase or not.
        "info@millerandsons-demo.com",
        ["+basis-none-needed", "-refusal-do-not-contact", "-refusal-do-not-contact", "+basis-none-needed"],
    ),
    (
        "Susan Miller",
        "info@millerandsons-demo.com",
        ["+basis-none-needed", "-refusal-do-not-contact", "-refusal-do-not-contact", "+basis-none-needed"],
    ),
    (
        "Émilie Tremblay",
        // The mailing tool's row is an import, a lone time of confirmation; the shop's own row is dated and sourced.
        "emilie.tremblay@fernhill-demo.ca",
        ["+basis-express-consent", "-phone-fictional", "-phone-fictional", "+basis-legitimate-interest"],
    ),
    (
        "Lars Olsen",
        // `ja` is yes; of 4.74E+11 nine digits are gone for good; Norway's register binds addressed post by law.
        "lars.olsen@fernhill-demo.no",
        ["+basis-express-consent", "-phone-digits-lost", "-phone-digits-lost", "-registry-not-brought"],
    ),
    (
        "Test Person",
        "test@test",
        ["-email-single-label", "-point-missing", "-point-missing", "-point-missing"],
    ),
    (
        "Wendy Ng",
        "wendy.ng@fernhill-demo.com.au",
        ["-refusal-declined", "-consent-never-asked", "-registry-not-brought", "+basis-legitimate-interest"],
    ),
    (
        "Peter O'Neill",
        "peter.oneill@fernhill-demo.ie",
        ["+basis-express-consent", "-point-missing", "-point-missing", "+basis-legitimate-interest"],
    ),
    (
        "Olga Novak",
        // A quote that opens nothing stands in her street; the rows after hers are still there.
        "olga.novak@fernhill-demo.co.uk",
        [
            "+basis-express-consent",
            "-consent-never-asked",
            "-registry-not-brought",
            "+basis-legitimate-interest",
        ],
    ),
    (
        "Simon Weber",
        // The list says in its name what it forbids: every use of the number. His mail was signed up for and confirmed.
        "simon.weber@fernhill-demo.de",
        [
            "+basis-express-consent",
            "-refusal-do-not-contact",
            "-refusal-do-not-contact",
            "+basis-legitimate-interest",
        ],
    ),
    (
        "Amy Clarke",
        // A spreadsheet ate the zero of her number. Consent to calls overrides the registers.
        "amy.clarke@fernhill-demo.co.uk",
        [
            "-consent-never-asked",
            "+basis-express-consent",
            "+basis-express-consent",
            "+basis-legitimate-interest",
        ],
    ),
    (
        "Derek Hall",
        // An X in a do-not-contact column has no date, so no consent can come after it.
        "derek.hall@fernhill-demo.co.uk",
        [
            "-refusal-do-not-contact",
            "-refusal-do-not-contact",
            "-refusal-do-not-contact",
            "-refusal-do-not-contact",
        ],
    ),
    (
        "Kim Park",
        // Where mail needs no consent, a "no" is still a no; it was about the newsletter, not about calls.
        "kim.park@fernhill-demo.com",
        ["-refusal-declined", "-consent-never-asked", "+basis-purchase", "+basis-none-needed"],
    ),
    (
        "Owen Roy",
        // A Canadian purchase of February 2026 stands for consent for 24 months.
        "owen.roy@fernhill-demo.ca",
        ["+basis-purchase", "-point-missing", "-point-missing", "+basis-legitimate-interest"],
    ),
    (
        "Hugo Petit",
        // Last heard of in March 2022; France counts three years.
        "hugo.petit@fernhill-demo.fr",
        ["-consent-expired", "-point-missing", "-point-missing", "+basis-legitimate-interest"],
    ),
    (
        "Tom Reid",
        // A purchase after the opt-out and an undated yes reopen nothing.
        "tom.reid@fernhill-demo.co.uk",
        ["-refusal-withdrawn", "-point-missing", "-point-missing", "+basis-legitimate-interest"],
    ),
    (
        "Noah Young",
        // The shop system writes "no" for never asked and for left alike: no refusal, and no ground but consent.
        "noah.young@fernhill-demo.com",
        ["-consent-not-given", "-point-missing", "-point-missing", "+basis-none-needed"],
    ),
    (
        "Ivy Chen",
        "ivy.chen@fernhill-demo.com",
        ["-bounce-hard", "-consent-not-given", "-registry-not-brought", "+basis-none-needed"],
    ),
    (
        "Grace Kelly",
        "grace.kelly@fernhill-demo.ca",
        ["-consent-not-given", "-point-missing", "-point-missing", "+basis-legitimate-interest"],
    ),
    (
        "Paul Ferrand",
        "paul.ferrand@fernhill-demo.fr",
        ["-consent-undated", "-point-missing", "-point-missing", "+basis-legitimate-interest"],
    ),
    (
        "Lina Rossi",
        // Bounced in May, signed up again and confirmed in August: the mailbox works.
        "lina.rossi@fernhill-demo.it",
        ["+basis-express-consent", "-point-missing", "-point-missing", "-point-missing"],
    ),
    (
        "Greta Holm",
        "greta.holm@fernhill-demo.dk",
        ["-consent-imported-unverified", "-point-missing", "-point-missing", "-point-missing"],
    ),
];

fn name(contact: &Record) -> String {
    format!("{} {}", contact["first_name"], contact["last_name"])
}

#[test]
fn everybody_in_the_demo_is_decided_as_the_rules_say() {
    let scratch = Scratch::new();
    let out = scratch.path("run");
    clean(&fixtures("demo"), &out, &[]);
    recount(&out);
    let contacts: BTreeMap<String, Record> =
        read_csv(&out.join("contacts.csv")).into_iter().map(|c| (name(&c), c)).collect();
    let names: Vec<&str> = contacts.keys().map(String::as_str).collect();
    let mut told: Vec<&str> = PEOPLE.iter().map(|p| p.0).collect();
    told.sort_unstable();
    assert_eq!(names, told, "one contact a person");
    let mut wrong = Vec::new();
    for (person, emails, expected) in PEOPLE {
        let contact = &contacts[*person];
        assert_eq!(contact["emails"], *emails, "{person}");
        for (channel, expected) in ["email", "sms", "call", "post"].iter().zip(expected) {
            let sign = if contact[&format!("{channel}_decision")] == "contactable" { "+" } else { "-" };
            let found = format!("{sign}{}", contact[&format!("{channel}_reason")]);
            if found != *expected {
                wrong.push(format!("{person}, {channel}: expected {expected}, found {found}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());

    let list = |name: &str, key: &str| -> Vec<String> {
        read_csv(&out.join(name)).into_iter().map(|r| r[key].clone()).collect()
    };
    let email = list("email.csv", "email");
    assert!(email.contains(&"claire.moreau@fernhill-demo.fr".into()), "the address that consented");
    assert!(email.contains(&"maria.garcia@gmial.com".into()), "a suspected slip is not corrected");
    assert_eq!(email.iter().filter(|e| e.starts_with("info@")).count(), 1, "a shared mailbox once");
    assert!(list("sms.csv", "phone").contains(&"+447400100018".into()), "the lost zero came back");
    let rejected: Vec<String> = read_csv(&out.join("rejected.csv"))
        .into_iter()
        .map(|r| format!("{}:{} {}", r["source"], r["line"], r["reason"]))
        .collect();
    assert_eq!(rejected, ["crm-contacts.csv:14 row-no-contact-point"]);
}

#[test]
fn the_last_day_of_a_ground_that_ends_is_told() {
    let scratch = Scratch::new();
    let out = scratch.path("run");
    clean(&fixtures("demo"), &out, &[]);
    let until = |list: &str, last: &str| {
        let rows = read_csv(&out.join(list));
        rows.iter().find(|r| r["last_name"] == last).map(|r| r["valid_until"].clone()).unwrap()
    };
    // 24 months from 3 February 2026 and 18 months from 17 July 2026: the day before the anniversary is the last.
    assert_eq!(until("email.csv", "Roy"), "2028-02-02");
    assert_eq!(until("call.csv", "Garcia"), "2028-01-16");
    assert_eq!(until("call.csv", "Clarke"), "", "consent to calls ends by itself nowhere in GB");
}

/// What a person's channel comes to when the demo is cleaned with more options.
fn decided(more: &[&str], person: &str, channel: &str) -> String {
    let scratch = Scratch::new();
    let out = scratch.path("run");
    clean(&fixtures("demo"), &out, more);
    recount(&out);
    let contacts = read_csv(&out.join("contacts.csv"));
    let contact = contacts.iter().find(|c| name(c) == person).unwrap();
    let sign = if contact[&format!("{channel}_decision")] == "contactable" { "+" } else { "-" };
    format!("{sign}{}", contact[&format!("{channel}_reason")])
}

#[test]
fn the_recipes_of_the_readme_do_what_it_says() {
    let check = |more: &[&str], person, channel, expected| {
        assert_eq!(decided(more, person, channel), expected, "{person}, {channel}, {more:?}");
    };
    let register = ["--registry", "uk-tps=fixtures/recipes/tps.txt@2026-11-20"];
    // The register of consumers was asked: who is not on it may be called, who is listed may not.
    check(&register, "Jane Doe", "call", "+basis-legitimate-interest");
    check(&register, "Robert Hughes", "call", "-registry-listed");
    // Businesses have a register of their own.
    check(&[&register[..], &["--audience", "b2b"]].concat(), "Jane Doe", "call", "-registry-not-brought");
    let hashes = ["--suppress", "fixtures/recipes/optouts-sha256.txt"];
    check(&hashes, "Owen Roy", "email", "-refusal-do-not-contact");
    let events = ["--events", "fixtures/recipes/consent-events.csv"];
    check(&events, "Grace Kelly", "email", "+basis-express-consent");
    check(&events, "Peter O'Neill", "email", "-refusal-objection");
    check(&events, "Peter O'Neill", "post", "-refusal-objection");
    check(&events, "Wendy Ng", "email", "-refusal-declined");
    // The operator's word is a ground, and lifts no refusal.
    let word = ["--assert-basis", "customers_export.csv:email:express_consent@2025-03-01=signed till slips"];
    check(&word, "Paul Ferrand", "email", "+basis-asserted");
    check(&word, "Tom Reid", "email", "-refusal-withdrawn");
    let profile = ["--profile", "fixtures/recipes/contactable.toml"];
    check(&profile, "Maria Garcia", "email", "-email-domain-typo");
    check(&profile, "James Miller", "email", "-email-role");
}
