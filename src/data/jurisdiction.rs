//! Rulebooks: what the law of a place says about each channel, as data with citation and doubt.
//!
//! One TOML file per jurisdiction in `jurisdictions/`. A rule without citation, date and review date does not
//! load. Knows no contact; how a rule is applied to a history is told by `consent`.

mod books;
mod text;
mod words;

pub use books::{FILES, JurisdictionNo, Rulebooks, rulebooks};
pub(super) use words::day;
pub use words::{
    Audience, Basis, Clock, Confidence, Days, DoubleOptIn, Duty, EvidenceCode, ExpiryKind, FlawEffect,
    Length, LineType, Model, Scope,
};

use crate::record::{Channel, Day, EventKind, Failure};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How many registers one rule may name.
pub const REGISTERS_MAX: usize = 8;

tables! {
    /// The law of one place.
    #[derive(Default)]
    pub struct Rulebook {
        /// ISO country code, `EU`, `ZZ` for the fallback; of an overlay the code of its part (`US-FL`) or a word
        /// in small letters.
        pub id: String,
        /// What it is called.
        pub name: String,
        /// Day of the research.
        #[serde(deserialize_with = "words::day")]
        pub as_of: Day,
        /// Whether the operator brought it.
        #[serde(skip)]
        pub own: bool,
        /// SHA-256 of its text.
        #[serde(skip)]
        pub sha256: [u8; 32],
        /// Set for an overlay: it adds its rules to those of that book, and says nothing on other channels. The
        /// empty text: to whatever holds.
        pub overlay_on: Option<String>,
        /// What brings an overlay into question.
        #[serde(default)]
        pub reaches: Reaches,
        /// Younger people do not consent for themselves.
        pub minor_age: Option<MinorAge>,
        /// Texts that the rules cite, by id.
        pub sources: BTreeMap<String, CitedSource>,
        /// The rules.
        #[serde(rename = "rule", default)]
        pub rules: Vec<Rule>,
        /// Rules on handing the list on to others: told, never decided, for no channel does it.
        #[serde(default)]
        pub sharing: Vec<Rule>,
    }

    /// What brings an overlay into question, where the book it lies on is.
    #[derive(Default)]
    pub struct Reaches {
        /// Names and codes of the region in an address, folded to small letters.
        #[serde(default)]
        pub regions: Vec<String>,
        /// First digits of national numbers from which the law presumes residence.
        #[serde(default)]
        pub area_codes: Vec<String>,
        /// Mail domains; one that ends in a dot stands for every ending.
        #[serde(default)]
        pub domains: Vec<String>,
    }

    /// The age from which people consent for themselves.
    pub struct MinorAge {
        /// Years.
        pub years: u8,
        /// The source it rests on.
        pub cites: String,
        /// What to know about it.
        pub note: Option<String>,
    }

    /// A text that a rule cites.
    pub struct CitedSource {
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
    pub struct Rule {
        /// Id that outputs carry.
        pub id: String,
        /// Channels it governs.
        pub channels: Vec<Channel>,
        /// Whom it protects.
        pub audience: Audience,
        /// The kind of telephone line it is about; none: every kind.
        pub line: Option<LineType>,
        /// What has to be so, and no file proves: the rule holds only where the operator states it.
        pub condition: Option<String>,
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
        /// What this product chose where the law is silent, argued or told in several ways.
        #[serde(default)]
        pub choices: Vec<String>,
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
    #[derive(Copy, PartialEq, Eq, Default)]
    pub struct InForce {
        /// First day.
        #[serde(default, deserialize_with = "words::day_if_any")]
        pub from: Option<Day>,
        /// Last day.
        #[serde(default, deserialize_with = "words::day_if_any")]
        pub to: Option<Day>,
    }

    /// Clock 1: for so long after the event the ground holds.
    pub struct Window {
        /// Ground.
        pub basis: Basis,
        /// Event it starts from.
        pub event: EventKind,
        /// How long.
        pub length: Length,
        /// A later event that starts it anew, if it came before the end.
        pub restarts_on: Option<EventKind>,
    }

    /// Clock 2: for so long a ground lasts.
    pub struct Expiry {
        /// What it rests on; where the event it starts from is missing, a statutory clock starts at the consent,
        /// the others only warn.
        pub kind: ExpiryKind,
        /// Event it starts from.
        pub from: EventKind,
        /// How long.
        pub length: Length,
        /// What happens then.
        pub effect: FlawEffect,
        /// A longer length after which the ground is gone, where `effect` only warns.
        pub hard_length: Option<Length>,
        /// Grounds it reaches.
        pub bases: Vec<Basis>,
        /// An event that starts it anew.
        pub restarts_on: Option<EventKind>,
        /// Why so, and when it matters.
        pub note: Option<String>,
    }

    /// Clock 3: a register to ask.
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
        /// Whether those grounds hold only if they came after the entry.
        #[serde(default)]
        pub only_if_later: bool,
        /// Whether it lists who consented, so that an absent point is a no.
        #[serde(default)]
        pub positive: bool,
        /// How soon after the consent it must have been entered, in a register of consents.
        pub entry_within: Option<Length>,
        /// The channels it is about; empty: all of the rule.
        #[serde(default)]
        pub channels: Vec<Channel>,
        /// Whether the law orders the look-up; a voluntary list only becomes a condition.
        pub statutory: bool,
        /// What to know about it.
        pub note: Option<String>,
    }

    /// Clock 4: so soon a refusal must be obeyed. Used to report late messages; every refusal binds at once.
    pub struct OptOut {
        /// How soon.
        pub within: Length,
        /// What it reaches at least.
        pub scope: Scope,
        /// What to know about it.
        pub note: Option<String>,
        /// The last message that tells the person that it took effect, where the law speaks of one.
        pub confirmation: Option<Confirmation>,
    }

    /// One message that tells a person that their refusal took effect.
    pub struct Confirmation {
        /// Whether it is allowed or ordered.
        pub duty: Duty,
        /// How soon after the refusal.
        pub within: String,
        /// What to know about it.
        pub note: Option<String>,
    }

    /// Clock 5: so long after the event nobody may ask for consent again.
    pub struct ReaskBan {
        /// How long.
        pub length: Length,
        /// Event it starts from.
        pub from: EventKind,
        /// What lifts it.
        pub note: Option<String>,
    }

    /// Clock 6: hours of the recipient.
    pub struct Hours {
        /// Days.
        pub days: Days,
        /// Spans of local time.
        pub allow: Vec<String>,
        /// Days on which nothing is allowed.
        pub not_on: Option<String>,
        /// The channels it is about; empty: all of the rule.
        #[serde(default)]
        pub channels: Vec<Channel>,
    }

    /// Clock 6: at most so many attempts in so many days.
    pub struct Frequency {
        /// Attempts.
        pub max: u16,
        /// Days, today included.
        pub per_days: u16,
        /// What counts.
        pub note: Option<String>,
    }

    /// A history and the decision it leads to.
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
        /// Kind of line; not known when not said.
        pub line: Option<LineType>,
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

impl Rulebook {
    /// Reads a rulebook; `name` is what an error calls the file.
    pub fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        let mut book: Self =
            toml::from_str(text).map_err(|e| refused(e.message()).at_span(name, text, e.span()))?;
        book.sha256 = Sha256::digest(text.as_bytes()).into();
        book.checked().map_err(|failure| failure.at(name))
    }

    fn checked(self) -> Result<Self, Failure> {
        self.named()?;
        if self.minor_age.as_ref().is_some_and(|age| !self.sources.contains_key(&age.cites)) {
            return Err(refused("`minor_age` cites what `sources` does not hold"));
        }
        let mut ids = BTreeSet::new();
        for rule in &self.sharing {
            rule.proven(&self.sources)?;
            let wrong = !rule.channels.is_empty() || !ids.insert(rule.id.as_str());
            rule.refuse(&[(wrong, "one id, and no channels under `sharing`")])?;
        }
        for (at, rule) in self.rules.iter().enumerate() {
            rule.checked(&self.sources)?;
            rule.refuse(&[(!ids.insert(rule.id.as_str()), "stands twice")])?;
            let clash = |other: &&Rule| {
                other.audience == rule.audience
                    && other.condition == rule.condition
                    && (other.line.is_none() || rule.line.is_none() || other.line == rule.line)
                    && other.in_force.meets(rule.in_force)
                    && other.channels.iter().any(|c| rule.channels.contains(c))
            };
            if let Some(other) = self.rules.iter().take(at).find(clash) {
                let what = format!("and rule {} govern the same channel, audience and day", other.id);
                rule.refuse(&[(true, &what)])?;
            }
        }
        Ok(self)
    }

    /// An id says what it is: `GB`, an overlay `US-FL`, an overlay that is no law `mailbox`.
    fn named(&self) -> Result<(), Failure> {
        let country = |id: &str| id.len() == 2 && id.bytes().all(|b| b.is_ascii_uppercase());
        let parts = self.id.split_once('-');
        let fits = match (&self.overlay_on, parts) {
            (None, _) => country(&self.id),
            (Some(parent), Some((of, part))) => {
                of == parent && country(of) && (2..4).contains(&part.len()) && part.is_ascii()
            }
            (Some(parent), None) => {
                parent.is_empty() && self.id.len() > 2 && self.id.bytes().all(|b| b.is_ascii_lowercase())
            }
        };
        if !fits {
            return Err(refused("the id of a jurisdiction is two capital letters, of an overlay `US-FL`"));
        }
        let reaches = &self.reaches;
        let brings = reaches.regions.len() + reaches.area_codes.len() + reaches.domains.len();
        if (brings > 0) != self.overlay_on.is_some() {
            return Err(refused("an overlay needs `reaches`, and nothing else has it"));
        }
        Ok(())
    }

    /// The rule of the channel for that audience and kind of line on that day: the narrower audience wins, and
    /// where a business has no rule of its own it is treated as a consumer. A line of unknown kind follows the
    /// stricter rule. A rule with a condition holds only where `claims` names it, and then first.
    pub fn rule(&self, channel: Channel, who: Who, day: Day, claims: &[String]) -> Option<&Rule> {
        let wanted: &[Audience] = match who.audience {
            Audience::B2b => &[Audience::B2b, Audience::Any, Audience::B2c],
            Audience::B2c | Audience::Any => &[Audience::B2c, Audience::Any],
        };
        let of = |audience: &Audience| {
            let holds = |r: &&Rule| {
                r.audience == *audience
                    && r.channels.contains(&channel)
                    && r.in_force.has(day)
                    && (r.condition.is_none() || claims.contains(&r.id))
                    && (who.line.is_none() || r.line.is_none() || r.line == who.line)
            };
            let rules = self.rules.iter().filter(holds);
            rules.max_by_key(|r| (r.condition.is_some(), r.model))
        };
        wanted.iter().find_map(of)
    }
}

/// Of whom a rule is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Consumer or business.
    pub audience: Audience,
    /// The kind of telephone line; none: not known, or no telephone number.
    pub line: Option<LineType>,
}

