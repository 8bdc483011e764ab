//! Names folded to a compact byte form: `given words`, a separator, `family words`, and a suffix if there is one.
//!
//! Knows how people and vendors write names; knows nothing of keys or rows. Equal bytes mean equal names; how
//! well unequal ones agree is told by `agree`.

use super::words::FoldedWords;
use crate::data::names::{NameRole, Names, Roles};

/// Between the parts of a folded name.
pub(super) const PART: u8 = 0x1f;
/// Before the words of a company's name.
pub(super) const COMPANY: u8 = 0x1e;
/// A folded name is never longer.
const LENGTH_MAX: usize = 200;

/// Words that a person's name has at most; a longer one is that of an office, and told by all its words.
pub(super) const PERSON_WORDS: usize = 7;

/// The cells of a row that make up a name; what a row lacks is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct NameCells<'a> {
    /// Given name.
    pub first: &'a str,
    /// Middle name or initial.
    pub middle: &'a str,
    /// Family name.
    pub last: &'a str,
    /// Whole name, read only when the family name is empty.
    pub full: &'a str,
    /// Jr, Sr, III.
    pub suffix: &'a str,
}

/// Folds names by the built-in tables; its buffers are reused from row to row.
#[derive(Debug, Default)]
pub struct NameFolder {
    words: FoldedWords,
    /// Of each word, what it may be.
    roles: Vec<Roles>,
    suffix: Option<usize>,
    out: Vec<u8>,
}

/// Words `from..to` of the scratch.
type WordRun = std::ops::Range<usize>;

impl NameFolder {
    /// The folded name, at most 200 bytes; empty when the cells hold none (also for `unknown`, `n/a` and
    /// addresses in a name cell).
    pub fn fold(&mut self, cells: NameCells<'_>) -> &[u8] {
        self.words.clear();
        self.roles.clear();
        self.out.clear();
        self.suffix = None;
        let first = self.add(cells.first);
        let middle = self.add(cells.middle);
        let last = self.add(cells.last);
        let (given, family) = if last.is_empty() && !cells.full.is_empty() {
            let full = self.add(cells.full);
            if full.is_empty() { (first.start..middle.end, last) } else { self.split_full(full) }
        } else {
            self.join_parts(first, middle, last)
        };
        let suffix = self.add(cells.suffix);
        for i in suffix {
            self.note_suffix(i);
        }
        self.write(given, family);
        &self.out
    }

    /// The name of a company as one; empty when the cell holds none.
    pub fn company(&mut self, text: &str) -> &[u8] {
        self.words.clear();
        self.roles.clear();
        self.out.clear();
        let all = self.add(text);
        if !all.is_empty() && !self.is_placeholder(all.clone()) {
            self.out.push(COMPANY);
            self.push_run(all);
            if self.out.len() == 1 {
                self.out.clear();
            }
            self.end();
        }
        &self.out
    }

    /// The family's or company's name of a household key, folded again: as [`family`] tells it of a whole name.
    pub fn household(&mut self, text: &str) -> &[u8] {
        self.words.clear();
        self.roles.clear();
        self.out.clear();
        let all = self.add(text);
        if all.len() > PERSON_WORDS || self.is_company(&all) {
            self.out.push(COMPANY);
        }
        self.push_run(all);
        &self.out
    }

    /// Adds a cell's words; an address is no name.
    fn add(&mut self, cell: &str) -> WordRun {
        let from = self.words.len();
        if !cell.is_empty() && !cell.contains('@') {
            self.words.add(cell);
            self.roles.extend((from..self.words.len()).map(|i| Names::builtin().roles(self.words.get(i))));
        }
        from..self.words.len()
    }

    fn is(&self, i: usize, role: NameRole) -> bool {
        self.roles.get(i).is_some_and(|roles| roles.has(role))
    }

    fn is_credential(&self, i: usize, after_comma: bool) -> bool {
        self.is(i, NameRole::Credential) || (after_comma && self.is(i, NameRole::CredentialAfterComma))
    }

