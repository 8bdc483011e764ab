//! One row of the list: its points for the channel, and whether anything forbids to let it pass.
//!
//! Strict where nothing tells: a row that cannot be read never passes; one without a usable point for the channel
//! only when the user says so. What a list is taken for is told by its head; an address or number that turns up later
//! in a column of which nothing was known is looked for on the lists like the others. Knows no file.

use crate::consent::blocking_reason;
use crate::data::remarks;
use crate::data::vocabulary::Remark;
use crate::mapping::column_profile::{looks_emails, tells_country};
use crate::mapping::model::{Mapping, Role};
use crate::mapping::{Fact, Facts};
use crate::phone::Region;
use crate::pipeline::check::refusals::asked;
use crate::pipeline::jobs::check::against::Against;
use crate::pipeline::jobs::check::cleared::ClearedPoints;
use crate::pipeline::kit::post_key;
use crate::pipeline::kit::tally::UnknownWords;
use crate::pipeline::understand::output_columns::SourceColumns;
use crate::pipeline::understand::point_columns::PointColumns;
use crate::pipeline::understand::points::{PointTables, Points};
use crate::pipeline::understand::postal_address::{NameColumns, Residence, name_columns, shown_columns};
use crate::reason::{Effect, Reason};
use crate::record::{Channel, Channels, EventKind, Failure, Field, PointKind};
use crate::source::{Row, State};
use crate::suppress::{Asked, BatchedLookups, EntryKind, Hit, MatchedBy, digest_binds_number};

/// Columns that every list of ours has, and hardly another.
const OWN_LIST: [&str; 4] = ["contact_id", "basis", "valid_until", "conditions"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlockedRow<'a> {
    pub(crate) reason: &'a str,
    /// Number of the list that says so.
    pub(crate) list: Option<usize>,
    /// Line of the entry in that list.
    pub(crate) line: Option<u32>,
    pub(crate) matched: MatchedForm,
}

/// What of the row the entry matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchedForm {
    /// Nothing: the row itself tells.
    Nothing,
    /// By this entry; whether it is the very address.
    Entry(MatchedBy, bool),
    Handle,
    /// The exact address, number or handle in a run.
    Exact,
}

/// What all workers share.
pub(crate) struct CheckRules<'a> {
    pub(crate) channel: Channel,
    pub(crate) allow_unknown: bool,
    pub(crate) against: &'a Against,
    pub(crate) tables: &'a PointTables,
    pub(crate) mapping: &'a Mapping,
    pub(crate) columns: &'a PointColumns,
    pub(crate) region: Option<Region>,
    /// Whether the row's points of the other kind can bear on the channel.
    pub(crate) others: bool,
    /// Columns of name and address, where entries speak of houses.
    homes: Option<(NameColumns, SourceColumns)>,
    /// What columns of the list itself may refuse.
    refusals: Mapping,
    /// It is a list that the run wrote which it is checked against: what its columns say was weighed there.
    own_list: bool,
    pub(crate) unread: Vec<usize>,
    /// Whether anybody asks which entry blocks a row.
    told: bool,
}

impl<'a> CheckRules<'a> {
    pub(crate) fn new(
        (channel, allow_unknown, told): (Channel, bool, bool),
        against: &'a Against,
        tables: &'a PointTables,
        (mapping, columns): (&'a Mapping, &'a PointColumns),
        region: Option<Region>,
    ) -> Self {
        let asked = Channels::only(channel);
        let bind = |kind: PointKind| against.indexes.iter().any(|(index, _)| index.may_bind(kind, asked));
        let email = channel.point() == PointKind::Email;
        let others = bind(if email { PointKind::Phone } else { PointKind::Email });
        let wrote = |header: &str| mapping.columns.iter().any(|column| column.header == header);
        let own_list = !against.runs.is_empty() && OWN_LIST.iter().all(|header| wrote(header));
        let unread = mapping.unread().collect();
        let homes = bind(PointKind::Post).then(|| (name_columns(mapping), shown_columns(mapping)));
        Self {
            channel,
            allow_unknown,
            against,
            tables,
            mapping,
            columns,
            region,
            others,
            homes,
            refusals: weighed(mapping.refusing(), against, own_list),
            own_list,
            unread,
            told,
        }
    }

