//! Rulebooks: what the law of a place says about each channel, as data with citation and doubt.
//!
//! One TOML file per jurisdiction in `jurisdictions/`. A rule without citation, date and review date does not
//! load. Knows no contact; how a rule is applied to a history is told by `consent`.

mod text;
mod words;

pub use words::{
    Audience, Basis, Clock, Confidence, Days, DoubleOptIn, Effect, EvidenceCode, ExpiryKind, Length, Model,
    Scope,
};

use crate::data::country::Country;
use crate::record::{Channel, Day, EventKind, Failure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The law of one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// ISO country code, `EU`, or `ZZ` for the fallback.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Day of the research.
    #[serde(deserialize_with = "words::day")]
    pub as_of: Day,
    /// Texts that the rules cite, by id.
    pub sources: BTreeMap<String, Source>,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// A text that a rule cites.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Statute, guidance or decision.
    pub title: String,
    /// Where the text or a report of it stands; empty: look it up by its title.
    #[serde(default)]
    pub url: String,
    /// How far it was verified.
    pub confidence: Confidence,
    /// Day of the text.
    #[serde(deserialize_with = "words::day")]
    pub as_of: Day,
}

/// One rule: some channels, an audience, a span of time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id that outputs carry.
    pub id: String,
    /// Channels it governs.
    pub channels: Vec<Channel>,
    /// Whom it protects.
    pub audience: Audience,
    /// Days on which it is the law.
    #[serde(default)]
    pub in_force: InForce,
    /// What holds when nothing is known.
    pub model: Model,
    /// Grounds that allow contact, the strongest first.
    pub bases: Vec<Basis>,
    /// Clock 1: how long an event carries a ground.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// Clock 2: how long a ground lasts.
    pub expiry: Option<Expiry>,
    /// Clock 3: registers to ask before contact.
    #[serde(default)]
    pub registries: Vec<Register>,
    /// Clock 4: how soon a refusal must be obeyed.
    pub opt_out: OptOut,
    /// Clock 5: how long nobody may ask again.
    pub reask_ban: Option<ReaskBan>,
    /// Clock 6: hours of the recipient; several are alternatives.
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// Clock 6: how often.
    pub frequency: Option<Frequency>,
    /// Whether sign-ups have to be confirmed.
    pub double_opt_in: DoubleOptIn,
    /// What must be provable.
    pub evidence: Vec<EvidenceCode>,
    /// How long the proof must be kept.
    pub evidence_keep: Option<String>,
    /// What every message still owes.
    #[serde(default)]
    pub duties: Vec<String>,
    /// How businesses fare.
    pub b2b: Option<String>,
    /// What else to know.
    pub notes: Option<String>,
    /// Sources it rests on.
    pub cites: Vec<String>,
    /// How far its model and main clock were verified.
    pub confidence: Confidence,
    /// Fields that are remembered, whatever `confidence` says.
    #[serde(default)]
    pub memory_fields: Vec<String>,
    /// What was looked for and not found.
    #[serde(default)]
    pub unverified: Vec<String>,
    /// Day of the law told.
    #[serde(deserialize_with = "words::day")]
    pub as_of: Day,
    /// Day after which it must be read again.
    #[serde(deserialize_with = "words::day")]
    pub review_by: Day,
    /// Histories and what they lead to; run as tests.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
}

/// First and last day of a rule; open where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// First day.
    #[serde(default, deserialize_with = "words::day_if_any")]
    pub from: Option<Day>,
    /// Last day.
    #[serde(default, deserialize_with = "words::day_if_any")]
    pub to: Option<Day>,
}

impl InForce {
    /// Whether the rule is the law of that day.
    pub fn has(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    fn meets(self, other: Self) -> bool {
        self.from.unwrap_or(Day::MIN) <= other.to.unwrap_or(Day::MAX)
            && other.from.unwrap_or(Day::MIN) <= self.to.unwrap_or(Day::MAX)
    }
}

/// Clock 1: for so long after the event the ground holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Ground.
    pub basis: Basis,
    /// Event it starts from.
    #[serde(deserialize_with = "words::event")]
    pub event: EventKind,
    /// How long.
    pub length: Length,
}

