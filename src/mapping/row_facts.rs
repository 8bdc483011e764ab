//! The facts that one row states, cell by cell, by the mapping of its source.

use crate::data::dictionary::dictionary;
use crate::data::marks::Answered;
use crate::data::words;
use crate::data::words::{Base, ColumnWords};
use crate::mapping::dates::{parse, plausible};
use crate::mapping::events::{event_of, event_word};
use crate::mapping::facts::{Fact, Facts};
use crate::mapping::model::{DateColumns, Implied, Mapping, Proof, Role, Says};
use crate::mapping::permission::named_channels;
use crate::mapping::polarity::Unlisted;
use crate::mapping::{events, marks};
use crate::record::{Channels, EventKind, Evidence, Field, Kind, Meaning, Stamp};

impl Mapping {
    /// What a row tells; `cell(i)` is its cell in column `i`, empty when the row is short. Facts are added in
    /// a fixed order: the row's own, then column by column.
    ///
    /// Within one row the least permissive status of a channel wins: where one status column grants and
    /// another says anything else, nothing is granted (Salesforce's Consent API answers alike).
    pub fn facts<'a>(&self, cell: impl Fn(usize) -> &'a str, facts: &mut Facts) {
        let first = facts.len();
        let row =
            MappedRow { mapping: self, cell: &cell, scope: self.scope(&cell), denied: self.denied(&cell) };
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
            row.add(None, Meaning::Suppressed, None, Channels::ALL, DateColumns::default(), facts);
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

struct MappedRow<'m, F> {
    mapping: &'m Mapping,
    cell: &'m F,
    scope: (Channels, Channels),
    denied: Channels,
}

