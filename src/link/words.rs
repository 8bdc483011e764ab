//! Text cut into folded words: lower case, accents off letters of every script, punctuation gone.

use crate::data::fold::{is_accent, plain_letters};
use unicode_normalization::char::decompose_canonical;

/// Folded words of one or several cells, in one buffer that is reused.
#[derive(Debug, Default)]
pub(super) struct FoldedWords {
    text: Vec<u8>,
    spans: Vec<WordSpan>,
}

/// Where a word stands in the buffer, the commas before it in its cell, whether a hyphen joins it to the last word.
#[derive(Debug, Clone, Copy)]
struct WordSpan {
    from: u32,
    to: u32,
    commas: u8,
    hyphen: bool,
}

/// Words of a cell that are told apart: names and streets have fewer.
const WORDS_MAX: usize = 24;
/// Letters read behind them.
const REST_MAX: usize = 4096;

impl FoldedWords {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(super) fn get(&self, i: usize) -> &[u8] {
        self.spans.get(i).map_or(&[], |span| &self.text[span.from as usize..span.to as usize])
    }

    pub(super) fn commas(&self, i: usize) -> u8 {
        self.spans.get(i).map_or(0, |span| span.commas)
    }

    pub(super) fn hyphen(&self, i: usize) -> bool {
        self.spans.get(i).is_some_and(|span| span.hyphen)
    }

    /// Adds the words of a cell: letters and digits; an apostrophe joins (`O'Brien`), anything else parts.
    pub(super) fn add(&mut self, cell: &str) {
        if cell.is_ascii() && cell.len() < 2 * WORDS_MAX {
            self.add_short_ascii(cell);
        } else {
            self.add_any(cell);
        }
    }

    fn add_any(&mut self, cell: &str) {
        let limit = self.spans.len() + WORDS_MAX;
        let mut span = WordSpan { from: self.end(), to: 0, commas: 0, hyphen: false };
        let mut rest = cell.chars();
        while let Some(c) = rest.next() {
            if c.is_alphanumeric() {
                self.letter(c);
            } else if !is_joining(c) {
                let ended = self.end_word(span);
                let hyphen = matches!(c, '-' | '‐' | '‑') && ended;
                let commas = span.commas.saturating_add(u8::from(c == ','));
                span = WordSpan { from: self.end(), commas, hyphen, ..span };
                if self.spans.len() + 1 >= limit {
                    return self.rest(rest.as_str());
                }
            }
        }
        self.end_word(span);
    }

    /// The same for the common case: too short for too many words, no letter to take apart.
    fn add_short_ascii(&mut self, cell: &str) {
        let mut span = WordSpan { from: self.end(), to: 0, commas: 0, hyphen: false };
        for b in cell.bytes() {
            if b.is_ascii_alphanumeric() {
                self.text.push(b.to_ascii_lowercase());
            } else if !matches!(b, b'\'' | b'`') {
                let hyphen = self.end_word(span) && b == b'-';
                span =
                    WordSpan { from: self.end(), commas: span.commas + u8::from(b == b','), hyphen, ..span };
            }
        }
        self.end_word(span);
    }

    /// What stands behind the last word there is room for, as one word: long cells that end differently differ.
    fn rest(&mut self, rest: &str) {
        let span = WordSpan { from: self.end(), to: 0, commas: 0, hyphen: false };
        rest.chars().filter(|c| c.is_alphanumeric()).take(REST_MAX).for_each(|c| self.letter(c));
        self.end_word(span);
    }

    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    fn end_word(&mut self, span: WordSpan) -> bool {
        let to = self.end();
        if to > span.from {
            self.spans.push(WordSpan { to, ..span });
        }
        to > span.from
    }

    fn letter(&mut self, c: char) {
        if c.is_ascii() {
            return self.text.push(c.to_ascii_lowercase() as u8);
        }
        for lower in c.to_lowercase() {
            match plain_letters(lower) {
                Some(letters) => self.text.extend_from_slice(letters.as_bytes()),
                None => decompose_canonical(lower, |part| {
                    if !is_accent(part) {
                        let mut utf8 = [0; 4];
                        self.text.extend_from_slice(part.encode_utf8(&mut utf8).as_bytes());
                    }
                }),
            }
        }
    }
}

/// Apostrophes and combining marks, which part no word.
fn is_joining(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200d}') || is_accent(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, expected: &[&str]) {
        let mut words = FoldedWords::default();
        words.add(cell);
        let found: Vec<_> = (0..words.len()).map(|i| String::from_utf8_lossy(words.get(i))).collect();
        assert_eq!(found, expected, "{cell}");
    }

    #[test]
    fn words_are_folded() {
        check("  Jane  DOE ", &["jane", "doe"]);
        check("O'Brien-Łukasiewicz", &["obrien", "lukasiewicz"]);
        check("Jürgen Groß", &["jurgen", "gross"]);
        check("José\u{301} E\u{301}", &["jose", "e"]);
        check("J.R.R. Tolkien", &["j", "r", "r", "tolkien"]);
        check("İbrahim ŞAHİN", &["ibrahim", "sahin"]);
        check("Анна", &["анна"]);
        ["", "--- !!"].into_iter().for_each(|cell| check(cell, &[]));
    }

    proptest::proptest! {
        #[test]
        fn both_ways_give_the_same_words(cell in "[a-cA-C0-9 ,.'`-]{0,50}") {
            let (mut short, mut any) = (FoldedWords::default(), FoldedWords::default());
            short.add(&cell);
            any.add_any(&cell);
            let all = |words: &FoldedWords| -> Vec<_> {
                (0..words.len()).map(|i| (words.get(i).to_vec(), words.commas(i), words.hyphen(i))).collect()
            };
            proptest::prop_assert_eq!(all(&short), all(&any));
        }
    }

    #[test]
    fn commas_are_counted_and_long_cells_end() {
        let mut words = FoldedWords::default();
        words.add("Doe, Jane, PhD");
        assert_eq!([words.commas(0), words.commas(1), words.commas(2)], [0, 1, 2]);
        words.clear();
        words.add(&"ab ".repeat(1000));
        assert_eq!(words.len(), WORDS_MAX);
    }
}
