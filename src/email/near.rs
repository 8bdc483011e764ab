//! Which texts can be a typo of a known mailbox domain at all, by first letter and length.

use crate::data::domains::Target;

/// By first letter: the lengths of names and whole domains near a target; a test shows that no suggestion is lost.
#[derive(Debug, Clone)]
pub(super) struct Near {
    pub(super) names: NearLengths,
    pub(super) domains: NearLengths,
}

/// By first letter: lengths, a bit each.
#[derive(Debug, Clone)]
pub(super) struct NearLengths([u64; 256]);

impl NearLengths {
    #[inline]
    pub(super) fn has(&self, text: &[u8]) -> bool {
        let Some(first) = text.first() else { return false };
        text.len() < 64 && self.0[usize::from(*first)] >> text.len() & 1 == 1
    }
}

impl Near {
    pub(super) fn new(targets: &[Target]) -> Self {
        let mut near = Self { names: NearLengths([0; 256]), domains: NearLengths([0; 256]) };
        let lengths = |from: usize, to: usize| (from..=to.min(63)).fold(0, |mask, length| mask | 1 << length);
        for target in targets {
            let (name, home) = (target.name.len(), target.home.len());
            let (Some(&first), Some(&of_home)) =
                (target.name.as_bytes().first(), target.home.as_bytes().first())
            else {
                continue;
            };
            let about = usize::from(name >= 5);
            near.names.0[usize::from(first)] |= lengths(name - about, name + about);
            near.domains.0[usize::from(of_home)] |= lengths(home - 1, home + 1);
            for key in (b'a'..=b'z').filter(|key| target.giant && beside(*key, first)) {
                near.names.0[usize::from(key)] |= lengths(name, name);
            }
        }
        near
    }
}

/// Whether two keys lie side by side in a row of a QWERTY keyboard.
pub(super) fn beside(a: u8, b: u8) -> bool {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    ROWS.iter().any(|row| row.windows(2).any(|keys| keys == [a, b] || keys == [b, a]))
}
