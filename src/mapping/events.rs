//! Words and meanings → events, and files that are lists of such.

use crate::data::dictionary::dictionary;
use crate::data::words;
use crate::data::words::{Base, Capture, ColumnWords, channels, is_blank, speaks_against, yes_or_no};
use crate::mapping::column_profile::ColumnProfile;
use crate::mapping::dates::{DateRules, parse};
use crate::mapping::facts::Facts;
use crate::mapping::model::{Column, DateColumns, Mapping, Role, Says};
use crate::mapping::permission::{HeadersBeside, Heard, Speech, hear};
use crate::record::{Channels, EventKind, Evidence, Field, Kind, Meaning, Stamp};

static BOUNCES: ColumnWords = ColumnWords::of(Base::Bounce);

/// How a cell says that mail came back, where it says so.
pub(crate) fn bounce(cell: &str) -> Option<Meaning> {
    BOUNCES.meaning(cell)
}

/// A file with a column of events is a list of events, whose rows make no contacts, where nothing else proves what it
/// is. A header such as `bouncedRecipients` is no such proof when other rows tell that messages arrived.
pub(crate) fn find(mapping: &mut Mapping, rows: &[Vec<String>], by_header: bool) {
    let by_header = by_header && mapping.kind.refuses();
    let open = !mapping.kind_proven || mapping.kind == Kind::ConsentEvents;
    if !open && !by_header {
        return;
    }
    if open {
        pair_properties(mapping);
    }
    let told = |(at, column): &(usize, &Column)| match &column.role {
        Role::Property(..) => true,
        Role::Event(says) => tells_events(says, by_header, rows.iter().filter_map(|row| row.get(*at))),
        _ => false,
    };
    let Some((_, column)) = mapping.columns.iter().enumerate().find(told) else { return };
    if mapping.kind != Kind::ConsentEvents {
        mapping.why = format!("{}; the column {} tells events", mapping.why, column.header);
        (mapping.kind, mapping.kind_proven) = (Kind::ConsentEvents, true);
        mapping.implies.clear();
    }
}

/// Whether the words of a column are known (`Event` may as well be the fair at which somebody was met); `harmless`: and
/// whether some say nothing against contact.
fn tells_events<'a>(says: &Says, harmless: bool, cells: impl Iterator<Item = &'a String>) -> bool {
    let (mut filled, mut known, mut free) = (0, 0, false);
    for cell in cells.filter(|cell| !is_blank(cell)) {
        let meaning = says.words.meaning(cell);
        filled += 1;
        known += usize::from(event_word(cell).is_some() || meaning.is_some());
        free |= meaning == Some(Meaning::Unknown);
    }
    known > 0 && known * 2 >= filled && (free || !harmless)
}

/// `email, attribute, value`: each row holds a header and its cell.
fn pair_properties(mapping: &mut Mapping) {
    let place = |fits: &dyn Fn(&Column) -> bool| {
        mapping.columns.iter().position(fits).and_then(|at| u16::try_from(at).ok())
    };
    let free = |c: &Column| matches!(c.role, Role::Other) && c.field.is_none();
    let name = place(&|c| free(c) && dictionary().holds_properties(&c.header));
    let value = place(&|c| free(c) && dictionary().holds_property_values(&c.header));
    let when =
        place(&|c| matches!(c.field, Some(Field::EventTimestamp | Field::LastChanged)) && c.date.is_some());
    let (Some(name), Some(value)) = (name, value) else { return };
    // The date of a change is that of an event here.
    if let Some(column) = when.and_then(|at| mapping.columns.get_mut(usize::from(at))) {
        column.field = Some(Field::EventTimestamp);
    }
    if let Some(column) = mapping.columns.get_mut(usize::from(name)) {
        column.role = Role::Property(value, DateColumns { refused: when, ..DateColumns::default() });
    }
}

