//! Lists of refusals that no vendor's layout describes: which channels they refuse, and since when; and our own
//! suppression file read back.

use super::{cells, facts, mapped, said};
use contactable::mapping::{Sample, Wishes, recognise};
use contactable::record::{Channels, DateOrder, EventKind, Field, Kind};

const PHONE: &str = "auto-call call messaging sms";
const PLAIN: &str = "phone\n+1 202-555-0110\n+1 202-555-0111\n";
const DATED: &str = "phone,since,note\n+1 202-555-0110,2024-02-03,x\n+1 202-555-0111,2024-02-04,y\n";
const EMAILS: &str = "email\na@example.com\nb@example.com\n";
const BOTH: &str = "email,phone\na@example.com,+1 202-555-0110\nb@example.com,+1 202-555-0111\n";
const LETTERS: &str = "name,street,postcode,city\nA,1 Example Street,12340,Exampleton\n";

/// The channels that the first row refuses; `all` for every one.
fn refused(name: &str, text: &str) -> String {
    let rows = cells(text);
    let mapping = mapped(name, &rows, Wishes::default()).unwrap_or_else(|f| panic!("{name}: {f}"));
    assert!(mapping.kind.refuses(), "{name}");
    said(&mapping, &rows[1]).into_keys().collect::<Vec<_>>().join(" ")
}

#[test]
fn names_say_which_channels_are_refused() {
    for (name, text, expected) in [
        ("do-not-call.csv", DATED, PHONE),
        ("Do Not Call list.csv", BOTH, PHONE),
        ("no-call.csv", PLAIN, PHONE),
        ("Anrufsperre.csv", PLAIN, PHONE),
        ("ne_pas_appeler.csv", PLAIN, PHONE),
        ("dnc.csv", PLAIN, PHONE),
        // A list of addresses called dnc is no list of calls.
        ("dnc.csv", EMAILS, "all"),
        ("dnc.csv", BOTH, "all"),
        ("do-not-call.csv", EMAILS, "all"),
        ("do_not_mail.csv", LETTERS, "post"),
        ("robinson-post.csv", LETTERS, "post"),
        ("do_not_mail.csv", EMAILS, "email post"),
        ("lista_robinson.csv", BOTH, "all"),
        ("sms-stop-list.csv", BOTH, PHONE),
        ("sms_suppression.csv", PLAIN, "sms"),
        ("do-not-email.csv", BOTH, "email"),
        ("do-not-call-or-text-or-email.csv", BOTH, "auto-call call email messaging sms"),
        ("do-not-contact.csv", BOTH, "all"),
        ("do-not-contact-or-call.csv", BOTH, "all"),
        ("suppression.csv", PLAIN, "all"),
        ("blocklist.csv", BOTH, "all"),
        ("blocked_phones_suppression.csv", PLAIN, PHONE),
        ("email_blocklist.csv", BOTH, "all"),
        ("unsubscribes.csv", BOTH, "email"),
        ("unsubscribes.csv", EMAILS, "email"),
        ("suppression.csv", EMAILS, "all"),
        ("unsubscribes.csv", PLAIN, PHONE),
        ("phone_unsubscribes.csv", PLAIN, PHONE),
        ("sms_unsubscribes.csv", BOTH, PHONE),
        ("opt-outs.csv", PLAIN, PHONE),
        ("opt-outs.csv", BOTH, "auto-call call email messaging sms"),
        ("bounces.csv", EMAILS, "email"),
    ] {
        assert_eq!(refused(name, text), expected, "{name}: {text}");
    }
}

#[test]
fn headers_say_which_channels_are_refused() {
    let list = |header: &str| format!("{header}\n+1 202-555-0110\n+1 202-555-0111\n+1 202-555-0112\n");
    for (header, expected) in
        [("Do not call number", PHONE), ("DNC phone", PHONE), ("Suppressed phone", PHONE)]
    {
        assert_eq!(refused("list.csv", &list(header)), expected, "{header}");
    }
}

#[test]
fn people_without_an_address_are_no_refusals() {
    for name in ["no_email.csv", "contacts_no_phone.csv", "not_called_yet.csv"] {
        let mapping = mapped(name, &cells(BOTH), Wishes::default()).unwrap();
        assert_eq!(mapping.kind, Kind::Contacts, "{name}");
    }
}

