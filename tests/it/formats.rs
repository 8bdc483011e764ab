//! Layouts: each is recognised as itself, mapped and understood as its fixture says; other files are mapped by
//! dictionary and values.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use contactable::data::{format::Detect, formats};
use contactable::mapping::Mapping;
use contactable::mapping::{Fact, Facts};
use contactable::mapping::{Sample, Wishes, recognise, recognise::is_header};
use contactable::record::{Channels, Failure, FailureKind, Field, Kind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod refusals;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    file: String,
    kind: String,
    #[serde(default)]
    headerless: bool,
    #[serde(default)]
    named: bool,
    #[serde(default)]
    unreadable: bool,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    row: Vec<BTreeMap<String, Vec<String>>>,
}

fn rows_of(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    reader.into_records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn delimiter_of(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    *[b'\t', b';', b','].iter().max_by_key(|d| head.bytes().filter(|b| b == *d).count()).unwrap()
}

fn table(path: &Path) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let text = text.trim_start_matches('\u{feff}').trim_start_matches("sep=;").trim_start();
    rows_of(text, delimiter_of(text))
}

fn mapped(name: &str, table: &[Vec<String>], wishes: Wishes<'_>) -> Result<Mapping, Failure> {
    recognise(&Sample { file_name: name, header: Some(&table[0]), rows: &table[1..] }, wishes)
}

fn facts(mapping: &Mapping, row: &[String]) -> Vec<Fact> {
    let mut facts = Facts::default();
    mapping.facts(|at| row.get(at).map_or("", String::as_str), &mut facts);
    facts.to_vec()
}

/// What a row says per channel, as `event@date`; activity apart.
fn said(mapping: &Mapping, row: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for fact in facts(mapping, row) {
        if matches!(fact.event.word(), "last_activity" | "last_inbound_contact" | "last_message_sent") {
            continue;
        }
        let when = fact.at.readings(|_| contactable::record::DateOrder::Unknown);
        let text =
            when.map_or(fact.event.word().to_owned(), |(w, _)| format!("{}@{}", fact.event.word(), w.text()));
        if fact.channels == Channels::ALL {
            said.entry("all".to_owned()).or_default().push(text);
        } else {
            for channel in fact.channels.iter() {
                said.entry(channel.word().to_owned()).or_default().push(text.clone());
            }
        }
    }
    said.values_mut().for_each(|v| v.sort());
    said
}

fn fixture(id: &str) -> (Expected, PathBuf) {
    let directory = Path::new(ROOT).join("fixtures/formats").join(id);
    let text =
        std::fs::read_to_string(directory.join("expected.toml")).unwrap_or_else(|e| panic!("{id}: {e}"));
    let expected: Expected = toml::from_str(&text).unwrap_or_else(|e| panic!("{id}: {e}"));
    let file = directory.join(&expected.file);
    (expected, file)
}

