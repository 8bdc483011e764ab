//! The conflicts and edge cases of consent law, one test each, named after the case: first what the rules say of
//! a history, then, where files take part in it, a whole run.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::consent::{judged, reasons};
use crate::run::{self, Record, Scratch, clean, read_csv};
use contactable::data::jurisdiction::Audience;
use contactable::reason::Reason;

/// The history leads to that main reason, and to that answer.
fn comes_to(history: &str, yes: bool, reason: &str) {
    let judgement = judged(history);
    let found = (judgement.allowed.is_some(), judgement.reason.id());
    assert_eq!(found, (yes, reason), "{history}");
}

/// Jane's line of `contacts.csv` after a run over those files.
fn jane(files: &[(&str, &str)], more: &[&str]) -> Record {
    run::jane(files, more).0
}

fn decision(record: &Record, channel: &str) -> String {
    let sign = if record[&format!("{channel}_decision")] == "contactable" { "+" } else { "-" };
    format!("{sign}{}", record[&format!("{channel}_reason")])
}

const YES: &str = "email,first name,last name,phone,country,consent,consent date,consent source\n";

#[test]
fn refusal_travels_consent_does_not() {
    comes_to("DE email 2026-11-21 | consent_given 2026-01-01 source person", false, "consent-other-point");
    comes_to("DE email 2026-11-21 | consent_given 2026-01-01 source alias", false, "consent-other-point");
    for told in ["alias", "person"] {
        let history =
            format!("DE email 2026-11-21 | consent_given 2026-01-01 source; objection 2026-02-01 {told}");
        comes_to(&history, false, "refusal-objection");
    }
    // On its channel; a general stop on all.
    comes_to(
        "DE call 2026-11-21 | consent_given 2026-01-01 source; consent_withdrawn 2026-02-01 person on=email",
        true,
        "basis-express-consent",
    );
    // A stop that names no channel, told at the number, is one for everything.
    let rows = format!("{YES}jane@stonemill.de,Jane,Doe,+4915120000010,DE,yes,2026-01-01,form\n");
    let stop = |channel: &str| {
        let events =
            format!("phone,event,timestamp,channel\n+4915120000010,objection,2026-02-01,{channel}\n");
        let files = [("crm.csv", rows.as_str()), ("consent-events.csv", events.as_str())];
        let jane = jane(&files, &["--channels", "email,sms,call"]);
        ["email", "sms", "call"].map(|channel| decision(&jane, channel).starts_with("-refusal-"))
    };
    assert_eq!(stop(""), [true, true, true], "a general stop reaches every channel of the person");
    assert_eq!(stop("call"), [false, false, true], "one for calls reaches calls");
    // Two rows of one person: the refusal of the old address reaches the new one.
    let rows = format!(
        "{YES}jane@stonemill.de,Jane,Doe,+4915120000010,DE,yes,2026-01-01,form\n\
         jane.doe@muehlbach.de,Jane,Doe,+4915120000010,DE,,,\n"
    );
    let alone = jane(&[("crm.csv", &rows)], &[]);
    assert_eq!((alone["merged_rows"].as_str(), alone["email"].as_str()), ("2", "jane@stonemill.de"));
    assert_eq!(decision(&alone, "email"), "+basis-express-consent");
    let left = jane(&[("crm.csv", &rows), ("unsubscribed.csv", "email\njane.doe@muehlbach.de\n")], &[]);
    assert!(decision(&left, "email").starts_with("-refusal-"), "{}", decision(&left, "email"));
}

#[test]
fn withdrawal_then_re_opt_in() {
    let after = |what: &str| format!("DE email 2026-11-21 | consent_withdrawn 2026-03-01; {what}");
    comes_to(&after("consent_given 2026-03-02 source"), true, "basis-express-consent");
    for what in [
        "consent_given 2026-03-01 source",
        "consent_given undated source",
        "consent_given 2026-03-02",
        "consent_given 2026-03-02 source imported",
        "consent_given 2026-03-02 asserted",
        "purchase 2026-03-02 offered",
        "consent_given 2026-02-28 source",
    ] {
        comes_to(&after(what), false, "refusal-withdrawn");
    }
    // An undated refusal is in force whatever came when.
    comes_to(
        "DE email 2026-11-21 | consent_withdrawn undated; consent_given 2026-11-20 source",
        false,
        "refusal-withdrawn",
    );
    // Yes of 1 March and no of the same day, told to the minute by one and to the day by the other.
    comes_to(
        "DE email 2026-11-21 | consent_withdrawn 2026-03-01; consent_given 2026-03-01T23:59:00Z source",
        false,
        "refusal-withdrawn",
    );
}

