//! Street addresses folded, so that `12 Main Street` and `12 main st.` are one key.
//!
//! Knows words, their short forms and what spreadsheets do to postal codes: no geography, no spelling mistakes.

use super::words::FoldedWords;
use crate::data::names::Names;

/// Before the number of a flat, which stands last.
pub const UNIT: &str = " apt ";

/// Folds street and area cells by the built-in short forms; its buffers are reused from row to row.
#[derive(Debug, Default)]
pub struct StreetFolder {
    words: FoldedWords,
    out: Vec<u8>,
    unit: Vec<u8>,
}

impl StreetFolder {
    /// The folded street lines, a flat's number last; nothing when they tell no house: a key needs two words.
    pub fn street(&mut self, street: &str, street2: &str) -> &[u8] {
        self.words.clear();
        self.out.clear();
        self.unit.clear();
        for line in [street, street2] {
            for (i, part) in line.split('#').enumerate() {
                if i > 0 {
                    self.words.add("no");
                }
                self.words.add(part);
            }
        }
        let words = self.fold_words();
        if words + usize::from(words > 0 && !self.unit.is_empty()) < 2 {
            self.out.clear();
        } else if !self.unit.is_empty() {
            self.out.extend_from_slice(UNIT.as_bytes());
            self.out.extend_from_slice(&self.unit);
        }
        &self.out
    }

    /// The folded area: the postal code, else the city.
    pub fn area(&mut self, postal_code: &str, city: &str) -> &[u8] {
        if self.code(postal_code).is_empty() { self.city(city) } else { &self.out }
    }

    /// The letters and digits of a postal code without what stands around it and what a spreadsheet changes: the sign of
    /// the country or state before it (`D-50667`), zeros before a number, the second part of a ZIP+4. A code of zeros
    /// only is none.
    pub fn code(&mut self, postal_code: &str) -> &[u8] {
        self.words.clear();
        self.out.clear();
        self.words.add(postal_code);
        let words = &self.words;
        let number = |i: usize| is_number(words.get(i));
        let sign = |word: &[u8]| word.len() <= 3 && word.iter().all(u8::is_ascii_alphabetic);
        let (mut from, mut to) = (0, words.len());
        if to > 1 && sign(words.get(0)) && words.get(1).len() >= 4 && (1..to).all(number) {
            from = 1;
        }
        // `2139.0`
        if to - from == 2 && number(from) && words.get(to - 1) == b"0" {
            to -= 1;
        }
        let zip4 = |from: usize| matches!(words.get(from).len(), 4 | 5) && words.get(from + 1).len() == 4;
        if to - from == 2 && number(from) && number(from + 1) && zip4(from) {
            to -= 1;
        }
        (from..to).for_each(|i| self.out.extend_from_slice(words.get(i)));
        let letters = self.out.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let digits = &self.out[letters..];
        if (1..=3).contains(&letters) && (4..=6).contains(&digits.len()) && is_number(digits) {
            self.out.drain(..letters);
        }
        if is_number(&self.out) {
            if self.out.len() == 9 {
                self.out.truncate(5);
            }
            let zeros = self.out.iter().take_while(|b| **b == b'0').count();
            self.out.drain(..zeros);
        }
        &self.out
    }

    /// The letters and digits of a city's name; umlauts, and how they are written without, are one.
    pub fn city(&mut self, city: &str) -> &[u8] {
        self.words.clear();
        self.out.clear();
        self.words.add(city);
        (0..self.words.len()).for_each(|i| push_forgiving(&mut self.out, self.words.get(i)));
        for saint in [&b"saint"[..], b"sankt"] {
            if self.out.starts_with(saint) && self.out.len() > saint.len() {
                self.out.splice(..saint.len(), *b"st");
            }
        }
        &self.out
    }

