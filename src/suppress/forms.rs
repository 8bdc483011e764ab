//! Normal forms: what senders write down before they take the digest of an address or a number.
//!
//! E-mail: as typed, lower-cased (Meta, Google, most MD5 lists), without provider aliases. Number: E.164 with
//! plus (Google), without plus (Meta), national digits. Sources stand in the format tables.

/// The forms of one address; equal ones are asked once.
#[derive(Debug, Clone, Copy)]
pub struct EmailForms<'a> {
    /// As it stands in the cell, trimmed.
    pub typed: &'a str,
    /// Repaired and lower-cased.
    pub exact: &'a str,
    /// Canonical: lower-cased, provider aliases removed.
    pub canonical: &'a str,
}

impl<'a> EmailForms<'a> {
    pub(super) fn all(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (typed, exact, canonical) = (self.typed, self.exact, self.canonical);
        let second = (exact != typed).then_some(exact);
        let third = (canonical != exact && canonical != typed).then_some(canonical);
        [Some(typed), second, third].into_iter().flatten()
    }
}

/// The forms of one number.
#[derive(Debug, Clone, Copy)]
pub struct PhoneForms<'a> {
    /// E.164 with its plus.
    pub e164: &'a str,
    /// Digits after the country code.
    pub national: &'a str,
}

impl<'a> PhoneForms<'a> {
    pub(super) fn all(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let digits = self.e164.strip_prefix('+').unwrap_or(self.e164);
        [Some(self.e164), Some(digits), (!self.national.is_empty()).then_some(self.national)]
            .into_iter()
            .flatten()
    }
}
