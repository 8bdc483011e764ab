//! Column → field and role; row → dated facts.
//!
//! Knows what the columns of one source say. How a mapping comes about is told in `recognise` and `columns`;
//! what the facts of several sources add up to is not known here.

use super::dates::{DateRules, parse, plausible};
use super::events::{self, event_of, event_word};
use super::facts::{Fact, Facts};
use super::marks;
use super::permission::named_channels;
use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::format::Format;
use crate::data::words::{self, Words};
use crate::reason::Reason;
use crate::record::{Channel, Channels, DateOrder, EventKind, Evidence, Field, Kind, Meaning, Stamp};

/// What the columns of a source are and say.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The layout, when one was recognised.
    pub format: Option<&'static Format>,
    /// Why it was taken for that, in words; holds no cell.
    pub why: String,
    /// What the source is.
    pub kind: Kind,
    /// Something proves the kind: a layout, a name, a header, columns that only people have. When nothing
    /// does and there are several sources, the user must be asked.
    pub kind_proven: bool,
    /// The system that its ids belong to.
    pub system: Option<String>,
    /// Every column of the file, in its order.
    pub columns: Vec<Column>,
    /// What the presence of a row means.
    pub implies: Vec<Implied>,
    /// Order of day and month, where the vendor fixes it.
    pub order_hint: DateOrder,
    /// Times without a zone are UTC, by the vendor's word.
    pub utc: bool,
    /// The export leaves people who opted out in, unmarked.
    pub leaves_out_refusals: bool,
    /// What stays open.
    pub unclear: Vec<Unclear>,
    speaking: Vec<u16>,
    /// Those whose refusals are assumed to be about e-mail: their headers name no channel.
    assuming: Vec<u16>,
    narrowing: Vec<u16>,
    proving: Vec<(u16, Evidence, Proof)>,
    statements: usize,
    /// Columns that tell how mail came back.
    bounces: Vec<u16>,
    /// The column that tells whether a purchase came about.
    sale: Option<u16>,
    /// A recognised vendor's list of sign-ups. A file of events says itself where each was captured.
    is_its_source: bool,
}

/// A column of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Their header; empty when there is none.
    pub header: String,
    /// Our field; `None` = carried through, never read.
    pub field: Option<Field>,
    /// What its cells say.
    pub role: Role,
    /// How its dates are written, when it is a date column. `column` is its index here; whoever joins several
    /// sources sets the run's own number and, once known, the order.
    pub date: Option<DateRules>,
}

/// What the cells of a column say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Carried through, never read.
    Other,
    /// The field's plain value.
    Value,
    /// A date that says nothing alone: other columns, or the row, are dated by it.
    Date,
    /// Value → meaning. Only a listed word grants; an unlisted one says nothing.
    Status(Says),
    /// Opt-out flag or date: any filled cell that is not a known *no* refuses.
    Refusal {
        /// What such a cell means, unless its word says more (`bounced`, `invalid`).
        event: EventKind,
        /// Words, channels, dates.
        says: Says,
    },
    /// Made for something else; a listed phrase in it refuses, nothing else says anything.
    Mark,
    /// What the person answered: the same, and a word that stops messages refuses every channel.
    Reply,
    /// Why the row is here: a listed word replaces what the row implies, a listed `unknown` lifts it.
    Cause(Words),
    /// A date that is an event of its own (last purchase; a consent date beside which no status stands).
    Moment {
        /// What happened then.
        event: EventKind,
        /// On which channels.
        channels: Channels,
    },
    /// The channel the row speaks of; empty = every channel of the row's points.
    Channel,
    /// The channels consented to, several in a cell.
    GrantedChannels(Dated),
    /// The event word of an event file.
    Event(Says),
    /// The name of a property whose value stands in that column: read as a header with its cell, for refusals only.
    Property(u16, Dated),
    /// Whether the row's purchase came about: only where a listed word says `true`.
    Sale(Words),
    /// How often the person wants to hear: a listed word refuses, every other is read where messages are told.
    Frequency(Says),
}

/// Words, channels and dates of a column that speaks of permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// Its words.
    pub words: Words,
    /// Channels a grant speaks of: the row's main point only.
    pub grants: Channels,
    /// Channels a refusal speaks of: all points of the row.
    pub refuses: Channels,
    /// The columns that date it.
    pub dated: Dated,
}

/// The columns that date a statement, as indices into [`Mapping::columns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dated {
    /// Dates a consent.
    pub given: Option<u16>,
    /// Dates its confirmation.
    pub confirmed: Option<u16>,
    /// Dates a refusal, bounce or complaint. A consent date never does.
    pub refused: Option<u16>,
}