    fn note_suffix(&mut self, i: usize) -> bool {
        let is_suffix = self.is(i, NameRole::Suffix);
        if is_suffix {
            self.suffix = Some(i);
        }
        is_suffix
    }

    /// Names in cells of their own. The middle one follows the given one in the buffer: a run covers both.
    fn join_parts(&mut self, first: WordRun, middle: WordRun, last: WordRun) -> (WordRun, WordRun) {
        // A middle name alone says nothing of the given one.
        let given = if first.is_empty() { first } else { self.without_titles(first.start..middle.end) };
        let given = self.without_endings(given, 1);
        (given, self.without_endings(last, 1))
    }

    /// `Last, First`, `First Last, PhD` or `First Middle Last`.
    fn split_full(&mut self, full: WordRun) -> (WordRun, WordRun) {
        let full = self.without_titles(full);
        let comma = full.clone().find(|&i| self.words.commas(i) > self.words.commas(full.start));
        let Some(comma) = comma else { return self.split_words(full) };
        let behind_is_ending =
            (comma..full.end).all(|i| self.is_credential(i, true) || self.is(i, NameRole::Suffix));
        if behind_is_ending {
            for i in comma..full.end {
                self.note_suffix(i);
            }
            return self.split_words(full.start..comma);
        }
        let given = self.without_titles(comma..full.end);
        (self.without_endings(given, 1), self.without_endings(full.start..comma, 1))
    }

    /// The family name is the last word, with what a hyphen joins to it and its particles, in East Asia the first; a lone
    /// word is given.
    fn split_words(&mut self, run: WordRun) -> (WordRun, WordRun) {
        let run = self.without_endings(run, 2);
        if run.len() < 2 {
            return (run.clone(), run.end..run.end);
        }
        if run.clone().all(|i| is_east_asian(self.words.get(i))) {
            return (run.start + 1..run.end, run.start..run.start + 1);
        }
        let particle = (run.start + 1..run.end - 1).find(|&i| self.is(i, NameRole::Particle));
        let mut family = particle.unwrap_or(run.end - 1);
        while family > run.start + 1 && self.words.hyphen(family) {
            family -= 1;
        }
        (run.start..family, family..run.end)
    }

    fn without_titles(&self, mut run: WordRun) -> WordRun {
        while !run.is_empty() && self.is(run.start, NameRole::Title) {
            run.start += 1;
        }
        run
    }

    /// Without suffixes and post-nominals at the end, as long as `keep` words stay.
    fn without_endings(&mut self, mut run: WordRun, keep: usize) -> WordRun {
        while run.len() > keep {
            let last = run.end - 1;
            let behind_comma = self.words.commas(last) > 0;
            if !self.note_suffix(last) && !self.is_credential(last, behind_comma) {
                break;
            }
            run.end = last;
        }
        run
    }

    fn write(&mut self, given: WordRun, family: WordRun) {
        let long = given.len() + family.len() > PERSON_WORDS;
        if long || self.is_company(&given) || self.is_company(&family) {
            self.out.push(COMPANY);
            self.push_run(given);
            self.push_run(family);
            return self.end();
        }
        if self.is_placeholder(given.start..family.end) {
            return;
        }
        let may_be_none = self.is(given.start, NameRole::Placeholder);
        self.push_run(given);
        if may_be_none && Names::builtin().is_placeholder(&self.out) {
            self.out.clear();
        }
        self.out.push(PART);
        let from = self.out.len();
        self.push_run(family);
        if from == 1 && Names::builtin().is_placeholder(&self.out[from..]) {
            self.out.truncate(from);
        }
        if self.out.len() == 1 {
            return self.out.clear();
        }
        if let Some(suffix) = self.suffix.and_then(|i| Names::builtin().suffix(self.words.get(i))) {
            self.out.push(PART);
            self.out.extend_from_slice(suffix.as_bytes());
        }
        self.end();
    }

