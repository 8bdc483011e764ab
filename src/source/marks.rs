//! Marks of a refusal in columns that are not of permission: tags, notes, a status among other statuses.
//!
//! `Active, Active, Unsubscribed` under `Status`, the tag `do not contact`, a remark `UNSUB`: nobody meant the column
//! for it, and it is a refusal all the same. Only listed phrases count, and none of them grants anything.

use super::mapping::{Mapping, Role};
use crate::data::dictionary::{Sense, dictionary};
use crate::data::fold::header_words;
use crate::data::words::{Base, Words};
use crate::record::{Channel, Channels, Field, Kind, Meaning};

/// Finds the columns of a list of people in which such marks may stand: by their header, else by a cell of the
/// sample.
pub(super) fn find(mapping: &mut Mapping, rows: &[Vec<String>]) {
    if mapping.kind != Kind::Contacts {
        return;
    }
    let words = Words::of(Base::Mark);
    for (at, column) in mapping.columns.iter_mut().enumerate() {
        let free = matches!(column.role, Role::Other | Role::Value)
            && column.field.is_none_or(may_hold)
            && !tells_duties(&column.header);
        let shown = || {
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.flat_map(|cell| parts(cell)).any(|part| words.meaning(part).is_some())
        };
        if free && (invites(&column.header, column.field) || shown()) {
            column.role = Role::Mark;
        }
    }
}

/// Fields in whose columns people write other things too.
const fn may_hold(field: Field) -> bool {
    matches!(
        field,
        Field::Tags
            | Field::Notes
            | Field::ListName
            | Field::Region
            | Field::JobTitle
            | Field::OptoutReason
            | Field::PreferredChannel
            | Field::Audience
            | Field::FirstName
            | Field::LastName
            | Field::FullName
    )
}

/// Whether it is a column of our own lists that tells what a yes obliges: `working opt-out` is a duty there, and no
/// mark of a person.
fn tells_duties(header: &str) -> bool {
    header == "conditions" || header.ends_with("_conditions")
}

/// Whether the column is one where such marks are made.
fn invites(header: &str, field: Option<Field>) -> bool {
    let senses = dictionary().some_senses(&header_words(header));
    matches!(
        field,
        Some(Field::Tags | Field::Notes | Field::ListName | Field::OptoutReason | Field::PreferredChannel)
    ) || field.is_none() && senses.any(&[Sense::Status, Sense::Reason, Sense::Contact, Sense::Refusal])
}

/// The refusals that a cell is marked with, each with its channels.
pub(super) fn each(cell: &str, mut mark: impl FnMut(Meaning, Channels)) {
    let words = Words::of(Base::Mark);
    for part in parts(cell) {
        if let Some(meaning) = words.meaning(part) {
            let channels = match meaning {
                Meaning::BouncedHard => Channels::only(Channel::Email),
                Meaning::Deceased => Channels::ALL,
                _ => channels(part),
            };
            mark(meaning, channels);
        }
    }
}

/// Tags, and sentences of a remark.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| matches!(c, ',' | ';' | '|' | '\n' | '"' | '.' | '!' | '?' | ':' | '[' | ']');
    cell.split(between).filter(|part| part.len() > 2)
}

/// What a mark forbids: the channels it names; e-mail for a plain `unsubscribed`; else all.
fn channels(mark: &str) -> Channels {
    let words = header_words(mark);
    let (told, whole) = dictionary().refused_channels(mark);
    let email = Channels::only(Channel::Email);
    let left = words.iter().any(|w| w.starts_with("unsub") || w.starts_with("abgemeld"));
    match () {
        () if whole || words.iter().any(|w| w.starts_with("opt")) => Channels::ALL,
        () if told.is_empty() && left => email,
        () if told.is_empty() => Channels::ALL,
        () if words.iter().any(|w| w == "mail") => told.union(email),
        () => told,
    }
}
