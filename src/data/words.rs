//! Words of cells: yes, no, status words, channel words, in many languages.
//!
//! Knows what a word means in a column of a given sort; knows no column. A word that is not listed means nothing.

use super::fold::{Folded, fold};
use crate::record::{Channel, Channels, Meaning};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Which of the built-in words a column reads beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Base {
    /// A recognised vendor's column: its own words, and beside them only words that speak against contact.
    #[default]
    Vendor,
    /// A consent column: *yes* is a consent, *no* is a refusal.
    Consent,
    /// A status column: words that only a subscription has; a plain *yes* or *active* says nothing.
    Status,
    /// An opt-out column: *yes* is a refusal, *no* says only that no objection is known.
    Refusal,
    /// A double opt-in column: *yes* is a confirmation, *no* only lacks one.
    Confirmation,
}

/// The words of one column: its own first, then the built-in ones of its [`Base`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    own: Vec<(Box<str>, Meaning)>,
    base: Base,
}

impl Words {
    /// The built-in words alone.
    pub const fn of(base: Base) -> Self {
        Self { own: Vec::new(), base }
    }

    /// A column with words of its own.
    pub fn with(base: Base, own: impl IntoIterator<Item = (String, Meaning)>) -> Self {
        let mut own: Vec<(Box<str>, Meaning)> =
            own.into_iter().map(|(word, meaning)| (own_key(&word).into(), meaning)).collect();
        own.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        own.dedup_by(|a, b| a.0 == b.0);
        Self { own, base }
    }

    /// The column's own words, folded and sorted.
    pub fn own(&self) -> &[(Box<str>, Meaning)] {
        &self.own
    }

    /// What the column's own words say of the cell, the built-in ones apart.
    pub fn listed(&self, cell: &str) -> Option<Meaning> {
        let folded = Folded::of(cell)?;
        let at = self.own.binary_search_by(|(own, _)| (**own).cmp(folded.as_str())).ok()?;
        self.own.get(at).map(|(_, meaning)| *meaning)
    }

    /// What the cell means; `None` for an empty cell and for a word that is not listed. Does not allocate.
    pub fn meaning(&self, cell: &str) -> Option<Meaning> {
        let folded = Folded::of(cell)?;
        let mut word = folded.as_str();
        if word.is_empty() {
            word = cell.trim();
        }
        if let Ok(at) = self.own.binary_search_by(|(own, _)| (**own).cmp(word)) {
            return self.own.get(at).map(|(_, meaning)| *meaning);
        }
        if word.is_empty() { None } else { built_in().meaning(self.base, word) }
    }
}

/// A vendor's word as compared: folded, or as it stands when nothing is left of it (`*`).
fn own_key(word: &str) -> String {
    let folded = fold(word);
    if folded.is_empty() { word.trim().to_owned() } else { folded }
}

/// Whether the cell stands for nothing: empty, a placeholder (`null`, `n/a`, `[]`, `0000-00-00`), or only
/// punctuation that is no mark (`x`, `✓`, `*` are marks).
pub fn is_blank(cell: &str) -> bool {
    let trimmed = cell.trim();
    if trimmed.is_empty() || matches!(trimmed, "-" | "--" | "[]" | "{}" | "\"\"" | "''" | "." | "—" | "–")
    {
        return true;
    }
    Folded::of(trimmed).is_some_and(|f| has(&built_in().empty, f.as_str()))
}

/// Whether the cell is a known *yes* (`Some(true)`) or *no* (`Some(false)`).
pub fn yes_or_no(cell: &str) -> Option<bool> {
    let folded = Folded::of(cell)?;
    match folded.as_str() {
        "" => None,
        word if has(&built_in().yes, word) => Some(true),
        word if has(&built_in().no, word) => Some(false),
        _ => None,
    }
}

