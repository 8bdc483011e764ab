//! One contact as the second pass sees it: its rows with what the first pass found out, and what it was told
//! from outside. Knows how to put together a point's history; not what a history means.

use crate::consent::{Held, Reach};
use crate::decide::PointFacts;
use crate::email::EmailTables;
use crate::ledger::{self, LedgerEntry, binds};
use crate::pipeline::check::consent_stats::Crowds;
use crate::pipeline::kit::keys::{exact_of, key_of};
use crate::pipeline::kit::row_sheet::{
    Ending, Point, RowCountry, RowEvent, RowFinding, SheetRow, read_country, read_event, read_finding,
    read_point,
};
use crate::pipeline::kit::shared_facts::SharedFact;
use crate::pipeline::understand::output_columns::SourceColumns;
use crate::record::{DateOrder, Field, Fingerprint, Keyed, Place, PointKind, RowId, When};

#[derive(Debug, Default)]
pub(crate) struct RowView<'a> {
    pub(crate) row: RowId,
    pub(crate) place: Place,
    pub(crate) changed: Option<When>,
    pub(crate) cells: Vec<&'a str>,
    pub(crate) points: Vec<Point<'a>>,
    pub(crate) events: Vec<RowEvent>,
    pub(crate) countries: Vec<RowCountry>,
    pub(crate) findings: Vec<RowFinding<'a>>,
}

impl<'a> RowView<'a> {
    /// Reads what the first pass found out; `None` for a damaged sheet.
    pub(crate) fn read(&mut self, row: RowId, source: u16, sheet: &'a [u8]) -> Option<Ending> {
        self.cells.clear();
        self.points.clear();
        self.events.clear();
        self.countries.clear();
        self.findings.clear();
        let (ending, line, changed, mut lists) = SheetRow::open(sheet)?;
        self.row = row;
        self.place = Place { source, line };
        self.changed = changed;
        lists.list(read_point, |point| self.points.push(point))?;
        lists.list(read_event, |event| self.events.push(event))?;
        lists.list(read_country, |country| self.countries.push(country))?;
        lists.list(read_finding, |finding| self.findings.push(finding))?;
        Some(ending)
    }

    /// Marks the row's consents by the crowds they belong to.
    pub(crate) fn mark(&mut self, crowds: &Crowds) {
        if !crowds.is_empty() {
            self.events.iter_mut().for_each(|told| crowds.mark(&mut told.event, self.row));
        }
    }

    /// The cell of that column; empty where there is none.
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    pub(crate) fn shown(&self, slot: usize, columns: &SourceColumns) -> &'a str {
        columns.value(slot, |c| self.cell(c))
    }
}

/// A distinct point of a contact: one exact address, number or postal address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Distinct<'a> {
    /// The point as its best row has it.
    pub(crate) point: Point<'a>,
    /// Its match key; 0 for a contact that was told nothing from outside.
    pub(crate) key: Fingerprint,
    /// Its exact address within the key; likewise.
    pub(crate) exact: u64,
    /// Position among the contact's rows of the first row that has it.
    pub(crate) row: usize,
    /// Other contacts hold the key too.
    pub(crate) shared: bool,
    /// How many holders of the key before this contact carry the same name.
    pub(crate) twin: u32,
}

impl Distinct<'_> {
    /// Whether it is a mailbox at a provider of personal mailboxes.
    pub(crate) fn personal(&self, mail: &EmailTables) -> bool {
        let domain = self.point.exact.rsplit_once('@').map(|(_, domain)| domain);
        self.point.kind == PointKind::Email && domain.is_some_and(|domain| mail.is_personal(domain))
    }
}

/// What a contact is told from outside its own rows, sorted out.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    pub(crate) shared: Vec<(Fingerprint, u32)>,
    pub(crate) at_key: Vec<(Fingerprint, LedgerEntry)>,
    pub(crate) of_person: Vec<LedgerEntry>,
    pub(crate) rows: Vec<RowId>,
}

impl Outside {
    pub(crate) fn clear(&mut self) {
        self.shared.clear();
        self.at_key.clear();
        self.of_person.clear();
        self.rows.clear();
    }

    pub(crate) fn take(&mut self, told: SharedFact) {
        match told {
            SharedFact::SharedKey { key, twin, .. } => self.shared.push((key, twin)),
            SharedFact::AtKey(key, entry) => self.at_key.push((key, entry)),
            SharedFact::OfPerson(entry) => self.of_person.push(entry),
            SharedFact::Outside(row) => {
                if self.rows.last() != Some(&row) {
                    self.rows.push(row);
                }
            }
            SharedFact::Own(_) => {}
        }
    }
}

/// A contact: rows in order, the first one first.
#[derive(Debug, Default)]
pub(crate) struct Contact<'a> {
    pub(crate) rows: Vec<RowView<'a>>,
    pub(crate) len: usize,
    pub(crate) outside: Outside,
    pub(crate) distinct: Vec<Distinct<'a>>,
    /// Refusals of the person, wherever they were told.
    pub(crate) person: Vec<LedgerEntry>,
}

