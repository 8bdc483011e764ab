//! How well two folded names agree. Pure; compared only where a key is shared.

use super::closeness::jaro_winkler;
use super::name::{NameParts, PERSON_WORDS, is_company, is_east_asian, parts};
use crate::data::names::{NameRole, Names};
use crate::record::words;

words! {
    /// How well two names agree, best first.
    pub enum Agreement {
        /// The same name.
        Same = "same",
        /// One given name is a nickname of the other.
        Nickname = "nickname",
        /// A part of one is the other's initial, or is missing.
        Initial = "initial",
        /// They differ in spelling or in the order of the parts.
        Close = "close",
        /// One of them is no name, or has no given name: nothing can be said.
        Missing = "missing",
        /// Different family names.
        Differ = "differ",
        /// Surely two people: given names conflict, or Jr and Sr.
        Veto = "veto",
    }
}

impl Agreement {
    /// Whether the names may belong to one person.
    pub const fn compatible(self) -> bool {
        !matches!(self, Self::Differ | Self::Veto)
    }
}

/// Compares names under given tables and closeness.
#[derive(Debug, Clone, Copy)]
pub struct Comparer {
    names: &'static Names,
    closeness: f64,
}

impl Comparer {
    /// Spellings from this Jaro-Winkler similarity on (0 to 1) are close.
    pub fn new(closeness: f64) -> Self {
        Self { names: Names::builtin(), closeness }
    }

    /// How well two folded names agree; symmetric.
    pub fn agree(&self, a: &[u8], b: &[u8]) -> Agreement {
        if a.is_empty() || b.is_empty() {
            return Agreement::Missing;
        }
        if a == b {
            return Agreement::Same;
        }
        if is_company(a) || is_company(b) {
            return self.companies(a, b);
        }
        let (a, b) = (parts(a), parts(b));
        if !a.suffix.is_empty() && !b.suffix.is_empty() && a.suffix != b.suffix {
            return Agreement::Veto;
        }
        if is_east_asian(a.given) && is_east_asian(b.given) {
            return east_asian(a, b);
        }
        if a.family.is_empty() != b.family.is_empty() {
            return self.one_family_name(a, b);
        }
        let (given, family) = (self.given(a.given, b.given), self.family(a.family, b.family));
        if given.compatible() && family.compatible() {
            return given.max(family);
        }
        if swapped(a, b) || swapped(b, a) || self.two_family_names(a, b) || self.two_family_names(b, a) {
            return Agreement::Close;
        }
        if family.compatible() { given } else { Agreement::Differ }
    }

    /// Only one row tells a family name. The same given name is like an initial in its place; a lone word may
    /// also be the family name itself. A nickname or another spelling is too little to go by.
    fn one_family_name(&self, a: NameParts<'_>, b: NameParts<'_>) -> Agreement {
        let (full, lone) = if a.family.is_empty() { (b, a) } else { (a, b) };
        match self.given(full.given, lone.given) {
            Agreement::Same => Agreement::Initial,
            Agreement::Differ | Agreement::Veto if lone.given != full.family => Agreement::Veto,
            _ => Agreement::Missing,
        }
    }

    /// Two family names without a hyphen, which one row cut in another place, or of which it knows the first
    /// only: `Juan | García López` is `Juan García | López` and may be `Juan | García`.
    fn two_family_names(&self, a: NameParts<'_>, b: NameParts<'_>) -> bool {
        let (mut given, first) = (words(a.given), words(b.given).next().unwrap_or_default());
        if !given.next().is_some_and(|word| self.given_word(word, first).compatible()) {
            return false;
        }
        let whole = given.clone().flatten().chain(letters(a.family));
        whole.eq(letters(b.family)) || given.any(|word| word.len() > 2 && word == b.family)
    }