/// The channels a cell names (`email`, `["email","sms"]`, `MailingAddress`), and whether every word was known.
pub fn channels(cell: &str) -> (Channels, bool) {
    let (mut found, mut all_known) = (Channels::NONE, true);
    for part in cell.split([',', ';', '|', '"', '[', ']', '+']) {
        let Some(folded) = Folded::of(part) else {
            all_known = false;
            continue;
        };
        match folded.as_str() {
            "" => {}
            word => match lookup(&built_in().channels, word) {
                Some(channel) => found = found.union(Channels::only(channel)),
                None => all_known = false,
            },
        }
    }
    (found, all_known)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    yes: Vec<String>,
    no: Vec<String>,
    empty: Vec<String>,
    status: BTreeMap<Meaning, Vec<String>>,
    channels: BTreeMap<Channel, Vec<String>>,
}

struct Tables {
    yes: Vec<(Box<str>, ())>,
    no: Vec<(Box<str>, ())>,
    empty: Vec<(Box<str>, ())>,
    status: Vec<(Box<str>, Meaning)>,
    channels: Vec<(Box<str>, Channel)>,
}

impl Tables {
    fn meaning(&self, base: Base, word: &str) -> Option<Meaning> {
        use Meaning as M;
        let status = lookup(&self.status, word);
        let against = status.filter(|m| speaks_against(*m));
        let yes = || has(&self.yes, word);
        let no = || has(&self.no, word);
        match base {
            Base::Vendor => against,
            Base::Status => status,
            Base::Consent if status.is_some() => status,
            Base::Consent if yes() => Some(M::Granted),
            Base::Consent if no() => Some(M::Denied),
            Base::Confirmation if status.is_some() => status,
            Base::Confirmation if yes() => Some(M::Granted),
            Base::Confirmation if no() => Some(M::Unknown),
            Base::Refusal if word == "out" || yes() && status.is_none() => Some(M::Withdrawn),
            Base::Refusal if no() && against.is_none() => Some(M::Unknown),
            Base::Refusal => match status {
                Some(M::Granted | M::Never | M::Pending | M::ImportedUnverified) => Some(M::Unknown),
                Some(other) => Some(other),
                None if word == "active" => Some(M::Unknown),
                None => None,
            },
            Base::Consent | Base::Confirmation => None,
        }
    }
}

/// Whether a meaning speaks against contact.
pub const fn speaks_against(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Denied
            | Meaning::Withdrawn
            | Meaning::Pending
            | Meaning::BouncedHard
            | Meaning::BouncedSoft
            | Meaning::Bounced
            | Meaning::Complained
            | Meaning::Invalid
            | Meaning::Suppressed
    )
}

fn lookup<T: Copy>(table: &[(Box<str>, T)], word: &str) -> Option<T> {
    let at = table.binary_search_by(|(own, _)| (**own).cmp(word)).ok()?;
    table.get(at).map(|(_, value)| *value)
}

fn has(table: &[(Box<str>, ())], word: &str) -> bool {
    lookup(table, word).is_some()
}

fn sorted<T>(pairs: impl Iterator<Item = (String, T)>) -> Vec<(Box<str>, T)> {
    let mut table: Vec<(Box<str>, T)> = pairs.map(|(word, value)| (fold(&word).into(), value)).collect();
    table.sort_by(|a, b| a.0.cmp(&b.0));
    table
}

fn read() -> Result<Tables, toml::de::Error> {
    let file: File = toml::from_str(include_str!("words.toml"))?;
    let plain = |list: Vec<String>| sorted(list.into_iter().map(|w| (w, ())));
    let flat = |(meaning, words): (Meaning, Vec<String>)| words.into_iter().map(move |w| (w, meaning));
    let named = |(channel, words): (Channel, Vec<String>)| words.into_iter().map(move |w| (w, channel));
    Ok(Tables {
        yes: plain(file.yes),
        no: plain(file.no),
        empty: plain(file.empty),
        status: sorted(file.status.into_iter().flat_map(flat)),
        channels: sorted(file.channels.into_iter().flat_map(named)),
    })
}

