//! A team's own rulebook adds to the law or tightens it: whatever it says, nobody becomes contactable by it whom
//! the built-in rules keep out, save where no law but the fallback was known.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use super::consent::{event, terms};
use contactable::consent::{
    Candidates, CountryFact, History, Judgement, Overlays, RuleTable, judge, register_counts_until,
};
use contactable::data::country::Country;
use contactable::data::jurisdiction::{Audience, Rulebook, Rulebooks};
use contactable::data::rulebooks;
use contactable::record::{Channel, Day};

const SEND: Day = Day::constant(2026, 11, 21);

/// A book that lets everybody be reached on every channel; `head` and `rule` are further lines.
fn loose(id: &str, head: &str, rule: &str) -> Rulebook {
    let text = format!(
        r#"
id = "{id}"
name = "House rules"
as_of = 2026-11-21
{head}
[sources]
house = {{ title = "House rules", confidence = "seen_text", as_of = 2026-01-01 }}
[[rule]]
id = "{id}-anything-goes"
channels = ["email", "sms", "call", "post", "messaging", "auto-call"]
audience = "any"
model = "opt_out"
bases = ["none_needed"]
opt_out = {{ within = "forever", scope = "address" }}
double_opt_in = "no"
evidence = []
cites = ["house"]
confidence = "seen_text"
as_of = 2026-01-01
review_by = 2027-01-01
{rule}
"#
    );
    Rulebook::parse(&text, "own.toml").unwrap_or_else(|failure| panic!("{failure}"))
}

/// Every country whose own law holds there.
fn countries() -> Vec<Country> {
    let letters = || (b'A'..=b'Z').map(char::from);
    let codes = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    codes.filter_map(|code| Country::from_code(&code).filter(|c| c.code() == code && c.law() == *c)).collect()
}

const HISTORIES: [&[&str]; 8] = [
    &[],
    &["consent_given 2026-01-10 source method wording purpose written"],
    &["consent_given undated source"],
    &["purchase 2026-01-10"],
    &["purchase 2025-03-10 offered", "inquiry 2026-10-10", "donation 2025-03-10", "contract_end 2027-01-01"],
    &["objection 2026-01-10"],
    &["consent_pending 2026-01-10"],
    &["registry_listed 2026-10-10", "purchase 2026-01-10 offered"],
];

/// The judgement on somebody of that country under those books.
fn of(
    books: &Rulebooks,
    table: &RuleTable<'_>,
    country: Country,
    asked: (Channel, Audience, &[&str]),
) -> Judgement {
    let (channel, audience, history) = asked;
    let mut candidates = Candidates::default();
    candidates.add(CountryFact::Stated, country);
    let events: Vec<_> = (1..).zip(history).map(|(line, text)| event(text, channel, line)).collect();
    judge(table, candidates.settle(books), channel, audience.into(), History { events: &events })
}

#[test]
fn no_book_of_ones_own_lets_anybody_in_where_there_is_law() {
    let built_in = rulebooks();
    let lawful = |c: &Country| built_in.of_country(*c) != built_in.fallback();
    let countries: Vec<_> = countries().into_iter().filter(lawful).collect();
    assert!(countries.len() > 45, "members of the EU and EEA without a rulebook among them");
    let ids = countries.iter().map(Country::code).chain(["EU", "ZZ"]);
    let books = built_in.with(ids.map(|id| loose(id, "", "")).collect()).unwrap();
    let terms = terms(SEND);
    let (before, after) =
        (RuleTable::compile(built_in, &terms).unwrap(), RuleTable::compile(&books, &terms).unwrap());
    for country in countries {
        for (channel, audience) in
            Channel::ALL.into_iter().flat_map(|c| [Audience::B2c, Audience::B2b].map(|a| (c, a)))
        {
            for history in HISTORIES {
                let asked = (channel, audience, history);
                let (without, with) =
                    (of(built_in, &before, country, asked), of(&books, &after, country, asked));
                let name = format!("{} {} {history:?}", country.code(), channel.word());
                assert!(without.allowed.is_some() || with.allowed.is_none(), "{name}");
                if let (Some(without), Some(with)) = (without.allowed, with.allowed) {
                    assert_eq!(without.valid_until, with.valid_until, "{name}");
                    assert!(without.conditions.iter().all(|c| with.conditions.has(c)), "{name}");
                }
                if without.allowed.is_none() {
                    assert_eq!(before.rule(without.rule).id, after.rule(with.rule).id, "{name}: who decides");
                }
            }
        }
    }
}

#[test]
fn the_age_of_consent_is_not_lowered() {
    let head = "[minor_age]\nyears = 8\ncites = \"house\"";
    let books = rulebooks().with(vec![loose("LT", head, ""), loose("GB", head, "")]).unwrap();
    for (code, age) in [("LT", 16), ("GB", 13)] {
        let mut candidates = Candidates::default();
        candidates.add(CountryFact::Stated, Country::from_code(code).unwrap());
        let ages = candidates.settle(&books).iter().filter_map(|c| books.minor_age(c.jurisdiction));
        assert_eq!(ages.max(), Some(age), "{code}");
    }
}

