use super::{Asked, EmailForms, ListBuilder, ListIndex, Listed, index_key, shape};
use crate::record::{Channels, Event, EventKind, Evidence, Place, Stamp};

fn lists(points: &[&str], key: Option<&[u8]>) -> ListIndex {
    let (kind, channels, at) = (EventKind::DoNotContact, Channels::ALL, Stamp::Absent);
    let (evidence, place) = (Evidence::OUTSIDE, Place::default());
    let event = Event { kind, channels, at, evidence, detail: 0, place };
    let mut lists = ListBuilder::new(&index_key(None));
    for (row, point) in (0..).zip(points) {
        lists.add(shape(point).expect("a domain or a digest"), Listed { row, event });
    }
    lists.finish(key)
}

/// The rows of the entries that an address is found by.
fn rows(lists: &ListIndex, typed: &str) -> Vec<u32> {
    let exact = typed.to_lowercase();
    let (_, domain) = exact.split_once('@').expect("an address");
    let mut rows = Vec::new();
    let forms = EmailForms { typed, exact: &exact, canonical: &exact };
    lists.find(&Asked::Email(forms, domain), |hit| rows.push(lists.listed(&hit).row));
    rows
}

#[test]
fn a_domain_binds_itself_and_a_star_binds_all_below() {
    let lists = lists(&["@acme.com", "*.Example.ORG", "*@only.net"], None);
    for (domain, found) in [
        ("acme.com", &[0][..]),
        ("mail.acme.com", &[]),
        ("example.org", &[1]),
        ("a.b.example.org", &[1]),
        ("notexample.org", &[]),
        ("only.net", &[2]),
    ] {
        assert_eq!(rows(&lists, &format!("jane@{domain}")), found, "{domain}");
    }
}

// "jane.doe@example.com" under md5sum, sha1sum, sha256sum, sha512sum (GNU coreutils 9.1) and
// `openssl dgst -sha256 -hmac secret`.
const MD5: &str = "0cba00ca3da1b283a57287bcceb17e35";
const SHA1: &str = "a3caddb38202511eab803116294dc020f7c4f8a2";
const SHA256: &str = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";
const SHA512: &str = "358c75d37759d9df9ed01d23ef5c11ddc7e69b5ee818e60c868cd271de55b54c\
                      e641d3028f46a5d5def6c5a938d251efb80ec33a307c321837a055734df1064c";
const HMAC: &str = "3212eddab48c148e4a7d0489cca5956d880a4093c1047ed78f0b82384cf96e52";

#[test]
fn every_digest_is_found_under_its_key_and_no_other() {
    let none = &[][..];
    for (digest, key, found) in [
        (MD5, None, &[0][..]),
        (SHA1, None, &[0]),
        (SHA256, None, &[0]),
        (SHA512, None, &[0]),
        (&SHA256.to_uppercase(), None, &[0]),
        (HMAC, Some(&b"secret"[..]), &[0]),
        (HMAC, Some(b"other"), none),
        (HMAC, None, none),
    ] {
        let lists = lists(&[digest], key);
        assert_eq!(rows(&lists, "Jane.Doe@Example.com"), found, "{digest}");
        assert_eq!(rows(&lists, "john.doe@example.com"), none, "{digest}");
    }
}

#[test]
fn only_the_lengths_of_known_digests_are_digests() {
    for text in [&MD5[..8], "447700900123", &MD5.replace('0', "z")] {
        assert_eq!(shape(text), None, "{text}");
    }
}
