//! The rulebooks: every file is listed and loads, nothing loads without proof, every example holds.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use super::consent::{candidate, event, reasons, terms};
use contactable::consent::{AskAgain, History, RuleTable, ask_again, judge};
use contactable::data::jurisdiction::{Audience, Clock, Example, FILES, Length, Rule, Rulebook, Who};
use contactable::data::rulebooks;
use contactable::decide::{BlockingReasons, PointFacts, decide};
use contactable::record::{Channel, Day, PointKind};
use std::collections::BTreeSet;

#[test]
fn every_file_loads_and_says_what_it_is() {
    for (id, text) in FILES {
        let book = Rulebook::parse(text, id).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(book.id.to_lowercase(), *id);
        assert!(text.starts_with("# "), "{id} says on top what it is");
        for word in ["Source:", "Date:", "Licence:"] {
            assert!(text.lines().take(6).any(|line| line.contains(word)), "{id} lacks {word}");
        }
    }
}

#[test]
fn every_source_is_cited_and_every_rule_has_an_example() {
    for book in rulebooks().all() {
        let rules = || book.rules.iter().chain(&book.sharing);
        let mut cited: BTreeSet<_> = rules().flat_map(|rule| &rule.cites).collect();
        cited.extend(book.minor_age.iter().map(|age| &age.cites));
        assert_eq!(cited, book.sources.keys().collect(), "{}: sources that no rule cites", book.id);
        for rule in &book.rules {
            assert!(rule.id.starts_with(&book.id), "{}", rule.id);
            if rule.line.is_some() {
                let shown = rule.examples.iter().all(|example| example.line.is_some());
                assert!(shown, "{}: its examples are about such lines", rule.id);
            }
            assert!(!rule.examples.is_empty(), "{} shows nothing", rule.id);
        }
    }
}

/// Clocks that a rule carries and an example can show at work.
fn clocks(rule: &Rule) -> Vec<Clock> {
    [
        (!rule.windows.is_empty(), Clock::BasisWindow),
        (rule.expiry.is_some(), Clock::Expiry),
        (!rule.registries.is_empty(), Clock::RegistryAge),
        (rule.opt_out.within != Length::Days(0), Clock::OptOutDeadline),
        (rule.reask_ban.is_some(), Clock::ReaskBan),
        (!rule.hours.is_empty() || rule.frequency.is_some(), Clock::HoursFrequency),
    ]
    .into_iter()
    .filter_map(|(carried, clock)| carried.then_some(clock))
    .collect()
}

#[test]
fn each_clock_of_a_rulebook_is_shown_hitting_and_missing() {
    for book in rulebooks().all() {
        let carried: BTreeSet<_> = book.rules.iter().flat_map(clocks).collect();
        // Where every channel keeps hours, none can be shown without.
        let hours = |rule: &Rule| {
            rule.frequency.is_some() || rule.hours.iter().any(|hours| hours.channels.is_empty())
        };
        let always = book.rules.iter().all(hours);
        for clock in carried {
            for hit in
                [true, false].into_iter().filter(|hit| *hit || clock != Clock::HoursFrequency || !always)
            {
                let shown = book.rules.iter().flat_map(|rule| &rule.examples);
                let shown = shown.filter(|example| example.clock == Some(clock) && example.hit == hit);
                assert!(shown.count() > 0, "{}: {} is never shown with hit = {hit}", book.id, clock.word());
            }
        }
    }
}

/// Clocks that end a yes or start it anew are shown by the very rule that carries them: lengths differ.
#[test]
fn each_window_expiry_and_register_of_a_rule_is_shown_hitting_and_missing() {
    let ends = [Clock::BasisWindow, Clock::Expiry, Clock::RegistryAge];
    for rule in rulebooks().all().iter().flat_map(|book| &book.rules) {
        for clock in clocks(rule).into_iter().filter(|clock| ends.contains(clock)) {
            for hit in [true, false] {
                let shows = |e: &Example| e.clock == Some(clock) && e.hit == hit;
                assert!(rule.examples.iter().any(shows), "{}: {}, hit = {hit}", rule.id, clock.word());
            }
        }
    }
}

#[test]
fn a_missing_rule_comes_from_europe_for_members_and_from_the_fallback_for_others() {
    let books = rulebooks();
    let day = Day::constant(2026, 11, 21);
    for (place, channel, audience, wanted) in [
        ("DE", Channel::Email, Audience::B2b, "DE-email-sms"),
        ("DE", Channel::Call, Audience::B2b, "DE-call-b2b"),
        ("DE", Channel::Call, Audience::Any, "DE-call-b2c"),
        ("FR", Channel::Email, Audience::B2b, "FR-email-b2b"),
        ("FR", Channel::Sms, Audience::B2b, "FR-email-sms"),
        ("FR", Channel::Post, Audience::Any, "EU-post"),
        ("AU", Channel::Post, Audience::Any, "ZZ-post"),
        ("US", Channel::Messaging, Audience::Any, "ZZ-electronic"),
        ("GB", Channel::Post, Audience::B2b, "GB-post"),
    ] {
        let rule = books.rule(books.number(place).unwrap(), channel, audience.into(), day, &[]);
        assert_eq!(rule.map(|rule| rule.id.as_str()), Some(wanted), "{place} {}", channel.word());
    }
}

