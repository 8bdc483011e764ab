//! Consent and refusals: the examples of the reason table, and case by case.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

mod laws;

use contactable::consent::{
    Candidate, Candidates, CountryFact, Held, History, Judgement, Reach, RuleTable, Terms, judge,
};
use contactable::data::country::country;
use contactable::data::jurisdiction::{Audience, Basis};
use contactable::data::rulebooks;
use contactable::reason::Reason;
use contactable::record::{
    Channel, Channels, Day, Event, EventKind, Evidence, Place, Precision, Stamp, When,
};

/// The purpose of the run in all tests.
pub(crate) const PURPOSE: u16 = 1;

/// An event as examples write it: `consent_given 2026-01-01 source on=sms`, `objection undated person`,
/// `consent_withdrawn 2026-03-04/2026-04-03`, `consent_given 2026-01-01T10:00:00Z source`.
pub(crate) fn event(text: &str, channel: Channel, line: u32) -> Held {
    let mut words = text.split_whitespace();
    let kind = EventKind::from_word(words.next().unwrap()).unwrap_or_else(|| panic!("{text}: no event word"));
    let at = match words.next().unwrap_or_else(|| panic!("{text}: no date")) {
        "undated" => None,
        date => {
            let (early, late) = date.split_once('/').unwrap_or((date, date));
            Some((when(early), when(late)))
        }
    };
    let mut evidence = Evidence::default();
    let (mut reach, mut channels, mut detail) = (Reach::Exact, Channels::only(channel), 0);
    let mut source = 0;
    for word in words {
        match word.split_once('=') {
            Some(("on", word)) => channels = Channels::only(Channel::from_word(word).unwrap()),
            Some(("file", number)) => source = number.parse().unwrap(),
            Some(("purpose", number)) => detail = number.parse().unwrap(),
            Some(("basis", word)) => detail = 1 + Basis::from_word(word).unwrap() as u16,
            Some(("register", id)) => detail = rulebooks().register(id).unwrap(),
            _ => match word {
                "alias" => reach = Reach::Alias,
                "person" => reach = Reach::Person,
                word => evidence = evidence.with(evidence_word(word)),
            },
        }
    }
    let place = Place { source, line };
    Held { event: Event { kind, channels, at: Stamp::Absent, evidence, detail, place }, at, reach }
}

fn evidence_word(word: &str) -> Evidence {
    match word {
        "source" => Evidence::SOURCE,
        "method" => Evidence::METHOD,
        "wording" => Evidence::WORDING,
        "purpose" => Evidence::PURPOSE,
        "ip" => Evidence::IP,
        "imported" => Evidence::IMPORTED,
        "asserted" => Evidence::ASSERTED,
        "written" => Evidence::WRITTEN,
        "form" => Evidence::FORM,
        "offered" => Evidence::OPTOUT_OFFERED,
        "bulk-time" => Evidence::BULK_TIME,
        "bulk-ip" => Evidence::BULK_IP,
        "rush" => Evidence::RUSH,
        _ => panic!("{word}: no evidence word"),
    }
}

fn when(text: &str) -> When {
    let precision = match (text.contains('T'), text.ends_with('Z')) {
        (false, _) => Precision::Day,
        (true, false) => Precision::Local,
        (true, true) => Precision::Instant,
    };
    let written: jiff::civil::DateTime = text.trim_end_matches('Z').parse().unwrap();
    let seconds = written.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    When { seconds, precision }
}

pub(crate) fn terms(send_date: Day) -> Terms {
    Terms {
        send_date,
        purpose: PURPOSE,
        evidence_strict: false,
        registries: Vec::new(),
        claims: Vec::new(),
        list_since: Day::constant(1995, 1, 1),
        blocking: Vec::new(),
    }
}

pub(crate) fn candidate(id: &str) -> Candidate {
    let jurisdiction = rulebooks().number(id).unwrap_or_else(|| panic!("no rulebook {id}"));
    Candidate { fact: CountryFact::Stated, country: None, jurisdiction }
}

/// All reasons of a judgement, the main one first.
pub(crate) fn reasons(judgement: &Judgement) -> Vec<Reason> {
    let findings = judgement.findings.all().iter().map(|finding| finding.reason);
    std::iter::once(judgement.reason).chain(findings).collect()
}