/// What the presence of a row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implied {
    /// What it means.
    pub meaning: Meaning,
    /// For which channels of the row's points.
    pub channels: Channels,
    /// That it is about e-mail is assumed, because the file has addresses.
    pub assumed: bool,
    /// The columns that date it.
    pub dated: Dated,
}

/// Something about a source that the user should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unclear {
    /// What.
    pub reason: Reason,
    /// The column, when it is about one.
    pub column: Option<u16>,
}

impl Mapping {
    /// A mapping of these columns that still implies nothing.
    pub fn of(kind: Kind, columns: Vec<Column>) -> Self {
        let mut mapping = Self {
            format: None,
            why: String::new(),
            kind,
            kind_proven: false,
            system: None,
            columns,
            implies: Vec::new(),
            order_hint: DateOrder::Unknown,
            utc: false,
            leaves_out_refusals: false,
            unclear: Vec::new(),
            speaking: Vec::new(),
            assuming: Vec::new(),
            narrowing: Vec::new(),
            proving: Vec::new(),
            bounces: Vec::new(),
            statements: 0,
            sale: None,
            is_its_source: false,
        };
        mapping.index();
        mapping
    }

    /// Notes which columns speak; to be called again after `columns` was changed.
    pub fn index(&mut self) {
        (self.speaking, self.narrowing, self.proving) = (Vec::new(), Vec::new(), Vec::new());
        self.assuming.clear();
        let types = self.columns_of(Field::BounceType).filter_map(|at| u16::try_from(at).ok());
        self.bounces = types.collect();
        for (at, column) in (0..=u16::MAX).zip(&self.columns) {
            // What a vendor's layout says of its column is known.
            if self.format.is_none() && assumes_email(column) {
                self.assuming.push(at);
            }
            match column.role {
                Role::Channel => self.narrowing.push(at),
                Role::Sale(_) => self.sale = Some(at),
                Role::Other | Role::Value | Role::Date => {}
                _ => self.speaking.push(at),
            }
            let (evidence, proof) = match column.field {
                Some(Field::ConsentSource) => (Evidence::SOURCE, Proof::Words),
                Some(Field::ConsentMethod) => (Evidence::METHOD, Proof::Words),
                Some(Field::ConsentWording) => (Evidence::WORDING, Proof::Filled),
                Some(Field::ConsentIp) => (Evidence::IP, Proof::Filled),
                Some(Field::ConfirmIp) => (Evidence::CONFIRM_IP, Proof::Filled),
                Some(Field::Purpose) => (Evidence::PURPOSE, Proof::Filled),
                Some(Field::ConsentWritten) => (Evidence::WRITTEN, Proof::Yes),
                Some(Field::OptoutOffered) => (Evidence::OPTOUT_OFFERED, Proof::Yes),
                _ => continue,
            };
            self.proving.push((at, evidence, proof));
        }
        self.statements = self.implies.len() + self.speaking.len();
        let says_source = self.columns_of(Field::ConsentSource).next().is_some();
        self.is_its_source = self.format.is_some_and(|f| f.kind != Kind::ConsentEvents || !says_source);
    }

