//! Contact ids: stable names that give nothing away.
//!
//! The id is a digest (keyed with `--key-file`) of the smallest point that no other contact holds; else of the
//! smallest point and the name; a contact without any usable point is known by the place of its first row.

use super::contact::Contact;
use super::sources::SourcePlan;
use crate::output::digits;
use crate::record::{Field, PointKind};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Bytes of the digest that make an id: two of a billion contacts agree by chance once in 10^11 runs.
pub(super) const BYTES: usize = 12;

/// Writes the id of a contact, in hexadecimal digits, over `id`; one that is `given` to another contact is not given
/// again. `text` is room to work in.
pub(super) fn contact_id(
    contact: &Contact<'_>,
    key: Option<&[u8]>,
    (sources, given): (&[SourcePlan], impl Fn(&str) -> bool),
    text: &mut String,
    id: &mut String,
) {
    let point = |alone: bool| {
        contact
            .distinct
            .iter()
            .filter(|d| d.point.keyable && d.shared != alone)
            .map(|d| (d.point.kind, d.point.key, d.twin))
            .min()
    };
    text.clear();
    if let Some((kind, key, _)) = point(true) {
        text.push_str(word(kind));
        text.push_str(key);
    } else if let Some((kind, key, twin)) = point(false) {
        text.push_str(word(kind));
        text.push_str(key);
        for field in
            [Field::FirstName, Field::MiddleName, Field::LastName, Field::FullName, Field::NameSuffix]
        {
            text.push('\n');
            let name = contact.field(|source, field| sources[usize::from(source)].column(field), field);
            text.push_str(&name.to_lowercase());
        }
        text.push('\n');
        text.push_str(digits(u64::from(twin), &mut [0; 20]));
    } else if let Some(row) = contact.rows().first() {
        for part in ["row:", sources[usize::from(row.place.source)].name(), ":"] {
            text.push_str(part);
        }
        text.push_str(digits(u64::from(row.place.line), &mut [0; 20]));
    }
    id.clear();
    hex(&digest(text.as_bytes(), key)[..BYTES], id);
    // With an earlier run: its own contact keeps an id, whatever another contact of now would be called.
    while given(id) {
        text.insert_str(0, "again:");
        id.clear();
        hex(&digest(text.as_bytes(), key)[..BYTES], id);
    }
}

const fn word(kind: PointKind) -> &'static str {
    match kind {
        PointKind::Email => "email:",
        PointKind::Phone => "phone:",
        PointKind::Post => "post:",
        PointKind::Handle => "handle:",
    }
}

fn digest(text: &[u8], key: Option<&[u8]>) -> [u8; 32] {
    match key.and_then(|key| <Hmac<Sha256> as Mac>::new_from_slice(key).ok()) {
        Some(mut mac) => {
            mac.update(text);
            mac.finalize().into_bytes().into()
        }
        None => Sha256::digest(text).into(),
    }
}

fn hex(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Tells keys apart without telling anything of them.
pub(super) fn key_id(key: &[u8]) -> String {
    let mut text = String::new();
    hex(&digest(b"contactable: which key", Some(key))[..8], &mut text);
    text
}

/// What stands for an erased person's point in a suppression file.
pub(super) fn tombstone(point: &str, key: &[u8]) -> Option<String> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
    mac.update(point.as_bytes());
    let mut text = String::with_capacity(64);
    hex(&mac.finalize().into_bytes(), &mut text);
    Some(text)
}
