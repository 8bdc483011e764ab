//! The short way through lists of one column: bare addresses, numbers or digests, as most lists of people who left are.
//!
//! What a row of such a list refuses can differ from the next row's in the point alone. So it is learned from the
//! first ordinary row, which the row checker reads like any other; ordinary rows after it become entries at once. A
//! row that is not ordinary is left to the row checker, which reads more into some cells: addresses within an address
//! of odd characters, a number that lost its plus. Those are never ordinary; a law compares both ways.

use crate::mapping::model::Role;
use crate::phone::Region;
use crate::pipeline::understand::points::{Points, Tables};
use crate::pipeline::understand::sources::SourcePlan;
use crate::record::{Field, Kind};
use crate::suppress::{Batch, Digested, Tag};

/// What the column holds.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Addresses,
    /// Numbers, at home there where they do not tell.
    Numbers(Option<Region>),
    Digests,
}

/// An entry that the row checker made.
#[derive(Debug)]
pub(crate) enum Entered {
    /// Canonical and exact address.
    Address(String, String),
    Number(String),
    Digest(Digested),
    /// Anything else.
    Other,
}

/// One worker's knowledge of one list.
#[derive(Debug)]
pub(crate) struct Bare {
    holds: Holds,
    points: Points,
    /// What an ordinary row refuses; nothing while no such row was seen.
    tags: Option<Vec<Tag>>,
}

impl Bare {
    /// For a list, when it is of one column; `region` is that of numbers that tell none.
    pub(crate) fn of(source: &SourcePlan, region: Option<Region>) -> Option<Self> {
        let [column] = source.mapping.columns.as_slice() else { return None };
        let refuses = !matches!(source.mapping.kind, Kind::Contacts | Kind::ConsentEvents);
        if !refuses || column.role != Role::Value {
            return None;
        }
        let holds = match column.field? {
            Field::Email | Field::EmailOther => Holds::Addresses,
            Field::HashEmail | Field::HashPhone => Holds::Digests,
            field if field.is_point() => Holds::Numbers(source.region.or(region)),
            _ => return None,
        };
        Some(Self { holds, points: Points::default(), tags: None })
    }

    /// Whether nothing is known yet of what rows refuse.
    pub(crate) fn learns(&self) -> bool {
        self.tags.is_none()
    }

    /// Learns from a row and what the row checker made of it.
    pub(crate) fn learn(&mut self, cell: &str, tables: &Tables, entered: &mut Vec<(Entered, Tag)>) {
        let Self { holds, points, tags } = self;
        let ordinary = holds.read(cell, points, tables);
        if ordinary.is_some_and(|own| !entered.is_empty() && entered.iter().all(|(e, _)| own.is(e))) {
            *tags = Some(entered.iter().map(|(_, tag)| *tag).collect());
        }
        entered.clear();
    }

    /// Enters what an ordinary row refuses; whether it was one.
    pub(crate) fn enter(&mut self, cell: &str, line: u32, tables: &Tables, batch: &mut Batch) -> bool {
        let Self { holds, points, tags: Some(tags) } = self else { return false };
        let Some(ordinary) = holds.read(cell, points, tables) else { return false };
        for tag in tags {
            match ordinary {
                Ordinary::Address { key, exact } => batch.email(key, exact, *tag, line),
                Ordinary::Number(number) => batch.phone(number, *tag, line),
                Ordinary::Digest(digest) => batch.digest(digest, *tag, line),
            }
        }
        true
    }
}

/// An ordinary cell.
#[derive(Debug, Clone, Copy)]
enum Ordinary<'a> {
    Address { key: &'a str, exact: &'a str },
    Number(&'a str),
    Digest(Digested),
}

impl Ordinary<'_> {
    /// Whether the row checker entered just that.
    fn is(self, entered: &Entered) -> bool {
        match (self, entered) {
            (Self::Address { key, exact }, Entered::Address(k, e)) => k == key && e == exact,
            (Self::Number(number), Entered::Number(n)) => n == number,
            (Self::Digest(digest), Entered::Digest(d)) => *d == digest,
            _ => false,
        }
    }
}

impl Holds {
    /// Reads a cell; `None`: it is not ordinary.
    fn read<'a>(self, cell: &'a str, points: &'a mut Points, tables: &Tables) -> Option<Ordinary<'a>> {
        match self {
            Self::Addresses => {
                let sound = points.sound(plain_address(cell)?, &tables.email)?;
                Some(Ordinary::Address { key: sound.key, exact: sound.exact })
            }
            Self::Numbers(region) => {
                points.sound_number(plain_number(cell)?, region, &tables.phone).map(Ordinary::Number)
            }
            Self::Digests => plain_digest(cell).map(Ordinary::Digest),
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
