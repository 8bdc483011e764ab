//! What the reason table promises, the forms of an address, and laws over any cell.

use proptest::prelude::*;

use super::*;

fn ids(reasons: Reasons) -> String {
    reasons.iter().map(|r| r.id().trim_start_matches("email-")).collect::<Vec<_>>().join(" ")
}

/// `verdict`, reasons without family, and the address to send to.
fn check_cell(cell: &str, expected: &str) {
    let (tables, mut scratch) = (Tables::builtin(), Scratch::new());
    let found = check(cell, &tables, &mut scratch);
    let told = format!("{} [{}] {}", found.verdict.word(), ids(found.reasons), found.address);
    assert_eq!(told.trim_end(), expected, "{cell:?}");
}

fn check_key(cell: &str, exact: &str, key: &str) {
    let (tables, mut scratch) = (Tables::builtin(), Scratch::new());
    let found = check(cell, &tables, &mut scratch);
    assert_eq!((found.exact, found.key), (exact, key), "{cell:?}");
}

#[test]
fn the_reason_table_is_what_happens() {
    let (tables, mut scratch) = (Tables::builtin(), Scratch::new());
    let mut cases = 0;
    for reason in Reason::ALL.iter().copied().filter(|r| r.family() == "email") {
        assert!(!reason.hits().is_empty() && !reason.near_misses().is_empty(), "{}", reason.id());
        for cell in reason.hits() {
            let found = check(cell, &tables, &mut scratch);
            assert!(found.reasons.has(reason), "{cell:?} is not {}: {}", reason.id(), ids(found.reasons));
            cases += 1;
        }
        for cell in reason.near_misses() {
            let found = check(cell, &tables, &mut scratch);
            assert!(!found.reasons.has(reason), "{cell:?} is {}", reason.id());
            cases += 1;
        }
    }
    assert!(cases >= 130, "{cases} cases");
}