impl From<Audience> for Who {
    fn from(audience: Audience) -> Self {
        Self { audience, line: None }
    }
}

impl Rule {
    /// The first of these that is so refuses the rule.
    fn refuse(&self, wrong: &[(bool, &str)]) -> Result<(), Failure> {
        match wrong.iter().find(|(is, _)| *is) {
            Some((_, what)) => Err(refused(&format!("rule {}: {what}", self.id))),
            None => Ok(()),
        }
    }

    /// What every rule owes: citation and dates.
    fn proven(&self, sources: &BTreeMap<String, CitedSource>) -> Result<(), Failure> {
        let unknown = self.cites.iter().find(|id| !sources.contains_key(*id));
        let cites = unknown.map_or("", String::as_str);
        self.refuse(&[
            (self.cites.is_empty(), "needs a citation (`cites`)"),
            (unknown.is_some(), &format!("cites `{cites}`, which `sources` does not hold")),
            (self.review_by <= self.as_of, "`review_by` must be later than `as_of`"),
        ])
    }

    /// What can be said of a rule alone; grounds that do not fit the model among it: who needs consent is not reached
    /// without any, where a register decides there is one to ask, and what a relationship carries ends some day.
    fn checked(&self, sources: &BTreeMap<String, CitedSource>) -> Result<(), Failure> {
        use EventKind as E;
        self.proven(sources)?;
        let lists = |any: &[Basis]| self.bases.iter().any(|basis| any.contains(basis));
        let asks = matches!(self.model, Model::OptIn | Model::ExpressWritten);
        let spans =
            [Basis::EbrPurchase, Basis::EbrContract, Basis::EbrInquiry, Basis::NonBusinessRelationship];
        let endless = |basis: &Basis| spans.contains(basis) && self.windows.iter().all(|w| w.basis != *basis);
        let statutory = self.registries.iter().any(|register| register.statutory);
        let alien = self.windows.iter().map(|w| w.basis).find(|basis| !self.bases.contains(basis));
        let alien = alien.map_or("", Basis::word);
        let starts = [E::ConsentGiven, E::LastInboundContact, E::LastMessageSent];
        let parts = self.registries.iter().map(|r| &r.channels).chain(self.hours.iter().map(|h| &h.channels));
        let carries = [E::Purchase, E::Inquiry, E::Donation, E::ContractEnd];
        let needless = asks && lists(&[Basis::NoneNeeded, Basis::LegitimateInterest]);
        let unasked = self.model == Model::RegistryCheck && !statutory;
        let alien_start = self.expiry.as_ref().is_some_and(|expiry| !starts.contains(&expiry.from));
        let beyond = parts.flatten().any(|channel| !self.channels.contains(channel));
        let odd = self.windows.iter().any(|window| !carries.contains(&window.event));
        let endless = self.bases.iter().any(endless);
        self.refuse(&[
            (self.channels.is_empty() || self.bases.is_empty(), "needs channels and bases"),
            (lists(&[Basis::Asserted]), "`asserted` is the operator's word, no rule may list it"),
            (needless, "asks for consent and lists a ground that needs nothing"),
            (endless, "lists a relationship as a ground without a window, so that it never holds"),
            (unasked, "is barred without a register and names no statutory one"),
            (!alien.is_empty(), &format!("has a window for `{alien}`, which is not among its bases")),
            (self.registries.len() > REGISTERS_MAX, "names more than 8 registers"),
            (alien_start, "`expiry` starts from consent_given, last_inbound_contact or last_message_sent"),
            (beyond, "names a channel for a register or hours that is not among its own"),
            (odd, "a window starts from purchase, inquiry, donation or contract_end"),
        ])
    }
}

fn refused(what: &str) -> Failure {
    Failure::usage(format!("rulebook does not load: {what}"))
}
