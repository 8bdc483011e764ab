//! Words and phrases looked up in a table. Knows nothing of what they mean.

/// Words → values, found by length and first eight bytes before any text is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WordTable<T> {
    keys: Vec<(usize, u64)>,
    pub(super) entries: Vec<(Box<str>, T)>,
    openings: Openings,
}

impl<T> WordTable<T> {
    /// Without words.
    pub(super) const NONE: Self = Self { keys: Vec::new(), entries: Vec::new(), openings: Openings::NONE };
}

impl<T> Default for WordTable<T> {
    fn default() -> Self {
        Self::NONE
    }
}

/// Which first three bytes words of a table have, as bits: most cells are told apart from all words by them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Openings([u64; 64]);

impl Openings {
    const NONE: Self = Self([0; 64]);

    /// The bit of a word that opens with these bytes (see [`key_of`]).
    const fn bit(head: u64) -> (usize, u64) {
        let spread = (head >> 40).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52;
        ((spread >> 6) as usize, 1 << (spread & 63))
    }

    fn add(&mut self, head: u64) {
        let (at, bit) = Self::bit(head);
        self.0[at] |= bit;
    }

    /// False only where no word opens so.
    const fn may_have(&self, head: u64) -> bool {
        let (at, bit) = Self::bit(head);
        self.0[at] & bit != 0
    }
}

/// Length and first eight bytes of a word: equal for equal words, and enough to tell words of up to eight bytes.
fn key_of(word: &str) -> (usize, u64) {
    let bytes = word.as_bytes();
    let head = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut head = [0; 8];
        head[..bytes.len()].copy_from_slice(bytes);
        head
    });
    (bytes.len(), u64::from_be_bytes(head))
}

impl<T: Copy> WordTable<T> {
    /// Of equal words the first counts.
    pub(super) fn of(mut entries: Vec<(Box<str>, T)>) -> Self {
        entries.sort_by(|a, b| key_of(&a.0).cmp(&key_of(&b.0)).then_with(|| a.0.cmp(&b.0)));
        entries.dedup_by(|a, b| a.0 == b.0);
        let keys: Vec<_> = entries.iter().map(|(word, _)| key_of(word)).collect();
        let mut openings = Openings::NONE;
        keys.iter().for_each(|(_, head)| openings.add(*head));
        Self { keys, entries, openings }
    }

    /// The words of both; where both have one, it says here what it says in this table.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self::of(self.entries.iter().chain(&other.entries).cloned().collect())
    }

    #[inline]
    pub(super) fn get(&self, word: &str) -> Option<T> {
        let key = key_of(word);
        if self.openings.may_have(key.1) { self.search(word, key) } else { None }
    }

    fn search(&self, word: &str, key: (usize, u64)) -> Option<T> {
        let start = self.keys.partition_point(|k| *k < key);
        let same = self.entries.iter().zip(&self.keys).skip(start).take_while(|(_, k)| **k == key);
        same.map(|(entry, _)| entry).find(|(own, _)| **own == *word).map(|(_, value)| *value)
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// What the longest phrase of at most `words` words says that the text opens with.
    pub(super) fn longest(&self, text: &str, words: usize) -> Option<T> {
        // Such a phrase begins with the same three bytes, unless its first word is shorter.
        let short = text.bytes().take(3).any(|b| b == b' ');
        if !short && !self.openings.may_have(key_of(text).1) {
            return None;
        }
        let ends = text.match_indices(' ').map(|(at, _)| at).take(words);
        let whole = (text.bytes().filter(|b| *b == b' ').count() < words).then_some(text.len());
        ends.chain(whole).filter_map(|end| self.get(&text[..end])).last()
    }
}

#[cfg(test)]
mod tests {
    use super::WordTable;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// A table answers like a map, and finds the longest phrase that a text opens with.
        #[test]
        fn words_and_phrases_are_found(
            words in prop::collection::vec("[abn]{1,3}( [abn]{1,4}){0,2}|[a-c]{7,10}", 0..30),
            text in "[abn]{1,3}( [abn]{1,4}){0,5}|[a-c]{6,11}|",
        ) {
            let mut map = BTreeMap::new();
            for (word, at) in words.iter().zip(0..) {
                map.entry(word.as_str()).or_insert(at);
            }
            let table = WordTable::of(words.iter().zip(0..).map(|(word, at)| (word.as_str().into(), at)).collect());
            prop_assert_eq!(table.get(&text), map.get(text.as_str()).copied());
            let parts: Vec<&str> = text.split(' ').collect();
            let phrases = (1..=parts.len().min(3)).map(|count| parts[..count].join(" "));
            let longest = phrases.rev().find_map(|phrase| map.get(phrase.as_str()).copied());
            prop_assert_eq!(table.longest(&text, 3), longest);
        }
    }
}