#[test]
fn rules_past_or_to_come_change_nothing() {
    for span in ["in_force = { to = 2020-01-01 }", "in_force = { from = 2030-01-01 }"] {
        let books = rulebooks().with(vec![loose("DE", "", span), loose("PL", "", span)]).unwrap();
        let table = RuleTable::compile(&books, &terms(SEND)).unwrap();
        for code in ["DE", "PL"] {
            let country = Country::from_code(code).unwrap();
            let judgement = of(&books, &table, country, (Channel::Email, Audience::B2c, &[]));
            assert_eq!(judgement.reason.id(), "consent-never-asked", "{code} {span}");
        }
    }
}

#[test]
fn an_overlay_of_ones_own_takes_no_number_and_no_mailbox_from_the_built_in_one() {
    let florida = "overlay_on = \"US\"\n[reaches]\nregions = [\"Florida\"]\narea_codes = [\"305\"]";
    let mail = "overlay_on = \"\"\n[reaches]\ndomains = [\"gmail.com\"]";
    let own = vec![loose("US-FL", florida, ""), loose("US-AB", florida, ""), loose("aaa", mail, "")];
    let books = rulebooks().with(own).unwrap();
    let overlays = Overlays::of(&books);
    let ids = |numbers: &mut dyn Iterator<Item = u8>| -> Vec<String> {
        numbers.map(|number| books.book(number).id.clone()).collect()
    };
    let numbers = ids(&mut overlays.number("+13052345001"));
    assert!(["US-FL", "US-FL-own", "US-AB"].iter().all(|id| numbers.iter().any(|n| n == id)), "{numbers:?}");
    let domains = ids(&mut overlays.domain("gmail.com"));
    assert!(["aaa", "mailbox"].iter().all(|id| domains.iter().any(|n| n == id)), "{domains:?}");
    assert_eq!(ids(&mut overlays.number("+13062345001")), [""; 0]);
    assert_eq!(ids(&mut overlays.number("+44305")), [""; 0]);
}

/// A rule's register of that id, with those further keys.
fn register(id: &str, more: &str) -> String {
    format!(
        "[[rule.registries]]\nid = \"{id}\"\naudience = \"any\"\nmax_age = \"10 years\"\nstatutory = true\n{more}\n"
    )
}

#[test]
fn a_built_in_register_keeps_its_age_and_its_meaning() {
    let taken = Day::constant(2026, 11, 1);
    let books = rulebooks().with(vec![loose("US", "", &register("us-dnc", ""))]).unwrap();
    assert_eq!(
        register_counts_until(&books, "us-dnc", taken),
        register_counts_until(rulebooks(), "us-dnc", taken)
    );
    for (id, more) in [("us-dnc", "positive = true"), ("tr-iys", "")] {
        let failure = rulebooks().with(vec![loose("KE", "", &register(id, more))]).unwrap_err();
        assert!(failure.what.contains(id), "{failure}");
    }
    let own = loose("KE", "", &register("ke-own", "positive = true"));
    assert!(rulebooks().with(vec![own]).unwrap().lists_consents("ke-own"));
}

#[test]
fn a_rule_cannot_take_the_name_of_another() {
    let mut own = loose("DE", "", "");
    own.rules[0].id = "DE-email-sms".to_owned();
    let failure = rulebooks().with(vec![own]).unwrap_err();
    assert!(failure.what.contains("DE-email-sms"), "{failure}");
    let twice = vec![loose("DE", "", ""), loose("DE", "", "")];
    assert!(rulebooks().with(twice).is_err());
}

#[test]
fn a_book_that_would_never_be_asked_is_refused() {
    for (id, says) in [("UK", "GB"), ("RE", "FR"), ("QQ", "QQ")] {
        let failure = rulebooks().with(vec![loose(id, "", "")]).unwrap_err();
        assert!(failure.to_string().contains(says), "{id}: {failure}");
    }
}

#[test]
fn a_rule_that_asks_for_consent_cannot_do_without() {
    let text = |model: &str, bases: &str| {
        let book = "id = \"KE\"\nname = \"K\"\nas_of = 2026-11-21\n[sources]\n\
                    house = { title = \"House rules\", confidence = \"seen_text\", as_of = 2026-01-01 }\n";
        format!(
            "{book}[[rule]]\nid = \"KE-email\"\nchannels = [\"email\"]\naudience = \"any\"\nmodel = \"{model}\"\n\
             bases = {bases}\nopt_out = {{ within = \"0 days\", scope = \"person\" }}\ndouble_opt_in = \"no\"\n\
             evidence = []\ncites = [\"house\"]\nconfidence = \"seen_text\"\nas_of = 2026-01-01\nreview_by = 2027-01-01\n"
        )
    };
    assert!(Rulebook::parse(&text("opt_in", "[\"express_consent\"]"), "own.toml").is_ok());
    for (model, bases) in [
        ("opt_in", "[\"express_consent\", \"none_needed\"]"),
        ("opt_in", "[\"legitimate_interest\"]"),
        ("express_written", "[\"none_needed\"]"),
        ("opt_in", "[\"express_consent\", \"ebr_contract\"]"),
        ("prohibited_without_registry_check", "[\"none_needed\"]"),
        ("opt_in", "[]"),
    ] {
        assert!(Rulebook::parse(&text(model, bases), "own.toml").is_err(), "{model} {bases}");
    }
}