#[test]
fn several_jurisdictions() {
    comes_to("US email 2026-11-21 | ", true, "basis-none-needed");
    comes_to("US+DE email 2026-11-21 | ", false, "consent-never-asked");
    comes_to("US+US-FL call 2026-11-21 | inquiry 2026-10-01", false, "consent-never-asked");
    // Florida leaves customers out, and federal law does too.
    comes_to("US+US-FL call 2026-11-21 | purchase 2026-06-01", true, "basis-purchase");
    // The sender's own country is asked besides.
    let rows = "first name,last name,email,country\nJane,Doe,jane@stonemill.org,US\n";
    assert_eq!(decision(&jane(&[("crm.csv", rows)], &[]), "email"), "+basis-none-needed");
    let sent = jane(&[("crm.csv", rows)], &["--sender-country", "DE"]);
    assert_eq!(decision(&sent, "email"), "-consent-never-asked");
    // Without a candidate: express consent, confirmed; post until refused.
    comes_to("ZZ email 2026-11-21 | consent_given 2026-01-01 source", false, "consent-unconfirmed");
    comes_to("ZZ post 2026-11-21 | ", true, "basis-legitimate-interest");
    // A state column, and an area code from which the law presumes residence, bring the state's rules.
    let of = |state: &str, phone: &str| {
        let rows = format!(
            "first name,last name,email,phone,state,country,last order\n\
             Jane,Doe,jane@stonemill.org,{phone},{state},US,2026-06-01\n"
        );
        let jane = jane(&[("crm.csv", &rows)], &["--channels", "call,email"]);
        (decision(&jane, "call"), jane["jurisdictions"].clone())
    };
    let (call, law) = of("GA", "+14042345001");
    assert_eq!((call.as_str(), law.as_str()), ("+basis-purchase", "US (stated country)"));
    let (call, law) = of("CT", "+14042345001");
    assert_eq!(call, "-consent-never-asked");
    assert_eq!(law, "US (stated country); US-CT (region of the address)");
    let (call, law) = of("GA", "+12032345001");
    assert_eq!(call, "-consent-never-asked");
    assert_eq!(law, "US (stated country); US-CT (phone number)");
    // The region's name counts only within its country.
    let rows =
        "first name,last name,email,region,country\nJane,Doe,jane@stonemill.co.uk,Florida,GB\n".to_owned();
    assert_eq!(jane(&[("crm.csv", &rows)], &[])["jurisdictions"], "GB (stated country)");
}

#[test]
fn b2b() {
    let of = |audience: Audience, place: &str, channel| {
        let table = contactable::consent::RuleTable::compile(
            contactable::data::rulebooks(),
            &crate::consent::terms(SEND),
        )
        .unwrap();
        let history = contactable::consent::History { events: &[] };
        let judgement = contactable::consent::judge(
            &table,
            &[crate::consent::candidate(place)],
            channel,
            audience.into(),
            history,
        );
        judgement.reason
    };
    use contactable::record::Channel::{Call, Email};
    // Not known is a consumer; France lets businesses be written to, Germany and the Netherlands protect them.
    assert_eq!(of(Audience::Any, "FR", Email), Reason::ConsentNeverAsked);
    assert_eq!(of(Audience::B2b, "FR", Email), Reason::BasisLegitimateInterest);
    assert_eq!(of(Audience::B2b, "DE", Email), Reason::ConsentNeverAsked);
    assert_eq!(of(Audience::B2b, "NL", Email), Reason::ConsentNeverAsked);
    assert_eq!(of(Audience::B2b, "AT", Email), Reason::ConsentNeverAsked);
    // Companies are outside the British rule and sole traders inside: which one it is, no file proves.
    assert_eq!(of(Audience::B2b, "GB", Email), Reason::ConsentNeverAsked);
    assert_eq!(of(Audience::B2b, "US", Email), Reason::BasisNoneNeeded);
    assert_eq!(of(Audience::B2b, "GB", Call), Reason::RegistryNotBrought);
    // A rule that holds for some businesses only, which no file proves, waits for the operator's word.
    assert_eq!(of(Audience::B2b, "IE", Email), Reason::ConsentNeverAsked);
    // The objection of a named person binds everywhere.
    for place in ["FR", "GB", "DE", "US"] {
        comes_to(&format!("{place} email 2026-11-21 | objection 2026-01-01"), false, "refusal-objection");
    }
}

const SEND: contactable::record::Day = contactable::record::Day::constant(2026, 11, 21);