    fn seeks_addresses(&self) -> bool {
        self.channel == Channel::Email || self.others
    }

    fn seeks_numbers(&self) -> bool {
        self.channel != Channel::Email || self.others
    }

    /// Remarks in cells whose addresses or numbers are not looked for: `(do not contact)` beside a number stops mail too.
    fn remarks_elsewhere<'r>(&'r self, row: &'r Row<'_>) -> impl Iterator<Item = Remark> + 'r {
        let unsought = [(false, self.seeks_addresses()), (true, self.seeks_numbers())];
        let kinds = unsought.into_iter().filter(|(_, sought)| !sought);
        let columns = kinds.flat_map(|(numbers, _)| self.columns.cells(numbers));
        columns.filter_map(|column| remarks::refused(row.get(column)))
    }

    /// Whether a cell of which nothing is known may be an address or number that is looked for.
    pub(crate) fn may_be_point(&self, cell: &str) -> bool {
        self.seeks_addresses() && cell.contains('@') && looks_emails(cell)
            || self.seeks_numbers() && tells_country(cell.trim_start_matches(['\'', ' ']))
    }
}

/// What columns of a list of the run's own may refuse: not what the run wrote there, or carried and weighed.
fn weighed(mut refusals: Mapping, against: &Against, own_list: bool) -> Mapping {
    let known = |header: &str| {
        let carried = |run: &ClearedPoints| run.columns.iter().any(|column| column == header);
        header == "permission" || against.runs.iter().any(carried)
    };
    for column in refusals.columns.iter_mut().filter(|column| own_list && known(&column.header)) {
        column.role = Role::Other;
    }
    refusals.index();
    refusals
}

#[derive(Default)]
pub(crate) struct RowCheck {
    pub(crate) points: Points,
    /// How many of them stand where points were expected.
    own: usize,
    /// What is to be looked up in each index.
    pub(crate) lookups: Vec<BatchedLookups>,
    joined: String,
    residence: Residence,
    facts: Facts,
    /// Number of the index, number of the list, whether a handle was asked about, and the entry.
    hits: Vec<(usize, usize, bool, Hit)>,
    /// Rows that each list's entries hit.
    pub(crate) hit_rows: Vec<u64>,
    /// Rows with an address or number in each column of which nothing is known.
    pub(crate) late_rows: Vec<u64>,
    lists: Vec<usize>,
    /// Words about permission that are not known.
    pub(crate) unknown: UnknownWords,
    /// The column of such a word in the row at hand.
    unheard: Option<u16>,
}

impl RowCheck {
    /// For a check; `fix`: what a sure slip stands for is looked for too.
    pub(crate) fn new(fix: bool) -> Self {
        Self { points: Points::new(fix), ..Self::default() }
    }

