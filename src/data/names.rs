//! What is known of names: nicknames, the words that stand around a name, and the guards of linking.
//!
//! Files: `nicknames.txt` (English), `nicknames.europe.txt` (German, Spanish, French, Italian), `link.toml`.
//! Everything here is lower case and free of accents, as `link::name` folds names.

use crate::data::built_in;
use crate::record::{Set, words};
use foldhash::HashMap;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const ENGLISH: &str = include_str!("nicknames.txt");
const EUROPE: &str = include_str!("nicknames.europe.txt");
const LINK: &str = include_str!("link.toml");

tables! {
    /// When two rows may be joined at all.
    #[derive(PartialEq)]
    pub struct Guard {
        /// More distinct names than this on one key: the key joins nobody.
        pub names_per_key: usize,
        /// More rows than this under one name and key, or in one contact: nobody is joined.
        pub rows_per_contact: usize,
        /// More distinct names than this in one contact: it is taken apart.
        pub names_per_contact: usize,
        /// Jaro-Winkler similarity (0 to 1) from which two spellings are close.
        pub closeness: f64,
    }

    struct NameWords {
        titles: Vec<String>,
        credentials: Vec<String>,
        credentials_after_comma: Vec<String>,
        suffixes: BTreeMap<String, String>,
        particles: Vec<String>,
        company: Vec<String>,
        placeholders: Vec<String>,
    }

    struct Street {
        short: HashMap<String, String>,
        units: Vec<String>,
        units_behind_number: Vec<String>,
    }

    struct LinkFile {
        guard: Guard,
        words: NameWords,
        street: Street,
    }
}

words! {
    /// What a word may be in or beside a name.
    pub enum NameRole {
        /// Form of address: `dr`, `frau`.
        Title,
        /// Post-nominal: `lcsw`.
        Credential,
        /// Post-nominal when it stands behind a comma, else a family name: `ma`.
        CredentialAfterComma,
        /// Tells generations apart: `jr`.
        Suffix,
        /// Begins a family name: `van`, `de`.
        Particle,
        /// Makes the name a company's: `gmbh`.
        Company,
        /// Begins a text that only fills the cell: `unknown`, `n` of `n/a`.
        Placeholder,
    }
}

/// A set of roles.
pub type Roles = Set<NameRole>;

/// Words with their roles, sorted, and where the words of each first byte begin.
#[derive(Debug, Default)]
struct RoleTable {
    words: Vec<(Box<[u8]>, Roles)>,
    starts: Vec<usize>,
}

impl RoleTable {
    fn new<'w>(words: &'w NameWords) -> Self {
        let mut roles = BTreeMap::<&str, Roles>::new();
        let of = |role| move |word: &'w String| (word.as_str(), role);
        let first_words = words.placeholders.iter().filter_map(|text| text.split(' ').next());
        let all = first_words.map(|word| (word, NameRole::Placeholder));
        let all = all.chain(words.titles.iter().map(of(NameRole::Title)));
        let all = all.chain(words.credentials.iter().map(of(NameRole::Credential)));
        let all = all.chain(words.credentials_after_comma.iter().map(of(NameRole::CredentialAfterComma)));
        let all = all.chain(words.suffixes.keys().map(of(NameRole::Suffix)));
        let all = all.chain(words.particles.iter().map(of(NameRole::Particle)));
        for (word, role) in all.chain(words.company.iter().map(of(NameRole::Company))) {
            roles.entry(word).or_default().add(role);
        }
        let words: Vec<_> = roles.into_iter().map(|(word, roles)| (word.as_bytes().into(), roles)).collect();
        let first = |(word, _): &(Box<[u8]>, Roles)| word.first().map(|first| u32::from(*first));
        let starts = (0..=256).map(|byte| words.partition_point(|word| first(word) < Some(byte))).collect();
        Self { words, starts }
    }

    fn roles(&self, word: &[u8]) -> Roles {
        let Some(&first) = word.first() else { return Roles::default() };
        let first = usize::from(first);
        let bucket = &self.words[self.starts[first]..self.starts[first + 1]];
        bucket.iter().find(|(other, _)| **other == *word).map_or(Roles::default(), |(_, roles)| *roles)
    }
}

/// The tables of names and linking.
#[derive(Debug)]
pub struct Names {
    link: LinkFile,
    roles: RoleTable,
    /// Formal names with their nicknames, both sorted.
    formal: HashMap<&'static [u8], Vec<&'static [u8]>>,
    /// Nicknames with the formal names they stand for, both sorted.
    short: HashMap<&'static [u8], Vec<&'static [u8]>>,
}