    /// Whether the words of both parts together only fill the cell: `n/a`, `Test Test`.
    fn is_placeholder(&mut self, whole: WordRun) -> bool {
        if whole.len() > 2 || !self.is(whole.start, NameRole::Placeholder) {
            return false;
        }
        self.push_run(whole);
        let is_placeholder = Names::builtin().is_placeholder(&self.out);
        self.out.clear();
        is_placeholder
    }

    /// Too long a name gets a digest of the whole for a family name: two that begin alike are not one.
    fn end(&mut self) {
        if self.out.len() <= LENGTH_MAX {
            return;
        }
        let digest = name_number(&self.out);
        self.out.retain(|b| *b != COMPANY);
        self.out.truncate(LENGTH_MAX - 17);
        self.out.iter_mut().filter(|b| **b == PART).for_each(|b| *b = b' ');
        self.out.push(PART);
        self.out.extend((0..16).map(|i| b"0123456789abcdef"[(digest >> (4 * i) & 15) as usize]));
    }

    fn is_company(&self, run: &WordRun) -> bool {
        run.clone().any(|i| self.is(i, NameRole::Company)) && self.words.len() > 1
    }

    /// Writes words with a space between them; words of digits alone are no names.
    fn push_run(&mut self, run: WordRun) {
        for i in run {
            let word = self.words.get(i);
            if word.iter().all(u8::is_ascii_digit) {
                continue;
            }
            if !matches!(self.out.last(), None | Some(&PART | &COMPANY)) {
                self.out.push(b' ');
            }
            self.out.extend_from_slice(word);
        }
    }
}

/// Whether a text begins with a letter of Chinese, Japanese or Korean, whose names put the family first and often no blank
/// behind it.
pub(super) fn is_east_asian(text: &[u8]) -> bool {
    // UTF-8 of all these letters begins with this byte or a higher one.
    if text.first().is_none_or(|byte| *byte < 0xe1) {
        return false;
    }
    let length = text.len().min(if text[0] < 0xf0 { 3 } else { 4 });
    let letter = std::str::from_utf8(&text[..length]).ok().and_then(|letter| letter.chars().next());
    letter.is_some_and(|letter| {
        matches!(u32::from(letter),
            0x1100..=0x11ff | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x3130..=0x318f | 0x31f0..=0x31ff
            | 0x3400..=0x9fff | 0xa960..=0xa97f | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xff66..=0xffdc
            | 0x2_0000..=0x3_ffff)
    })
}

/// FNV-1a, 64 bits: tells names apart, keeps no secret.
pub(crate) fn name_number(name: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    name.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[derive(Debug, Clone, Copy)]
pub(super) struct NameParts<'a> {
    pub(super) given: &'a [u8],
    pub(super) family: &'a [u8],
    pub(super) suffix: &'a [u8],
}

pub(super) fn parts(name: &[u8]) -> NameParts<'_> {
    let mut parts = name.split(|&b| b == PART);
    let mut next = || parts.next().unwrap_or_default();
    NameParts { given: next(), family: next(), suffix: next() }
}

/// The family name of a folded name: what a name+street key is made of. Empty when there is none.
pub fn family(name: &[u8]) -> &[u8] {
    if is_company(name) { name } else { parts(name).family }
}

pub(super) fn is_company(name: &[u8]) -> bool {
    name.first() == Some(&COMPANY)
}