#[test]
fn shared_addresses() {
    // Two people at one address: one consented, the other refused on her own row.
    let rows = format!(
        "{YES}info@stonemill.de,Jane,Doe,,DE,yes,2026-01-01,form\ninfo@stonemill.de,Bob,Stone,,DE,no,,\n"
    );
    let jane_ = jane(&[("crm.csv", &rows)], &[]);
    assert_eq!(jane_["merged_rows"], "1");
    assert!(decision(&jane_, "email").starts_with("-refusal-"), "any holder's refusal blocks");
    // One holder's consent does not cover the other.
    let rows = format!(
        "{YES}info@stonemill.de,Bob,Stone,,DE,yes,2026-01-01,form\ninfo@stonemill.de,Jane,Doe,,DE,,,\n"
    );
    assert!(decision(&jane(&[("crm.csv", &rows)], &[]), "email").starts_with('-'));
}

#[test]
fn transactional_versus_marketing() {
    comes_to(
        "DE email 2026-11-21 | consent_given 2026-01-01 source purpose=7",
        false,
        "consent-other-purpose",
    );
    comes_to(
        "DE email 2026-11-21 | consent_given 2026-01-01 source purpose=1",
        true,
        "basis-express-consent",
    );
    let event = |purpose: &str| {
        let events = format!(
            "email,event,timestamp,channel,source,purpose\n\
             jane@stonemill.de,consent_given,2026-01-01,email,form,{purpose}\n"
        );
        let rows = "first name,last name,email,country\nJane,Doe,jane@stonemill.de,DE\n";
        let files = [("crm.csv", rows), ("consent-events.csv", events.as_str())];
        decision(&jane(&files, &[]), "email")
    };
    assert_eq!(event("marketing"), "+basis-express-consent");
    assert_eq!(event("order updates"), "-consent-other-purpose");
}

#[test]
fn bought_lists() {
    // What came with an import names no sender and no act of the person.
    comes_to(
        "DE email 2026-11-21 | consent_given 2026-01-01 source imported",
        false,
        "consent-imported-unverified",
    );
    comes_to("DE email 2026-11-21 | consent_given 2026-01-01", false, "consent-unsourced");
    comes_to(
        "CA email 2026-11-21 | consent_given 2026-01-01 source imported",
        false,
        "consent-imported-unverified",
    );
}

#[test]
fn reassigned_numbers() {
    let written = "US sms 2026-11-21 | consent_given 2026-01-01 source method wording written";
    let judgement = judged(written);
    let asks = judgement.allowed.unwrap().conditions.has(contactable::consent::Condition::Register);
    assert!(asks, "no answer of the database is not a no: it stays to be asked");
    comes_to(&format!("{written}; registry_listed 2026-11-10 register=us-rnd"), false, "registry-listed");
}

#[test]
fn minors() {
    let at = |email: &str, born: &str, country: &str| {
        let rows = format!(
            "first name,last name,email,birthday,country,consent,consent date,consent source\n\
             Jane,Doe,{email},{born},{country},yes,2026-01-01,form\n"
        );
        decision(&jane(&[("crm.csv", &rows)], &[]), "email")
    };
    let rows = |born: &str, country: &str| at("jane@stonemill.de", born, country);
    // 13 in the United Kingdom, 18 in India.
    assert_eq!(at("jane@stonemill.org", "2013-11-21", "GB"), "+basis-express-consent");
    assert_eq!(at("jane@stonemill.org", "2013-11-22", "GB"), "-person-minor");
    assert_eq!(at("jane@stonemill.org", "2008-11-21", "IN"), "+basis-express-consent");
    assert_eq!(at("jane@stonemill.org", "2008-11-22", "IN"), "-person-minor");
    // 16 on the send date, 21 November 2026, and one day short of it.
    assert_eq!(rows("2010-11-21", "DE"), "+basis-express-consent");
    assert_eq!(rows("2010-11-22", "DE"), "-person-minor");
    assert_eq!(rows("2013-11-21", "GB"), "-person-minor", "the address ends in .de, so both laws are asked");
    assert_eq!(rows("", "DE"), "+basis-express-consent", "an unknown age blocks nobody");
    assert_eq!(rows("2026-12-24", "DE"), "+basis-express-consent", "nor does a date that is none of birth");
}

#[test]
fn deceased() {
    for history in ["deceased undated", "deceased 2026-01-01; consent_given 2026-02-01 source"] {
        for channel in ["email", "sms", "call", "post"] {
            comes_to(&format!("DE {channel} 2026-11-21 | {history}"), false, "refusal-deceased");
        }
    }
}