/// Clock 2: for so long a ground lasts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// What it rests on; where the event it starts from is missing, a statutory clock starts at the consent,
    /// the others only warn.
    pub kind: ExpiryKind,
    /// Event it starts from.
    #[serde(deserialize_with = "words::event")]
    pub from: EventKind,
    /// How long.
    pub length: Length,
    /// What happens then.
    pub effect: Effect,
    /// A longer length after which the ground is gone, where `effect` only warns.
    pub hard_length: Option<Length>,
    /// Grounds it reaches.
    pub bases: Vec<Basis>,
    /// Why so, and when it matters.
    pub note: Option<String>,
}

/// How many registers one rule may name.
pub const REGISTERS_MAX: usize = 8;

/// Clock 3: a register to ask.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Id that `--registry` takes.
    pub id: String,
    /// Whose numbers it holds.
    pub audience: Audience,
    /// How old an answer may be.
    pub max_age: Length,
    /// Grounds that hold against an entry.
    #[serde(default)]
    pub overridden_by: Vec<Basis>,
    /// Whether the law orders the look-up; a voluntary list only becomes a condition.
    pub statutory: bool,
    /// What to know about it.
    pub note: Option<String>,
}

/// Clock 4: so soon a refusal must be obeyed. Used to report late messages; every refusal binds at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptOut {
    /// How soon.
    pub within: Length,
    /// What it reaches at least.
    pub scope: Scope,
    /// What to know about it.
    pub note: Option<String>,
}

/// Clock 5: so long after the event nobody may ask for consent again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaskBan {
    /// How long.
    pub length: Length,
    /// Event it starts from.
    #[serde(deserialize_with = "words::event")]
    pub from: EventKind,
    /// What lifts it.
    pub note: Option<String>,
}

/// Clock 6: hours of the recipient.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Days.
    pub days: Days,
    /// Spans of local time.
    pub allow: Vec<String>,
    /// Days on which nothing is allowed.
    pub not_on: Option<String>,
}

/// Clock 6: at most so many attempts in so many days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// Attempts.
    pub max: u16,
    /// Days, today included.
    pub per_days: u16,
    /// What counts.
    pub note: Option<String>,
}

/// A history and the decision it leads to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The clock it shows at work (`hit`) or just not (`near miss`).
    pub clock: Option<Clock>,
    /// Whether that clock strikes.
    #[serde(default)]
    pub hit: bool,
    /// Channel; the rule's first when not said.
    pub channel: Option<Channel>,
    /// Audience; the rule's own when not said.
    pub audience: Option<Audience>,
    /// Send date.
    #[serde(deserialize_with = "words::day")]
    pub send: Day,
    /// Events: word, day (or `undated`), evidence words.
    #[serde(default)]
    pub events: Vec<String>,
    /// Registers brought: id and day.
    #[serde(default)]
    pub registries: Vec<String>,
    /// Whether contact is allowed.
    pub contactable: bool,
    /// Main reason.
    pub reason: String,
    /// Ground, where contact is allowed.
    pub basis: Option<Basis>,
    /// Last day the decision holds.
    #[serde(default, deserialize_with = "words::day_if_any")]
    pub valid_until: Option<Day>,
    /// Further reasons that must be found.
    #[serde(default)]
    pub finds: Vec<String>,
    /// Reasons that must not be found.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// All condition words that a yes carries.
    pub conditions: Option<Vec<String>>,
    /// When consent may be asked for again: `now`, `never` or a date.
    pub ask_again: Option<String>,
}