impl<'a> Contact<'a> {
    pub(crate) fn rows(&self) -> &[RowView<'a>] {
        &self.rows[..self.len]
    }

    /// Hands on every source that has a row of the contact, once.
    pub(crate) fn each_source(&self, mut hand: impl FnMut(usize)) {
        let sources = self.rows().iter().map(|row| row.place.source);
        for (at, source) in sources.clone().enumerate() {
            if !sources.clone().take(at).any(|before| before == source) {
                hand(usize::from(source));
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.outside.clear();
    }

    /// A row to read into; it belongs to the contact from now on.
    pub(crate) fn add_row(&mut self) -> &mut RowView<'a> {
        if self.rows.len() == self.len {
            self.rows.push(RowView::default());
        }
        self.len += 1;
        &mut self.rows[self.len - 1]
    }

    /// Sorts out which distinct points the rows have, and what the person refused.
    pub(crate) fn settle(&mut self, keyed: &Keyed, order: impl Fn(u16) -> DateOrder + Copy) {
        let Self { rows, len, outside, distinct, person, .. } = self;
        distinct.clear();
        person.clear();
        person.extend_from_slice(&outside.of_person);
        for (at, row) in rows[..*len].iter().enumerate() {
            for point in &row.points {
                if distinct.iter().any(|d| d.point.kind == point.kind && d.point.exact == point.exact) {
                    continue;
                }
                // Only what was told from outside is looked up by these.
                let (key, exact) = match outside.shared.is_empty() && outside.at_key.is_empty() {
                    true => (Fingerprint::default(), 0),
                    false => (key_of(keyed, point.kind, point.key), exact_of(keyed, point.exact)),
                };
                let twin = outside.shared.iter().find(|(k, _)| *k == key).map(|(_, twin)| *twin);
                let (shared, twin) = (twin.is_some(), twin.unwrap_or(0));
                distinct.push(Distinct { point: *point, key, exact, row: at, shared, twin });
            }
            for told in row.events.iter().filter(|e| e.event.kind.is_refusal()) {
                person.push(LedgerEntry::settle(&told.event, 0, row.row, order));
            }
        }
        ledger::fold(person);
    }

    /// The history of a point: its rows' events on the exact address, what binds any alias, what the person refused.
    pub(crate) fn history(
        &self,
        of: &Distinct<'a>,
        order: impl Fn(u16) -> DateOrder + Copy,
        out: &mut Vec<Held>,
    ) {
        out.clear();
        for row in self.rows() {
            for told in &row.events {
                let reach =
                    row.points.iter().enumerate().filter(|(i, _)| told.at(*i)).fold(None, |reach, (_, p)| {
                        if p.kind != of.point.kind || p.key != of.point.key {
                            reach
                        } else if p.exact == of.point.exact {
                            Some(Reach::Exact)
                        } else {
                            reach.or(Some(Reach::Alias))
                        }
                    });
                if let Some(reach) = reach {
                    out.push(Held::settle(told.event, reach, order));
                }
            }
        }
        let own = out.len();
        for (_, entry) in self.outside.at_key.iter().filter(|(key, _)| *key == of.key) {
            let exact = entry.exact == of.exact;
            if !exact && !binds(entry.kind) {
                continue;
            }
            let told = held(entry, if exact { Reach::Exact } else { Reach::Alias });
            // One row may tell it of several spellings: it counts once, of this one if it is among them.
            match out[own..].iter_mut().find(|held| held.event == told.event) {
                Some(held) if exact => held.reach = Reach::Exact,
                Some(_) => {}
                None => out.push(told),
            }
        }
        out.extend(self.person.iter().map(|entry| held(entry, Reach::Person)));
    }

    /// The points as a decision sees them, each with its history.
    pub(crate) fn point_facts<'h>(
        &'h self,
        histories: &'h [Vec<Held>],
        mail: &'h EmailTables,
    ) -> impl Iterator<Item = PointFacts<'h>> {
        self.distinct.iter().zip(histories).map(|(distinct, history)| PointFacts {
            kind: distinct.point.kind,
            reasons: distinct.point.reasons,
            history,
            personal: distinct.personal(mail),
        })
    }

    /// The first cell of a field that says something, over all rows.
    pub(crate) fn field(&self, columns: impl Fn(u16, Field) -> Option<usize>, field: Field) -> &'a str {
        let cell = |row: &RowView<'a>| Some(row.cell(columns(row.place.source, field)?).trim());
        self.rows().iter().filter_map(cell).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

fn held(entry: &LedgerEntry, reach: Reach) -> Held {
    Held { event: entry.event(), at: entry.at.map(|when| (when, when)), reach }
}
