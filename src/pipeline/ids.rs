//! Contact ids: stable names that give nothing away.
//!
//! The id is a digest (keyed with `--key-file`) of the smallest point that no other contact holds; else of the
//! smallest point and the name; a contact without any usable point is known by the place of its first row.

use super::contact::Contact;
use super::sources::SourcePlan;
use crate::record::{Field, PointKind};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Bytes of the digest that make an id: two of a billion contacts agree by chance once in 10^11 runs.
const BYTES: usize = 12;

/// The id of a contact, in hexadecimal digits.
pub(super) fn contact_id(contact: &Contact<'_>, key: Option<&[u8]>, sources: &[SourcePlan]) -> String {
    let point = |alone: bool| {
        contact
            .distinct
            .iter()
            .filter(|d| d.point.keyable && d.shared != alone)
            .map(|d| (d.point.kind, d.point.key, d.twin))
            .min()
    };
    let mut text = String::new();
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
        text.push_str(&format!("\n{twin}"));
    } else if let Some(row) = contact.rows().first() {
        let source = sources[usize::from(row.place.source)].name();
        text.push_str(&format!("row:{source}:{}", row.place.line));
    }
    digest(text.as_bytes(), key)
}

const fn word(kind: PointKind) -> &'static str {
    match kind {
        PointKind::Email => "email:",
        PointKind::Phone => "phone:",
        PointKind::Post => "post:",
    }
}

fn digest(text: &[u8], key: Option<&[u8]>) -> String {
    use std::fmt::Write as _;
    let digest: [u8; 32] = match key.and_then(|key| <Hmac<Sha256> as Mac>::new_from_slice(key).ok()) {
        Some(mut mac) => {
            mac.update(text);
            mac.finalize().into_bytes().into()
        }
        None => Sha256::digest(text).into(),
    };
    digest[..BYTES].iter().fold(String::with_capacity(BYTES * 2), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// What stands for an erased person's point in a suppression file.
pub(super) fn tombstone(point: &str, key: &[u8]) -> Option<String> {
    use std::fmt::Write as _;
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
    mac.update(point.as_bytes());
    Some(mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}