    /// Folds the words of the lines; returns how many the street has without the flat.
    fn fold_words(&mut self) -> usize {
        let Self { words, out, unit } = self;
        let (mut count, mut numbered, mut i) = (0, false, 0);
        while i < words.len() {
            let word = words.get(i);
            if let Some(number) = post_box(words, i) {
                push_word(out, b"po");
                push_word(out, b"box");
                out.push(b' ');
                i = number;
                while is_number(words.get(i)) {
                    out.extend_from_slice(words.get(i));
                    i += 1;
                }
                (count, numbered) = (count + 3, true);
                continue;
            }
            if let Some(at) = unit_at(words, i, numbered) {
                unit.clear();
                unit.extend_from_slice(without_zeros(words.get(at)));
                i = at + 1;
                if i + 1 == words.len() && is_number(unit) && is_letter(words.get(i)) {
                    unit.extend_from_slice(words.get(i));
                    i += 1;
                }
                continue;
            }
            let last = i + 1 == words.len();
            // `12 Main St 3`: the house has its number already.
            if last && count > 1 && unit.is_empty() && has_digit(word) && is_unit_behind(words, i) {
                unit.extend_from_slice(without_zeros(word));
                break;
            }
            // `Hauptstr. 5 a`
            if last && is_letter(word) && i > 0 && is_number(words.get(i - 1)) {
                out.extend_from_slice(word);
                break;
            }
            count += usize::from(push_street_word(out, word, numbered));
            numbered |= has_digit(word);
            i += 1;
        }
        count
    }
}

/// Writes a word of a street in its short form; no, if nothing is left of it. Before the number of the house a street may
/// be written in one word or in two: `Haupt Str.`, `Hauptstraße`.
fn push_street_word(out: &mut Vec<u8>, word: &[u8], numbered: bool) -> bool {
    let joins = !numbered && !out.is_empty() && !out.last().is_some_and(u8::is_ascii_digit);
    let joined: Option<&[u8]> = match word {
        b"st" | b"str" | b"strasse" | b"straat" | b"street" => Some(b"str"),
        b"pl" | b"platz" => Some(b"pl"),
        _ => None,
    };
    if let Some(ending) = joined.filter(|_| joins) {
        out.extend_from_slice(ending);
        return false;
    }
    let short = Names::builtin().street_word(word).map_or(word, str::as_bytes);
    if short.is_empty() {
        return false;
    }
    let endings: [(&[u8], &[u8]); 3] = [(b"strasse", b"str"), (b"straat", b"str"), (b"platz", b"pl")];
    let ending = endings.iter().find_map(|(long, short_ending)| {
        let stem = short.strip_suffix(*long).filter(|stem| !stem.is_empty())?;
        Some((stem, *short_ending))
    });
    let (stem, ending) = ending.unwrap_or((short, b""));
    push_word(out, stem);
    out.extend_from_slice(ending);
    true
}

/// Writes a word, a blank before it; umlauts, and how they are written without, are one.
fn push_word(out: &mut Vec<u8>, word: &[u8]) {
    if !out.is_empty() {
        out.push(b' ');
    }
    push_forgiving(out, word);
}

/// Writes folded letters; of `ae`, `oe`, `ue` and `aa`, which stand for ä, ö, ü and å where a keyboard lacks these, the
/// first letter alone, as of those.
pub fn push_forgiving(out: &mut Vec<u8>, word: &[u8]) {
    let mut last = 0;
    for letter in word {
        let second = matches!((last, letter), (b'a' | b'o' | b'u', b'e') | (b'a', b'a'));
        if !second {
            out.push(*letter);
        }
        last = if second { 0 } else { *letter };
    }
}

/// Where the number of a post box stands whose words begin here.
fn post_box(words: &FoldedWords, i: usize) -> Option<usize> {
    let spelled: [&[&[u8]]; 13] = [
        &[b"po", b"box"],
        &[b"p", b"o", b"box"],
        &[b"pobox"],
        &[b"post", b"office", b"box"],
        &[b"postbox"],
        &[b"postfach"],
        &[b"postbus"],
        &[b"postboks"],
        &[b"boite", b"postale"],
        &[b"bp"],
        &[b"apartado"],
        &[b"apdo"],
        &[b"casella", b"postale"],
    ];
    if !matches!(words.get(i).first(), Some(b'p' | b'b' | b'a' | b'c')) {
        return None;
    }
    let fits = |spelled: &&&[&[u8]]| spelled.iter().zip(i..).all(|(word, at)| words.get(at) == *word);
    let mut at = i + spelled.iter().find(fits)?.len();
    while matches!(
        words.get(at),
        b"no" | b"nr" | b"num" | b"number" | b"apt" | b"postal" | b"de" | b"correos"
    ) {
        at += 1;
    }
    is_number(words.get(at)).then_some(at)
}