/// Reads `JURISDICTION[+JURISDICTION] CHANNEL SEND-DATE | event; event …`.
pub(crate) fn judged(text: &str) -> Judgement {
    let (head, tail) = text.split_once('|').unwrap_or_else(|| panic!("{text}: no bar"));
    let [who, channel, send] = head.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("{text}: head")
    };
    let channel = Channel::from_word(channel).unwrap();
    let events: Vec<_> = tail.split(';').map(str::trim).filter(|e| !e.is_empty()).collect();
    let history: Vec<_> = (1..).zip(&events).map(|(line, text)| event(text, channel, line)).collect();
    let candidates: Vec<_> = who.split('+').map(candidate).collect();
    let table = RuleTable::compile(rulebooks(), &terms(send.parse().unwrap())).unwrap();
    judge(&table, &candidates, channel, Audience::Any.into(), History { events: &history })
}

fn facts(text: &str) -> Vec<Reason> {
    let mut candidates = Candidates::default();
    for fact in text.split(',').map(str::trim).filter(|fact| !fact.is_empty()) {
        let (fact, name) = fact.split_once(' ').unwrap();
        let fact = match fact {
            "stated" => CountryFact::Stated,
            "phone" => CountryFact::Phone,
            "domain" => CountryFact::Domain,
            "guessed" => CountryFact::Guessed,
            "option" => CountryFact::Option,
            "sender" => CountryFact::Sender,
            _ => panic!("{fact}: no fact"),
        };
        candidates.add(fact, country(name).unwrap());
    }
    let settled = candidates.settle(rulebooks()).to_vec();
    Candidates::findings(&settled, rulebooks()).collect()
}

const FAMILIES: [&str; 6] = ["jurisdiction", "refusal", "bounce", "consent", "registry", "basis"];

#[test]
fn reasons_hit_and_near_misses_miss() {
    let mut seen = 0;
    for reason in Reason::ALL.iter().filter(|r| FAMILIES.contains(&r.family())) {
        assert!(
            !reason.hits().is_empty() && !reason.near_misses().is_empty(),
            "{} has no examples",
            reason.id()
        );
        let found = |text: &str| match reason.family() {
            "jurisdiction" => facts(text),
            _ => reasons(&judged(text)),
        };
        for text in reason.hits() {
            assert!(
                found(text).contains(reason),
                "{} is not found on {text}: {:?}",
                reason.id(),
                found(text)
            );
        }
        for text in reason.near_misses() {
            assert!(!found(text).contains(reason), "{} is found on {text}", reason.id());
        }
        seen += 1;
    }
    assert!(seen > 40);
}

