use super::{
    Algorithm, EmailForms, EntryShape, ListBuilder, ListIndex, Listed, PhoneForms, SuppressionEntry,
    index_key, shape,
};
use crate::record::{Channels, Event, EventKind, Evidence, Place, Stamp};

fn listed(row: u32) -> Listed {
    let event = Event {
        kind: EventKind::DoNotContact,
        channels: Channels::ALL,
        at: Stamp::Absent,
        evidence: Evidence::OUTSIDE,
        detail: 0,
        place: Place { source: 0, line: row + 1 },
    };
    Listed { row, event }
}

fn lists(points: &[&str], key: Option<&[u8]>) -> ListIndex {
    let mut lists = ListBuilder::new(&index_key(None));
    for (row, point) in (0..).zip(points) {
        let entry = match shape(point) {
            EntryShape::Domain { name, below } => SuppressionEntry::Domain { name, below },
            EntryShape::Digest(digest) => SuppressionEntry::Digest(digest),
            EntryShape::Plain(text) => panic!("{text} is plain"),
        };
        lists.add(entry, listed(row));
    }
    lists.finish(key)
}

fn domain_rows(lists: &ListIndex, domain: &str) -> Vec<u32> {
    let address = format!("jane@{domain}");
    let (forms, mut rows) =
        (EmailForms { typed: &address, exact: &address, canonical: &address }, Vec::new());
    lists.email(&forms, domain, |hit| rows.push(lists.listed(&hit).row));
    rows
}

fn email_rows(lists: &ListIndex, typed: &str, exact: &str, canonical: &str) -> Vec<u32> {
    let mut rows = Vec::new();
    lists.email(&EmailForms { typed, exact, canonical }, "example.com", |hit| {
        rows.push(lists.listed(&hit).row)
    });
    rows
}

#[test]
fn a_domain_binds_itself_and_a_star_binds_all_below() {
    let lists = lists(&["@acme.com", "*.Example.ORG", "*@only.net"], None);
    assert_eq!(domain_rows(&lists, "acme.com"), [0]);
    assert_eq!(domain_rows(&lists, "mail.acme.com"), [] as [u32; 0]);
    assert_eq!(domain_rows(&lists, "example.org"), [1]);
    assert_eq!(domain_rows(&lists, "a.b.example.org"), [1]);
    assert_eq!(domain_rows(&lists, "notexample.org"), [] as [u32; 0]);
    assert_eq!(domain_rows(&lists, "only.net"), [2]);
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
fn every_digest_of_every_form_is_found_and_no_other() {
    for digest in [MD5, SHA1, SHA256, SHA512, &SHA256.to_uppercase()] {
        let lists = lists(&[digest], None);
        assert_eq!(
            email_rows(&lists, "Jane.Doe@Example.com", "jane.doe@example.com", "jane.doe@example.com"),
            [0]
        );
        assert_eq!(
            email_rows(&lists, "john.doe@example.com", "john.doe@example.com", "john.doe@example.com"),
            [] as [u32; 0]
        );
    }
}

#[test]
fn a_case_preserving_digest_matches_the_address_as_typed() {
    let typed = "Jane.Doe@Example.com";
    let lists = lists(&[&hex(&sha512(typed))], None);
    assert_eq!(email_rows(&lists, typed, "jane.doe@example.com", "jane.doe@example.com"), [0]);
}

#[test]
fn one_number_has_three_digests() {
    for form in ["+447700900123", "447700900123", "7700900123"] {
        let lists = lists(&[&hex(&sha512(form))], None);
        let mut rows = Vec::new();
        lists.phone(&PhoneForms { e164: "+447700900123", national: "7700900123" }, |hit| {
            rows.push(lists.listed(&hit).row)
        });
        assert_eq!(rows, [0], "{form}");
    }
}

#[test]
fn a_keyed_digest_is_found_only_under_its_key() {
    let digest = HMAC;
    let jane = "jane.doe@example.com";
    assert_eq!(email_rows(&lists(&[digest], Some(b"secret")), jane, jane, jane), [0]);
    assert_eq!(email_rows(&lists(&[digest], Some(b"other")), jane, jane, jane), [] as [u32; 0]);
    assert_eq!(email_rows(&lists(&[digest], None), jane, jane, jane), [] as [u32; 0]);
}

#[test]
fn only_the_lengths_of_known_digests_are_digests() {
    assert!(matches!(shape(MD5), EntryShape::Digest(_)));
    assert!(matches!(shape(&MD5[..8]), EntryShape::Plain(_)));
    assert!(matches!(shape("447700900123"), EntryShape::Plain(_)));
    assert!(matches!(shape(&MD5.replace('0', "z")), EntryShape::Plain(_)));
    assert_eq!(Algorithm::Sha512.length(), 64);
}

fn sha512(text: &str) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha512::digest(text.as_bytes()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