    /// Whether a row is blocked, and why.
    pub(crate) fn row<'r>(
        &mut self,
        rules: &CheckRules<'r>,
        row: &Row<'_>,
        state: State,
    ) -> Result<Option<BlockedRow<'r>>, Failure> {
        if let State::Rejected(reason) = state {
            return Ok(Some(own(reason.id())));
        }
        self.find_points(rules, row);
        self.find_late(rules, row);
        self.find_hits(rules, row);
        self.yield_to_cleared(rules)?;
        if let Some(blocked) = self.best_hit(rules)? {
            return Ok(Some(blocked));
        }
        let own = self.own_refusal(rules, row);
        if let Some(column) = self.unheard {
            self.unknown.note(column, row.get(usize::from(column)));
        }
        Ok(own.or_else(|| self.unknown(rules)))
    }

    /// What the row's own columns refuse.
    pub(crate) fn own_refusal<'r>(
        &mut self,
        rules: &CheckRules<'r>,
        row: &Row<'_>,
    ) -> Option<BlockedRow<'r>> {
        self.unheard = None;
        let here = self.points.remarked().map(|(_, remark)| remark);
        let remark = here.chain(rules.remarks_elsewhere(row)).find(|r| r.channels.has(rules.channel));
        if let Some(remark) = remark {
            return Some(own(blocking_reason(remark.event()).id()));
        }
        if !rules.refusals.speaks() {
            return None;
        }
        self.facts.clear();
        rules.refusals.facts(|column| row.get(column), &mut self.facts);
        self.facts.of_a_row(|| rules.columns.cells(false).any(|column| looks_emails(row.get(column))));
        let refuses = |f: &&Fact| {
            (f.event.suppresses() || f.event == EventKind::ConsentWordUnknown)
                && f.channels.has(rules.channel)
        };
        let fact = self.facts.iter().filter(refuses).min_by_key(|f| f.event)?;
        self.unheard = fact.column.filter(|_| fact.event == EventKind::ConsentWordUnknown);
        Some(own(blocking_reason(fact.event).id()))
    }

    /// Whether a record that should hold no data holds an address or number after all.
    pub(crate) fn names_somebody(&mut self, rules: &CheckRules<'_>, row: &Row<'_>) -> bool {
        self.points.clear(false);
        for cell in row.iter() {
            if cell.contains('@') {
                self.points.add_emails(Field::Email, cell, &rules.tables.email);
            } else if cell.bytes().filter(u8::is_ascii_digit).count() >= 7 {
                self.points.add_phones(Field::Phone, cell, rules.region, &rules.tables.phone);
            }
        }
        self.points.iter().any(|p| p.valid)
    }

    pub(crate) fn find_points(&mut self, rules: &CheckRules<'_>, row: &Row<'_>) {
        self.points.clear(false);
        if rules.seeks_addresses() {
            rules.columns.add_emails(&mut self.points, row, rules.tables);
        }
        if rules.seeks_numbers() {
            let (columns, told) = (rules.columns, (None, rules.region));
            let homes = columns.homes(&self.points, row, columns.region(row), told, rules.tables);
            columns.add_phones(&mut self.points, row, homes, rules.tables, &mut self.joined);
        }
        if !rules.columns.handles.is_empty() {
            rules.columns.add_handles(&mut self.points, row, rules.region.into(), rules.tables);
        }
        self.own = self.points.len();
    }

    /// Addresses and numbers in columns of which nothing is known. They can only refuse.
    fn find_late(&mut self, rules: &CheckRules<'_>, row: &Row<'_>) {
        for (at, cell) in rules.unread.iter().map(|column| row.get(*column)).enumerate() {
            if !rules.may_be_point(cell) {
                continue;
            }
            let before = self.points.len();
            if cell.contains('@') {
                self.points.add_emails(Field::EmailOther, cell, &rules.tables.email);
            } else {
                self.points.add_phones(Field::Phone, cell, rules.region, &rules.tables.phone);
            }
            self.points.keep_keyable(before);
            self.late_rows.resize(rules.unread.len(), 0);
            self.late_rows[at] += u64::from(self.points.len() > before);
        }
    }

    /// Hands on the match keys of the household and the house of a row, where some entry speaks of such.
    pub(crate) fn homes(&mut self, rules: &CheckRules<'_>, row: &Row<'_>, mut home: impl FnMut(&str)) {
        let Some((name, shown)) = &rules.homes else { return };
        self.residence.clear();
        self.residence.fold_name(name, row);
        let Some(found) = self.residence.find(shown, row) else { return };
        if !found.household.is_empty() {
            home(found.household);
        }
        // As indexes of earlier versions hold it.
        if let Some(house) = post_key::nameless(found.own) {
            home(house);
        }
        self.residence.asked(home);
    }

    fn find_hits(&mut self, rules: &CheckRules<'_>, row: &Row<'_>) {
        let channel = rules.channel;
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        let mut find = |asked: &Asked<'_>, kind: PointKind| {
            for (number, (index, first)) in rules.against.indexes.iter().enumerate() {
                index.find(asked, |hit| {
                    let digest = matches!(hit.by, MatchedBy::Digest(..));
                    let bound = hit.tag.channels;
                    let of_number = kind == PointKind::Phone && digest;
                    let bound = if of_number { digest_binds_number(bound) } else { bound };
                    // A company's domain says nothing of a person's number, unless it is listed for numbers alone.
                    let own = hit.by != MatchedBy::Domain
                        || channel.reaches(kind)
                        || bound.intersect(Channels::of_point(kind)).is_empty();
                    if bound.has(channel) && own {
                        let list = first + usize::from(hit.tag.list);
                        hits.push((number, list, kind == PointKind::Handle, hit));
                    }
                });
            }
        };
        self.homes(rules, row, |house| find(&Asked::House(house), PointKind::Post));
        each_asked(&self.points, rules, row, find);
        self.hits = hits;
    }

    /// Drops what a run's own suppression file says of another spelling or of a digest of a point that the run itself clears:
    /// the person reopened that very address or number, and what the file says was weighed there. Of a list of the run itself,
    /// all that the file says was weighed.
    fn yield_to_cleared(&mut self, rules: &CheckRules<'_>) -> Result<(), Failure> {
        let Self { points, hits, .. } = self;
        let mut failed = None;
        hits.retain(|(number, list, _, hit)| {
            let Some(run) = rules.against.run_of(*list) else { return true };
            let index = &rules.against.indexes[*number].0;
            !points.iter().any(|seen| {
                let exact = seen.point.exact;
                let cleared = run.clears(exact) == Ok(true);
                if rules.own_list || !cleared {
                    return rules.own_list && (cleared || run.lists(exact));
                }
                match hit.by {
                    MatchedBy::Digest(..) | MatchedBy::Bare => true,
                    MatchedBy::Point(EntryKind::Email) => match index.origin(hit, exact) {
                        Ok((_, same)) => !same,
                        Err(error) => {
                            failed = Some(error);
                            false
                        }
                    },
                    MatchedBy::Point(_) | MatchedBy::Domain => false,
                }
            })
        });
        failed.map_or(Ok(()), Err)
    }

    /// The hit to be told: of the first list, the strongest; every list that was hit is counted.
    fn best_hit<'r>(&mut self, rules: &CheckRules<'r>) -> Result<Option<BlockedRow<'r>>, Failure> {
        let Self { points, hits, lists, hit_rows, .. } = self;
        let best = hits.iter().min_by_key(|(_, list, _, h)| (*list, h.tag.kind, h.by));
        let Some((number, list, of_handle, hit)) = best else {
            return Ok(None);
        };
        lists.clear();
        hit_rows.resize(rules.against.lists.len(), 0);
        for (_, list, ..) in hits.iter() {
            if !lists.contains(list) {
                lists.push(*list);
                hit_rows[*list] += 1;
            }
        }
        let index = &rules.against.indexes[*number].0;
        let reason = blocking_reason(hit.tag.kind).id();
        let (mut line, mut same) = (None, false);
        if rules.told {
            for seen in points.iter() {
                let (at, exact) = index.origin(hit, seen.point.exact)?;
                (line, same) = (Some(at), same || exact);
            }
            if line.is_none() {
                line = Some(index.origin(hit, "")?.0);
            }
        }
        let by_handle = *of_handle && matches!(hit.by, MatchedBy::Point(_));
        let matched = if by_handle { MatchedForm::Handle } else { MatchedForm::Entry(hit.by, same) };
        Ok(Some(BlockedRow { reason, list: Some(*list), line, matched }))
    }

    /// Whether nothing clears the row's points for the channel.
    pub(crate) fn unknown<'r>(&self, rules: &CheckRules<'r>) -> Option<BlockedRow<'r>> {
        let mut any = false;
        for seen in self.points.iter().take(self.own).filter(|p| rules.channel.reaches(p.point.kind)) {
            any = true;
            // `jane@acme.com (unsubscribed)` is an address, and a no.
            let says_no = |r: &Reason| matches!(r, Reason::EmailSaysNo | Reason::PhoneSaysNo);
            if let Some(reason) = seen.point.reasons().find(says_no) {
                return Some(own(reason.id()));
            }
            if seen.valid {
                if let Some(blocked) = not_cleared(rules, seen.point.exact) {
                    return Some(blocked);
                }
            } else if !rules.allow_unknown {
                let reasons = || seen.point.reasons();
                let reason = reasons().find(|r| r.effect() == Effect::Blocks).or_else(|| reasons().next());
                return Some(own(reason.unwrap_or(Reason::RowNoContactPoint).id()));
            }
        }
        let none = !any && !rules.allow_unknown;
        none.then(|| own(Reason::RowNoContactPoint.id()))
    }
}

