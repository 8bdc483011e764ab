//! Enums whose values have words: `words!` declares one with its list, its words and their way back.
//!
//! Knows no enum itself. Whoever stores a number of a value in a file that outlives the run says so beside the enum and
//! pins it by a test; words are never renamed.

/// An enum that numbers its values from 0 without a gap: what a [`Set`](super::Set) holds.
pub trait Element: Copy + 'static {
    /// How many values the enum has.
    const COUNT: usize;

    /// The value's place in its enum.
    fn number(self) -> usize;

    /// The value at that place.
    fn at(number: usize) -> Option<Self>;
}

/// Declares enums and, for each, `ALL` (in the order written), `from_number` and [`Element`]; from `= "word"` also
/// `word` and `from_word`. `enum E: Serialize, Deserialize` derives those so that a value is its word; `enum E: meaning -> T`
/// with `Value => Other` adds `meaning`, which gives `T::Other`.
macro_rules! words {
    // With words.
    ($($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$about:meta])* $value:ident = $word:literal,)+ })+) => { $(
        $crate::record::words! { $(#[$meta])* $vis enum $name { $($(#[$about])* $value,)+ } }

        #[allow(dead_code, reason = "not every enum is read back")]
        impl $name {
            /// The word that files and outputs carry.
            $vis const fn word(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }

            /// The value of that word.
            $vis fn from_word(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.word() == word)
            }
        }
    )+ };
    // With words, which are also what serde reads and writes.
    ($($(#[$meta:meta])* $vis:vis enum $name:ident: $($serde:ident),+ { $($(#[$about:meta])* $value:ident = $word:literal,)+ })+) => { $(
        $crate::record::words! {
            $(#[$meta])* #[derive($($serde),+)]
            $vis enum $name { $($(#[$about])* #[serde(rename = $word)] $value = $word,)+ }
        }
    )+ };
    // With what each value stands for.
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $meaning:ident -> $type:ident { $($(#[$about:meta])* $value:ident => $stands_for:ident,)+ }) => {
        $crate::record::words! { $(#[$meta])* $vis enum $name { $($(#[$about])* $value,)+ } }

        impl $name {
            /// What the value stands for.
            $vis const fn $meaning(self) -> $type {
                match self { $(Self::$value => $type::$stands_for,)+ }
            }
        }
    };
    // Without words.
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$about:meta])* $value:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $vis enum $name { $($(#[$about])* $value,)+ }

        #[allow(dead_code, reason = "not every enum is read back")]
        impl $name {
            /// All values, in their order.
            $vis const ALL: [Self; [$(Self::$value),+].len()] = [$(Self::$value),+];

            /// The value of that number, as temporary files hold it.
            $vis fn from_number(number: u8) -> Option<Self> {
                Self::ALL.get(usize::from(number)).copied()
            }
        }

        impl $crate::record::Element for $name {
            const COUNT: usize = Self::ALL.len();

            fn number(self) -> usize {
                self as usize
            }

            fn at(number: usize) -> Option<Self> {
                Self::ALL.get(number).copied()
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::record::{Channel, EventKind};

    #[test]
    fn numbers_in_index_files_stay() {
        let channels = "email sms call post messaging auto-call";
        assert_eq!(Channel::ALL.map(Channel::word).join(" "), channels);
        let kinds = "deceased erasure complaint do_not_contact objection consent_withdrawn refusal_on_call \
            consent_declined consent_pending consent_given consent_confirmed purchase inquiry donation contract_end \
            hard_bounce soft_bounce last_activity last_inbound_contact last_message_sent notice_of_consent_sent \
            registry_check registry_listed consent_not_given consent_ended number_reassigned consent_word_unknown";
        assert_eq!(EventKind::ALL.map(EventKind::word).join(" "), kinds);
    }

    #[test]
    fn values_are_found_by_word_and_by_number() {
        for (number, kind) in EventKind::ALL.into_iter().enumerate() {
            assert_eq!(EventKind::from_word(kind.word()), Some(kind));
            assert_eq!(EventKind::from_number(number as u8), Some(kind));
        }
        assert_eq!(EventKind::from_word("refused"), None);
        assert_eq!(EventKind::from_number(EventKind::ALL.len() as u8), None);
    }
}