/// Whether the name tells one person of a household from another: a given name, or a company's name.
pub(super) fn is_personal(name: &[u8]) -> bool {
    is_company(name) || !parts(name).given.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::agree::{Agreement, Comparer};

    fn check(cells: NameCells<'_>, expected: &str) {
        let mut folder = NameFolder::default();
        let found = String::from_utf8_lossy(folder.fold(cells)).replace('\x1f', "|").replace('\x1e', "©");
        assert_eq!(found, expected, "{cells:?}");
    }

    fn check_full(full: &str, expected: &str) {
        check(NameCells { full, ..NameCells::default() }, expected);
    }

    fn fold_full(full: String) -> Vec<u8> {
        NameFolder::default().fold(NameCells { full: &full, ..NameCells::default() }).to_vec()
    }

    #[test]
    fn whole_names() {
        let one = "Jane Doe|DOE, Jane|Jane Doe, LCSW|Jane Doe, MA";
        one.split('|').for_each(|full| check_full(full, "jane|doe"));
        check_full("Doe, Jane A.", "jane a|doe");
        check_full("Dr. Jane van der Berg", "jane|van der berg");
        check_full("Prof. Dr. Müller", "muller|");
        check_full("Yo-Yo Ma", "yo yo|ma");
        check_full("John Smith Jr.", "john|smith|jr");
        check_full("John Smith, Junior", "john|smith|jr");
        check_full("Smith, John, III", "john|smith|iii");
        check_full("Mr. & Mrs. Smith", "smith|");
        check_full("Jane", "jane|");
        check_full("Van Morrison", "van|morrison");
        check_full("Siân O’Connor", "sian|oconnor");
        check_full("山田 太郎", "太郎|山田");
        check_full("王小明", "王小明|");
    }

    #[test]
    fn names_in_parts() {
        let parts = |first, middle, last| NameCells { first, middle, last, ..NameCells::default() };
        check(parts("Gary", "R", "Slaughter"), "gary r|slaughter");
        check(parts("", "", "Wyant"), "|wyant");
        check(parts("", "R", "Geter"), "|geter");
        check(parts("Dr. Jane", "", "Doe PhD"), "jane|doe");
        check(parts("John", "", "Smith Sr"), "john|smith|sr");
        check(parts("Unknown", "", "Smith"), "|smith");
        check(parts("Christopher", "", "Guest"), "christopher|guest");
        let sam = NameCells { first: "Sam", last: "Poe", suffix: "II", ..Default::default() };
        check(NameCells { full: "Ignored Here", ..sam }, "sam|poe|ii");
        check(NameCells { first: "Sam", full: "Sam Poe", ..Default::default() }, "sam|poe");
    }

    #[test]
    fn offices_of_one_house_are_not_one() {
        let house = "Parliament - Services - Secretariat - Resources, Safety and Logistics";
        let fold = |office: &str| fold_full(format!("{house}{office}"));
        let names = ["", " - Staff", " - Finance and Travel", " - Travel and Finance"].map(fold);
        let comparer = Comparer::new(0.9);
        for (i, a) in names.iter().enumerate() {
            for b in &names[i + 1..] {
                assert!(!comparer.agree(a, b).compatible(), "{}", String::from_utf8_lossy(b));
            }
        }
        let typo = fold(" - Finanse and Travel");
        assert!(comparer.agree(&typo, &names[2]).compatible());
        check_full("Maria del Carmen Lopez de la Fuente", "maria|del carmen lopez de la fuente");
    }

    #[test]
    fn no_names_and_companies() {
        "|n/a|Unknown|12345|jane@example.com|Mrs.".split('|').for_each(|nobody| check_full(nobody, ""));
        check_full("Acme Widgets GmbH", "©acme widgets gmbh");
        check(NameCells { first: "Test", last: "Test", ..Default::default() }, "");
    }

    #[test]
    fn long_names_end_and_stay_apart() {
        let house = "Federal Council - Department of Finance - Tax Administration - ".repeat(5);
        let fold = |ending: &str| fold_full(format!("{house}{ending}"));
        let (one, other, company) = (fold("Customs"), fold("Stamps"), fold("Stamps GmbH"));
        assert!([&one, &other, &company].iter().all(|name| name.len() <= LENGTH_MAX));
        let comparer = Comparer::new(0.9);
        assert_eq!(comparer.agree(&one, &one), Agreement::Same);
        for (a, b) in [(&one, &other), (&one, &company), (&other, &company)] {
            assert!(!comparer.agree(a, b).compatible());
        }
        assert!(!is_company(&company) && family(&one).len() == 16);
    }
}
