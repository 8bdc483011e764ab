//! Normal forms: what senders write down before they take the digest of an address or a number.
//!
//! E-mail: as typed, lower-cased (Meta, Google, most MD5 lists), without provider aliases, upper-cased. Number:
//! E.164 with plus (Google), without plus (Meta), national digits with and without the zero before them.
//! Sources stand in the format tables.

use crate::record::words;

words! {
    /// How a text was made up before its digest was taken, or before it was compared.
    pub enum Form {
        /// As it stands in the cell.
        AsTyped = "as-typed",
        /// Lower-cased address.
        Lower = "lower",
        /// Address without provider aliases.
        Canonical = "canonical",
        /// Address without a `+tag`.
        Untagged = "untagged",
        /// Address in capitals.
        Upper = "upper",
        /// Canonical address in capitals.
        UpperCanonical = "upper-canonical",
        /// Number in E.164, with its plus.
        E164 = "e164",
        /// Number in E.164, without its plus.
        Digits = "digits",
        /// Digits behind the country code.
        National = "national",
        /// The same behind a zero.
        Trunk = "trunk",
    }
}

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

impl EmailForms<'_> {
    /// Hands on every form, each text once.
    pub fn each(&self, mut ask: impl FnMut(Form, &[u8])) {
        let (typed, exact, canonical) = (self.typed, self.exact, self.canonical);
        ask(if typed == exact { Form::Lower } else { Form::AsTyped }, typed.as_bytes());
        if exact != typed {
            ask(Form::Lower, exact.as_bytes());
        }
        let aliased = canonical != exact;
        if aliased && canonical != typed {
            ask(Form::Canonical, canonical.as_bytes());
        }
        let mut buffer = [0; 320];
        if let Some(plain) = untagged(exact, &mut buffer).filter(|plain| *plain != canonical.as_bytes()) {
            ask(Form::Untagged, plain);
        }
        for (form, text) in [(Form::Upper, Some(exact)), (Form::UpperCanonical, aliased.then_some(canonical))]
        {
            if let Some(upper) = capitals(text, &mut buffer).filter(|upper| *upper != typed.as_bytes()) {
                ask(form, upper);
            }
        }
    }
}

/// `jane@acme.com` of `jane+news@acme.com`; nothing where there is no tag.
fn untagged<'b>(exact: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let (local, domain) = exact.split_once('+')?;
    let domain = domain.find('@').map(|at| &domain[at..])?;
    let room = buffer.get_mut(..local.len() + domain.len())?;
    let (front, back) = room.split_at_mut(local.len());
    front.copy_from_slice(local.as_bytes());
    back.copy_from_slice(domain.as_bytes());
    (!local.is_empty()).then_some(room)
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

impl PhoneForms<'_> {
    /// Hands on every form; behind a zero the national digits as most countries dial them.
    pub fn each(&self, mut ask: impl FnMut(Form, &[u8])) {
        ask(Form::E164, self.e164.as_bytes());
        if let Some(digits) = self.e164.strip_prefix('+') {
            ask(Form::Digits, digits.as_bytes());
        }
        let national = self.national.as_bytes();
        if national.is_empty() {
            return;
        }
        ask(Form::National, national);
        let mut buffer = [b'0'; 16];
        if let Some(room) = buffer.get_mut(..=national.len()) {
            room[1..].copy_from_slice(national);
            ask(Form::Trunk, room);
        }
    }
}
