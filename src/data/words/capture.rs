//! How and where consent was captured, as files word it: an act of the person, a list that was brought in, or neither.
//!
//! Only listed words take anything away: a shop's own name for its form is believed.

use super::table::WordTable;
use super::{PHRASE_WORDS, yes_or_no};
use crate::data::built_in;
use crate::data::fold::{Folded, fold};
use crate::record::{Evidence, Set, words};
use serde::Deserialize;
use std::sync::LazyLock;

/// What a filled cell says of the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    /// It is told, and perhaps more than that.
    Told(Evidence),
    /// The consent came in with a list.
    Imported,
    /// No act of the person is told.
    Nothing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaptureFile {
    written: Vec<String>,
    optout_offered: Vec<String>,
    imported: Vec<String>,
    no_act: Vec<String>,
    acts: Vec<String>,
    electronic: Vec<String>,
    paper: Vec<String>,
}

words! {
    /// What a phrase says, wherever it stands.
    enum CaptureWord {
        Import,
        NoAct,
        Act,
        Electronic,
        Paper,
    }
}

struct CaptureTables {
    more: WordTable<Evidence>,
    phrases: WordTable<CaptureWord>,
}

static TABLES: LazyLock<CaptureTables> = LazyLock::new(|| {
    let file: CaptureFile = built_in::table("capture.toml", include_str!("../capture.toml"));
    let more = [(file.written, Evidence::WRITTEN), (file.optout_offered, Evidence::OPTOUT_OFFERED)];
    let words = [
        (file.imported, CaptureWord::Import),
        (file.no_act, CaptureWord::NoAct),
        (file.acts, CaptureWord::Act),
        (file.electronic, CaptureWord::Electronic),
        (file.paper, CaptureWord::Paper),
    ];
    CaptureTables { more: table(more), phrases: table(words) }
});

fn table<T: Copy>(lists: impl IntoIterator<Item = (Vec<String>, T)>) -> WordTable<T> {
    let each =
        |(words, told): (Vec<String>, T)| words.into_iter().map(move |word| (fold(&word).into(), told));
    WordTable::of(lists.into_iter().flat_map(each).collect())
}

/// What a filled cell for how or where consent was captured says. A web address tells the page.
pub fn captured(cell: &str) -> Capture {
    if cell.contains("://") || cell.trim_start().starts_with("www.") {
        return Capture::Told(Evidence::FORM);
    }
    // Longer texts are sentences, in which these words may mean anything.
    let Some(word) = Folded::of(cell) else { return Capture::Told(Evidence::default()) };
    let text = word.as_str();
    if let Some(more) = TABLES.more.get(text) {
        return Capture::Told(more);
    }
    let said: Set<CaptureWord> = phrases(text).collect();
    let letterless = !text.chars().any(char::is_alphabetic);
    let on_screen = said.has(CaptureWord::Electronic) && !said.has(CaptureWord::Paper);
    let acted = [CaptureWord::Act, CaptureWord::Electronic, CaptureWord::Paper].iter().any(|w| said.has(*w));
    match () {
        () if said.has(CaptureWord::Import) => Capture::Imported,
        () if letterless || yes_or_no(cell).is_some() => Capture::Nothing,
        () if said.has(CaptureWord::NoAct) && !acted => Capture::Nothing,
        () if on_screen => Capture::Told(Evidence::FORM),
        () => Capture::Told(Evidence::default()),
    }
}

/// The phrases of a folded text, at every word the longest.
fn phrases(text: &str) -> impl Iterator<Item = CaptureWord> {
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    starts.filter_map(move |at| TABLES.phrases.longest(&text[at..], PHRASE_WORDS))
}

#[cfg(test)]
mod tests {
    use super::{Capture, CaptureFile, captured};
    use crate::data::fold::fold;
    use crate::record::Evidence;
    use std::collections::BTreeSet;

    /// Cells parted by `; `.
    fn check(cells: &str, said: Capture) {
        cells.split("; ").for_each(|cell| assert_eq!(captured(cell), said, "{cell}"));
    }

    #[test]
    fn words_that_prove_more() {
        let written = "signed web form; In writing; unterschrieben; E-Signature; par \u{e9}crit";
        check(written, Capture::Told(Evidence::WRITTEN));
        check("checkout with opt-out link; Opt-out offered", Capture::Told(Evidence::OPTOUT_OFFERED));
    }

    #[test]
    fn an_act_on_a_screen_is_told_from_others() {
        let told = "web form; website; Checkout; landing page; https://fernhill.org/import; www.fernhill.org/api; \
            Formular; order form; API - web form; SMS keyword; Checkbox";
        check(told, Capture::Told(Evidence::FORM));
    }

    #[test]
    fn an_act_or_an_unknown_word_is_believed() {
        let told = "in store; Trade fair 2026; phone; double opt-in; paper form; Shopify; \
            important customers' evening; desk; not signed; unsigned; written by hand of others";
        check(told, Capture::Told(Evidence::default()));
    }

    #[test]
    fn an_import_is_one_in_any_language() {
        let imported = "import; Imported from Mailchimp; bulk import 2024-03; CSV upload; list upload; \
            purchased list; Bought list; rented; data broker; migration; Migrated from Zoho; API import; \
            imported from web form; importiert; gekaufte Liste; Import\u{e9}; liste achet\u{e9}e; lista comprada; \
            importaci\u{f3}n; lista acquistata; Ge\u{ef}mporteerd";
        check(imported, Capture::Imported);
    }

    #[test]
    fn who_wrote_the_record_is_no_act_of_the_person() {
        let nothing = "API; admin; Internal; Manual entry by staff; Salesforce sync; Zapier; unknown; ?; yes; \
            opt-out; order; Purchase #1234; 2026-01-01; manuell; inconnu; desconocido; sconosciuto; onbekend";
        check(nothing, Capture::Nothing);
    }

    #[test]
    fn no_word_stands_in_two_lists() {
        let file: CaptureFile = toml::from_str(include_str!("../capture.toml")).unwrap();
        let mut seen = BTreeSet::new();
        let CaptureFile { written, optout_offered, imported, no_act, acts, electronic, paper } = file;
        for word in [written, optout_offered, imported, no_act, acts, electronic, paper].concat() {
            assert!(seen.insert(fold(&word)), "{word} stands twice");
        }
    }
}