impl<'a, F: Fn(usize) -> &'a str> MappedRow<'_, F> {
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
                match says.words.meaning(text) {
                    Some(meaning) => self.status(at, says, meaning, text, facts),
                    None if says.open && !text.is_empty() => {
                        self.unlisted(at, says, says.refuses, text, facts)
                    }
                    None => {}
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
            Role::Mark | Role::Reply(_)
                if text.is_empty()
                    || column.template.as_deref() == Some(text)
                    || facts.silent.get(text).is_some() => {}
            Role::Reply(stopped) if self.reply(at, *stopped, text, facts) => {}
            Role::Mark | Role::Reply(_) => self.marked(at, marks::is_name(column.field), text, facts),
            Role::Moment { event, channels } => {
                let stamp = self.stamp(Some(at));
                // `Opt-in date`: a day for some, and a plain *no* for others.
                if let Some(no) = DATED.meaning(text).filter(|_| event.is_consent()) {
                    self.add(Some(at), no, None, *channels, DateColumns::default(), facts);
                } else if self.came_about(*event) && matches!(stamp, Stamp::Known(_) | Stamp::Either { .. }) {
                    let dated = DateColumns { given: Some(at), confirmed: None, refused: Some(at) };
                    let meaning = if event.is_consent() { Meaning::Granted } else { Meaning::True };
                    self.add(Some(at), meaning, Some(*event), *channels, dated, facts);
                }
            }
            Role::GrantedChannels(dated) => {
                self.add(Some(at), Meaning::Granted, None, words::channels(text).grants, *dated, facts);
            }
            Role::Event(says) => self.event(at, says, text, facts),
            Role::Frequency(says) => {
                if says.words.listed(text) == Some(Meaning::Denied) {
                    self.add(Some(at), Meaning::Denied, None, says.refuses, says.dated, facts);
                }
            }
            Role::Date => {
                if let Some(no) = DATED.meaning(text) {
                    let named = named_channels(&column.header);
                    let channels = if named.is_empty() { Channels::ALL } else { named };
                    self.add(Some(at), no, None, channels, DateColumns::default(), facts);
                }
            }
            Role::Other | Role::Value | Role::Cause(_) | Role::Channel | Role::Sale(_) => {}
        }
    }

    /// Marks in a cell that was not made for them. What says nothing in a name may say something elsewhere.
    fn marked(&self, at: u16, name: bool, text: &str, facts: &mut Facts) {
        let marked = crate::data::marks::each(text, name, |meaning, channels, assumed| {
            let before = facts.len();
            self.add(Some(at), meaning, None, channels, DateColumns::default(), facts);
            facts[before..].iter_mut().for_each(|f| f.assumed = assumed);
        });
        if !marked && !name {
            facts.silent.note(text, ());
        }
    }

    /// The word of an event.
    fn event(&self, at: u16, says: &Says, text: &str, facts: &mut Facts) {
        let event = event_word(text);
        let meaning = match event {
            Some(event) if event.is_consent() => Some(Meaning::Granted),
            Some(_) => Some(Meaning::True),
            None => says.words.meaning(text),
        };
        match meaning {
            Some(meaning) => self.add(Some(at), meaning, event, Channels::ALL, says.dated, facts),
            None if says.open && !text.is_empty() => self.unlisted(at, says, Channels::ALL, text, facts),
            None => {}
        }
    }

    /// A cell of a status column by a word that is listed. `Do not contact` speaks of every channel, wherever it stands.
    fn status(&self, at: u16, says: &Says, meaning: Meaning, text: &str, facts: &mut Facts) {
        let confirms =
            self.mapping.columns.get(usize::from(at)).is_some_and(|c| c.field == Some(Field::DoubleOptIn));
        let event = (confirms && meaning == Meaning::Granted).then_some(EventKind::ConsentConfirmed);
        let all = || {
            meaning == Meaning::Deceased
                || meaning == Meaning::Suppressed && dictionary().refused_channels(text).1
        };
        let channels = match () {
            () if grants(meaning) => says.grants,
            () if all() => Channels::ALL,
            () => says.refuses,
        };
        self.add(Some(at), meaning, event, channels, says.dated, facts);
    }

    /// A cell of a status column that no table lists: marked, a no made of known words, or something that nobody knows.
    fn unlisted(&self, at: u16, says: &Says, all: Channels, text: &str, facts: &mut Facts) {
        match facts.unlisted(text) {
            Unlisted::Silent => {}
            Unlisted::Denied => self.add(Some(at), Meaning::Denied, None, all, says.dated, facts),
            Unlisted::Unknown => self.add(Some(at), Meaning::Unheard, None, all, says.dated, facts),
            Unlisted::Marked => {
                crate::data::marks::each(text, false, |meaning, channels, assumed| {
                    let channels = if assumed { all } else { channels };
                    self.add(Some(at), meaning, None, channels, says.dated, facts);
                });
            }
        }
    }

    /// What somebody answered to a message; whether it is understood. A stop that speaks of a channel the row has no point for
    /// stops what the row has.
    fn reply(&self, at: u16, stopped: Channels, text: &str, facts: &mut Facts) -> bool {
        let none = DateColumns::default();
        match crate::data::marks::reply(text) {
            Some(Answered::Stop(named)) => {
                let channels = if named.is_empty() { stopped } else { named };
                let before = facts.len();
                self.add(Some(at), Meaning::Withdrawn, None, channels, none, facts);
                facts[before..].iter_mut().for_each(|fact| fact.answered = true);
                true
            }
            Some(Answered::WrongNumber) => {
                let event = Some(EventKind::NumberReassigned);
                self.add(Some(at), Meaning::Invalid, event, Channels::PHONE, none, facts);
                true
            }
            None => false,
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
        dated: DateColumns,
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
                facts.push(Fact {
                    event,
                    meaning,
                    channels,
                    at,
                    evidence,
                    column,
                    assumed: false,
                    answered: false,
                });
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
        let mut fact =
            Fact { event, meaning, channels, at: given, evidence, column, assumed: false, answered: false };
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

/// What stands among dates of consent.
static DATED: ColumnWords = ColumnWords::of(Base::Dated);

pub(crate) const fn grants(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Granted | Meaning::ImportedUnverified)
}
