//! Marks of a refusal in columns that are not of permission: tags, notes, a status among other statuses.
//!
//! `Active, Active, Unsubscribed` under `Status`, the tag `do not contact`, a remark `UNSUB`: nobody meant the column
//! for it, and it is a refusal all the same. Only listed phrases count, and none of them grants anything.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::vocabulary::Sense;
use crate::mapping::column_profile::ColumnProfile;
use crate::mapping::model::{Column, Mapping, Role};
use crate::mapping::permission::named_channels;
use crate::record::{Channels, EventKind, Field, Kind};

/// Finds the columns of a list of people in which such marks may stand. In columns of which nothing is known, and in
/// names, they may come late: those are read to the end. In others a header tells, else a cell of the sample.
pub(crate) fn find(mapping: &mut Mapping, file_name: &str, rows: &[Vec<String>]) {
    if mapping.kind != Kind::Contacts {
        return;
    }
    for (at, column) in mapping.columns.iter_mut().enumerate() {
        column.template = template(rows, at);
        if is_of_replies(column, rows, at) {
            let named = |name: &str| named_channels(name).union(dictionary().named_points(name));
            let of_column = named(&column.header);
            let stopped = if of_column.is_empty() { named(file_name) } else { of_column };
            let stopped = if stopped.is_empty() { Channels::ALL } else { stopped.as_stopped() };
            (column.role, column.date) = (Role::Reply(stopped), None);
            continue;
        }
        let free = matches!(column.role, Role::Other | Role::Value)
            && column.field.is_none_or(may_hold)
            && !tells_duties(&column.header);
        let shown = || {
            let mut cells = rows.iter().filter_map(|row| row.get(at));
            cells.any(|cell| crate::data::marks::each(cell, is_name(column.field), |_, _, _| {}))
        };
        if free && (invites(&column.header, column.field) || shown()) {
            column.role = Role::Mark;
        }
    }
}

/// Whether people's answers stand in the column. `Last reply` may as well be a date.
fn is_of_replies(column: &Column, rows: &[Vec<String>], at: usize) -> bool {
    let free = match column.role {
        Role::Other => true,
        Role::Value => column.field.is_none_or(may_hold),
        Role::Moment { event: EventKind::LastInboundContact, .. } => {
            let look = ColumnProfile::of_column(rows, at);
            look.filled > 0 && !look.mostly(look.date + look.unix, 50)
        }
        _ => false,
    };
    free && dictionary().holds_replies(&column.header)
}

/// The text that every row of a sample has, where it is longer than what people note of each other: what was sent to all
/// says nothing of anybody.
fn template(rows: &[Vec<String>], at: usize) -> Option<Box<str>> {
    const WORDS: usize = 8;
    let mut cells = rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.trim().is_empty());
    let first = cells.next().filter(|first| first.split_whitespace().count() >= WORDS)?;
    let (mut others, mut same) = (0, true);
    cells.for_each(|cell| (others, same) = (others + 1, same && cell == first));
    (others > 1 && same).then(|| first.as_str().into())
}

/// Names, in which `Stop` may be somebody's own.
pub(crate) const fn is_name(field: Option<Field>) -> bool {
    matches!(field, Some(Field::FirstName | Field::LastName | Field::FullName))
}

/// Fields in whose columns people write other things too.
const fn may_hold(field: Field) -> bool {
    matches!(
        field,
        Field::Tags
            | Field::Notes
            | Field::ListName
            | Field::OptoutReason
            | Field::PreferredChannel
            | Field::EventType
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

/// Whether a column that may hold marks is read to its end: such marks are made there, or nothing is known of it. Of somebody else's
/// column only where its words ask for them.
fn invites(header: &str, field: Option<Field>) -> bool {
    let Some(field) = field else {
        let words = header_words(header);
        let senses = dictionary().some_senses(&words);
        return !dictionary().is_not_theirs(&words)
            || senses.any(&[Sense::Status, Sense::Reason, Sense::Contact, Sense::Refusal]);
    };
    field != Field::Audience
}