fn built_in() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| read().unwrap_or_else(|error| panic!("words.toml: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polarity_per_base() {
        let check =
            |base, cell, expected| assert_eq!(Words::of(base).meaning(cell), expected, "{base:?} {cell}");
        check(Base::Consent, " Yes", Some(Meaning::Granted));
        check(Base::Consent, "nein", Some(Meaning::Denied));
        check(Base::Consent, "UNSUBSCRIBED", Some(Meaning::Withdrawn));
        check(Base::Consent, "opt-out", Some(Meaning::Withdrawn));
        check(Base::Consent, "maybe", None);
        check(Base::Consent, "", None);
        check(Base::Consent, "2", None);
        check(Base::Status, "active", None);
        check(Base::Status, "yes", None);
        check(Base::Status, "Subscribed", Some(Meaning::Granted));
        check(Base::Refusal, "0", Some(Meaning::Unknown));
        check(Base::Refusal, "no", Some(Meaning::Unknown));
        check(Base::Refusal, "Sì", Some(Meaning::Withdrawn));
        check(Base::Refusal, "opt-out", Some(Meaning::Withdrawn));
        check(Base::Refusal, "opt-in", Some(Meaning::Unknown));
        check(Base::Refusal, "subscribed", Some(Meaning::Unknown));
        check(Base::Refusal, "unsubscribed", Some(Meaning::Withdrawn));
        check(Base::Refusal, "out", Some(Meaning::Withdrawn));
        check(Base::Refusal, "X", None);
        check(Base::Confirmation, "no", Some(Meaning::Unknown));
        check(Base::Confirmation, "Yes", Some(Meaning::Granted));
        check(Base::Vendor, "yes", None);
        check(Base::Vendor, "subscribed", None);
        check(Base::Vendor, "unsubscribed", Some(Meaning::Withdrawn));
    }

    #[test]
    fn own_words_come_first() {
        let words = Words::with(
            Base::Vendor,
            [("no".to_owned(), Meaning::Unknown), ("*".to_owned(), Meaning::Withdrawn)],
        );
        assert_eq!(words.meaning("No"), Some(Meaning::Unknown));
        assert_eq!(words.meaning("*"), Some(Meaning::Withdrawn));
        assert_eq!(words.meaning(""), None);
    }

    #[test]
    fn channel_cells() {
        assert_eq!(channels("[\"email\",\"sms\"]"), (Channels(0b11), true));
        assert_eq!(channels("MailingAddress"), (Channels::only(Channel::Post), true));
        assert_eq!(channels("Web"), (Channels::NONE, false));
        assert_eq!(channels(""), (Channels::NONE, true));
    }

    #[test]
    fn blanks() {
        for cell in ["", " ", "null", "(blank)", "N/A", "[]", "0000-00-00", "0/0/00", "-"] {
            assert!(is_blank(cell), "{cell}");
        }
        for cell in ["X", "0", "*", "\u{2713}", "nein"] {
            assert!(!is_blank(cell), "{cell}");
        }
    }

    #[test]
    fn no_word_stands_in_two_lists() {
        let tables = built_in();
        for pair in tables.status.windows(2) {
            assert!(pair[0].0 != pair[1].0, "status word twice: {}", pair[0].0);
        }
        for (word, ()) in &tables.yes {
            assert!(!has(&tables.no, word), "yes and no: {word}");
            assert!(!has(&tables.empty, word), "yes and empty: {word}");
        }
        for list in [&tables.yes, &tables.no, &tables.empty] {
            for pair in list.windows(2) {
                assert!(pair[0].0 != pair[1].0, "word twice: {}", pair[0].0);
            }
        }
        for pair in tables.channels.windows(2) {
            assert!(pair[0].0 != pair[1].0, "channel word twice: {}", pair[0].0);
        }
        for (word, meaning) in &tables.status {
            if has(&tables.yes, word) {
                assert_eq!(*meaning, Meaning::Granted, "yes, but {meaning:?}: {word}");
            }
            if has(&tables.no, word) {
                assert_eq!(*meaning, Meaning::Withdrawn, "no, but {meaning:?}: {word}");
            }
        }
    }
}
