//! What was found out about short texts that come again and again, by their very text: tags, segments, ways of sign-up.

const SLOTS: usize = 64;

const SHORT: usize = 31;

/// A text, how long it is, and what was found.
type Slot<V> = ([u8; SHORT], u8, Option<V>);

/// Some of the last texts, each in the one place where it may stand.
#[derive(Debug)]
pub(crate) struct Memo<V>(Box<[Slot<V>; SLOTS]>);

impl<V: Copy> Default for Memo<V> {
    fn default() -> Self {
        Self(Box::new([([0; SHORT], 0, None); SLOTS]))
    }
}

impl<V: Copy> Memo<V> {
    fn slot(text: &[u8]) -> usize {
        let end = text.last_chunk::<8>().map_or(0, |end| u64::from_le_bytes(*end));
        let head = text.iter().take(8).fold(text.len() as u64, |all, b| all << 8 | u64::from(*b));
        ((head ^ end.rotate_left(21)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize
    }

    /// What was found of the text, if it is remembered.
    pub(crate) fn get(&self, text: &str) -> Option<V> {
        let bytes = text.as_bytes();
        let (known, length, found) = &self.0[Self::slot(bytes)];
        let same = usize::from(*length) == bytes.len() && known[..bytes.len()] == *bytes;
        found.filter(|_| same)
    }

    /// Remembers what was found of a text, if it is short.
    pub(crate) fn note(&mut self, text: &str, found: V) {
        let bytes = text.as_bytes();
        if bytes.len() <= SHORT {
            let (known, length, place) = &mut self.0[Self::slot(bytes)];
            known[..bytes.len()].copy_from_slice(bytes);
            (*length, *place) = (bytes.len() as u8, Some(found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Memo, SHORT};
    use proptest::prelude::*;

    proptest! {
        /// Only what was noted of a text is told of it, whatever was noted of others before and after.
        #[test]
        fn no_text_is_taken_for_another(texts in prop::collection::vec(("[ab]{0,3}|[a-c]{0,40}", any::<bool>()), 0..200)) {
            let (mut memo, mut noted) = (Memo::default(), std::collections::HashMap::new());
            for (at, (text, note)) in texts.iter().enumerate() {
                let found: Option<usize> = memo.get(text);
                prop_assert!(found.is_none() || found == noted.get(text).copied());
                if *note {
                    memo.note(text, at);
                    noted.insert(text, at);
                    prop_assert_eq!(memo.get(text), (text.len() <= SHORT).then_some(at));
                }
            }
        }
    }
}
