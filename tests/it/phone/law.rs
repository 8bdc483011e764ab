//! What holds of every text as a telephone number; called by the property tests and by the fuzz target alike.

use contactable::phone::{Formats, PhoneScratch, PhoneTables, Region, check, split_cell};

/// `at`: number of the plan of the row's country; none when there is no such plan.
///
/// # Panics
/// Where the law does not hold of the cell.
pub(crate) fn law(cell: &str, at: usize) {
    thread_local! {
        static TABLES: (PhoneTables, Formats) = (PhoneTables::built_in(), Formats::built_in());
    }
    TABLES.with(|(tables, formats)| {
        let letters = tables.plans().all().get(at).and_then(|plan| plan.region);
        let region = letters.and_then(|l| Region::from_iso(std::str::from_utf8(&l).unwrap_or_default()));
        let (mut scratch, mut again) = (PhoneScratch::default(), PhoneScratch::default());
        let (mut home, mut abroad) = (String::new(), String::new());
        check(cell, region, tables, &mut scratch);
        split_cell(cell, |part| {
            let first = check(part.text, region, tables, &mut scratch);
            formats.national(first.e164, &mut home);
            formats.international(first.e164, &mut abroad);
            if first.e164.is_empty() {
                return assert!(home.is_empty() && abroad.is_empty(), "{cell:?} {region:?}");
            }
            // Both the canonical form and the one for callers abroad are the same number, in no country's reading.
            for text in [first.e164, abroad.as_str()] {
                let second = check(text, None, tables, &mut again);
                assert_eq!(first.e164, second.e164, "{cell:?} {region:?} {text}");
                assert_eq!((first.kind, first.sms), (second.kind, second.sms), "{cell:?} {region:?} {text}");
            }
        });
    });
}