fn run(book: &Rulebook, rule: &Rule, example: &Example) {
    let name = format!("{}: {}", rule.id, example.name);
    let channel: Channel = example.channel.unwrap_or(rule.channels[0]);
    let audience = example.audience.unwrap_or(rule.audience);
    let mut terms = terms(example.send);
    terms.claims.extend(rule.condition.is_some().then(|| rule.id.clone()));
    for register in &example.registries {
        let (id, day) = register.split_once(' ').unwrap();
        terms.registries.push((id.to_owned(), day.parse().unwrap()));
    }
    let table = RuleTable::compile(rulebooks(), &terms).unwrap();
    let events: Vec<_> = (1..).zip(&example.events).map(|(line, text)| event(text, channel, line)).collect();
    let history = History { events: &events };
    let who = Who { audience, line: example.line };
    let judgement = judge(&table, &[candidate(&book.id)], channel, who, history);

    assert_eq!(judgement.reason.id(), example.reason, "{name}");
    assert_eq!(judgement.allowed.is_some(), example.contactable, "{name}");
    if let Some(basis) = example.basis {
        assert_eq!(judgement.allowed.unwrap().basis, basis, "{name}");
    }
    if let Some(until) = example.valid_until {
        assert_eq!(judgement.allowed.unwrap().valid_until, Some(until), "{name}");
    }
    let found: Vec<_> = reasons(&judgement).into_iter().map(|reason| reason.id()).collect();
    for wanted in &example.finds {
        assert!(found.contains(&wanted.as_str()), "{name}: {wanted} is not among {found:?}");
    }
    for unwanted in &example.lacks {
        assert!(!found.contains(&unwanted.as_str()), "{name}: {unwanted} is found");
    }
    if let Some(wanted) = &example.conditions {
        let conditions: Vec<_> = judgement.allowed.unwrap().conditions.iter().map(|c| c.word()).collect();
        assert_eq!(conditions, *wanted, "{name}");
    }
    if let Some(wanted) = &example.ask_again {
        let found = match ask_again(&table, judgement.rule, channel, history) {
            AskAgain::Now => "now".to_owned(),
            AskAgain::Never => "never".to_owned(),
            AskAgain::From(day) => day.to_string(),
        };
        assert_eq!(found, *wanted, "{name}");
    }
}

#[test]
fn every_example_comes_out_as_told() {
    for book in rulebooks().all() {
        for rule in &book.rules {
            for example in &rule.examples {
                run(book, rule, example);
            }
        }
    }
}