    /// The columns of a field, in file order.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(move |(_, c)| c.field == Some(field)).map(|(at, _)| at)
    }

    /// The columns of which nothing is known but that marks may stand there: their cells are carried along and not
    /// read for points. Those that are said to be of somebody else are not among them.
    pub fn unread(&self) -> impl Iterator<Item = usize> {
        let unread = |c: &Column| {
            c.field.is_none()
                && matches!(c.role, Role::Other | Role::Mark | Role::Reply)
                && !dictionary().is_not_theirs(&header_words(&c.header))
        };
        self.columns.iter().enumerate().filter(move |(_, c)| unread(c)).map(|(at, _)| at)
    }

    /// Whether some column or the row itself can grant or refuse.
    pub fn speaks_of_permission(&self) -> bool {
        !self.implies.is_empty()
            || self.columns.iter().any(|c| {
                matches!(
                    c.role,
                    Role::Status(_) | Role::Refusal { .. } | Role::GrantedChannels(_) | Role::Event(_)
                )
            })
    }

    /// Whether a row can speak of permission, against contact or for it, in any way.
    pub const fn speaks(&self) -> bool {
        self.statements > 0
    }

    /// The same for whoever asks only what a row refuses: columns that can but grant or date something are not read.
    pub fn refusing(&self) -> Self {
        let mut mapping = self.clone();
        for column in &mut mapping.columns {
            let grants = match column.role {
                Role::Moment { event, .. } => !event.suppresses(),
                Role::GrantedChannels(_) => true,
                _ => false,
            };
            if grants {
                column.role = Role::Other;
            }
        }
        mapping.index();
        mapping
    }

    /// What a row tells; `cell(i)` is its cell in column `i`, empty when the row is short. Facts are added in
    /// a fixed order: the row's own, then column by column.
    ///
    /// Within one row the least permissive status of a channel wins: where one status column grants and
    /// another says anything else, nothing is granted (Salesforce's Consent API answers alike).
    pub fn facts<'a>(&self, cell: impl Fn(usize) -> &'a str, facts: &mut Facts) {
        let first = facts.len();
        let row = Row { mapping: self, cell: &cell, scope: self.scope(&cell), denied: self.denied(&cell) };
        for implied in &self.implies {
            let before = facts.len();
            row.implied(implied, facts);
            facts[before..].iter_mut().for_each(|f| f.assumed |= implied.assumed);
        }
        for at in &self.speaking {
            let before = facts.len();
            row.column(*at, facts);
            if self.assuming.contains(at) {
                facts[before..].iter_mut().for_each(|f| f.assumed = true);
            }
        }
        let silent = !facts.iter().skip(first).any(|f| f.event.suppresses());
        if silent && self.implies.is_empty() && self.kind.refuses() && !row.any_flag() {
            row.add(None, Meaning::Suppressed, None, Channels::ALL, Dated::default(), facts);
        }
    }

    /// The channels the row speaks of: for consents, for refusals.
    fn scope<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> (Channels, Channels) {
        let mut scope = (Channels::ALL, Channels::ALL);
        for at in &self.narrowing {
            let text = cell(usize::from(*at));
            if words::is_blank(text) {
                continue;
            }
            let named = words::channels(text);
            scope.0 = scope.0.intersect(named.grants);
            scope.1 = scope.1.intersect(if named.all_known { named.refuses } else { Channels::ALL });
        }
        scope
    }

    /// The channels on which some status column of the row says anything but yes.
    fn denied<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> Channels {
        let mut denied = Channels::NONE;
        if self.statements < 2 {
            return denied;
        }
        for at in &self.speaking {
            let Some(column) = self.columns.get(usize::from(*at)) else { continue };
            if let Role::Status(says) = &column.role {
                match says.words.meaning(cell(usize::from(*at))) {
                    None | Some(Meaning::Granted | Meaning::True) => {}
                    Some(Meaning::Unknown) if column.field == Some(Field::DoubleOptIn) => {}
                    Some(_) => denied = denied.union(says.refuses),
                }
            }
        }
        denied
    }
}

/// Whether a refusal in the column is taken for one of e-mail although its header names no channel.
pub(super) fn assumes_email(column: &Column) -> bool {
    let (Role::Status(says) | Role::Refusal { says, .. }) = &column.role else { return false };
    says.refuses == Channels::only(Channel::Email) && named_channels(&column.header).is_empty()
}

struct Row<'m, F> {
    mapping: &'m Mapping,
    cell: &'m F,
    scope: (Channels, Channels),
    denied: Channels,
}

