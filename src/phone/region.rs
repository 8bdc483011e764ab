//! Regions of numbering plans: two capital letters, as ISO 3166-1 has them (and XK, AC, TA).

use super::Tables;
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

    /// From a dialling code as lists write it: `44`, `+44`, `0044`, `1-268`. Of a shared code (1, 7, 39, 44, …)
    /// the main region, which reads the numbers of all of them.
    pub fn from_dial_code(text: &str, tables: &Tables) -> Option<Self> {
        let text = text.trim();
        if !text.bytes().all(|b| b.is_ascii_digit() || b"+-() ".contains(&b)) {
            return None;
        }
        let mut digits = [0; 8];
        let mut length = 0;
        for b in text.bytes().filter(u8::is_ascii_digit) {
            *digits.get_mut(length)? = b - b'0';
            length += 1;
        }
        let digits = digits.get(..length)?;
        let digits = digits.strip_prefix(&[0, 0]).unwrap_or(digits);
        let (number, rest) = tables.plans.split_code(digits)?;
        let code = tables.plans.code(number)?;
        if rest.is_empty() {
            return tables.plans.plan(code.main).region.map(Self);
        }
        tables.plans.find(code, rest).region.filter(|_| !code.single).map(Self)
    }

    /// From the two letters of a plan.
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
    use super::{Region, Tables};

    #[test]
    fn dial_codes_as_lists_write_them() {
        let tables = Tables::built_in();
        let check = |text: &str, expected: Option<&str>| {
            let found = Region::from_dial_code(text, &tables);
            assert_eq!(found.as_ref().map(Region::as_str), expected, "{text}");
        };
        for text in ["44", "+44", "0044", " +44 "] {
            check(text, Some("GB"));
        }
        check("1", Some("US"));
        check("1-268", Some("AG"));
        check("+1 (809)", Some("DO"));
        check("+7", Some("RU"));
        check("800", None);
        check("999", None);
        check("", None);
        check("GB", None);
    }

    #[test]
    fn letters_of_any_case_and_two_everyday_names() {
        assert_eq!(Region::from_iso("gb").unwrap().as_str(), "GB");
        assert_eq!(Region::from_iso("UK"), Region::from_iso("GB"));
        assert_eq!(Region::from_iso("GBR"), None);
        assert_eq!(Region::from_iso("4G"), None);
    }
}