#[test]
fn the_flag_given_counts_like_the_name() {
    let rows = cells(PLAIN);
    let wishes = Wishes { kind: Some(Kind::Suppression), ..Wishes::default() };
    let says = |name: &str| {
        let mapping = mapped(name, &rows, wishes).unwrap();
        said(&mapping, &rows[1]).into_keys().collect::<Vec<_>>().join(" ")
    };
    assert_eq!((says("list.csv").as_str(), says("do_not_call.csv").as_str()), ("all", PHONE));
}

/// What the first row says of its date, under a header.
fn dated(name: &str, header: &str, value: &str) -> String {
    let rows = cells(&format!("email,{header}\na@example.com,{value}\nb@example.com,\n"));
    let mapping = mapped(name, &rows, Wishes::default()).unwrap_or_else(|f| panic!("{header}: {f}"));
    let first = &facts(&mapping, &rows[1])[0];
    first.at.readings(|_| DateOrder::Unknown).map_or(String::new(), |(early, _)| early.text())
}

#[test]
fn a_list_of_refusals_is_dated_by_its_own_date() {
    for header in ["since", "date", "added", "Date added", "seit", "depuis", "desde", "Datum", "timestamp"] {
        for name in ["suppression.csv", "unsubscribes.csv", "complaints.csv", "bounces.csv"] {
            assert_eq!(dated(name, header, "2024-02-03"), "2024-02-03", "{name}: {header}");
        }
    }
    assert_eq!(dated("unsubscribes.csv", "seit", "03.02.24"), "2024-02-03");
    // What came before the refusal does not date it, nor what is no date.
    for header in ["first_seen", "created_at", "customer since", "birthday", "consent_date", "last_updated"] {
        assert_eq!(dated("suppression.csv", header, "2024-02-03"), "", "{header}");
    }
    assert_eq!(dated("suppression.csv", "since", "Berlin"), "");
}

