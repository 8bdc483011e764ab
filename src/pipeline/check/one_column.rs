//! The short way through lists of one column: plain addresses, numbers or digests, as most lists of people who left are.
//!
//! What a row of such a list refuses can differ from the next row's in the point alone. So it is learned from the
//! first ordinary row, which the row checker reads like any other; ordinary rows after it become entries at once. A
//! row that is not ordinary is left to the row checker, which reads more into some cells: addresses within an address
//! of odd characters, a number that lost its plus. Those are never ordinary; a law compares both ways.

use crate::mapping::model::Role;
use crate::phone::Region;
use crate::pipeline::check::row::CheckContext;
use crate::pipeline::understand::points::{PointTables, Points};
use crate::pipeline::understand::sources::SourcePlan;
use crate::record::{Field, Keyed, Kind};
use crate::suppress::{Digested, EntryBatch, EntryKey, EntryTag, SuppressionEntry};

/// What the column holds.
#[derive(Debug, Clone, Copy)]
enum ColumnHolds {
    Addresses,
    /// Numbers, at home there where they do not tell.
    Numbers(Option<Region>),
    Digests,
}

/// One worker's knowledge of one list.
#[derive(Debug)]
pub(crate) struct OneColumn {
    holds: ColumnHolds,
    points: Points,
    /// What an ordinary row refuses; nothing while no such row was seen.
    tags: Option<Vec<EntryTag>>,
}

/// What the row checker makes of an ordinary row, beside the entry its cell makes.
#[derive(Debug)]
pub(crate) struct Lesson {
    keyed: Keyed,
    /// The entry that the cell makes.
    cell: EntryKey,
    tags: Vec<EntryTag>,
    /// Whether it made another entry too.
    more: bool,
}

impl Lesson {
    /// Takes an entry that the row checker made; `None` for what no ordinary row makes.
    pub(crate) fn see(&mut self, entry: Option<SuppressionEntry<'_>>, tag: EntryTag) {
        self.more |= entry.and_then(|entry| EntryKey::of(&self.keyed, entry)) != Some(self.cell);
        self.tags.push(tag);
    }
}

impl OneColumn {
    /// For a list, when it is of one column; `region` is that of numbers that tell none.
    pub(crate) fn of(source: &SourcePlan, region: Option<Region>) -> Option<Self> {
        let [column] = source.mapping.columns.as_slice() else { return None };
        let refuses = !matches!(source.mapping.kind, Kind::Contacts | Kind::ConsentEvents);
        if !refuses || column.role != Role::Value {
            return None;
        }
        let holds = match column.field? {
            Field::Email | Field::EmailOther => ColumnHolds::Addresses,
            Field::HashEmail | Field::HashPhone => ColumnHolds::Digests,
            field if field.is_point() => ColumnHolds::Numbers(source.region.or(region)),
            _ => return None,
        };
        Some(Self { holds, points: Points::default(), tags: None })
    }

    /// What the row checker will teach of an ordinary row; nothing where its cell is not ordinary or nothing is left
    /// to learn.
    pub(crate) fn lesson(&mut self, cell: &str, shared: &CheckContext<'_>) -> Option<Lesson> {
        let Self { holds, points, tags: None } = self else { return None };
        let entry = holds.read(cell, points, shared.tables)?;
        let cell = EntryKey::of(shared.keyed, entry)?;
        Some(Lesson { keyed: *shared.keyed, cell, tags: Vec::new(), more: false })
    }

    /// Learns what an ordinary row refuses, if that is nothing but its cell.
    pub(crate) fn learn(&mut self, lesson: Lesson) {
        self.tags = Some(lesson.tags).filter(|tags| !lesson.more && !tags.is_empty());
    }

    /// Enters what an ordinary row refuses; whether it was one.
    pub(crate) fn enter(
        &mut self,
        cell: &str,
        line: u32,
        tables: &PointTables,
        batch: &mut EntryBatch,
    ) -> bool {
        let Self { holds, points, tags: Some(tags) } = self else { return false };
        let Some(entry) = holds.read(cell, points, tables) else { return false };
        tags.iter().for_each(|tag| batch.add(entry, *tag, line));
        true
    }
}

impl ColumnHolds {
    /// The entry of a cell; `None`: it is not ordinary.
    fn read<'a>(
        self,
        cell: &'a str,
        points: &'a mut Points,
        tables: &PointTables,
    ) -> Option<SuppressionEntry<'a>> {
        match self {
            Self::Addresses => {
                let sound = points.sound(plain_address(cell)?, &tables.email)?;
                Some(SuppressionEntry::Email { canonical: sound.key, exact: sound.exact })
            }
            Self::Numbers(region) => {
                let number = points.sound_number(plain_number(cell)?, region, &tables.phone);
                number.map(SuppressionEntry::Phone)
            }
            Self::Digests => plain_digest(cell).map(SuppressionEntry::Digest),
        }
    }
}

/// A cell in which no second address can stand.
fn plain_address(cell: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".@_-+".contains(&b);
    cell.bytes().all(plain).then_some(cell)
}

/// A cell that can be one number only: longer digits may have lost their plus.
fn plain_number(cell: &str) -> Option<&str> {
    (cell.starts_with(['+', '0']) || cell.len() < 11).then_some(cell)
}

/// A cell that is a digest and nothing beside it.
fn plain_digest(cell: &str) -> Option<Digested> {
    if cell.bytes().all(|b| b.is_ascii_hexdigit()) { Digested::read(cell) } else { None }
}