#[test]
fn law_changes_mid_history() {
    // France: consent since 11 August 2026, the register until the day before.
    let consented = "consent_given 2026-06-01 source method wording purpose";
    comes_to("FR call 2026-08-10 | registry_check 2026-08-01 register=fr-bloctel", true, "basis-none-needed");
    comes_to(
        "FR call 2026-08-11 | registry_check 2026-08-01 register=fr-bloctel",
        false,
        "consent-never-asked",
    );
    comes_to(&format!("FR call 2026-08-11 | {consented}"), true, "basis-express-consent");
    // The Netherlands: own customers until 30 June 2026.
    comes_to("NL call 2026-06-30 | purchase 2024-01-01 offered", true, "basis-soft-opt-in");
    comes_to("NL call 2026-07-01 | purchase 2024-01-01 offered", false, "consent-never-asked");
    // South Africa: the register since 15 April 2026, against consent too.
    comes_to(
        &format!("ZA email 2026-04-14 | {}", consented.replace("-06-", "-03-")),
        true,
        "basis-express-consent",
    );
    comes_to(
        &format!("ZA email 2026-04-15 | {}", consented.replace("-06-", "-03-")),
        false,
        "registry-not-brought",
    );
    // The United States: the end of the revoke-all rule on 31 January 2027 changes how far a refusal reaches, so a
    // yes of today goes on past it.
    let written = "consent_given 2026-01-01 source method wording written";
    let of = |day: &str| judged(&format!("US sms {day} | {written}"));
    for day in ["2027-01-30", "2027-01-31"] {
        assert_eq!(of(day).allowed.unwrap().valid_until, None, "{day}");
    }
}

#[test]
fn the_teams_own_rules_tighten_and_say_so() {
    let own = |id: &str, model: &str, base: &str| {
        format!(
            "id = \"{id}\"\nname = \"House rules\"\nas_of = 2026-11-21\n[sources]\n\
             house = {{ title = \"House rules\", confidence = \"seen_text\", as_of = 2026-01-01 }}\n\
             [[rule]]\nid = \"{id}-house\"\nchannels = [\"email\"]\naudience = \"any\"\nmodel = \"{model}\"\n\
             bases = [\"{base}\"]\nopt_out = {{ within = \"0 days\", scope = \"person\" }}\ndouble_opt_in = \"no\"\n\
             evidence = []\ncites = [\"house\"]\nconfidence = \"seen_text\"\nas_of = 2026-01-01\nreview_by = 2027-01-01\n"
        )
    };
    let run = |country: &str, rulebook: &str| {
        let scratch = Scratch::new();
        let rows = format!("first name,last name,email,country\nJane,Doe,jane@stonemill.org,{country}\n");
        let files = scratch.write(&[("crm.csv", rows.as_str())]);
        scratch.write(&[("contactable.toml", "rulebooks = [\"house.toml\"]\n"), ("house.toml", rulebook)]);
        let profile = scratch.path("contactable.toml");
        let out = scratch.path("run");
        clean(&files, &out, &["--profile", profile.to_str().unwrap()]);
        let report = std::fs::read_to_string(out.join("report.json")).unwrap();
        (decision(&read_csv(&out.join("contacts.csv"))[0], "email"), report.contains("rulebook-own"))
    };
    let strict = own("US", "opt_in", "express_consent");
    assert_eq!(run("US", &strict), ("-consent-never-asked".to_owned(), true), "a built-in book is tightened");
    let loose = own("DE", "opt_out", "none_needed");
    assert_eq!(run("DE", &loose), ("-consent-never-asked".to_owned(), true), "and never loosened");
    let new = own("KE", "opt_out", "none_needed");
    assert_eq!(run("KE", &new), ("+basis-none-needed".to_owned(), true), "a new place is decided by it");
}

#[test]
fn an_unconfirmed_reminder_is_due_and_the_consent_stays() {
    let judgement = judged("KR email 2026-11-21 | consent_given 2024-11-21 source method wording");
    assert!(judgement.allowed.is_some() && reasons(&judgement).contains(&Reason::ConsentNoticeDue));
    let judgement = judged("KR email 2026-11-20 | consent_given 2024-11-21 source method wording");
    assert!(!reasons(&judgement).contains(&Reason::ConsentNoticeDue));
}

#[test]
fn a_personal_mailbox_of_a_business_contact_is_a_consumers() {
    let scratch = Scratch::new();
    let rows = "email,country,audience\nanne@acme.fr,FR,\nbea@orange.fr,FR,\nzoe@gmail.com,FR,business\nlea@acme.fr,FR,consumer\n";
    let files = scratch.write(&[("people.csv", rows)]);
    let out = scratch.path("run");
    clean(&files, &out, &["--audience", "b2b", "--channels", "email"]);
    let decided: Vec<_> = read_csv(&out.join("contacts.csv"))
        .iter()
        .map(|c| format!("{} {} {}", c["email"], c["email_rule"], c["email_reason"]))
        .collect();
    assert_eq!(
        decided,
        [
            "anne@acme.fr FR-email-b2b basis-legitimate-interest",
            "bea@orange.fr FR-email-sms consent-never-asked",
            "zoe@gmail.com FR-email-sms consent-never-asked",
            "lea@acme.fr FR-email-sms consent-never-asked",
        ]
    );
}
