//! Every hash of every normal form of addresses and numbers: all found, nobody else.

use super::{Scratch, blocked, check};
use contactable::cli::Exit;
use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const KEY: &str = "a secret of sixteen bytes or more";

fn digest(algorithm: &str, text: &str) -> String {
    let bytes = match algorithm {
        "md5" => Md5::digest(text).to_vec(),
        "sha1" => Sha1::digest(text).to_vec(),
        "sha256" => Sha256::digest(text).to_vec(),
        "sha512" => Sha512::digest(text).to_vec(),
        _ => {
            let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(KEY.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
    };
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A point as it stands in the list, and its forms by their words.
type Forms = fn(usize) -> (String, Vec<(&'static str, String)>);

fn addresses(i: usize) -> (String, Vec<(&'static str, String)>) {
    let typed = format!("Ja.ne{i}+News@GoogleMail.com");
    let canonical = format!("jane{i}@gmail.com");
    let forms = vec![
        ("as-typed", typed.clone()),
        ("lower", typed.to_lowercase()),
        ("canonical", canonical.clone()),
        ("upper", typed.to_uppercase()),
        ("upper-canonical", canonical.to_uppercase()),
    ];
    (typed, forms)
}

fn numbers(i: usize) -> (String, Vec<(&'static str, String)>) {
    let national = format!("7911{:06}", 123_000 + i);
    let forms = vec![
        ("e164", format!("+44{national}")),
        ("digits", format!("44{national}")),
        ("national", national.clone()),
        ("trunk", format!("0{national}")),
        ("as-typed", format!("0{} {}", &national[..4], &national[4..])),
    ];
    (format!("0{} {}", &national[..4], &national[4..]), forms)
}

/// One person for every combination, and one beside each who is on no list.
fn matrix(channel: &str, header: &str, forms: Forms, name: &str) {
    let scratch = Scratch::new();
    let (mut list, mut hashes) = (format!("name,{header},country\n"), String::new());
    let mut expected = BTreeSet::new();
    let (mut line, mut i) = (2, 0);
    for algorithm in ["md5", "sha1", "sha256", "sha512", "hmac-sha256"] {
        for at in 0..forms(0).1.len() {
            for upper_hex in [false, true] {
                let (typed, all) = forms(i);
                let (word, text) = &all[at];
                let hex = digest(algorithm, text);
                let hex = if upper_hex { hex.to_uppercase() } else { hex };
                let _ = writeln!(hashes, "{hex}");
                let _ = writeln!(list, "P{i},{typed},GB\nQ{i},{},GB", forms(i + 500).0);
                expected.insert((line, format!("{algorithm}:{word}"), (i + 1).to_string()));
                (line, i) = (line + 2, i + 1);
            }
        }
    }
    scratch.write(&[("list.csv", &list), (name, &hashes), ("key", &KEY.to_owned())]);
    let key = scratch.path("key");
    let said = check(&scratch, channel, "list.csv", &[name], &["--key-file", key.to_str().unwrap()]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    let found: BTreeSet<_> = blocked(&scratch)
        .into_iter()
        .map(|[line, _, _, entry, how]| (line.parse().unwrap(), how, entry))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(said.stdout.lines().count(), i + 1, "somebody else was blocked");
}

#[test]
fn every_hash_of_every_form_of_an_address_is_found() {
    matrix("email", "email", addresses, "unsubscribe_hashes.txt");
}

#[test]
fn every_hash_of_every_form_of_a_number_is_found() {
    matrix("sms", "phone", numbers, "sms_stop_hashes.txt");
}

#[test]
fn plain_points_in_every_dress_are_found() {
    let scratch = Scratch::new();
    scratch.write(&[
        (
            "list.csv",
            "email,phone,country\nj.ane@gmail.com,07911 123456,GB\nbob@stonemill.org,+44 7911 123457,GB\n\
             cy@mail.acme.com,+44 7911 123458,GB\ndi@example.de,+44 7911 123459,GB\n",
        ),
        (
            "suppression.csv",
            "point,kind,channels,reason,since,first_seen,source\n'Jane+x@GoogleMail.com,email,,,,,\n\
             *.ACME.com,domain,email,,,,\n447911123457,phone,sms,,,,\n+447911123458,phone,sms,,,,\n",
        ),
    ]);
    let lines = |channel: &str| {
        assert_eq!(check(&scratch, channel, "list.csv", &["suppression.csv"], &[]).exit, Exit::Done);
        blocked(&scratch)
            .into_iter()
            .map(|[line, .., matched]| format!("{line} {matched}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines("email"), ["2 email-canonical", "4 domain"]);
    assert_eq!(lines("sms"), ["2 email-canonical", "3 phone-national", "4 phone"]);
}