/// Hands on all that is asked about a row's points, and about its cells as they stand, which may be of such points.
pub(crate) fn each_asked(
    points: &Points,
    rules: &CheckRules<'_>,
    row: &Row<'_>,
    mut ask: impl FnMut(&Asked<'_>, PointKind),
) {
    for seen in points.iter() {
        ask(&asked(&seen, rules.tables), seen.point.kind);
    }
    let numbers = rules.channel != Channel::Email;
    let kind = if numbers { PointKind::Phone } else { PointKind::Email };
    // Lists of digests often hold that of nothing, which is nobody's.
    for cell in rules.columns.cells(numbers).map(|column| row.get(column)).filter(|cell| !cell.is_empty()) {
        ask(&Asked::AsTyped(cell.as_bytes()), kind);
    }
}

/// What the runs say against a point: every run that knows it must clear it, and one must know it.
pub(crate) fn not_cleared<'r>(rules: &CheckRules<'r>, exact: &str) -> Option<BlockedRow<'r>> {
    let runs = &rules.against.runs;
    let mut cleared = runs.is_empty();
    for run in runs {
        match run.clears(exact) {
            Ok(here) => cleared |= here,
            Err(_) if rules.own_list && run.lists(exact) => cleared = true,
            Err((_, None)) if rules.allow_unknown => {}
            Err((reason, line)) => {
                let matched = MatchedForm::Exact;
                return Some(BlockedRow { reason, list: Some(run.number), line, matched });
            }
        }
    }
    let list = runs.first().map(|run| run.number).filter(|_| !cleared && !rules.allow_unknown)?;
    Some(BlockedRow { list: Some(list), ..own(Reason::SuppressionNotCleared.id()) })
}

fn own(reason: &str) -> BlockedRow<'_> {
    BlockedRow { reason, list: None, line: None, matched: MatchedForm::Nothing }
}

impl MatchedForm {
    /// The form of the row that matched, as outputs write it.
    pub(crate) fn write(self, text: &mut String) {
        text.clear();
        let word = match self {
            Self::Nothing => "",
            Self::Handle => "handle",
            Self::Exact => "exact",
            Self::Entry(MatchedBy::Point(EntryKind::Email), true) => "email",
            Self::Entry(MatchedBy::Point(EntryKind::Email), false) => "email-canonical",
            Self::Entry(MatchedBy::Point(EntryKind::Phone), _) => "phone",
            Self::Entry(MatchedBy::Point(EntryKind::House), _) => "household",
            Self::Entry(MatchedBy::Point(_), _) => "text",
            Self::Entry(MatchedBy::Bare, _) => "phone-national",
            Self::Entry(MatchedBy::Domain, _) => "domain",
            Self::Entry(MatchedBy::Digest(algorithm, form), _) => {
                text.push_str(algorithm.word());
                text.push(':');
                form.word()
            }
        };
        text.push_str(word);
    }
}
