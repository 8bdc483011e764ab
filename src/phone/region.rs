//! Regions of numbering plans: two capital letters, as ISO 3166-1 has them (and XK, AC, TA).

use std::fmt;

/// A region that has a numbering plan, or may have one: two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region([u8; 2]);

impl Region {
    /// From two letters of any case; `UK` is `GB` and `EL` is `GR`, as people and the EU write them.
    pub fn from_iso(text: &str) -> Option<Self> {
        let &[a, b] = text.trim().as_bytes() else { return None };
        if !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() {
            return None;
        }
        Some(match &[a.to_ascii_uppercase(), b.to_ascii_uppercase()] {
            b"UK" => Self(*b"GB"),
            b"EL" => Self(*b"GR"),
            letters => Self(*letters),
        })
    }

    pub(super) const fn of_plan(letters: [u8; 2]) -> Self {
        Self(letters)
    }

    /// The two letters.
    pub const fn letters(self) -> [u8; 2] {
        self.0
    }

    /// The two letters as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn letters_of_any_case_and_two_everyday_names() {
        assert_eq!(Region::from_iso("gb").unwrap().as_str(), "GB");
        assert_eq!(Region::from_iso("UK"), Region::from_iso("GB"));
        assert_eq!(["GBR", "4G"].map(Region::from_iso), [None; 2]);
    }
}
