//! One row: its points checked, its facts tied to points, its match keys and sheet entry written.
//!
//! Everything a worker needs lies in its `Checker`; nothing is allocated per row once its buffers are warm.

use crate::consent::CountryFact;
use crate::data::country;
use crate::data::jurisdiction::Rulebooks;
use crate::data::words::is_blank;
use crate::link::{Birth, KeyKind, Posting, partition_of};
use crate::mapping::Facts;
use crate::mapping::dates::{OrderVotes, parse as parse_date};
use crate::mapping::model::Role;
use crate::phone::Region;
use crate::pipeline::check::consent_stats::{Noted, Notes, is_noted};
use crate::pipeline::check::refusals;
use crate::pipeline::kit::row_sheet::{
    Ending, Point, RowCountry, RowEvent, RowFinding, SheetWriter, write_event, write_point,
};
use crate::pipeline::kit::tally::{SourceTally, count_at};
use crate::pipeline::kit::{keys, row_sheet, shared_facts};
use crate::pipeline::understand::points::{PointTables, Points};
use crate::pipeline::understand::postal_address::Residence;
use crate::pipeline::understand::sources::SourcePlan;
use crate::pipeline::understand::{date_columns, sources};
use crate::plan::ReadPlan;
use crate::reason::{Effect, Reason};
use crate::record::{
    DateOrder, Event, EventKind, Evidence, Failure, Field, Fingerprint, Keyed, Kind, Place, PointKind, RowId,
    Stamp,
};
use crate::source::Row;
use crate::source::State;
use crate::spill::Spill;
use crate::suppress::{ListIndex, Listed};

/// What all workers share while they check rows.
#[derive(Clone, Copy)]
pub(crate) struct CheckContext<'a> {
    pub(crate) tables: &'a PointTables,
    pub(crate) keyed: &'a Keyed,
    pub(crate) lists: Option<&'a ListIndex>,
    pub(crate) partitions: usize,
    /// Where a number is at home when its row does not tell.
    pub(crate) region: Option<Region>,
    /// Whose registers an event may name.
    pub(crate) books: &'a Rulebooks,
    /// Whether keyed digests can be matched.
    pub(crate) has_key: bool,
    /// The run's purpose, lower case.
    pub(crate) purpose: &'a str,
    /// Whether sure slips of a domain are put right.
    pub(crate) fix_typos: bool,
}

impl<'a> CheckContext<'a> {
    /// For these sources; the lists come later.
    pub(crate) fn new(
        plan: &'a ReadPlan,
        sources: &[SourcePlan],
        tables: &'a PointTables,
        keyed: &'a Keyed,
    ) -> Self {
        // A partition is to fit a cache several times over, and its buffers are to cost nothing.
        let bytes: u64 = sources.iter().map(|s| s.input.text_bytes()).sum();
        let partitions = usize::try_from(bytes >> 22).unwrap_or(usize::MAX).clamp(8, 256);
        let region = sources::region(plan.country);
        Self {
            tables,
            keyed,
            lists: None,
            partitions,
            region,
            books: plan.rulebooks(),
            has_key: plan.key.is_some(),
            purpose: &plan.purpose,
            fix_typos: plan.judging.fix_typos,
        }
    }
}

/// Whether the row has an address that others may be matched with.
pub(crate) fn has_address(points: &Points) -> bool {
    points.outlines().any(|point| point.keyable && point.kind == PointKind::Email)
}

/// What one batch of rows leaves behind.
#[derive(Debug, Default)]
pub(crate) struct CheckedBatch {
    pub(crate) sheet: Vec<u8>,
    /// Domains, digests and numbers of no country that a source refuses, with their rows.
    pub(crate) listed: Vec<(String, Listed)>,
    /// Digests among them that only a key can match.
    pub(crate) keyed: u32,
    pub(crate) tally: SourceTally,
    /// Votes on the order of day and month, by the source's column.
    pub(crate) votes: Vec<OrderVotes>,
    /// Rows that are neither a contact's nor rejected.
    pub(crate) outside: u32,
}

