//! Normal forms: what senders write down before they take the digest of an address or a number.
//!
//! E-mail: as typed, lower-cased (Meta, Google, most MD5 lists), without provider aliases, upper-cased. Number:
//! E.164 with plus (Google), without plus (Meta), national digits with and without the zero before them.
//! Sources stand in the format tables.

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

    /// In capitals: as typed, and without provider aliases. `buffer` holds the longest address twice over.
    pub(super) fn upper<'b>(&self, buffer: &'b mut [u8; 640]) -> impl Iterator<Item = &'b [u8]> + use<'b> {
        let (one, two) = buffer.split_at_mut(320);
        let second = (self.canonical != self.exact).then_some(self.canonical);
        capitals(Some(self.exact), one).into_iter().chain(capitals(second, two))
    }
}

fn capitals<'b>(text: Option<&str>, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let text = text?.as_bytes();
    let room = buffer.get_mut(..text.len())?;
    room.copy_from_slice(text);
    room.make_ascii_uppercase();
    Some(room)
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

    /// The national digits behind a zero, as most countries dial them.
    pub(super) fn trunk<'b>(&self, buffer: &'b mut [u8; 16]) -> Option<&'b [u8]> {
        let digits = self.national.as_bytes();
        let room = buffer.get_mut(..=digits.len()).filter(|_| !digits.is_empty())?;
        room[0] = b'0';
        room[1..].copy_from_slice(digits);
        Some(room)
    }
}
