//! One contact as the second pass sees it: its rows with what the first pass found out, and what it was told
//! from outside. Knows how to put together a point's history; not what a history means.

use super::crowd::Crowds;
use super::layout::SourceColumns;
use super::share::Told;
use super::sheet::{Ending, Point, RowBytes, RowEvent, SheetRow, read_event, read_point};
use crate::consent::{Fact, Held, Reach};
use crate::ledger::{self, Entry, binds};
use crate::link::KeyKind;
use crate::reason::Reason;
use crate::record::{DateOrder, Event, Field, Fingerprint, Keyed, Place, PointKind, RowId, Stamp, When};

/// Name spaces of fingerprints that are no match keys.
const EXACT: u8 = 32;

/// Between the parts of a postal key: family name, street, area.
pub(super) const PART: char = '\u{1f}';

/// The match key of a point: whose ledger it shares with every other holder.
pub(super) fn key_of(keyed: &Keyed, kind: PointKind, key: &str) -> Fingerprint {
    match kind {
        PointKind::Email => KeyKind::Email.key(keyed, &[key.as_bytes()]),
        PointKind::Phone => KeyKind::Phone.key(keyed, &[key.as_bytes()]),
        PointKind::Handle => KeyKind::Handle.key(keyed, &[key.as_bytes()]),
        PointKind::Post => {
            let mut parts = key.as_bytes().splitn(3, |b| *b == PART as u8);
            let mut part = || parts.next().unwrap_or_default();
            KeyKind::NameStreet.key(keyed, &[part(), part(), part()])
        }
    }
}

/// Stands for the exact address within its key.
pub(super) fn exact_of(keyed: &Keyed, exact: &str) -> u64 {
    keyed.of(EXACT, &[exact.as_bytes()]).0 as u64
}

/// A finding of a row that is about no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowFinding<'a> {
    /// What was found.
    pub(super) reason: Reason,
    /// More about it: a column, a suggestion.
    pub(super) detail: &'a str,
}

/// Writes a finding.
pub(super) fn write_finding(out: &mut RowBytes, finding: &RowFinding<'_>) {
    out.bytes(&[finding.reason as u8]);
    out.text(&finding.detail[..finding.detail.floor_char_boundary(250)]);
}

fn read_finding<'a>(row: &mut SheetRow<'a>) -> Option<RowFinding<'a>> {
    let reason = *Reason::ALL.get(usize::from(row.bytes(1)?[0]))?;
    Some(RowFinding { reason, detail: row.text()? })
}

/// A country that a row speaks of, and how.
pub(super) type Country = (Fact, [u8; 2]);

/// Writes a country.
pub(super) fn write_country(out: &mut RowBytes, country: &Country) {
    out.bytes(&[country.0 as u8, country.1[0], country.1[1]]);
}

fn read_country(row: &mut SheetRow<'_>) -> Option<Country> {
    let head = row.bytes(3)?;
    let fact = [Fact::Stated, Fact::Phone, Fact::Domain, Fact::Guessed][usize::from(head[0].min(3))];
    Some((fact, [head[1], head[2]]))
}

/// A row of a contact.
#[derive(Debug, Default)]
pub(super) struct RowView<'a> {
    pub(super) row: RowId,
    pub(super) place: Place,
    pub(super) changed: Option<When>,
    pub(super) cells: Vec<&'a str>,
    pub(super) points: Vec<Point<'a>>,
    pub(super) events: Vec<RowEvent>,
    pub(super) countries: Vec<Country>,
    pub(super) findings: Vec<RowFinding<'a>>,
}

impl<'a> RowView<'a> {
    /// Reads what the first pass found out; `None` for a damaged sheet.
    pub(super) fn read(&mut self, row: RowId, source: u16, sheet: &'a [u8]) -> Option<Ending> {
        self.cells.clear();
        self.points.clear();
        self.events.clear();
        self.countries.clear();
        self.findings.clear();
        let (ending, line, changed, mut lists) = SheetRow::open(sheet)?;
        self.row = row;
        self.place = Place { source, line };
        self.changed = changed;
        lists.list(read_point, &mut self.points)?;
        lists.list(read_event, &mut self.events)?;
        lists.list(read_country, &mut self.countries)?;
        lists.list(read_finding, &mut self.findings)?;
        Some(ending)
    }

    /// Marks the row's consents by the crowds they belong to.
    pub(super) fn mark(&mut self, crowds: &Crowds) {
        if !crowds.is_empty() {
            self.events.iter_mut().for_each(|told| crowds.mark(&mut told.event, self.row));
        }
    }

    /// The cell of that column; empty where there is none.
    pub(super) fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    /// The value of shown field `slot`.
    pub(super) fn shown(&self, slot: usize, columns: &SourceColumns) -> &'a str {
        columns.value(slot, |c| self.cell(c))
    }
}