impl Rulebook {
    /// Reads a rulebook; `name` is what an error calls the file.
    pub fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        let book: Self =
            toml::from_str(text).map_err(|error| refused(error.message()).at(place(&error, text, name)))?;
        book.checked().map_err(|failure| failure.at(name))
    }

    fn checked(self) -> Result<Self, Failure> {
        if self.id.len() != 2 || !self.id.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(refused("the id of a jurisdiction is two capital letters"));
        }
        let mut ids = BTreeSet::new();
        for (at, rule) in self.rules.iter().enumerate() {
            rule.checked(&self.sources)?;
            let refuse = |what: &str| Err(refused(&format!("rule {}: {what}", rule.id)));
            if !ids.insert(rule.id.as_str()) {
                return refuse("stands twice");
            }
            let clash = |other: &&Rule| {
                other.audience == rule.audience
                    && other.in_force.meets(rule.in_force)
                    && other.channels.iter().any(|c| rule.channels.contains(c))
            };
            if let Some(other) = self.rules.iter().take(at).find(clash) {
                return refuse(&format!("and rule {} govern the same channel, audience and day", other.id));
            }
        }
        Ok(self)
    }

    /// The rule of the channel for that audience on that day; the narrower audience wins, and where a business
    /// has no rule of its own it is treated as a consumer.
    pub fn rule(&self, channel: Channel, audience: Audience, day: Day) -> Option<&Rule> {
        let wanted: &[Audience] = match audience {
            Audience::B2b => &[Audience::B2b, Audience::Any, Audience::B2c],
            Audience::B2c | Audience::Any => &[Audience::B2c, Audience::Any],
        };
        let of = |audience: &Audience| {
            let holds =
                |r: &&Rule| r.audience == *audience && r.channels.contains(&channel) && r.in_force.has(day);
            self.rules.iter().find(holds)
        };
        wanted.iter().find_map(of)
    }
}

impl Rule {
    /// What can be said of a rule alone.
    fn checked(&self, sources: &BTreeMap<String, Source>) -> Result<(), Failure> {
        let refuse = |what: &str| Err(refused(&format!("rule {}: {what}", self.id)));
        if self.channels.is_empty() || self.bases.is_empty() {
            return refuse("needs channels and bases");
        }
        if self.cites.is_empty() {
            return refuse("needs a citation (`cites`)");
        }
        if let Some(unknown) = self.cites.iter().find(|id| !sources.contains_key(*id)) {
            return refuse(&format!("cites `{unknown}`, which `sources` does not hold"));
        }
        if self.review_by <= self.as_of {
            return refuse("`review_by` must be later than `as_of`");
        }
        if self.bases.contains(&Basis::Asserted) {
            return refuse("`asserted` is the operator's word, no rule may list it");
        }
        if let Some(window) = self.windows.iter().find(|w| !self.bases.contains(&w.basis)) {
            return refuse(&format!(
                "has a window for `{}`, which is not among its bases",
                window.basis.word()
            ));
        }
        if self.registries.len() > REGISTERS_MAX {
            return refuse("names more than 8 registers");
        }
        let starts = [EventKind::ConsentGiven, EventKind::LastInboundContact, EventKind::LastMessageSent];
        if self.expiry.as_ref().is_some_and(|expiry| !starts.contains(&expiry.from)) {
            return refuse("`expiry` starts from consent_given, last_inbound_contact or last_message_sent");
        }
        let carries = [EventKind::Purchase, EventKind::Inquiry, EventKind::Donation, EventKind::ContractEnd];
        if self.windows.iter().any(|window| !carries.contains(&window.event)) {
            return refuse("a window starts from purchase, inquiry, donation or contract_end");
        }
        Ok(())
    }
}

fn refused(what: &str) -> Failure {
    Failure::usage(format!("rulebook does not load: {what}"))
}

fn place(error: &toml::de::Error, text: &str, name: &str) -> String {
    let line =
        error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"))
}

/// Number of a jurisdiction: its place in the run's rulebooks, which are ordered by id.
pub type JurisdictionNo = u8;

/// All rulebooks of a run, ordered by id, with the registers they name.
#[derive(Debug, Clone)]
pub struct Rulebooks {
    books: Vec<Rulebook>,
    registers: Vec<String>,
    fallback: JurisdictionNo,
    eu: Option<JurisdictionNo>,
}