/// What a property and its value refuse, read as a header and its cell.
pub(crate) fn of_property(name: &str, value: &str) -> Option<(Meaning, Option<EventKind>, Channels)> {
    let mut look = ColumnProfile::default();
    look.see(value);
    match hear(name, &look, HeadersBeside::ALONE) {
        _ if look.filled == 0 => None,
        Ok(None) => None,
        // Perhaps no consent to contact; but a no it is, and nothing else will tell of it.
        Err(_) => (look.no > 0).then_some((Meaning::Denied, None, Channels::ALL)),
        Ok(Some(Heard { speech: Speech::Plain, .. })) => None,
        Ok(Some(Heard { speech: Speech::Status { words, refuses, .. }, .. })) => {
            let told = words.meaning(value).filter(|m| speaks_against(*m));
            told.map(|meaning| (meaning, None, refuses))
        }
        Ok(Some(Heard { speech: Speech::Refusal { event, words, refuses, .. }, .. })) => {
            let told = words.meaning(value);
            let harmless = [Meaning::Unknown, Meaning::False, Meaning::Never, Meaning::Granted];
            let refused = told.is_none_or(|meaning| !harmless.contains(&meaning));
            refused.then_some((Meaning::Withdrawn, Some(event), refuses))
        }
    }
}

/// The channels that an object in a cell of consents says no to (`{"email": false, "sms": true}`); `all` where its key
/// names none.
pub(crate) fn each_denied(cell: &str, all: Channels, mut denied: impl FnMut(Channels)) {
    for (key, value) in crate::source::jsonl::of_cell(cell).into_iter().flatten() {
        if yes_or_no(&value) == Some(false) {
            let named = channels(&key);
            denied(if named.all_known && !named.refuses.is_empty() { named.refuses } else { all });
        }
    }
}

/// What a cell tells of how consent was captured, and whether it tells an act of the person or an import.
pub(crate) fn captured(text: &str, facts: &mut Facts) -> (Evidence, bool) {
    facts.captured.get(text).unwrap_or_else(|| {
        let found = match words::captured(text) {
            Capture::Imported => (Evidence::IMPORTED, true),
            Capture::Told(more) if !is_date(text) => (more, true),
            Capture::Told(_) | Capture::Nothing => (Evidence::default(), false),
        };
        facts.captured.note(text, found);
        found
    })
}

fn is_date(text: &str) -> bool {
    matches!(parse(text, DateRules::default()), Stamp::Known(_) | Stamp::Either { .. })
}

/// The event a meaning amounts to in a source of that kind; `None` = it says nothing we may build on.
pub(crate) const fn event_of(meaning: Meaning, kind: Kind) -> Option<EventKind> {
    Some(match meaning {
        Meaning::Granted | Meaning::ImportedUnverified => EventKind::ConsentGiven,
        Meaning::Denied => EventKind::ConsentDeclined,
        Meaning::Withdrawn => EventKind::ConsentWithdrawn,
        Meaning::Pending => EventKind::ConsentPending,
        Meaning::NotGiven => EventKind::ConsentNotGiven,
        Meaning::BouncedHard | Meaning::Bounced | Meaning::Invalid => EventKind::HardBounce,
        Meaning::BouncedSoft | Meaning::BlockedSoft => EventKind::SoftBounce,
        Meaning::Complained => EventKind::Complaint,
        Meaning::Suppressed if matches!(kind, Kind::Registry) => EventKind::RegistryListed,
        Meaning::Suppressed => EventKind::DoNotContact,
        Meaning::Deceased => EventKind::Deceased,
        Meaning::Unheard => EventKind::ConsentWordUnknown,
        Meaning::Never
        | Meaning::Unknown
        | Meaning::Deleted
        | Meaning::Inactive
        | Meaning::True
        | Meaning::False => return None,
    })
}

/// The event of a word of an event file; case and `-`, `_`, blank alike.
pub(crate) fn event_word(cell: &str) -> Option<EventKind> {
    let same = |word: &str| {
        let cell = cell.trim();
        cell.len() == word.len()
            && cell
                .bytes()
                .zip(word.bytes())
                .all(|(a, b)| a.eq_ignore_ascii_case(&b) || b == b'_' && matches!(a, b'-' | b' '))
    };
    EventKind::ALL.into_iter().find(|kind| same(kind.word()))
}
