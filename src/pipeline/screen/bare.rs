//! The short way through lists of one column: bare addresses, numbers or digests, as most lists of people who left are.
//!
//! What a row of such a list refuses can differ from the next row's in the point alone. So it is learned from the
//! first ordinary row, which the row checker reads like any other; ordinary rows after it become entries at once. A
//! row that is not ordinary is left to the row checker.

use super::super::points::{Points, Tables};
use super::super::sources::SourcePlan;
use crate::phone::Region;
use crate::record::{Field, Kind};
use crate::source::Role;
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entered {
    /// Canonical and exact address.
    Address(String, String),
    Number(String),
    Digest(Digested),
    /// Anything else.
    Other,
}

/// One worker's knowledge of one list.
#[derive(Debug)]
pub(super) struct Bare {
    holds: Holds,
    points: Points,
    /// What an ordinary row refuses; nothing while no such row was seen.
    tags: Option<Vec<Tag>>,
}

impl Bare {
    /// For a list, when it is of one column; `region` is that of numbers that tell none.
    pub(super) fn of(source: &SourcePlan, region: Option<Region>) -> Option<Self> {
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

    /// What an ordinary row would enter.
    fn entry(&mut self, cell: &str, tables: &Tables) -> Option<Entered> {
        match self.holds {
            Holds::Addresses => {
                let sound = self.points.sound(cell, &tables.email)?;
                Some(Entered::Address(sound.key.to_owned(), sound.exact.to_owned()))
            }
            Holds::Numbers(region) => {
                let number = self.points.sound_number(cell, region, &tables.phone)?;
                Some(Entered::Number(number.to_owned()))
            }
            Holds::Digests => plain_digest(cell).map(Entered::Digest),
        }
    }

    /// Whether nothing is known yet of what rows refuse.
    pub(super) fn learns(&self) -> bool {
        self.tags.is_none()
    }

    /// Learns from a row and what the row checker made of it.
    pub(super) fn learn(&mut self, cell: &str, tables: &Tables, entered: &mut Vec<(Entered, Tag)>) {
        let ordinary = self.entry(cell, tables);
        if ordinary.is_some_and(|own| !entered.is_empty() && entered.iter().all(|(e, _)| *e == own)) {
            self.tags = Some(entered.iter().map(|(_, tag)| *tag).collect());
        }
        entered.clear();
    }

    /// Enters what an ordinary row refuses; whether it was one.
    pub(super) fn enter(&mut self, cell: &str, line: u32, tables: &Tables, batch: &mut Batch) -> bool {
        let Some(tags) = &self.tags else { return false };
        match self.holds {
            Holds::Addresses => {
                let Some(sound) = self.points.sound(cell, &tables.email) else { return false };
                tags.iter().for_each(|tag| batch.email(sound.key, sound.exact, *tag, line));
            }
            Holds::Numbers(region) => {
                let Some(number) = self.points.sound_number(cell, region, &tables.phone) else {
                    return false;
                };
                tags.iter().for_each(|tag| batch.phone(number, *tag, line));
            }
            Holds::Digests => {
                let Some(digest) = plain_digest(cell) else { return false };
                tags.iter().for_each(|tag| batch.digest(digest, *tag, line));
            }
        }
        true
    }
}

/// A cell that is a digest and nothing beside it.
fn plain_digest(cell: &str) -> Option<Digested> {
    if cell.bytes().all(|b| b.is_ascii_hexdigit()) { Digested::read(cell) } else { None }
}