/// Where the number of a flat stands whose words begin here; some words tell of a flat only behind the number of the house.
fn unit_at(words: &FoldedWords, i: usize, numbered: bool) -> Option<usize> {
    let names = Names::builtin();
    let mut at = i;
    while names.is_unit(words.get(at), numbered || at > i) {
        at += 1;
    }
    let value = words.get(at);
    let tells = at > i && (has_digit(value) || is_letter(value));
    tells.then_some(at)
}

/// Whether a last number behind the word before it tells a flat: not that of a highway, nor of a house behind its street.
fn is_unit_behind(words: &FoldedWords, i: usize) -> bool {
    let road =
        matches!(words.get(i - 1), b"rte" | b"route" | b"hwy" | b"highway" | b"box" | b"us" | b"sr" | b"cr");
    words.get(0).first().is_some_and(u8::is_ascii_digit) && !road && !words.hyphen(i)
}

fn without_zeros(word: &[u8]) -> &[u8] {
    let zeros = word.iter().take_while(|b| **b == b'0').count();
    &word[zeros.min(word.len().saturating_sub(1))..]
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

fn has_digit(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_digit)
}

fn is_letter(word: &[u8]) -> bool {
    matches!(word, [letter] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(street: &str, expected: &str) {
        let mut folder = StreetFolder::default();
        let folded = String::from_utf8_lossy(folder.street(street, "")).into_owned();
        assert_eq!(folded, expected, "{street}");
        assert_eq!(String::from_utf8_lossy(folder.street(&folded, "")), expected, "{street} again");
    }

    #[test]
    fn streets_are_folded() {
        check("12 Main Street", "12 main st");
        check("12, MAIN ST.", "12 main st");
        check("510 topliff cir ne aprt 442r", "510 topliff cir ne apt 442r");
        check("5 North Elm Avenue, Apartment No. 3", "5 n elm ave apt 3");
        check("Hauptstraße 5", "hauptstr 5");
        check("Hauptstr. 5", "hauptstr 5");
        check("Unknown", "");
        check("", "");
    }

    #[test]
    fn flats_boxes_and_compounds_are_one_in_every_writing() {
        for street in [
            "12 Main St #3",
            "12 Main St. No. 3",
            "Unit 3, 12 Main Street",
            "12 Main St 03",
            "Flat 3, 12 Main St",
        ] {
            check(street, "12 main st apt 3");
        }
        for street in ["PO Box 12", "P.O. Box 12", "p.o.box #12", "Postfach 12", "Post Office Box No. 12"] {
            check(street, "po box 12");
        }
        for street in ["Linden Str. 7", "Lindenstraße 7", "Linden-Strasse 7", "Lindenstr. Nr. 7"] {
            check(street, "lindenstr 7");
        }
        check("7 Saint Mary's Road", "7 st marys rd");
        check("7 St. Mary's Rd", "7 st marys rd");
        check("Müllerweg 7", "mullerweg 7");
        check("Muellerweg 7 b", "mullerweg 7b");
        check("100 Route 66", "100 rte 66");
        check("5 Flat Rock Lane", "5 flat rock ln");
    }

    #[test]
    fn areas_are_folded() {
        let mut folder = StreetFolder::default();
        for (code, city, expected) in [
            ("90210-1234", "Beverly Hills", "90210"),
            ("SW1A 1AA", "London", "sw1a1aa"),
            ("00000", "Any Town", "anytown"),
            ("", "Köln", "koln"),
            ("", "Koeln", "koln"),
            ("", "Aarhus", "arhus"),
            ("", "Saint Paul", "stpaul"),
            ("", "St. Paul", "stpaul"),
            ("", "", ""),
            ("07030", "", "7030"),
            ("7030.0", "", "7030"),
            ("7030-1234", "", "7030"),
            ("070301234", "", "7030"),
            ("NJ 07030", "", "7030"),
            ("CH-8001", "", "8001"),
            ("a1010", "", "1010"),
            ("114 55", "", "11455"),
            ("100-0001", "", "1000001"),
        ] {
            assert_eq!(String::from_utf8_lossy(folder.area(code, city)), expected, "{code} {city}");
        }
    }
}