/// Rules on businesses are for their addresses: a personal mailbox is a consumer's, in every book and under every claim.
#[test]
fn no_rule_on_businesses_reaches_a_personal_mailbox() {
    let settings = BlockingReasons::new(std::iter::empty());
    let of_businesses =
        |rule: &&Rule| rule.audience == Audience::B2b && rule.channels.contains(&Channel::Email);
    let mut seen = 0;
    for book in rulebooks().all() {
        for rule in book.rules.iter().filter(of_businesses) {
            let mut terms = terms(rule.as_of.max(Day::constant(2026, 11, 21)));
            terms.claims.extend(rule.condition.is_some().then(|| rule.id.clone()));
            let table = RuleTable::compile(rulebooks(), &terms).unwrap();
            let asked = |personal: bool| {
                let point = PointFacts { kind: PointKind::Email, reasons: &[], history: &[], personal };
                let of = [candidate(&book.id)];
                let point = std::iter::once(point);
                let decision = decide(&settings, &table, &of, Audience::B2b, Channel::Email, point);
                table.rule(decision.judgement.unwrap().rule)
            };
            assert_eq!(asked(false).id, rule.id);
            assert_ne!(asked(true).audience, Audience::B2b, "{}: {} holds", rule.id, asked(true).id);
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} rules");
}

/// The smallest rulebook that loads.
const SMALL: &str = r#"
id = "KE"
name = "Testland"
as_of = 2026-11-21
[sources]
act = { title = "Act", confidence = "seen_text", as_of = 2026-01-01 }
[[rule]]
id = "KE-email"
channels = ["email"]
audience = "any"
model = "opt_in"
bases = ["express_consent"]
opt_out = { within = "3 days", scope = "person" }
double_opt_in = "no"
evidence = []
cites = ["act"]
confidence = "seen_text"
as_of = 2026-01-01
review_by = 2027-01-01
"#;

#[test]
fn nothing_loads_without_proof() {
    assert!(Rulebook::parse(SMALL, "xx").is_ok());
    for (without, says) in [
        ("cites = [\"act\"]", "cites"),
        ("as_of = 2026-01-01\nreview_by", "as_of"),
        ("review_by = 2027-01-01", "review_by"),
        ("confidence = \"seen_text\"\nas_of", "confidence"),
        ("double_opt_in = \"no\"", "double_opt_in"),
    ] {
        let kept = if without.ends_with("as_of") { "as_of" } else { "" };
        let kept = if without.ends_with("review_by") { "review_by" } else { kept };
        let failure = Rulebook::parse(&SMALL.replace(without, kept), "xx").unwrap_err();
        assert!(failure.what.contains(says), "{failure}");
    }
    for (old, new) in [
        ("cites = [\"act\"]", "cites = []"),
        ("cites = [\"act\"]", "cites = [\"other\"]"),
        ("review_by = 2027-01-01", "review_by = 2025-01-01"),
        ("evidence = []", "evidence = []\nmystery = 1"),
        ("\"opt_in\"", "\"perhaps\""),
        ("\"3 days\"", "\"3 moons\""),
        ("\"express_consent\"", "\"asserted\""),
        ("id = \"KE\"", "id = \"Testland\""),
        ("\"email\"", "\"pigeon\""),
        ("\"email\"", ""),
    ] {
        let changed = SMALL.replace(old, new);
        assert_ne!(changed, SMALL);
        assert!(Rulebook::parse(&changed, "xx").is_err(), "{new} loads");
    }
    let twice = format!("{SMALL}{}", &SMALL[SMALL.find("[[rule]]").unwrap()..].replace("KE-email", "KE-two"));
    assert!(Rulebook::parse(&twice, "xx").is_err(), "two rules for one channel, audience and day");
    let apart = twice.replacen("double_opt_in", "in_force = { to = 2026-06-30 }\ndouble_opt_in", 1);
    assert!(Rulebook::parse(&apart, "xx").is_err());
    let (first, second) = apart.split_at(apart.rfind("double_opt_in").unwrap());
    assert!(Rulebook::parse(&format!("{first}in_force = {{ from = 2026-07-01 }}\n{second}"), "xx").is_ok());
}

#[test]
fn a_users_own_rulebook_adds_a_place_and_replaces_none() {
    let own = Rulebook::parse(SMALL, "own.toml").unwrap();
    let books = rulebooks().with(vec![own.clone()]).unwrap();
    assert!(books.number("KE").is_some());
    let german = Rulebook { id: "DE".to_owned(), ..own };
    let books = rulebooks().with(vec![german]).unwrap();
    let (own, built_in) = (books.number("DE-own").unwrap(), books.number("DE").unwrap());
    assert_eq!(
        books.book(built_in).rules.len(),
        rulebooks().book(rulebooks().number("DE").unwrap()).rules.len()
    );
    assert!(books.tightening(built_in).eq([own]), "it lies on top");
    let failure = Rulebook::parse("id = 3", "own.toml").unwrap_err();
    assert_eq!(failure.place.as_deref(), Some("own.toml:1"));
    let mut terms = terms(Day::constant(2026, 11, 21));
    terms.registries.push(("no-such".to_owned(), terms.send_date));
    assert!(RuleTable::compile(rulebooks(), &terms).is_err(), "a register nobody names");
}

#[test]
fn the_text_says_citations_clocks_and_doubts() {
    let (now, later) = (Day::constant(2026, 11, 21), Day::constant(2028, 1, 1));
    for book in rulebooks().all() {
        let text = book.text(now);
        for rule in &book.rules {
            assert!(text.contains(&rule.id) && rule.cites.iter().all(|id| text.contains(id)), "{}", rule.id);
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100 || line.contains("http")), "{}", book.id);
        assert!(
            !text.contains("overdue"),
            "{}: a rule is past its review on the day of the research",
            book.id
        );
        assert_eq!(book.text(later).matches("overdue").count(), book.rules.len() + book.sharing.len());
    }
    let france = rulebooks().book(rulebooks().number("FR").unwrap()).text(now);
    for words in [
        "in force",
        "12 months from consent given",
        "barred for ever",
        "at most 4 in 30 days",
        "not verified",
    ] {
        assert!(france.contains(words), "{words} in\n{france}");
    }
    assert!(rulebooks().book(rulebooks().fallback()).text(now).contains("own choice"));
}