#[test]
fn every_format_is_recognised_mapped_and_understood() {
    let mut wrong = Vec::new();
    for format in formats() {
        if let Err(why) = try_format(&format.id) {
            wrong.push(format!("{}: {why}", format.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn try_format(id: &str) -> Result<(), String> {
    let (expected, file) = fixture(id);
    let rows = table(&file);
    let wishes = Wishes { format: expected.named.then_some(id), ..Wishes::default() };
    let (header, data) =
        if expected.headerless { (None, &rows[..]) } else { (Some(&rows[0][..]), &rows[1..]) };
    if is_header(&rows[0]) == expected.headerless && !expected.unreadable {
        return Err("header not told from data".to_owned());
    }
    let mapping = match recognise(&Sample { file_name: &expected.file, header, rows: data }, wishes) {
        Err(failure) if expected.unreadable && failure.what.contains(id) => return Ok(()),
        Err(failure) => return Err(failure.to_string()),
        Ok(_) if expected.unreadable => return Err("was read".to_owned()),
        Ok(mapping) => mapping,
    };
    let found = mapping.format.map(|f| f.id.as_str());
    if found != Some(id) || mapping.kind.word() != expected.kind || mapping.why.is_empty() {
        return Err(format!("taken for {found:?}, {}", mapping.kind.word()));
    }
    for (at, column) in mapping.columns.iter().enumerate() {
        let key = if expected.headerless { (at + 1).to_string() } else { column.header.clone() };
        let (field, wanted) = (column.field.map(Field::word), expected.columns.get(&key).map(String::as_str));
        if wanted.is_some() && field != wanted {
            return Err(format!("{key}: {field:?}, expected {wanted:?}"));
        }
    }
    if data.len() != expected.row.len() {
        return Err("rows and expectations differ in number".to_owned());
    }
    for (at, (row, wanted)) in data.iter().zip(&expected.row).enumerate() {
        let got = said(&mapping, row);
        let mut wanted = wanted.clone();
        wanted.values_mut().for_each(|v| v.sort());
        if got != wanted {
            return Err(format!("row {}: {got:?}, expected {wanted:?}", at + 1));
        }
    }
    Ok(())
}

#[test]
fn no_fixture_without_a_format() {
    let ids: Vec<&str> = formats().iter().map(|f| f.id.as_str()).collect();
    for entry in std::fs::read_dir(Path::new(ROOT).join("fixtures/formats")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(ids.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn no_two_formats_claim_one_header() {
    for format in formats().iter().filter(|f| !matches!(f.detect, Detect::Content | Detect::Never)) {
        let header = vec![format.header.clone()];
        let told = match format.detect {
            Detect::Exact => header,
            _ => vec![format.header.clone(), format.distinguishing.clone()],
        };
        for cells in told {
            match mapped("export.csv", std::slice::from_ref(&cells), Wishes::default()) {
                Ok(mapping) => assert_eq!(mapping.format.map(|f| &f.id), Some(&format.id), "{cells:?}"),
                Err(question) => {
                    assert_eq!(format.detect, Detect::Name, "{}: {question}", format.id);
                    assert_eq!(question.kind, FailureKind::Usage);
                    assert!(question.hint.unwrap().contains(&format!("--format {}=export.csv", format.id)));
                }
            }
        }
    }
}

#[test]
fn header_case_order_and_byte_order_mark_do_not_matter() {
    for format in formats().iter().filter(|f| f.detect == Detect::Header) {
        let mut cells: Vec<String> =
            format.header.iter().map(|h| format!(" {} ", h.to_uppercase())).collect();
        cells.reverse();
        cells[0] = format!("\u{feff}{}", cells[0]);
        let mapping = mapped("export.csv", &[cells], Wishes::default()).unwrap();
        assert_eq!(mapping.format.map(|f| &f.id), Some(&format.id));
    }
}

#[test]
fn samples_resolve_as_their_readme_says() {
    let directory = Path::new(ROOT).join("../shared/formats/samples");
    if !directory.exists() {
        return;
    }
    for (file, expected) in [
        ("mailchimp_subscribed.csv", Some("mailchimp_subscribed")),
        ("mailchimp_unsubscribed.csv", Some("mailchimp_unsubscribed")),
        ("mailchimp_cleaned.csv", Some("mailchimp_cleaned")),
        ("beehiiv_members.csv", Some("beehiiv_members")),
        ("curated_subscribers.csv", Some("curated_subscribers")),
        ("substack_signup_emails.csv", Some("substack_email_list")),
        ("substack_subscriber_emails.csv", Some("substack_paid")),
        ("letterhead_tinynews_subs_v1.csv", Some("letterhead_subscribers")),
        ("letterhead_tinynews_subs_v2.csv", None),
    ] {
        let rows = table(&directory.join(file));
        let mapping = mapped(file, &rows, Wishes::default()).unwrap();
        assert_eq!(mapping.format.map(|f| f.id.as_str()), expected, "{file}");
    }
}

/// `file`, its columns that must be mapped, columns that must not be read.
type Wanted = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const REAL: &[Wanted] = &[
    (
        "linkage/contacts_traps/webshop.csv",
        &[
            ("Name", "full_name"),
            ("Telefon", "phone"),
            ("E-Mail", "email"),
            ("Adresse", "street"),
            ("PLZ Ort", "postal_code_city"),
            ("Newsletter", "consent_email_status"),
            ("Datum", "last_changed"),
        ],
        &[],
    ),
    (
        "linkage/contacts_traps/crm.csv",
        &[("MI", "middle_name"), ("DOB", "birthday"), ("Status", "list_status"), ("State", "region")],
        &[],
    ),
    (
        "linkage/contacts_traps/events.csv",
        &[("first", "first_name"), ("opt_in", "consent_status"), ("registered", "created_at")],
        &[],
    ),
    (
        "real/chicago_early_childhood_messy.csv",
        &[("Purple binder service type", "email"), ("Phone", "phone"), ("Zip", "postal_code")],
        &["Email Address", "NAEYC Valid Until", "Progmod"],
    ),
    (
        "real/de_nrw_schuldaten.csv",
        &[("Telefonvorwahl", "area_code"), ("Telefon", "local_number"), ("E-Mail", "email"), ("Ort", "city")],
        &["Faxvorwahl", "Traegernummer"],
    ),
    ("real/dotgov_current-full.csv", &[("Security contact email", "email")], &["Domain name"]),
    (
        "real/us_ipeds_hd2019.csv",
        &[("GENTELE", "phone"), ("STABBR", "region_code")],
        &["EIN", "DUNS", "LOCALE"],
    ),
    ("real/in_maharashtra_hospital_float_phones.csv", &[("mco_contact_number", "phone")], &["latitude"]),
    (
        "real/publicbodies_se.csv",
        &[("jurisdiction_code", "country_code"), ("email", "email")],
        &["source_url"],
    ),
    ("real/uk_nhs_epraccur.csv", &[("Telephone", "phone"), ("Postcode", "postal_code")], &["StatusCode"]),
    (
        "real/us_legislators-current.csv",
        &[("phone", "phone"), ("suffix", "name_suffix")],
        &["twitter_id", "fec_ids"],
    ),
];

#[test]
fn real_files_are_mapped() {
    for (file, wanted, unread) in REAL {
        let path = Path::new(ROOT).join("../shared").join(file);
        if !path.exists() {
            continue;
        }
        let all = table(&path);
        let step = (all.len() / 1000).max(1);
        let sample: Vec<Vec<String>> =
            all[..1].iter().chain(all[1..].iter().step_by(step)).cloned().collect();
        let mapping = mapped(file.rsplit('/').next().unwrap(), &sample, Wishes::default()).unwrap();
        assert_eq!(mapping.kind, Kind::Contacts, "{file}");
        let field = |header: &str| {
            mapping.columns.iter().find(|c| c.header == header).unwrap_or_else(|| panic!("{header}")).field
        };
        for (header, expected) in *wanted {
            assert_eq!(field(header).map(Field::word), Some(*expected), "{file}: {header}");
        }
        for header in *unread {
            assert_eq!(field(header), None, "{file}: {header}");
        }
    }
}

fn cells(text: &str) -> Vec<Vec<String>> {
    rows_of(text, b',')
}

/// What one permission column says of three rows beside an e-mail and a phone column.
fn column_says(header: &str, values: [&str; 3]) -> Vec<String> {
    let mut text = format!("Name,E-Mail,Telefon,{header}\n");
    for (at, value) in values.iter().enumerate() {
        text.push_str(&format!("P {at},p{at}@example.com,+1 202-555-010{at},{value}\n"));
    }
    let rows = cells(&text);
    let mapping = mapped("list.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(mapping.kind, Kind::Contacts, "{header}");
    let line = |row: &Vec<String>| {
        let said = said(&mapping, row);
        said.iter().map(|(c, e)| format!("{c} {}", e.join("+"))).collect::<Vec<_>>().join(", ")
    };
    rows[1..].iter().map(line).collect()
}

/// A header, three cells under it, what each says.
type Said = (&'static str, [&'static str; 3], [&'static str; 3]);

const PERMISSION: &[Said] = &[
    ("newsletter", ["yes", "no", "maybe"], ["email consent_given", "email consent_declined", ""]),
    ("Newsletter-Einwilligung", ["ja", "nein", ""], ["email consent_given", "email consent_declined", ""]),
    ("accepts_marketing", ["yes", "no", ""], ["email consent_given", "all consent_declined", ""]),
    (
        "marketing_consent",
        ["yes", "no", "2"],
        ["email consent_given", "all consent_declined", "all consent_word_unknown"],
    ),
    ("gdpr_consent", ["true", "false", ""], ["email consent_given", "all consent_declined", ""]),
    ("opt_in", ["Y", "N", "?"], ["email consent_given", "all consent_declined", ""]),
    ("subscribed", ["1", "0", "x"], ["email consent_given", "email consent_declined", ""]),
    ("sms_consent", ["yes", "no", ""], ["sms consent_given", "sms consent_declined", ""]),
    ("WhatsApp Opt-In", ["yes", "no", ""], ["messaging consent_given", "messaging consent_declined", ""]),
    ("unsubscribed", ["yes", "no", "X"], ["email consent_withdrawn", "", "email consent_withdrawn"]),
    ("Unsubscribed", ["true", "false", "later"], ["email consent_withdrawn", "", "email consent_withdrawn"]),
    ("opt_out", ["yes", "no", "x"], ["all consent_withdrawn", "", "all consent_withdrawn"]),
    ("Opt-Out E-Mail", ["1", "0", "x"], ["email consent_withdrawn", "", "email consent_withdrawn"]),
    ("do not call", ["yes", "no", ""], ["auto-call objection, call objection", "", ""]),
    ("Do Not Contact", ["TRUE", "FALSE", ""], ["all do_not_contact", "", ""]),
    ("Werbesperre", ["X", "nein", ""], ["all do_not_contact", "", ""]),
    (
        "phone_opt_out",
        ["yes", "no", ""],
        [
            "auto-call consent_withdrawn, call consent_withdrawn, messaging consent_withdrawn, sms consent_withdrawn",
            "",
            "",
        ],
    ),
    ("keine Werbung", ["x", "", "nein"], ["all do_not_contact", "", ""]),
    ("désinscrit", ["oui", "non", ""], ["email consent_withdrawn", "", ""]),
    ("dado de baja", ["sí", "no", ""], ["all consent_withdrawn", "", ""]),
    (
        "abgemeldet am",
        ["03.04.2024", "", "31.12.2024"],
        ["email consent_withdrawn@2024-04-03", "", "email consent_withdrawn@2024-12-31"],
    ),
    ("Unsubscribed", ["2024-05-01", "", "0000-00-00"], ["email consent_withdrawn@2024-05-01", "", ""]),
    (
        "unsubscribed_at",
        ["2024-05-01", "", "soon"],
        ["email consent_withdrawn@2024-05-01", "", "email consent_withdrawn"],
    ),
    (
        "Subscribed",
        ["2024-05-01", "", "2024-05-02"],
        ["email consent_given@2024-05-01", "", "email consent_given@2024-05-02"],
    ),
    ("bounced", ["true", "false", "hard"], ["email hard_bounce", "", "email hard_bounce"]),
    ("double_opt_in", ["yes", "no", "pending"], ["email consent_confirmed", "", "email consent_pending"]),
    (
        "Status",
        ["subscribed", "unsubscribed", "bounced"],
        ["email consent_given", "email consent_withdrawn", "email hard_bounce"],
    ),
    ("Status", ["active", "inactive", "active"], ["", "", ""]),
    ("Subscription", ["active", "cancelled", "trial"], ["", "email consent_withdrawn", ""]),
    (
        "consent_email_status",
        ["yes", "no", "huh"],
        ["email consent_given", "email consent_declined", "email consent_word_unknown"],
    ),
    ("Ne pas appeler", ["oui", "non", ""], ["auto-call objection, call objection", "", ""]),
    ("Zgoda marketingowa", ["tak", "nie", ""], ["email consent_given", "all consent_declined", ""]),
    ("Marked as spam", ["yes", "no", ""], ["email complaint", "", ""]),
    ("verstorben", ["ja", "nein", ""], ["all deceased", "", ""]),
    ("last_order_date", ["2024-05-01", "", ""], ["all purchase@2024-05-01", "", ""]),
    ("email verified", ["yes", "no", "yes"], ["", "", ""]),
    ("privacy policy accepted", ["yes", "no", "yes"], ["", "", ""]),
    ("partner newsletter", ["yes", "no", "yes"], ["", "", ""]),
    ("newsletter frequency", ["weekly", "daily", "weekly"], ["", "", ""]),
    (
        "unsubscribe_link",
        ["https://example.com/u/1", "https://example.com/u/2", "https://example.com/u/3"],
        ["", "", ""],
    ),
];

#[test]
fn permission_columns_of_any_file() {
    for (header, values, expected) in PERMISSION {
        assert_eq!(column_says(header, *values), expected, "{header} {values:?}");
    }
}

#[test]
fn dates_tie_to_what_they_date() {
    let rows = cells(
        "email,newsletter,newsletter_date,unsubscribed_at,consent_ip\n\
         a@example.com,yes,2024-02-03,,192.0.2.1\n\
         b@example.com,no,2024-02-03,2024-05-06,\n",
    );
    let mapping = mapped("list.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(said(&mapping, &rows[1])["email"], ["consent_given@2024-02-03"]);
    assert!(facts(&mapping, &rows[1])[0].evidence.has(contactable::record::Evidence::IP));
    assert_eq!(
        said(&mapping, &rows[2])["email"],
        ["consent_declined@2024-05-06", "consent_withdrawn@2024-05-06"]
    );
}

/// A date of one channel's consent or opt-out dates no other channel's.
#[test]
fn dates_stay_on_their_channel() {
    let rows = cells(
        "email,phone,sms_opt_in,email_opt_in,email_opt_in_date,email_opt_out_date\n\
         a@example.com,+1 202-555-0100,yes,yes,2024-01-03,\n\
         b@example.com,+1 202-555-0101,no,no,2024-01-03,2024-02-04\n",
    );
    let mapping = mapped("list.csv", &rows, Wishes::default()).unwrap();
    let first = said(&mapping, &rows[1]);
    assert_eq!(
        (&first["email"][..], &first["sms"][..]),
        (&["consent_given@2024-01-03".to_owned()][..], &["consent_given".to_owned()][..])
    );
    let second = said(&mapping, &rows[2]);
    assert_eq!(second["sms"], ["consent_declined"]);
    assert_eq!(second["email"], ["consent_declined@2024-02-04", "consent_withdrawn@2024-02-04"]);
}

#[test]
fn a_consent_date_among_unsubscribes_is_no_consent() {
    let rows = cells("email,consent_date\na@example.com,2024-01-03\n");
    let contacts = mapped("list.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(said(&contacts, &rows[1])["email"], ["consent_given@2024-01-03"]);
    let left = mapped("unsubscribed.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(said(&left, &rows[1])["email"], ["consent_withdrawn"]);
}

#[test]
fn names_beside_each_other() {
    for (header, expected) in [
        ("Nom,Prénom,Téléphone portable", ["last_name", "first_name", "mobile_phone"]),
        ("Nome,Cognome,Cellulare", ["first_name", "last_name", "mobile_phone"]),
        ("Name,Vorname,PLZ", ["last_name", "first_name", "postal_code"]),
        ("Name,E-Mail,State/County", ["full_name", "email", "region"]),
    ] {
        let mapping = mapped("list.csv", &cells(header), Wishes::default()).unwrap();
        let fields: Vec<&str> = mapping.columns.iter().map(|c| c.field.map_or("", Field::word)).collect();
        assert_eq!(fields, expected, "{header}");
    }
}

#[test]
fn bare_lists_and_names() {
    let kind = |name: &str, text: &str, header: bool| {
        let rows = cells(text);
        let (head, data) = if header { (Some(&rows[0][..]), &rows[1..]) } else { (None, &rows[..]) };
        recognise(&Sample { file_name: name, header: head, rows: data }, Wishes::default())
            .map(|m| (m.kind.word(), m.kind_proven))
            .map_err(|f| f.kind)
    };
    let bare = "a@example.com\nb@example.com\n";
    assert_eq!(kind("list.csv", bare, false), Ok(("contacts", false)));
    assert_eq!(kind("unsubs-2026.txt", bare, false), Ok(("unsubscribes", true)));
    assert_eq!(kind("Abmeldungen.csv", bare, false), Ok(("unsubscribes", true)));
    assert_eq!(kind("bounces.csv", bare, false), Ok(("bounces", true)));
    assert_eq!(
        kind("do_not_call.csv", "+1 202-555-0100\n+1 202-555-0101\n", false),
        Ok(("suppression", true))
    );
    assert_eq!(kind("list.csv", "email\na@example.com\n", true), Ok(("contacts", false)));
    assert_eq!(kind("list.csv", "Unsubscribed email\na@example.com\n", true), Ok(("unsubscribes", true)));
    assert_eq!(
        kind("list.csv", "email,unsubscribed_at\na@example.com,2024-01-02\n", true),
        Ok(("unsubscribes", true))
    );
    assert_eq!(
        kind("list.csv", "name,email,opt_out\nA,a@example.com,no\nB,b@example.com,yes\n", true),
        Ok(("contacts", true))
    );
    assert_eq!(
        kind("optouts.csv", "name,email,newsletter\nA,a@example.com,yes\nB,b@example.com,no\n", true),
        Err(FailureKind::Usage)
    );
    assert_eq!(kind("numbers.txt", "0207 9460110\n01632 960111\n", false), Err(FailureKind::Usage));
}

#[test]
fn a_contact_layout_under_an_unsubscribe_name_is_not_read_as_subscribers() {
    let rows = cells("EMAIL,FIRSTNAME,LASTNAME,SMS\na@example.com,A,B,447700900100\n");
    let mapping = mapped("blocklisted_contacts.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(mapping.kind, Kind::Suppression);
    assert_eq!(said(&mapping, &rows[1])["all"], ["do_not_contact"]);
    let rows = cells("Subscriber,Name,Last name,Status\na@example.com,A,B,active\n");
    assert!(mapped("unsubscribed.csv", &rows, Wishes::default()).is_err());
    let proven = table(&fixture("mailchimp_unsubscribed").1);
    let wishes = Wishes { kind: Some(Kind::Contacts), ..Wishes::default() };
    assert!(mapped("unsubscribed_members.csv", &proven, wishes).is_err());
}

#[test]
fn every_address_column_counts() {
    let rows = cells(
        "Email,Klaviyo ID,Work E-Mail,Account Owner Email,Handy\n\
         a@example.com,1,aw@example.com,rep@example.net,+44 7700 900100\n\
         b@example.com,2,bw@example.com,rep@example.net,+44 7700 900101\n\
         c@example.com,3,cw@example.com,rep@example.net,+44 7700 900102\n",
    );
    let mapping = mapped("export.csv", &rows, Wishes::default()).unwrap();
    assert_eq!(mapping.format.map(|f| f.id.as_str()), Some("klaviyo_profiles"));
    let fields: Vec<Option<&str>> = mapping.columns.iter().map(|c| c.field.map(Field::word)).collect();
    assert_eq!(fields, [Some("email"), Some("external_id"), Some("email_other"), None, Some("mobile_phone")]);
}

#[test]
fn descriptions_say_where_the_knowledge_is_from() {
    for format in formats() {
        let text = format.to_string();
        assert!(
            text.contains(&format!("confidence  {}", format.provenance.confidence.word())),
            "{}",
            format.id
        );
        assert!(text.contains(&format.as_of) && text.contains(format.kind.word()), "{}", format.id);
        assert!(!text.contains("samples/"), "{} names a file that is not here", format.id);
    }
}

const COLUMN_NAMES: [&str; 16] = [
    "email",
    "E-Mail",
    "Telefon",
    "unsubscribed",
    "opt_out",
    "newsletter",
    "Status",
    "do not call",
    "",
    "consent_date",
    "unsubscribed_at",
    "Name",
    "SMS",
    "PLZ Ort",
    "\u{feff}Email",
    "double_opt_in",
];

proptest::proptest! {
    #[test]
    fn no_file_panics(
        names in proptest::collection::vec(proptest::sample::select(&COLUMN_NAMES[..]), 0..6),
        strange in "\\PC{0,12}",
        cells in proptest::collection::vec("\\PC{0,16}", 0..40),
        file_name in "[a-z_]{0,12}\\.csv",
    ) {
        let mut header: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        header.push(strange);
        let rows: Vec<Vec<String>> = cells.chunks(5).map(<[String]>::to_vec).collect();
        for head in [Some(&header[..]), None] {
            let sample = Sample { file_name: &file_name, header: head, rows: &rows };
            if let Ok(mapping) = recognise(&sample, Wishes::default()) {
                for row in &rows {
                    for fact in facts(&mapping, row) {
                        assert!(!fact.channels.is_empty());
                    }
                }
            }
        }
    }

    /// Promise 2: in a refusal column any filled cell that is no known *no* refuses; a consent column grants
    /// by a listed word only.
    #[test]
    fn unknown_words_refuse_and_never_grant(cell in "[a-zA-Z ]{1,12}") {
        use contactable::data::words::{is_blank, yes_or_no};
        let rows = cells("email,name,opt_out,newsletter\na@example.com,A,yes,yes\nb@example.com,B,no,no\n");
        let mapping = mapped("list.csv", &rows, Wishes::default()).unwrap();
        let said = |flag: &str, consent: &str| {
            let row = ["a@example.com", "A", flag, consent].map(str::to_owned);
            facts(&mapping, &row)
        };
        let known = yes_or_no(&cell).is_some() || is_blank(&cell);
        if !known && !["subscribed", "active", "opt in"].contains(&cell.trim()) {
            let refused = said(&cell, "").iter().any(|f| f.event.is_refusal() || f.event.word().contains("bounce"));
            let listed = contactable::data::words::ColumnWords::of(contactable::data::words::Base::Status).meaning(&cell);
            proptest::prop_assert!(refused || listed.is_some(), "{}", cell);
            let granted = said("", &cell).iter().any(|f| f.event.is_consent());
            proptest::prop_assert!(!granted || listed.is_some(), "{}", cell);
        }
    }
}