impl Names {
    /// The built-in tables.
    pub fn builtin() -> &'static Self {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(Self::read)
    }

    fn read() -> Self {
        let link: LinkFile = built_in::table("link.toml", LINK);
        let (mut formal, mut short) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for (name, nicknames) in ENGLISH.lines().chain(EUROPE.lines()).filter_map(|l| l.split_once('\t')) {
            for nickname in nicknames.split(' ') {
                formal.entry(name.as_bytes()).or_default().push(nickname.as_bytes());
                short.entry(nickname.as_bytes()).or_default().push(name.as_bytes());
            }
        }
        for list in formal.values_mut().chain(short.values_mut()) {
            list.sort_unstable();
            list.dedup();
        }
        let roles = RoleTable::new(&link.words);
        let (formal, short) = (formal.into_iter().collect(), short.into_iter().collect());
        Self { link, roles, formal, short }
    }

    /// The built-in guards.
    pub fn guard(&self) -> &Guard {
        &self.link.guard
    }

    /// Whether one given name is a nickname of the other, or both are nicknames of one formal name. Symmetric,
    /// not transitive.
    pub fn nickname(&self, a: &[u8], b: &[u8]) -> bool {
        let has = |formal: &[u8], nick: &[u8]| {
            self.formal.get(formal).is_some_and(|nicks| nicks.binary_search(&nick).is_ok())
        };
        if has(a, b) || has(b, a) {
            return true;
        }
        match (self.short.get(a), self.short.get(b)) {
            (Some(a), Some(b)) => a.iter().any(|formal| b.binary_search(formal).is_ok()),
            _ => false,
        }
    }

    /// Whether the word is a given name or nickname of the tables.
    pub fn is_given_name(&self, word: &[u8]) -> bool {
        self.formal.contains_key(word) || self.short.contains_key(word)
    }

    /// What the word may be in or beside a name; asked for every word of every name.
    pub fn roles(&self, word: &[u8]) -> Roles {
        self.roles.roles(word)
    }

    /// The suffix that tells generations apart, in its short form: `junior` is `jr`.
    pub fn suffix(&self, word: &[u8]) -> Option<&str> {
        let word = std::str::from_utf8(word).ok()?;
        self.link.words.suffixes.get(word).map(String::as_str)
    }

    /// Whether a folded name only fills the cell: `unknown`.
    pub fn is_placeholder(&self, name: &[u8]) -> bool {
        self.link.words.placeholders.binary_search_by(|text| text.as_bytes().cmp(name)).is_ok()
    }

    /// The short form of a word of a street address, which may be empty: `street` is `st`, `no` is nothing.
    pub fn street_word(&self, word: &[u8]) -> Option<&str> {
        let word = std::str::from_utf8(word).ok()?;
        self.link.street.short.get(word).map(String::as_str)
    }

    /// Whether the word stands before the number of a flat; some do only behind the number of the house (`numbered`).
    pub fn is_unit(&self, word: &[u8], numbered: bool) -> bool {
        let Street { units, units_behind_number, .. } = &self.link.street;
        let has = |words: &[String]| words.binary_search_by(|w| w.as_bytes().cmp(word)).is_ok();
        has(units) || numbered && has(units_behind_number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(word: &str) -> bool {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b' ')
    }

    fn check_list(text: &str) {
        let header: Vec<_> = text.lines().take_while(|l| l.starts_with('#')).collect();
        for word in ["# source:", "# as_of:", "# licence:"] {
            assert!(header.iter().any(|l| l.starts_with(word)), "the file lacks {word}");
        }
        let mut last = "";
        for line in text.lines().skip(header.len()) {
            let (name, nicknames) = line.split_once('\t').expect("formal name, tab, nicknames");
            assert!(folded(name) && last < name, "{name} is unsorted, double or not folded");
            last = name;
            let mut last = "";
            for nickname in nicknames.split(' ') {
                assert!(folded(nickname) && last < nickname, "{name}: {nickname} is unsorted or double");
                assert_ne!(name, nickname);
                last = nickname;
            }
        }
    }

    #[test]
    fn nickname_files_are_cited_sorted_and_unique() {
        [ENGLISH, EUROPE].into_iter().for_each(check_list);
    }

    #[test]
    fn word_lists_are_sorted_unique_and_folded() {
        let words = &Names::builtin().link.words;
        let street = &Names::builtin().link.street;
        let credentials = [&words.credentials, &words.credentials_after_comma];
        let others = [&words.titles, &words.particles, &words.company, &words.placeholders];
        let units = [&street.units, &street.units_behind_number];
        for list in credentials.into_iter().chain(others).chain(units) {
            assert!(list.is_sorted_by(|a, b| a < b), "unsorted: {list:?}");
            assert!(list.iter().all(|w| folded(w)), "not folded: {list:?}");
        }
        assert!(LINK.contains("# source:") && LINK.contains("# as_of:") && LINK.contains("# confidence:"));
    }

    #[test]
    fn nicknames_are_compared_pairwise() {
        let names = Names::builtin();
        let same = "robert bob; bob rob; francisco paco; ignacio nacho; friedrich fritz; luigi gigi; \
            christina chris; christian chris";
        // Two are `chris`, and yet no one is called both: closure would join them.
        for (pairs, expected) in [(same, true), ("johannes robert; christina christian; robert xyz", false)] {
            for (a, b) in pairs.split("; ").filter_map(|pair| pair.split_once(' ')) {
                assert_eq!(names.nickname(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
                assert_eq!(names.nickname(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
            }
        }
    }

    #[test]
    fn words_around_names() {
        let names = Names::builtin();
        // Yo-Yo Ma keeps his family name.
        for (role, are, are_not) in [
            (NameRole::Title, "dr", "jane, "),
            (NameRole::Credential, "lcsw", "ma"),
            (NameRole::CredentialAfterComma, "ma, do", ""),
            (NameRole::Particle, "do, zur", ""),
            (NameRole::Suffix, "2nd", ""),
            (NameRole::Placeholder, "not", ""),
        ] {
            let has = |word: &str| names.roles(word.as_bytes()).has(role);
            assert!(are.split(", ").all(has) && !are_not.split(", ").any(has), "{are}");
        }
        assert_eq!(names.suffix(b"junior"), Some("jr"));
        assert_eq!(names.street_word(b"street"), Some("st"));
    }

    #[test]
    fn guards_stand_in_their_ranges() {
        let guard = Names::builtin().guard();
        assert!(guard.names_per_key >= 2 && guard.rows_per_contact >= 2 && guard.names_per_contact >= 2);
        assert!((0.5..1.0).contains(&guard.closeness));
    }
}
