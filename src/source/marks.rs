//! Marks of a refusal in columns that are not of permission: tags, notes, a status among other statuses.
//!
//! `Active, Active, Unsubscribed` under `Status`, the tag `do not contact`, a remark `UNSUB`: nobody meant the column
//! for it, and it is a refusal all the same. Only listed phrases count, and none of them grants anything.

use super::look::Look;
use super::mapping::{Column, Mapping, Role};
use crate::data::dictionary::{Sense, dictionary};
use crate::data::fold::header_words;
use crate::data::words::{Base, Words};
use crate::record::{Channel, Channels, EventKind, Field, Kind, Meaning};

static MARKS: Words = Words::of(Base::Mark);
static TAGS: Words = Words::of(Base::Tag);
static REPLIES: Words = Words::of(Base::Reply);

/// Finds the columns of a list of people in which such marks may stand. In columns of which nothing is known, and in
/// names, they may come late: those are read to the end. In others a header tells, else a cell of the sample.
pub(super) fn find(mapping: &mut Mapping, rows: &[Vec<String>]) {
    if mapping.kind != Kind::Contacts {
        return;
    }
    for (at, column) in mapping.columns.iter_mut().enumerate() {
        if is_of_replies(column, rows, at) {
            (column.role, column.date) = (Role::Reply, None);
            continue;
        }
        let free = matches!(column.role, Role::Other | Role::Value)
            && column.field.is_none_or(may_hold)
            && !tells_duties(&column.header);
        let shown = || {
            let mut cells = rows.iter().filter_map(|row| row.get(at));
            cells.any(|cell| each(cell, is_name(column.field), |_, _, _| {}))
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
            let look = Look::of_column(rows, at);
            look.filled > 0 && !look.mostly(look.date + look.unix, 50)
        }
        _ => false,
    };
    free && dictionary().holds_replies(&column.header)
}

/// Names, in which `Stop` may be somebody's own.
pub(super) const fn is_name(field: Option<Field>) -> bool {
    matches!(field, Some(Field::FirstName | Field::LastName | Field::FullName))
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
    !matches!(field, Field::Region | Field::JobTitle | Field::Audience)
}

/// Whether a cell of replies is one of the words that stop every message.
pub(super) fn is_stop(cell: &str) -> bool {
    cell.len() <= TAG && REPLIES.meaning(cell).is_some()
}

/// The refusals that a cell is marked with, each with its channels and whether those are assumed; whether there is one.
/// In names only phrases count.
pub(super) fn each(cell: &str, name: bool, mut mark: impl FnMut(Meaning, Channels, bool)) -> bool {
    let mut any = false;
    for tag in cell.split(TAG_ENDS).filter(|tag| !name && (3..=TAG).contains(&tag.len())) {
        if let Some(meaning) = TAGS.meaning(tag) {
            mark(meaning, Channels::ALL, false);
            any = true;
        }
    }
    for part in parts(cell) {
        if let Some(meaning) = MARKS.meaning(part) {
            let (channels, assumed) = match meaning {
                Meaning::BouncedHard => (Channels::only(Channel::Email), false),
                Meaning::Deceased => (Channels::ALL, false),
                _ => channels(part),
            };
            mark(meaning, channels, assumed);
            any = true;
        }
    }
    any
}

/// What parts one tag from the next.
const TAG_ENDS: [char; 7] = [',', ';', '|', '\n', '"', '[', ']'];
/// The longest cell that is looked up as a whole.
const TAG: usize = 40;

/// Tags, and sentences of a remark; none of a web address, which may well end in `/unsubscribe`.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let address = cell.contains("://") && !cell.contains(' ');
    let cell = if address { "" } else { cell };
    let between =
        |b: &u8| matches!(b, b',' | b';' | b'|' | b'\n' | b'"' | b'.' | b'!' | b'?' | b':' | b'[' | b']');
    let mut end_before = 0;
    // Cut at ASCII bytes, which are characters of their own wherever they stand.
    cell.as_bytes().split(between).filter_map(move |part| {
        let start = end_before;
        end_before = start + part.len() + 1;
        (part.len() > 2).then(|| cell.get(start..start + part.len())).flatten()
    })
}

/// What a mark forbids: the channels it names; e-mail for a plain `unsubscribed`, which is an assumption; else all.
fn channels(mark: &str) -> (Channels, bool) {
    let words = header_words(mark);
    let (told, whole) = dictionary().refused_channels(mark);
    let email = Channels::only(Channel::Email);
    let left = words.iter().any(|w| w.starts_with("unsub") || w.starts_with("abgemeld"));
    match () {
        () if whole || words.iter().any(|w| w.starts_with("opt")) => (Channels::ALL, false),
        () if told.is_empty() && left => (email, true),
        () if told.is_empty() => (Channels::ALL, false),
        () if words.iter().any(|w| w == "mail") => (told.union(email), false),
        () => (told, false),
    }
}