impl Rulebooks {
    /// Orders the books; the fallback `ZZ` must be among them and govern every channel.
    pub fn new(mut books: Vec<Rulebook>) -> Result<Self, Failure> {
        books.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(twice) = books.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(refused(&format!(
                "{} is there already; a built-in rulebook is not replaced",
                twice[0].id
            )));
        }
        if books.len() > usize::from(JurisdictionNo::MAX) {
            return Err(refused("too many jurisdictions"));
        }
        let of =
            |id: &str| books.iter().position(|b| b.id == id).and_then(|at| JurisdictionNo::try_from(at).ok());
        let Some(fallback) = of("ZZ") else { return Err(refused("the fallback ZZ is missing")) };
        let eu = of("EU");
        let named = books.iter().flat_map(|b| &b.rules).flat_map(|r| &r.registries).map(|r| r.id.clone());
        let registers: Vec<String> = named.collect::<BTreeSet<_>>().into_iter().collect();
        if registers.len() >= 64 {
            return Err(refused("more than 63 registers"));
        }
        let books = Self { books, registers, fallback, eu };
        let zz = books.book(fallback);
        match Channel::ALL.into_iter().find(|c| zz.rule(*c, Audience::Any, Day::MAX).is_none()) {
            Some(channel) => Err(refused(&format!("the fallback ZZ says nothing on {}", channel.word()))),
            None => Ok(books),
        }
    }

    /// These rulebooks and a user's own for places that have none yet.
    pub fn with(&self, own: Vec<Rulebook>) -> Result<Self, Failure> {
        Self::new(self.books.iter().cloned().chain(own).collect())
    }

    /// The books in the order of their numbers.
    pub fn all(&self) -> &[Rulebook] {
        &self.books
    }

    /// The book of that number (the fallback's for a number nobody gave out).
    pub fn book(&self, number: JurisdictionNo) -> &Rulebook {
        let at = if usize::from(number) < self.books.len() { number } else { self.fallback };
        &self.books[usize::from(at)]
    }

    /// The number of the book of that id.
    pub fn number(&self, id: &str) -> Option<JurisdictionNo> {
        let at = self.books.binary_search_by(|b| b.id.as_str().cmp(id)).ok()?;
        JurisdictionNo::try_from(at).ok()
    }

    /// The book that holds where nothing else is known.
    pub const fn fallback(&self) -> JurisdictionNo {
        self.fallback
    }

    /// The jurisdiction of a country: its own book, else the EU's for members of EU and EEA, else the fallback.
    pub fn of_country(&self, country: Country) -> JurisdictionNo {
        let own = self.number(country.law().code());
        own.or_else(|| country.membership().and(self.eu)).unwrap_or(self.fallback)
    }

    /// The rule of a jurisdiction on a day: its own, else the EU's for a member state, else the fallback's.
    pub fn rule(&self, of: JurisdictionNo, channel: Channel, audience: Audience, day: Day) -> Option<&Rule> {
        let book = self.book(of);
        let member = Country::from_code(&book.id).and_then(Country::membership);
        let parent = member.and(self.eu).map(|eu| self.book(eu));
        [Some(book), parent, Some(self.book(self.fallback))]
            .into_iter()
            .flatten()
            .find_map(|b| b.rule(channel, audience, day))
    }

    /// The number of a register, from 1; 0 is kept for *not told which*.
    pub fn register(&self, id: &str) -> Option<u16> {
        let at = self.registers.binary_search_by(|r| r.as_str().cmp(id)).ok()?;
        u16::try_from(at + 1).ok()
    }

    /// One line per rulebook: id, name, rules, and how many of them are doubtful on that day.
    pub fn summary(&self, today: Day) -> String {
        let line = |book: &Rulebook| {
            let doubtful = book.rules.iter().filter(|rule| !rule.doubts(today).is_empty()).count();
            format!("{}  {:<34}  {} rules, {doubtful} with doubts\n", book.id, book.name, book.rules.len())
        };
        self.books.iter().map(line).collect()
    }

    /// Ids of all registers that some rule names, sorted.
    pub fn registers(&self) -> &[String] {
        &self.registers
    }
}

/// The built-in files: id and text.
pub const FILES: &[(&str, &str)] = &[
    ("au", include_str!("jurisdictions/au.toml")),
    ("ca", include_str!("jurisdictions/ca.toml")),
    ("de", include_str!("jurisdictions/de.toml")),
    ("eu", include_str!("jurisdictions/eu.toml")),
    ("fr", include_str!("jurisdictions/fr.toml")),
    ("gb", include_str!("jurisdictions/gb.toml")),
    ("us", include_str!("jurisdictions/us.toml")),
    ("zz", include_str!("jurisdictions/zz.toml")),
];

/// The built-in rulebooks.
pub fn rulebooks() -> &'static Rulebooks {
    static BOOKS: OnceLock<Rulebooks> = OnceLock::new();
    BOOKS.get_or_init(|| {
        let books = FILES.iter().map(|(id, text)| Rulebook::parse(text, id)).collect::<Result<_, _>>();
        books.and_then(Rulebooks::new).expect("the built-in rulebooks load: a test reads them")
    })
}