pub(crate) struct Checker<'a> {
    pub(crate) shared: &'a CheckContext<'a>,
    pub(crate) points: Points,
    /// What was probably meant by mistyped addresses of a row that refuses.
    pub(crate) meant: Points,
    pub(crate) residence: Residence,
    /// A number that stands in two cells.
    joined: String,
    pub(crate) facts: Facts,
    pub(crate) events: Vec<RowEvent>,
    /// Points of the row that stand on a list, with the list's row.
    pub(crate) hits: Vec<(u8, Listed)>,
    keys: Vec<Fingerprint>,
    pub(crate) countries: Vec<RowCountry>,
    pub(crate) findings: Vec<(Reason, u32, u32)>,
    finding_text: String,
    sheet: SheetWriter,
    /// Match keys of contact rows and events told of keys, a buffer per partition; they keep their size.
    postings: Vec<Vec<u8>>,
    told: Vec<Vec<u8>>,
    /// When and from where consents came.
    pub(crate) notes: Notes,
    pub(crate) out: CheckedBatch,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(shared: &'a CheckContext<'a>) -> Self {
        Self {
            shared,
            points: Points::new(shared.fix_typos),
            meant: Points::default(),
            residence: Residence::default(),
            joined: String::new(),
            facts: Facts::default(),
            events: Vec::new(),
            hits: Vec::new(),
            keys: Vec::new(),
            countries: Vec::new(),
            findings: Vec::new(),
            finding_text: String::new(),
            sheet: SheetWriter::default(),
            postings: vec![Vec::new(); shared.partitions],
            told: vec![Vec::new(); shared.partitions],
            notes: Notes::new(shared.partitions),
            out: CheckedBatch::default(),
        }
    }

    /// Whether digests were met that only a key can match, and none was given.
    pub(crate) fn lacks_key(&self) -> bool {
        self.out.keyed > 0 && !self.shared.has_key
    }

    /// Spills the match keys found since the last call, and what was told of keys.
    pub(crate) fn spill(&mut self, postings: &Spill, told: &Spill, noted: &Noted) -> Result<(), Failure> {
        postings.append_all(&mut self.postings)?;
        told.append_all(&mut self.told)?;
        self.notes.spill(noted)
    }

    /// What else was left behind since the last call; keys that were not spilled are forgotten.
    pub(crate) fn take(&mut self) -> CheckedBatch {
        self.postings.iter_mut().chain(&mut self.told).for_each(Vec::clear);
        self.notes.clear();
        let size = self.sheet.bytes.len();
        self.out.sheet = std::mem::replace(&mut self.sheet.bytes, Vec::with_capacity(size + size / 16));
        std::mem::take(&mut self.out)
    }

    /// Checks a row; says whether it was rejected, and why.
    pub(crate) fn row(
        &mut self,
        source: &SourcePlan,
        row: Row<'_>,
        state: State,
        id: RowId,
        line: u32,
    ) -> Option<Reason> {
        let place = Place { source: source.index, line };
        let (ending, rejected) = self.examine(source, &row, state, id, place);
        self.write(source, &row, ending, id, place);
        rejected
    }

    /// Finds out what a row holds and where it ends; why, if it is rejected.
    pub(crate) fn examine(
        &mut self,
        source: &SourcePlan,
        row: &Row<'_>,
        state: State,
        id: RowId,
        place: Place,
    ) -> (Ending, Option<Reason>) {
        self.clear(source.is_contacts());
        if source.mapping.kind == Kind::Ignore {
            return (Ending::Rejected, Some(Reason::RowIgnored));
        }
        let rejected = match state {
            State::Rejected(reason) => Some(reason),
            State::Repaired(reason) => {
                self.find(reason, "");
                None
            }
            State::Row | State::Header => None,
        };
        let ending = if rejected.is_none() { self.readable(source, row, id, place) } else { None };
        // Somebody is named, and what the row says of them is not understood.
        let unknown = source.mapping.kind == Kind::ConsentEvents && self.points.len() > 0;
        let reason = if unknown { Reason::RowEventUnknown } else { Reason::RowNoContactPoint };
        match ending {
            Some(ending) => {
                self.note_nobody(source);
                (ending, None)
            }
            None if self.salvage(source, row, id, place) => (Ending::Refusal, None),
            None => {
                let reason = rejected.unwrap_or(reason);
                self.note_unread(source, row, (reason, place.line));
                (Ending::Rejected, Some(reason))
            }
        }
    }

    /// Counts a rejected row that tells a refusal, in a source of whatever kind: whoever it means, by a customer's
    /// number or a name, was not blocked by it. Of headings it is the rows below that may be refused, where the
    /// source does not refuse all of them.
    fn note_unread(&mut self, source: &SourcePlan, row: &Row<'_>, (reason, line): (Reason, u32)) {
        use Reason::{RowFooter, RowHeaderRepeated, RowPreamble, RowSection};
        let refuses = source.mapping.kind.refuses();
        if reason == RowSection && !refuses {
            self.out.tally.sections.note(line);
        }
        if matches!(reason, RowHeaderRepeated | RowSection)
            || !refuses && matches!(reason, RowPreamble | RowFooter)
        {
            return;
        }
        if !refuses {
            self.facts.clear();
            source.mapping.facts(|column| row.get(column), &mut self.facts);
        }
        let told = refuses || self.facts.iter().any(|fact| fact.event.is_refusal());
        self.out.tally.unread += u64::from(told);
    }

    pub(crate) fn clear(&mut self, limited: bool) {
        self.points.clear(limited);
        self.facts.clear();
        self.events.clear();
        self.hits.clear();
        self.countries.clear();
        self.findings.clear();
        self.finding_text.clear();
        self.residence.clear();
    }

    pub(crate) fn find(&mut self, reason: Reason, detail: &str) {
        let from = self.finding_text.len() as u32;
        self.finding_text.push_str(detail);
        self.findings.push((reason, from, self.finding_text.len() as u32));
    }

    /// A row whose cells can be trusted: where it ends, or nowhere if it names no way to reach anybody.
    fn readable(&mut self, source: &SourcePlan, row: &Row<'_>, id: RowId, place: Place) -> Option<Ending> {
        let columns = row.len().max(self.out.votes.len()).max(source.mapping.columns.len());
        self.out.votes.resize_with(columns, OrderVotes::default);
        for column in &source.dates {
            self.out.votes[*column].see(row.get(*column));
        }
        for column in &source.dating {
            if let Some(reason) = date_columns::trouble(source, *column, row.get(*column)) {
                self.find(reason, &source.mapping.columns[*column].header);
            }
        }
        self.find_countries(source, row);
        self.find_points(source, row);
        let before = self.out.listed.len();
        let listed = !source.is_contacts() && self.find_listed(source, row, &source.listed, id, place);
        if !listed || self.points.len() > 0 {
            source.mapping.facts(|column| row.get(column), &mut self.facts);
            let Self { facts, points, .. } = self;
            facts.of_a_row(|| listed || has_address(points));
            facts.fold();
            if !source.is_contacts() {
                self.find_refused(source, row);
            }
            self.attach_facts(source, row, place);
            self.attach_remarks(source, place);
        }
        self.find_numbers(source, id);
        if let Some(carried) = source.carried(row) {
            self.mark(carried, before);
        }
        let anything = self.points.len() > 0 || listed;
        if source.is_contacts() {
            if anything && !listed {
                self.find_hits();
                self.attach_assertions(source, row, place);
                return Some(Ending::Contact);
            }
            return None;
        }
        if !anything {
            return None;
        }
        if self.facts.is_empty() && !listed && source.registry.is_none() && !source.tells_event(row) {
            return None;
        }
        let refuses =
            listed || self.events.iter().any(|e| e.event.kind.suppresses()) || source.mapping.kind.refuses();
        Some(if refuses && source.registry.is_none() { Ending::Refusal } else { Ending::Event })
    }

    fn find_countries(&mut self, source: &SourcePlan, row: &Row<'_>) {
        for (fact, columns) in
            [(CountryFact::Stated, &source.points.countries), (CountryFact::Guessed, &source.guesses)]
        {
            for column in columns {
                let cell = row.get(*column);
                if let Some(country) = country::country(cell) {
                    let code = country.code().as_bytes();
                    self.countries.push((fact, [code[0], code[1]]));
                } else if fact == CountryFact::Stated && !cell.trim().is_empty() {
                    self.find(Reason::MappingCountryUnknown, &source.mapping.columns[*column].header);
                }
            }
        }
    }

    fn find_points(&mut self, source: &SourcePlan, row: &Row<'_>) {
        let shared = self.shared;
        if source.says_kind(row, "post") {
            return self.find_household(source, row);
        }
        let (columns, told) = (&source.points, (source.region, shared.region));
        columns.add_emails(&mut self.points, row, shared.tables);
        let stated = self.countries.first().filter(|(fact, _)| *fact == CountryFact::Stated);
        let stated = stated.and_then(|(_, code)| Region::from_iso(std::str::from_utf8(code).ok()?));
        let homes = columns.homes(&self.points, row, stated, told, shared.tables);
        columns.add_phones(&mut self.points, row, homes, shared.tables, &mut self.joined);
        columns.add_handles(&mut self.points, row, homes, shared.tables);
        self.residence.fold_name(&source.name, row);
        if self.residence.name().is_empty()
            && let Some(name) = columns.name_beside(row)
        {
            self.residence.fold_display_name(name);
        }
        self.find_post(source, row);
        for seen in self.points.outlines() {
            // A landline takes no text messages, and is sound.
            let bad = |r: Reason| r.effect() == Effect::Blocks && r != Reason::SmsUnlikely;
            let blocked = || row_sheet::reasons(self.points.found_on(seen)).any(bad);
            let (tally, share) = (&mut self.out.tally, seen.valid && !blocked());
            match seen.kind {
                PointKind::Email => tally.emails.count(share),
                PointKind::Phone => tally.phones.count(share),
                PointKind::Post | PointKind::Handle => {}
            }
            if let Some(code) = seen.country {
                let fact =
                    if seen.kind == PointKind::Phone { CountryFact::Phone } else { CountryFact::Domain };
                if !self.countries.contains(&(fact, code)) {
                    self.countries.push((fact, code));
                }
            }
        }
    }

    /// The postal address: complete with a street and a place.
    fn find_post(&mut self, source: &SourcePlan, row: &Row<'_>) {
        let Some(home) = self.residence.find(&source.shown, row) else { return };
        // Whoever of the household refused: it is written once.
        let whole = !source.is_contacts() && !home.household.is_empty();
        let own = if whole { home.household } else { home.own };
        self.points.add_post(home.lines, own, home.household, !home.complete);
    }

    /// Writes what was found out: the sheet entry, the match keys, the events told of keys.
    fn write(&mut self, source: &SourcePlan, row: &Row<'_>, ending: Ending, id: RowId, place: Place) {
        let changed = source
            .changed
            .iter()
            .map(|c| parse_date(row.get(*c), source.rules(*c)))
            .find(|s| matches!(s, Stamp::Known(_) | Stamp::Either { .. }));
        self.suggest();
        self.sheet.start(ending, place.line, changed.unwrap_or_default());
        self.sheet.list(self.points.len(), self.points.iter(), |out, seen| write_point(out, &seen.point));
        self.sheet.list(self.events.len(), &self.events, write_event);
        self.sheet.list(self.countries.len(), &self.countries, row_sheet::write_country);
        let text = &self.finding_text;
        self.sheet.list(self.findings.len(), &self.findings, |out, (reason, from, to)| {
            row_sheet::write_finding(
                out,
                &RowFinding { reason: *reason, detail: &text[*from as usize..*to as usize] },
            );
        });
        self.sheet.end();
        self.out.outside += u32::from(matches!(ending, Ending::Refusal | Ending::Event));
        if ending == Ending::Rejected {
            return;
        }
        self.count_opt_out(source, row);
        let Self { points, keys, shared, .. } = self;
        keys.clear();
        keys.extend(points.iter().map(|s| keys::key_of(shared.keyed, s.point.kind, s.point.key)));
        self.tell(id);
        self.note(source, row, id);
        if ending == Ending::Contact {
            self.post_keys(source, row, id);
        }
    }

    /// Suggestions become findings, so that the second pass need not look again.
    fn suggest(&mut self) {
        if self.points.were_more() {
            self.find(Reason::RowTooManyPoints, "");
        }
        let Self { points, finding_text, findings, .. } = self;
        let suggestions = points.suggestions().map(|text| (Reason::EmailDomainTypo, text));
        let originals = points.originals().map(|text| (Reason::EmailTypoFixed, text));
        for (reason, text) in suggestions.chain(originals) {
            let from = finding_text.len() as u32;
            finding_text.push_str(text);
            findings.push((reason, from, finding_text.len() as u32));
        }
    }

    /// Spills every event under the key of every point it speaks of. What a contact's own row says in favour
    /// concerns nobody else: the row sheet has it.
    fn tell(&mut self, id: RowId) {
        self.find_meant();
        let Self { points, meant, events, hits, told: spilled, shared, keys, .. } = self;
        let mut tell = |key: Fingerprint, point: Point<'_>, row: RowId, event: &Event| {
            let exact = keys::exact_of(shared.keyed, point.exact);
            shared_facts::write_key_event(
                &mut spilled[partition_of(key, shared.partitions)],
                key,
                exact,
                row,
                event,
            );
        };
        refusals::each(points, meant, events, |at, point, event| {
            let key = match at {
                Some(at) => keys[at],
                None => keys::key_of(shared.keyed, point.kind, point.key),
            };
            tell(key, point, id, event);
        });
        for (at, listed) in hits.iter() {
            let point = points.get(usize::from(*at)).point;
            if point.keyable {
                tell(keys[usize::from(*at)], point, listed.row, &listed.event);
            }
        }
    }

    /// Adds the consents of a row that can be used to the statistics of its file: when and from where they came, in which
    /// columns every row says yes, and how many tell what they are for.
    fn note(&mut self, source: &SourcePlan, row: &Row<'_>, id: RowId) {
        let tally = &mut self.out.tally;
        tally.people += 1;
        if source.is_contacts() {
            for column in
                self.facts.iter().filter(|fact| fact.event.is_refusal()).filter_map(|fact| fact.column)
            {
                count_at(&mut tally.refusing, usize::from(column), |n| *n += 1);
            }
        }
        for column in &source.replies {
            let said = self.facts.iter().any(|fact| fact.column.map(usize::from) == Some(*column));
            tally.unread_replies += u64::from(!said && !is_blank(row.get(*column)));
        }
        for fact in self.facts.iter().filter(|fact| fact.event == EventKind::ConsentGiven) {
            let column = fact.column.map(usize::from);
            if let Some(column) = column.filter(|column| is_answer(source, *column)) {
                count_at(&mut tally.granted, column, |n| *n += 1);
            }
        }
        let (mut first, mut last) = (None, Stamp::Absent);
        for told in self.events.iter().filter(|told| is_noted(&told.event)) {
            let event = &told.event;
            if first.is_none() {
                first = Some(event.at);
                let named = Evidence::PURPOSE.0 | Evidence::WORDING.0;
                tally.named.count(event.evidence.0 & named != 0);
            }
            // One act may be told of several channels, and as sign-up and confirmation.
            if event.at != last {
                last = event.at;
                self.notes.time(source.index, event.at);
            }
        }
        if let Some((at, column)) = first.zip(source.consent_ip) {
            self.notes.ip(self.shared.keyed, source.index, row.get(column), at, id);
        }
    }

    fn post_keys(&mut self, source: &SourcePlan, row: &Row<'_>, id: RowId) {
        let birth = source.birthday.and_then(|column| {
            let (low, high) =
                parse_date(row.get(column), source.rules(column)).readings(|_| DateOrder::Unknown)?;
            Some(Birth::new(low.date(), high.date()))
        });
        let Self { points, postings, shared, residence, keys, .. } = self;
        let name = residence.name();
        let mut post = |key, kind| {
            let posting = Posting { key, kind, row: id, name, birth };
            posting.encode(&mut postings[partition_of(key, shared.partitions)]);
        };
        for (seen, key) in points.outlines().zip(keys.iter()).filter(|(s, _)| s.keyable) {
            let kind = match seen.kind {
                PointKind::Email => KeyKind::Email,
                PointKind::Phone => KeyKind::Phone,
                PointKind::Post => KeyKind::NameStreet,
                PointKind::Handle => KeyKind::Handle,
            };
            post(*key, kind);
        }
        for column in &source.ids {
            let value = row.get(*column).trim();
            if !value.is_empty() {
                post(
                    KeyKind::ExternalId.key(shared.keyed, &[source.system.as_bytes(), value.as_bytes()]),
                    KeyKind::ExternalId,
                );
            }
        }
    }
}

/// Whether the column holds answers to a question of consent, not words of a subscription.
fn is_answer(source: &SourcePlan, column: usize) -> bool {
    source.mapping.columns.get(column).is_some_and(|c| {
        matches!(c.role, Role::Status(_)) && !matches!(c.field, Some(Field::ListStatus | Field::DoubleOptIn))
    })
}

pub(crate) fn no_key(source: &SourcePlan) -> Failure {
    Failure::usage("keyed digests stand in this list, and no key to match them was given")
        .at(source.name())
        .hint("give the key of the run that wrote it: --key-file FILE")
}