    fn companies(&self, a: &[u8], b: &[u8]) -> Agreement {
        let both = is_company(a) && is_company(b);
        let alike = || {
            let (a, b) = (words(a), words(b));
            a.clone().count() == b.clone().count() && a.zip(b).all(|(a, b)| self.close(a, b))
        };
        // Offices of one house begin alike and differ in the last words.
        let long = words(a).count().max(words(b).count()) > PERSON_WORDS;
        if both && self.close(a, b) && (!long || alike()) { Agreement::Close } else { Agreement::Differ }
    }

    /// Given names: the first words decide, the middle ones may conflict.
    fn given(&self, a: &[u8], b: &[u8]) -> Agreement {
        if a.is_empty() || b.is_empty() {
            return if a == b { Agreement::Same } else { Agreement::Missing };
        }
        let (mut a_words, mut b_words) = (words(a), words(b));
        let (a1, b1) = (a_words.next().unwrap_or_default(), b_words.next().unwrap_or_default());
        let first = self.given_word(a1, b1);
        if first.compatible() {
            return match (a_words.next(), b_words.next()) {
                (Some(a2), Some(b2)) if !self.given_word(a2, b2).compatible() => self.joined(a, b),
                _ => first,
            };
        }
        // Somebody called by the middle name: `Mary Ann` and `Ann`.
        if (a1.len() > 2 && b_words.any(|word| word == a1))
            || (b1.len() > 2 && a_words.any(|word| word == b1))
        {
            return Agreement::Close;
        }
        self.joined(a, b)
    }

    /// `Mary Ann` and `Maryann` are one name; anything else conflicts.
    fn joined(&self, a: &[u8], b: &[u8]) -> Agreement {
        if letters(a).eq(letters(b)) { Agreement::Close } else { Agreement::Veto }
    }

    fn given_word(&self, a: &[u8], b: &[u8]) -> Agreement {
        if a == b {
            return Agreement::Same;
        }
        if let Some(initial) = initial(a, b) {
            return initial;
        }
        if self.names.nickname(a, b) {
            Agreement::Nickname
        } else if self.misspelt(a, b) {
            Agreement::Close
        } else {
            Agreement::Veto
        }
    }

    /// Whether it is another spelling, not a sister's name: `Martin` and `Martina` are as close as any slip.
    fn misspelt(&self, a: &[u8], b: &[u8]) -> bool {
        if differ_by_gender_ending(a, b) {
            return false;
        }
        if self.names.is_given_name(a) && self.names.is_given_name(b) {
            let longer = a.starts_with(b) || b.starts_with(a);
            return self.close(a, b)
                && skeleton(a).eq(skeleton(b))
                && !longer
                && !feminine_beside_masculine(a, b);
        }
        self.close(a, b) || one_slip(a, b)
    }

    fn close(&self, a: &[u8], b: &[u8]) -> bool {
        jaro_winkler(a, b) >= self.closeness
    }

    fn family(&self, a: &[u8], b: &[u8]) -> Agreement {
        if a.is_empty() || b.is_empty() {
            return if a == b { Agreement::Same } else { Agreement::Missing };
        }
        if letters(a).eq(letters(b)) || self.main_words(a).eq(self.main_words(b)) {
            return Agreement::Same;
        }
        if let Some(initial) = initial(a, b) {
            return initial;
        }
        let within = |one: &[u8], other: &[u8]| {
            self.main_words(one).all(|word| word.len() > 1 && self.main_words(other).any(|w| w == word))
        };
        if self.close(a, b) || within(a, b) || within(b, a) { Agreement::Close } else { Agreement::Differ }
    }

    /// The words of a family name that are no particles (all of them when it is made of particles).
    fn main_words<'a>(&'a self, family: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let all = words(family).all(|word| self.names.roles(word).has(NameRole::Particle));
        words(family).filter(move |word| all || !self.names.roles(word).has(NameRole::Particle))
    }
}

