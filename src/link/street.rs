//! Street addresses folded, so that `12 Main Street` and `12 main st.` are one key.
//!
//! Knows words and their short forms only: no geography, no spelling mistakes.

use super::words::FoldedWords;
use crate::data::names::Names;

/// Folds street and area cells by the built-in short forms; its buffers are reused from row to row.
#[derive(Debug, Default)]
pub struct StreetFolder {
    words: FoldedWords,
    out: Vec<u8>,
}

impl StreetFolder {
    /// The folded street lines, or nothing when they tell no house: a key needs two words.
    pub fn street(&mut self, street: &str, street2: &str) -> &[u8] {
        self.words.clear();
        self.out.clear();
        self.words.add(street);
        self.words.add(street2);
        if (0..self.words.len()).filter(|i| self.push(*i)).count() < 2 {
            self.out.clear();
        }
        &self.out
    }

    /// The folded area: the postal code's letters and digits (of a ZIP+4 the first five), else the city.
    /// A postal code of zeros only is none.
    pub fn area(&mut self, postal_code: &str, city: &str) -> &[u8] {
        self.words.clear();
        self.out.clear();
        self.words.add(postal_code);
        let zip4 = self.words.len() == 2 && self.words.get(0).len() == 5 && self.words.get(1).len() == 4;
        let parts = if zip4 { 1 } else { self.words.len() };
        (0..parts).for_each(|i| self.out.extend_from_slice(self.words.get(i)));
        if self.out.iter().all(|&b| b == b'0') {
            self.out.clear();
            self.words.clear();
            self.words.add(city);
            (0..self.words.len()).for_each(|i| self.out.extend_from_slice(self.words.get(i)));
        }
        &self.out
    }

    fn push(&mut self, i: usize) -> bool {
        let word = self.words.get(i);
        let short = Names::builtin().street_word(word).map_or(word, str::as_bytes);
        let (stem, ending): (&[u8], &[u8]) = match short.strip_suffix(b"strasse") {
            Some(stem) if !stem.is_empty() => (stem, b"str"),
            _ => (short, b""),
        };
        if stem.is_empty() {
            return false;
        }
        if !self.out.is_empty() {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(stem);
        self.out.extend_from_slice(ending);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_are_folded() {
        let mut folder = StreetFolder::default();
        for (streets, expected) in [
            ("12 Main Street; 12, MAIN ST.", "12 main st"),
            ("510 topliff cir ne aprt 442r", "510 topliff cir ne aprt 442r"),
            ("5 North Elm Avenue, Apartment No. 3", "5 n elm ave apt 3"),
            ("Hauptstraße 5; Hauptstr. 5", "hauptstr 5"),
            ("Unknown; ", ""),
        ] {
            for street in streets.split("; ") {
                assert_eq!(String::from_utf8_lossy(folder.street(street, "")), expected, "{street}");
            }
        }
    }

    #[test]
    fn areas_are_folded() {
        let mut folder = StreetFolder::default();
        for (code, city, expected) in [
            ("90210-1234", "Beverly Hills", "90210"),
            ("SW1A 1AA", "London", "sw1a1aa"),
            ("00000", "Any Town", "anytown"),
            ("", "Köln", "koln"),
            ("", "", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(folder.area(code, city)), expected);
        }
    }
}
