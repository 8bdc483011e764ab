//! What holds of every text as an address; called by the property tests and by the fuzz target alike.

use contactable::email::{CheckedAddress, EmailScratch, EmailTables, EmailVerdict, check, split_cell};
use contactable::reason::Effect;

/// # Panics
/// Where the law does not hold of the cell.
pub(crate) fn law(cell: &str) {
    thread_local! {
        static TABLES: EmailTables = EmailTables::builtin();
    }
    TABLES.with(|tables| {
        of_one(cell, tables);
        let mut found = 0;
        split_cell(cell, |part| {
            found += part.matches('@').count();
            of_one(part, tables);
        });
        assert_eq!(found, cell.matches('@').count(), "{cell:?}: an @ sign was lost between two parts");
    });
}

fn of_one(cell: &str, tables: &EmailTables) {
    let (mut scratch, mut again) = (EmailScratch::default(), EmailScratch::default());
    let found = check(cell, tables, &mut scratch);
    let blocked = found.reasons.iter().any(|r| r.effect() == Effect::Blocks);
    if found.verdict == EmailVerdict::Invalid {
        assert!(blocked, "{cell:?} is refused without a reason");
        let texts = [found.address, found.key, found.exact, found.domain];
        assert_eq!(texts, [""; 4], "{cell:?} is refused and gives an address");
    } else {
        assert!(found.at.is_none(), "{cell:?} is accepted with a fault");
        assert_eq!(found.exact, found.fold, "{cell:?}");
        let CheckedAddress { address, exact, key, verdict, .. } = found;
        let mut check = |text: &str| {
            let again = check(text, tables, &mut again);
            (again.verdict, again.address.to_owned(), again.exact.to_owned(), again.key.to_owned())
        };
        // The repaired address needs no repair, and is the same address.
        let (once_more, same, folded, matched) = check(address);
        assert_eq!((same.as_str(), folded.as_str(), matched.as_str()), (address, exact, key), "{cell:?}");
        assert!(once_more <= verdict, "{cell:?}: {once_more:?} after {verdict:?}");
        // What consent is keyed by is its own canonical form, and so is what mailboxes are matched by.
        let (_, _, folded, matched) = check(exact);
        assert_eq!((folded.as_str(), matched.as_str()), (exact, key), "{cell:?}");
        let (_, _, _, matched) = check(key);
        assert_eq!(matched, key, "{cell:?}");
    }
    let place = found.at.is_none_or(|at| cell.is_char_boundary(at as usize));
    assert!(place, "{cell:?}: {:?} is no place in it", found.at);
    if let Some(meant) = found.suggestion {
        let verdict = check(meant, tables, &mut again).verdict;
        assert_ne!(verdict, EmailVerdict::Invalid, "{cell:?}: {meant} is suggested");
    }
}