/// Names of East Asia, where one row may part family and given name and the other not: the letters in their order, family
/// name first, tell whether they are one. One letter more or another makes it somebody else's.
fn east_asian(a: NameParts<'_>, b: NameParts<'_>) -> Agreement {
    let (a_whole, b_whole) =
        (letters(a.family).chain(letters(a.given)), letters(b.family).chain(letters(b.given)));
    if a_whole.clone().eq(b_whole.clone()) {
        return Agreement::Same;
    }
    // A row that puts the given name first.
    let turned = |x: NameParts<'_>, whole: &mut dyn Iterator<Item = u8>| {
        !x.family.is_empty() && letters(x.given).chain(letters(x.family)).copied().eq(whole)
    };
    if turned(a, &mut b_whole.clone().copied()) || turned(b, &mut a_whole.clone().copied()) {
        return Agreement::Close;
    }
    let lone = |x: NameParts<'_>, full: NameParts<'_>| match (x.family.is_empty(), full.family.is_empty()) {
        (true, false) if letters(x.given).eq(letters(full.given)) => Some(Agreement::Initial),
        (true, false) if letters(x.given).eq(letters(full.family)) => Some(Agreement::Missing),
        (true, true) if full.given.starts_with(x.given) || full.given.ends_with(x.given) => {
            Some(Agreement::Missing)
        }
        _ => None,
    };
    lone(a, b).or_else(|| lone(b, a)).unwrap_or(Agreement::Veto)
}

fn words(part: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    part.split(|&b| b == b' ').filter(|word| !word.is_empty())
}

fn letters(part: &[u8]) -> impl Iterator<Item = &u8> + Clone {
    part.iter().filter(|&&b| b != b' ')
}

/// When one of two different words is a single letter: whether it is the other's first.
fn initial(a: &[u8], b: &[u8]) -> Option<Agreement> {
    if a.len() != 1 && b.len() != 1 {
        return None;
    }
    Some(if a.first() == b.first() { Agreement::Initial } else { Agreement::Veto })
}

/// Given and family name in each other's place, the middle names aside.
fn swapped(a: NameParts<'_>, b: NameParts<'_>) -> bool {
    let first = |part| words(part).next().unwrap_or_default();
    !a.family.is_empty()
        && first(a.given).len() > 1
        && first(a.given) == b.family
        && first(b.given) == a.family
}

/// Whether a vowel more (`Simon`, `Simone`), or `a` in the place of `o` (`Mario`), makes it another person's name.
fn differ_by_gender_ending(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    match (short.split_last(), long.split_last()) {
        (Some((x, short_stem)), Some((y, long_stem))) => {
            (long_stem == short && matches!(y, b'a' | b'e' | b'o'))
                || (short_stem == long_stem && matches!((x, y), (b'a', b'o') | (b'o', b'a')))
        }
        _ => false,
    }
}

/// Whether one letter wrong, missing, too much or two swapped make the other word; short ones have too many such.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (&short[start..], &long[start..]);
    let swapped = |x: &[u8], y: &[u8]| x.len() > 1 && x[0] == y[1] && x[1] == y[0] && x[2..] == y[2..];
    if short.len() == long.len() {
        short.get(1..) == long.get(1..) || swapped(short, long)
    } else {
        Some(short) == long.get(1..)
    }
}

/// One name ends in `a`, the other in nothing that may stand for it: `Christina`, `Christian`, not `Christine`.
fn feminine_beside_masculine(a: &[u8], b: &[u8]) -> bool {
    let ends_in_a = |name: &[u8]| name.last() == Some(&b'a');
    let may_sound_so = |name: &[u8]| matches!(name.last(), Some(b'a' | b'e' | b'h'));
    (ends_in_a(a) && !may_sound_so(b)) || (ends_in_a(b) && !may_sound_so(a))
}