#[test]
fn the_surest_of_two_dates_counts() {
    let rows = cells("email,date,since,first_seen\na@example.com,2024-05-06,2024-02-03,2020-01-01\n");
    let mapping = mapped("suppression.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(said(&mapping, &rows[1])["all"], ["do_not_contact@2024-02-03"]);
}

#[test]
fn a_flag_in_such_a_list_is_dated_with_it() {
    let rows = cells("phone,do_not_call,since\n+1 202-555-0110,yes,2024-02-03\n");
    let mapping = mapped("do-not-call.csv", &rows, Wishes::default()).unwrap();
    assert!(facts(&mapping, &rows[1]).iter().all(|f| f.at.readings(|_| DateOrder::Unknown).is_some()));
}

const SUPPRESSION: &str = "point,kind,channels,reason,since,first_seen,source";

/// What the writer may put there comes back: kind, channels and date, for every refusal and a hard bounce.
#[test]
fn our_suppression_file_is_read_back_as_it_was() {
    let binding = EventKind::ALL.into_iter().filter(|k| k.is_refusal() || *k == EventKind::HardBounce);
    let points = [
        ("ana.ferreira@example.com", "email"),
        ("+447700900102", "phone"),
        ("@example.net", "domain"),
        ("0cc175b9c0f1b6a831c399e269772661", "md5"),
        ("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", "sha1"),
        ("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "sha256"),
        ("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "hmac-sha256"),
    ];
    let channels = [
        ("email sms call post messaging auto-call", Channels::ALL),
        ("", Channels::ALL),
        ("email", Channels::from_bytes([1])),
        ("sms call", Channels::from_bytes([0b110])),
        ("call auto-call", Channels::from_bytes([0b10_0100])),
        ("sms call messaging auto-call", Channels::PHONE),
    ];
    let mut checked = 0;
    for kind in binding {
        for (point, point_kind) in points {
            for (words, expected) in channels {
                for since in ["2024-04-13", "", "2024-04-13T10:15:00", "2024-04-13T10:15:00Z"] {
                    let line =
                        format!("{point},{point_kind},{words},{},{since},2026-11-22,old.csv:7", kind.word());
                    let rows = cells(&format!("{SUPPRESSION}\n{line}\n"));
                    let mapping = mapped("anything.csv", &rows, Wishes::default()).unwrap();
                    let found = facts(&mapping, &rows[1]);
                    assert_eq!(found.len(), 1, "{line}");
                    let at = found[0].at.readings(|_| DateOrder::Unknown);
                    let at = at.map_or(String::new(), |(early, _)| early.text());
                    assert_eq!(
                        (found[0].event, found[0].channels, at.as_str()),
                        (kind, expected, since),
                        "{line}"
                    );
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 9 * 7 * 6 * 4);
}

/// A reason of somebody else's, or none, still refuses.
#[test]
fn an_unknown_reason_still_refuses() {
    for reason in ["", "asked by letter", "consent_given", "purchase", "granted", "never", "unknown", "no"] {
        let rows = cells(&format!("{SUPPRESSION}\na@example.com,email,email,{reason},2024-04-13,,\n"));
        let mapping = mapped("suppression.csv", &rows, Wishes::default()).unwrap();
        assert_eq!(said(&mapping, &rows[1])["email"], ["do_not_contact@2024-04-13"], "{reason}");
    }
}

#[test]
fn hashed_lists_of_numbers_bind_numbers() {
    let digests = "0cc175b9c0f1b6a831c399e269772661\n92eb5ffee6ae2fec3ad71c777531578f\n";
    let read = |name: &str, header: &str| {
        let rows = cells(&format!("{header}{digests}"));
        let (head, data) =
            if header.is_empty() { (None, &rows[..]) } else { (Some(&rows[0][..]), &rows[1..]) };
        let mapping =
            recognise(&Sample { file_name: name, header: head, rows: data }, Wishes::default()).unwrap();
        let words = said(&mapping, &data[0]).into_keys().collect::<Vec<_>>().join(" ");
        (mapping.columns[0].field, words)
    };
    let email = (Some(Field::HashEmail), "email".to_owned());
    assert_eq!(read("suppression_md5.txt", ""), email);
    assert_eq!(read("suppression_md5.txt", "email_md5\n"), email);
    assert_eq!(read("suppression_md5.txt", "phone_md5\n"), (Some(Field::HashPhone), PHONE.to_owned()));
    assert_eq!(read("sms_optouts_md5.txt", ""), (Some(Field::HashPhone), "sms".to_owned()));
    assert_eq!(read("do-not-call-md5.txt", ""), (Some(Field::HashPhone), PHONE.to_owned()));
}

#[test]
fn only_a_name_that_begins_with_subscribed_tells_subscribers() {
    let tail = "MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,LEID,EUID";
    let rows = cells(&format!(
        "Email Address,{tail}\na@example.com,2,2024-02-03 10:15:00,2024-02-03 10:15:00,1,x\n"
    ));
    for (name, expected) in [
        ("subscribed_members_export_1.csv", Some("mailchimp_subscribed")),
        ("subscribed.csv", Some("mailchimp_subscribed")),
        ("non_subscribed_members.csv", Some("mailchimp_nonsubscribed")),
        ("never_subscribed.csv", Some("mailchimp_nonsubscribed")),
        ("not subscribed.csv", Some("mailchimp_nonsubscribed")),
        ("no_longer_subscribed.csv", None),
        ("previously-subscribed.csv", None),
        ("export.csv", None),
    ] {
        let found = mapped(name, &rows, Wishes::default());
        assert_eq!(found.ok().and_then(|m| m.format).map(|f| f.id.as_str()), expected, "{name}");
    }
}

/// Opt-out flags of vendors: no word but a listed one grants, least of all a *no*.
#[test]
fn a_no_of_an_opt_out_never_consents() {
    use contactable::data::format::SpecRole;
    use contactable::record::Meaning;
    for format in contactable::data::formats() {
        for column in format.columns.iter().filter(|c| c.role == Some(SpecRole::Refusal)) {
            for word in ["no", "No", "false", "FALSE", "0", "nein", "off", "n"] {
                let meaning = column.words.meaning(word);
                assert_ne!(meaning, Some(Meaning::Granted), "{}: {} = {word}", format.id, column.header);
                assert!(
                    matches!(meaning, Some(Meaning::Unknown | Meaning::False)),
                    "{}: {} = {word} refuses",
                    format.id,
                    column.header
                );
            }
        }
    }
}
