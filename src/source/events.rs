//! Words and meanings → events. Knows no column.

use crate::record::{EventKind, Kind, Meaning};

/// The event a meaning amounts to in a source of that kind; `None` = it says nothing we may build on.
pub(super) const fn event_of(meaning: Meaning, kind: Kind) -> Option<EventKind> {
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
        Meaning::Never
        | Meaning::Unknown
        | Meaning::Deleted
        | Meaning::Inactive
        | Meaning::True
        | Meaning::False => return None,
    })
}

/// The event of a word of an event file; case and `-`, `_`, blank alike.
pub(super) fn event_word(cell: &str) -> Option<EventKind> {
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