/// A distinct point of a contact: one exact address, number or postal address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distinct<'a> {
    /// The point as its best row has it.
    pub(super) point: Point<'a>,
    /// Its match key; 0 for a contact that was told nothing from outside.
    pub(super) key: Fingerprint,
    /// Its exact address within the key; likewise.
    pub(super) exact: u64,
    /// Position among the contact's rows of the first row that has it.
    pub(super) row: usize,
    /// Other contacts hold the key too.
    pub(super) shared: bool,
    /// How many holders of the key before this contact carry the same name.
    pub(super) twin: u32,
}

/// What a contact is told from outside its own rows, sorted out.
#[derive(Debug, Default)]
pub(super) struct Outside {
    pub(super) shared: Vec<(Fingerprint, u32)>,
    pub(super) at_key: Vec<(Fingerprint, Entry)>,
    pub(super) of_person: Vec<Entry>,
    pub(super) rows: Vec<RowId>,
}

impl Outside {
    /// Forgets the last contact.
    pub(super) fn clear(&mut self) {
        self.shared.clear();
        self.at_key.clear();
        self.of_person.clear();
        self.rows.clear();
    }

    /// Takes what was told.
    pub(super) fn take(&mut self, told: Told) {
        match told {
            Told::Shared { key, twin, .. } => self.shared.push((key, twin)),
            Told::AtKey(key, entry) => self.at_key.push((key, entry)),
            Told::OfPerson(entry) => self.of_person.push(entry),
            Told::Outside(row) => {
                if self.rows.last() != Some(&row) {
                    self.rows.push(row);
                }
            }
            Told::Own(_) => {}
        }
    }
}

/// A contact: rows in order, the first one first.
#[derive(Debug, Default)]
pub(super) struct Contact<'a> {
    pub(super) rows: Vec<RowView<'a>>,
    pub(super) len: usize,
    pub(super) outside: Outside,
    pub(super) distinct: Vec<Distinct<'a>>,
    /// Refusals of the person, wherever they were told.
    pub(super) person: Vec<Entry>,
}

impl<'a> Contact<'a> {
    /// The contact's rows.
    pub(super) fn rows(&self) -> &[RowView<'a>] {
        &self.rows[..self.len]
    }

    /// Hands on every source that has a row of the contact, once.
    pub(super) fn each_source(&self, mut hand: impl FnMut(usize)) {
        let sources = self.rows().iter().map(|row| row.place.source);
        for (at, source) in sources.clone().enumerate() {
            if !sources.clone().take(at).any(|before| before == source) {
                hand(usize::from(source));
            }
        }
    }

    /// Starts the next contact.
    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.outside.clear();
    }

    /// A row to read into; it belongs to the contact from now on.
    pub(super) fn add_row(&mut self) -> &mut RowView<'a> {
        if self.rows.len() == self.len {
            self.rows.push(RowView::default());
        }
        self.len += 1;
        &mut self.rows[self.len - 1]
    }

    /// Sorts out which distinct points the rows have, and what the person refused.
    pub(super) fn settle(&mut self, keyed: &Keyed, order: impl Fn(u16) -> DateOrder + Copy) {
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
                let shared = outside.shared.iter().find(|(k, _)| *k == key);
                distinct.push(Distinct {
                    point: *point,
                    key,
                    exact,
                    row: at,
                    shared: shared.is_some(),
                    twin: shared.map_or(0, |(_, twin)| *twin),
                });
            }
            for told in row.events.iter().filter(|e| e.event.kind.is_refusal()) {
                person.push(Entry::settle(&told.event, 0, row.row, order));
            }
        }
        ledger::fold(person);
    }

    /// The history of a point: what its own rows tell of the exact address, what binds it under any alias, and
    /// what the person refused.
    pub(super) fn history(
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
        for (_, entry) in self.outside.at_key.iter().filter(|(key, _)| *key == of.key) {
            let exact = entry.exact == of.exact;
            if exact || binds(entry.kind) {
                out.push(held(entry, if exact { Reach::Exact } else { Reach::Alias }));
            }
        }
        out.extend(self.person.iter().map(|entry| held(entry, Reach::Person)));
    }

    /// The first cell of a field that says something, over all rows.
    pub(super) fn field(&self, columns: impl Fn(u16, Field) -> Option<usize>, field: Field) -> &'a str {
        self.rows()
            .iter()
            .filter_map(|row| Some(row.cell(columns(row.place.source, field)?).trim()))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }
}

fn held(entry: &Entry, reach: Reach) -> Held {
    let event = Event {
        kind: entry.kind,
        channels: entry.channels,
        at: entry.at.map_or(Stamp::Absent, Stamp::Known),
        evidence: entry.evidence,
        detail: entry.detail,
        place: entry.place,
    };
    Held { event, at: entry.at.map(|when| (when, when)), reach }
}