/// `text` → `contactable until DATE`, `contactable`, or the reason.
fn check(text: &str, wanted: &str) {
    let judgement = judged(text);
    let found = match judgement.allowed {
        None => judgement.reason.id().to_owned(),
        Some(yes) => match yes.valid_until {
            None => format!("contactable: {}", yes.basis.word()),
            Some(until) => format!("contactable: {} until {until}", yes.basis.word()),
        },
    };
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn refusals_bind_and_only_consent_of_the_person_reopens() {
    let by = |events: &str| format!("US email 2026-11-21 | {events}");
    for (events, wanted) in [
        ("consent_withdrawn 2020-01-01", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01 person", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01 alias", "refusal-withdrawn"),
        ("consent_withdrawn undated; consent_given 2026-01-01 source", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01 source", "contactable: express_consent"),
        (
            "consent_withdrawn 2020-01-01 person; consent_given 2026-01-01 source",
            "contactable: express_consent",
        ),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01 source person", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01 source alias", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01 source on=sms", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01 source purpose=7", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given undated source", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2026-01-01 asserted source", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_given 2027-01-01 source", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; consent_confirmed 2026-01-01 source", "refusal-withdrawn"),
        ("consent_withdrawn 2020-01-01; last_inbound_contact 2026-01-01", "refusal-withdrawn"),
        (
            "consent_withdrawn 2026-01-01T10:00:00; consent_given 2026-01-01T11:00:00 source",
            "refusal-withdrawn",
        ),
        ("consent_withdrawn 2026-01-01T10:00:00Z; consent_given 2026-01-01 source", "refusal-withdrawn"),
        (
            "consent_withdrawn 2026-01-01T10:00:00Z; consent_given 2026-01-01T10:00:01Z source",
            "contactable: express_consent",
        ),
        (
            "consent_withdrawn 2026-01-01T10:00:00Z; consent_given 2026-01-01 source; consent_given 2026-01-01T12:00:00Z source",
            "contactable: express_consent",
        ),
        ("consent_withdrawn 2025-03-04/2025-04-03; consent_given 2025-03-20 source", "refusal-withdrawn"),
        ("consent_withdrawn 2025-03-20; consent_given 2025-03-04/2025-04-03 source", "refusal-withdrawn"),
        (
            "consent_given 2026-01-01 source; consent_withdrawn 2020-01-01; objection 2026-02-01",
            "refusal-objection",
        ),
        ("deceased 2020-01-01; consent_given 2026-01-01 source", "refusal-deceased"),
        ("complaint 2026-01-01; consent_withdrawn 2026-02-01", "refusal-complaint"),
        ("hard_bounce 2026-01-01; consent_given 2026-02-01 source", "bounce-hard"),
        ("hard_bounce 2026-01-01 alias", "bounce-hard"),
        ("hard_bounce 2026-01-01 person", "contactable: none_needed"),
        ("hard_bounce undated; last_activity 2026-02-01", "bounce-hard"),
        (
            "hard_bounce 2026-01-01; consent_given 2025-01-01 source; consent_confirmed 2026-02-01",
            "contactable: express_consent",
        ),
        ("consent_pending 2026-01-01; purchase 2026-02-01", "consent-pending"),
        ("consent_pending 2026-01-01; consent_confirmed 2026-02-01 source", "consent-pending"),
        (
            "consent_withdrawn 2026-01-01; consent_withdrawn 2026-01-01T10:00:00Z; consent_given 2026-01-01T12:00:00Z source",
            "refusal-withdrawn",
        ),
    ] {
        check(&by(events), wanted);
    }
}

#[test]
fn a_time_without_a_zone_reopens_only_when_it_is_later_everywhere() {
    for (events, wanted) in [
        (
            "consent_withdrawn 2026-02-28T22:00:00; consent_given 2026-03-01T08:00:00 source",
            "refusal-withdrawn",
        ),
        (
            "consent_withdrawn 2026-02-28T22:00:00; consent_given 2026-03-02T00:00:01 source",
            "contactable: express_consent",
        ),
        (
            "consent_withdrawn 2026-02-28T22:00:00Z; consent_given 2026-03-01T08:00:00 source",
            "refusal-withdrawn",
        ),
        (
            "consent_withdrawn 2026-02-28T22:00:00Z; consent_given 2026-03-01T12:00:01 source",
            "contactable: express_consent",
        ),
        ("consent_withdrawn 2026-02-28T22:00:00Z; consent_given 2026-03-01 source", "refusal-withdrawn"),
        ("consent_withdrawn 2026-02-28; consent_given 2026-03-01T08:00:00Z source", "refusal-withdrawn"),
        (
            "consent_withdrawn 2026-02-28; consent_given 2026-03-01T12:00:00Z source",
            "contactable: express_consent",
        ),
        (
            "consent_withdrawn 2026-02-28; consent_given 2026-03-01T08:00:00Z source; consent_given 2026-03-01 source",
            "contactable: express_consent",
        ),
        (
            "consent_withdrawn 2026-02-28; consent_withdrawn 2026-02-28T22:00:00; consent_given 2026-03-01 source",
            "refusal-withdrawn",
        ),
    ] {
        check(&format!("US email 2026-11-21 | {events}"), wanted);
    }
}

#[test]
fn all_jurisdictions_must_allow_and_the_first_failing_names_the_reason() {
    for (text, wanted) in [
        ("US+DE email 2026-11-21 | ", "consent-never-asked"),
        ("US+DE email 2026-11-21 | consent_given 2026-01-01 source", "contactable: express_consent"),
        ("DE+ZZ email 2026-11-21 | consent_given 2026-01-01 source", "consent-unconfirmed"),
        (
            "CA+EU email 2026-11-21 | purchase 2026-01-01 offered",
            "contactable: ebr_purchase until 2027-12-31",
        ),
        ("CA+EU email 2026-11-21 | purchase 2026-01-01", "consent-never-asked"),
        (
            "FR+AU call 2026-11-21 | consent_given 2026-10-01 source",
            "contactable: express_consent until 2026-12-31",
        ),
        (
            "AU+FR call 2026-11-21 | consent_given 2026-10-01 source",
            "contactable: express_consent until 2026-12-31",
        ),
        ("US+GB call 2026-11-21 | purchase 2026-10-01", "registry-not-brought"),
    ] {
        check(text, wanted);
    }
    let judgement = judged("DE+ZZ email 2026-11-21 | consent_given 2026-01-01 source");
    assert_eq!(rulebooks().book(judgement.jurisdiction).id, "ZZ");
    let table = RuleTable::compile(rulebooks(), &terms(Day::constant(2026, 11, 21))).unwrap();
    assert_eq!(table.rule(judgement.rule).id, "ZZ-electronic");
    let nobody = judge(&table, &[], Channel::Email, Audience::Any.into(), History { events: &[] });
    assert_eq!(
        (nobody.reason, nobody.allowed),
        (Reason::ConsentNeverAsked, None),
        "no candidate: the fallback"
    );
}

#[test]
fn a_confirmation_is_later_than_the_sign_up() {
    let by = |events: &str| format!("ZZ email 2026-11-21 | {events}");
    for (events, wanted) in [
        (
            "consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01T10:00:01",
            "contactable: express_consent",
        ),
        (
            "consent_given 2026-01-01T10:00:00 source; consent_confirmed 2026-01-01T10:00:00",
            "consent-unconfirmed",
        ),
        ("consent_given 2026-01-01 source; consent_confirmed 2026-01-01", "contactable: express_consent"),
        (
            "consent_given 2026-01-01T10:00:00Z source; consent_confirmed 2026-01-01T10:00:01Z",
            "contactable: express_consent",
        ),
        ("consent_given 2026-01-01T10:00:00Z source; consent_confirmed 2026-01-01", "consent-unconfirmed"),
        ("consent_given 2026-01-01 source; consent_confirmed 2026-01-02 imported", "consent-unconfirmed"),
        ("consent_given 2026-01-01 source; consent_confirmed 2026-01-02 person", "consent-unconfirmed"),
        ("consent_given 2026-01-01 source; consent_confirmed 2026-11-22", "consent-unconfirmed"),
        ("consent_given 2026-01-01 asserted", "contactable: asserted"),
    ] {
        check(&by(events), wanted);
    }
    check("CA email 2026-11-21 | purchase 2026-01-01 asserted", "contactable: asserted until 2027-12-31");
    check("GB call 2026-11-21 | consent_given 2026-01-01 asserted", "registry-not-brought");
}

#[test]
fn a_stated_written_consent_is_in_writing() {
    let text = |basis: &str| format!("US sms 2026-11-21 | consent_given 2026-01-01 asserted basis={basis}");
    check(&text("express_consent"), "consent-not-written");
    check(&text("ebr_purchase"), "consent-not-written");
    // What a rule that wants writing knows besides may be stated too.
    check(
        "US-MD sms 2026-11-21 | consent_given 2026-01-01 asserted basis=solicited",
        "contactable: asserted",
    );
    // It proves nothing to the register, which is still to be asked.
    check(&text("express_written_consent"), "registry-not-brought");
    let answered = text("express_written_consent") + "; registry_check 2026-11-21 register=us-dnc";
    check(&answered, "contactable: asserted until 2026-12-21");
    // Where the law asks for less, the greater statement holds the lesser one.
    check(
        "DE email 2026-11-21 | consent_given 2026-01-01 asserted basis=express_written_consent",
        "contactable: asserted",
    );
    check("GB email 2026-11-21 | consent_given 2026-01-01 asserted basis=none_needed", "basis-not-of-law");
}

#[test]
fn a_form_whose_wording_was_kept_is_signed_where_the_law_says_so() {
    let given = |what: &str| format!("US sms 2026-11-21 | consent_given 2026-01-01 source method {what}");
    assert!(judged(&given("form wording")).allowed.is_some());
    assert_eq!(judged(&given("form wording")).missing, Evidence::default());
    check(&given("form"), "consent-not-written");
    check(&given("wording"), "consent-not-written");
    // Maryland's own act was not read that far.
    check(
        "US-MD sms 2026-11-21 | consent_given 2026-01-01 source method form wording",
        "consent-not-written",
    );
}

#[test]
fn a_number_of_unknown_kind_follows_the_rule_on_mobiles() {
    let asked = "US-AZ call 2026-11-21 | registry_check 2026-11-21 register=us-dnc";
    check(asked, "consent-never-asked");
    check(&format!("{asked}; consent_given 2026-10-01 source"), "contactable: express_consent");
}

#[test]
fn a_register_that_annuls_earlier_consent_has_to_be_asked() {
    let consent = "BE call 2026-11-21 | consent_given 2026-10-21 source";
    check(consent, "registry-not-brought");
    check(&format!("{consent}; registry_check 2026-11-20 register=be-dncm"), "registry-stale");
    check(
        &format!("{consent}; registry_check 2026-11-21 register=be-dncm"),
        "contactable: express_consent until 2026-11-21",
    );
    // A listing that came by another way is no answer of the register either.
    let listed = judged(&format!("{consent}; registry_listed 2026-10-01 register=be-dncm"));
    assert!(listed.allowed.is_none() && reasons(&listed).contains(&Reason::RegistryNotBrought));
    let listed = |day: &str| {
        format!(
            "{consent}; registry_listed {day} register=be-dncm; registry_check 2026-11-21 register=be-dncm"
        )
    };
    check(&listed("2026-10-01"), "contactable: express_consent until 2026-11-21");
    check(&listed("2026-11-01"), "registry-listed");
}

#[test]
fn what_came_before_a_refusal_ended_with_it() {
    for (text, wanted) in [
        (
            "US sms 2026-11-21 | consent_given 2020-01-01 source written; consent_withdrawn 2021-01-01; \
             consent_given 2022-01-01 source",
            "consent-not-written",
        ),
        (
            "US call 2026-11-21 | purchase 2026-01-01; consent_withdrawn 2026-02-01; consent_given 2026-03-01 source",
            "registry-not-brought",
        ),
        (
            "US call 2026-11-21 | purchase 2026-04-01; consent_withdrawn 2026-02-01; consent_given 2026-03-01 source",
            "contactable: ebr_purchase until 2027-09-30",
        ),
    ] {
        check(text, wanted);
    }
}

#[test]
fn a_clock_starts_at_the_latest_that_is_told() {
    for (text, wanted) in [
        (
            "FR email 2026-11-21 | last_inbound_contact 2020-01-01; consent_given 2026-01-01 source",
            "contactable: express_consent until 2028-12-31",
        ),
        (
            "FR email 2026-11-21 | last_inbound_contact 2025-06-01; consent_given 2010-01-01 source",
            "contactable: express_consent until 2028-05-31",
        ),
        (
            "FR email 2026-11-21 | last_inbound_contact 2025-06-01 person; consent_given 2010-01-01 source",
            "consent-expired",
        ),
        (
            "CA email 2026-11-21 | purchase 2024-12-01; purchase 2025-12-01",
            "contactable: ebr_purchase until 2027-11-30",
        ),
        ("CA email 2026-11-21 | purchase 2026-11-22", "consent-never-asked"),
    ] {
        check(text, wanted);
    }
}

#[test]
fn missing_evidence_blocks_only_when_strict() {
    let mut terms = terms(Day::constant(2026, 11, 21));
    let history = [event("consent_given 2026-01-01 source method", Channel::Call, 1)];
    for (strict, allowed) in [(false, true), (true, false)] {
        terms.evidence_strict = strict;
        let table = RuleTable::compile(rulebooks(), &terms).unwrap();
        let judgement = judge(
            &table,
            &[candidate("DE")],
            Channel::Call,
            Audience::B2c.into(),
            History { events: &history },
        );
        assert_eq!(judgement.allowed.is_some(), allowed, "strict {strict}");
        assert!(reasons(&judgement).contains(&Reason::ConsentEvidenceIncomplete));
        if allowed {
            assert_eq!(judgement.missing, Evidence::WORDING.with(Evidence::PURPOSE));
        }
    }
}