/// The consonants of a name as they sound, doubles once: `steven` and `stephen` are `stfn`.
fn skeleton(name: &[u8]) -> impl Iterator<Item = u8> {
    let mut last = 0;
    name.iter().enumerate().filter_map(move |(i, &b)| {
        let sound = match b {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w' => return None,
            b'c' | b'q' => b'k',
            b'p' if name.get(i + 1) == Some(&b'h') => b'f',
            b'v' => b'f',
            b'z' => b's',
            b'g' if name.get(i + 1) == Some(&b'e') => b'j',
            other => other,
        };
        let again = sound == last;
        last = sound;
        (!again).then_some(sound)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::name::{NameCells, NameFolder};
    use proptest::prelude::*;

    fn agree(a: &str, b: &str) -> Agreement {
        let (mut left, mut right) = (NameFolder::default(), NameFolder::default());
        let comparer = Comparer::new(0.88);
        let a = left.fold(NameCells { full: a, ..NameCells::default() });
        let b = right.fold(NameCells { full: b, ..NameCells::default() });
        let found = comparer.agree(a, b);
        assert_eq!(found, comparer.agree(b, a), "agreement is symmetric");
        found
    }

    fn check(expected: Agreement, pairs: &[&str]) {
        for (a, b) in pairs.iter().filter_map(|pair| pair.split_once(" / ")) {
            assert_eq!(agree(a, b), expected, "{a} / {b}");
        }
    }

    #[test]
    fn people_who_may_be_one() {
        let same = ["Jane Doe / DOE, Jane", "John A Smith / John Smith", "John Smith Jr / John Smith"];
        check(Agreement::Same, &same);
        check(Agreement::Same, &["Maria de la Cruz / Maria Delacruz", "Jan van den Berg / Jan Berg"]);
        check(Agreement::Nickname, &["Bob Smith / Robert Smith"]);
        check(Agreement::Initial, &["J. Smith / John Smith", "John Smith / John S.", "John / John Smith"]);
        check(Agreement::Missing, &["Bob / Robert Smith", "Smith / John Smith", " / Jane Doe"]);
        let typed =
            ["Vhris Poe / Chris Poe", "Daniep Aguilar / Daniel Aguilar", "Steven Jones / Stephen Jones"];
        check(Agreement::Close, &typed);
        let spelt = ["Jürgen Müller / Juergen Mueller", "Acme Widgets GmbH / Acme Widget GmbH"];
        check(Agreement::Close, &spelt);
        let families = ["Mary Smith-Jones / Mary Smith", "Juan García López / Juan García"];
        check(Agreement::Close, &families);
        check(Agreement::Close, &["García López, Juan K / Juan García López", "Robert Alan / Alan Robert"]);
        check(Agreement::Close, &["Mary Ann Poe / Maryann Poe", "J. Edgar Hoover / Edgar Hoover"]);
        check(Agreement::Same, &["佐藤健一 / 佐藤 健一", "이서연 / 이 서연"]);
        check(Agreement::Close, &["健一 佐藤 / 佐藤健一"]);
        check(Agreement::Missing, &["佐藤 / 佐藤健一"]);
    }

    #[test]
    fn people_who_are_two() {
        let parts = ["John Smith Jr / John Smith Sr", "John A Smith / John B Smith", "J. Smith / Bob Smith"];
        check(Agreement::Veto, &parts);
        let pairs = ["Martin Lang / Martina Lang", "Mario Rossi / Maria Rossi", "Josef Petit / Josefa Petit"];
        check(Agreement::Veto, &pairs);
        check(Agreement::Veto, &["Christian Bach / Christina Bach", "Gabriel Poe / Gabrielle Poe"]);
        check(Agreement::Veto, &["John Smith / Jane Smith", "Mary / John Smith", "Lena Poe / Dena Poe"]);
        check(Agreement::Differ, &["John Smith / John Miller", "Jane Doe / Acme Widgets GmbH"]);
        check(Agreement::Veto, &["佐藤健一 / 佐藤 美咲", "佐藤健一 / 佐藤健二", "김민수 / 김 민지"]);
    }

    proptest! {
        #[test]
        fn agreement_is_symmetric_and_reflexive(a in "[A-Ea-eéß .,'-]{0,16}", b in "[A-Ea-eéß .,'-]{0,16}") {
            agree(&a, &b);
            prop_assert!(matches!(agree(&a, &a), Agreement::Same | Agreement::Missing));
        }
    }
}