impl<'a, F: Fn(usize) -> &'a str> Row<'_, F> {
    fn text(&self, at: u16) -> &'a str {
        (self.cell)(usize::from(at))
    }

    fn stamp(&self, at: Option<u16>) -> Stamp {
        let Some(at) = at else { return Stamp::Absent };
        let rules = self.mapping.columns.get(usize::from(at)).and_then(|c| c.date).unwrap_or_default();
        plausible(parse(self.text(at), rules))
    }

    /// What the row's presence means, as its causes refine it.
    fn implied(&self, implied: &Implied, facts: &mut Facts) {
        let (mut meaning, mut lifted, mut column, mut event) = (implied.meaning, false, None, None);
        for at in &self.mapping.speaking {
            if let Some(Role::Cause(words)) = self.mapping.columns.get(usize::from(*at)).map(|c| &c.role) {
                let text = self.text(*at);
                let own = event_word(text).filter(|e| e.suppresses());
                match words.meaning(text) {
                    _ if own.is_some() => (event, column) = (own, Some(*at)),
                    None => {}
                    Some(Meaning::Unknown | Meaning::False) => lifted = true,
                    Some(Meaning::Granted) if implied.meaning != Meaning::Granted => {}
                    Some(told) if column.is_none() || words::speaks_against(told) => {
                        (meaning, column) = (told, Some(*at));
                    }
                    Some(_) => {}
                }
            }
        }
        if !lifted || column.is_some() {
            self.add(column, meaning, event, implied.channels, implied.dated, facts);
        }
    }

    fn column(&self, at: u16, facts: &mut Facts) {
        let Some(column) = self.mapping.columns.get(usize::from(at)) else { return };
        let text = self.text(at);
        match &column.role {
            Role::Status(says) => {
                if let Some(meaning) = says.words.meaning(text) {
                    let confirmed = column.field == Some(Field::DoubleOptIn) && meaning == Meaning::Granted;
                    let event = confirmed.then_some(EventKind::ConsentConfirmed);
                    let channels = if grants(meaning) { says.grants } else { says.refuses };
                    self.add(Some(at), meaning, event, channels, says.dated, facts);
                }
                events::each_denied(text, says.refuses, |channels| {
                    self.add(Some(at), Meaning::Denied, None, channels, says.dated, facts);
                });
            }
            Role::Property(value, dated) => {
                if let Some((meaning, event, channels)) = events::of_property(text, self.text(*value)) {
                    self.add(Some(at), meaning, event, channels, *dated, facts);
                }
            }
            Role::Refusal { event, says } => self.refusal(at, *event, says, text, facts),
            Role::Reply if marks::is_stop(text) => {
                self.add(Some(at), Meaning::Withdrawn, None, Channels::ALL, Dated::default(), facts);
            }
            Role::Mark | Role::Reply if text.is_empty() || facts.silent.get(text).is_some() => {}
            Role::Mark | Role::Reply => {
                let name = marks::is_name(column.field);
                let marked = marks::each(text, name, |meaning, channels, assumed| {
                    let before = facts.len();
                    self.add(Some(at), meaning, None, channels, Dated::default(), facts);
                    facts[before..].iter_mut().for_each(|f| f.assumed = assumed);
                });
                // What says nothing in a name may say something elsewhere.
                if !marked && !name {
                    facts.silent.note(text, ());
                }
            }
            Role::Moment { event, channels } => {
                let stamp = self.stamp(Some(at));
                if self.came_about(*event) && matches!(stamp, Stamp::Known(_) | Stamp::Either { .. }) {
                    let dated = Dated { given: Some(at), confirmed: None, refused: Some(at) };
                    let meaning = if event.is_consent() { Meaning::Granted } else { Meaning::True };
                    self.add(Some(at), meaning, Some(*event), *channels, dated, facts);
                }
            }
            Role::GrantedChannels(dated) => {
                self.add(Some(at), Meaning::Granted, None, words::channels(text).grants, *dated, facts);
            }
            Role::Event(says) => {
                let event = event_word(text);
                let meaning = match event {
                    Some(event) if event.is_consent() => Some(Meaning::Granted),
                    Some(_) => Some(Meaning::True),
                    None => says.words.meaning(text),
                };
                if let Some(meaning) = meaning {
                    self.add(Some(at), meaning, event, Channels::ALL, says.dated, facts);
                }
            }
            Role::Frequency(says) => {
                if says.words.listed(text) == Some(Meaning::Denied) {
                    self.add(Some(at), Meaning::Denied, None, says.refuses, says.dated, facts);
                }
            }
            Role::Other | Role::Value | Role::Date | Role::Cause(_) | Role::Channel | Role::Sale(_) => {}
        }
    }

    /// Whether nothing in the row says that the purchase was called off, never paid or paid back.
    fn came_about(&self, event: EventKind) -> bool {
        let Some(at) = self.mapping.sale.filter(|_| event == EventKind::Purchase) else { return true };
        let role = self.mapping.columns.get(usize::from(at)).map(|c| &c.role);
        matches!(role, Some(Role::Sale(words)) if words.listed(self.text(at)) == Some(Meaning::True))
    }

    fn refusal(&self, at: u16, event: EventKind, says: &Says, text: &str, facts: &mut Facts) {
        if words::is_blank(text) {
            return;
        }
        let told = says.words.meaning(text);
        let told = told.or_else(|| events::bounce(text).filter(|_| event == EventKind::HardBounce));
        // `On Hold = 2` of a bounce column is an opt-out by the vendor's own word.
        let opted_out = event == EventKind::HardBounce && says.words.listed(text) == Some(Meaning::Withdrawn);
        let event = match told {
            Some(Meaning::Unknown | Meaning::False | Meaning::Never | Meaning::BlockedSoft) => return,
            Some(Meaning::Granted) => {
                return self.add(Some(at), Meaning::Granted, None, says.grants, says.dated, facts);
            }
            Some(Meaning::Withdrawn) if opted_out => None,
            Some(
                Meaning::Withdrawn | Meaning::True | Meaning::Denied | Meaning::Deleted | Meaning::Inactive,
            )
            | None => Some(event),
            Some(_) => None,
        };
        let mut dated = says.dated;
        if dated.refused.is_none() && matches!(self.stamp(Some(at)), Stamp::Known(_) | Stamp::Either { .. }) {
            dated.refused = Some(at);
        }
        self.add(Some(at), told.unwrap_or(Meaning::Withdrawn), event, says.refuses, dated, facts);
    }

    /// Whether an opt-out column of the row is filled.
    fn any_flag(&self) -> bool {
        self.mapping.speaking.iter().any(|at| {
            let role = self.mapping.columns.get(usize::from(*at)).map(|c| &c.role);
            matches!(role, Some(Role::Refusal { .. } | Role::Event(_))) && !words::is_blank(self.text(*at))
        })
    }

    /// Adds the fact of a meaning, narrowed to the row's channels and, for a grant, to what nothing denies.
    fn add(
        &self,
        column: Option<u16>,
        meaning: Meaning,
        event: Option<EventKind>,
        channels: Channels,
        dated: Dated,
        facts: &mut Facts,
    ) {
        let Some(event) = event.or_else(|| event_of(meaning, self.mapping.kind)) else { return };
        let event = match event {
            EventKind::HardBounce if meaning != Meaning::BouncedHard && self.came_back_for_now() => {
                EventKind::SoftBounce
            }
            event => event,
        };
        if !event.is_consent() {
            let channels = channels.intersect(self.scope.1);
            let at = self.stamp(dated.refused);
            let at = if at == Stamp::Absent && event == EventKind::ConsentPending {
                self.stamp(dated.given)
            } else {
                at
            };
            if !channels.is_empty() {
                // However the file came about, the refusal in it stands.
                let evidence = self.proof(facts).0.without(Evidence::IMPORTED);
                facts.push(Fact { event, meaning, channels, at, evidence, column, assumed: false });
            }
            return;
        }
        let channels = channels.intersect(self.scope.0).without(self.denied);
        if channels.is_empty() {
            return;
        }
        let (given, confirmed) = (self.stamp(dated.given), self.stamp(dated.confirmed));
        let readable = |s: Stamp| matches!(s, Stamp::Known(_) | Stamp::Either { .. });
        let (evidence, told) = self.proof(facts);
        let mut fact = Fact { event, meaning, channels, at: given, evidence, column, assumed: false };
        if readable(given) && self.mapping.is_its_source && told {
            // A recognised vendor's sign-up time is its source.
            fact.evidence = fact.evidence.with(Evidence::SOURCE);
        }
        // A lone time of confirmation is what imports leave behind.
        let lone = dated.given.is_some() && !readable(given) && readable(confirmed);
        if meaning == Meaning::ImportedUnverified || lone || evidence.has(Evidence::IMPORTED) {
            fact.meaning = Meaning::ImportedUnverified;
            fact.evidence = fact.evidence.with(Evidence::IMPORTED);
            facts.push(fact);
            return;
        }
        facts.push(fact);
        if readable(confirmed) {
            facts.push(Fact { event: EventKind::ConsentConfirmed, at: confirmed, ..fact });
        }
    }

    /// Whether the row says that mail came back for now only.
    fn came_back_for_now(&self) -> bool {
        let told = |at: &u16| events::bounce(self.text(*at));
        let mut told = self.mapping.bounces.iter().filter_map(told).peekable();
        told.peek().is_some() && told.all(|sort| sort == Meaning::BouncedSoft)
    }

    /// What the row tells of how its facts were captured; `false` where a cell for it tells no act of the person.
    fn proof(&self, facts: &mut Facts) -> (Evidence, bool) {
        let outside = self.mapping.kind != Kind::Contacts;
        let start = if outside { Evidence::OUTSIDE } else { Evidence::default() };
        self.mapping.proving.iter().fold((start, true), |(all, acts), (at, told, proof)| {
            let text = self.text(*at);
            match proof {
                Proof::Yes if words::yes_or_no(text) == Some(true) => (all.with(*told), acts),
                Proof::Yes => (all, acts),
                Proof::Filled | Proof::Words if words::is_blank(text) => (all, acts),
                Proof::Filled => (all.with(*told), acts),
                Proof::Words => match events::captured(text, facts) {
                    (more, true) => (all.with(*told).with(more), acts),
                    (_, false) => (all, false),
                },
            }
        })
    }
}

/// When a cell proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// When it is filled.
    Filled,
    /// When it is filled; some words prove more.
    Words,
    /// When it is a known yes.
    Yes,
}

const fn grants(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Granted | Meaning::ImportedUnverified)
}
