//! The labelled sets: which column is which. Each loader gives nothing when its files are absent.

use crate::Record;
use contactable::link::Birth;
use contactable::record::Day;
use std::collections::BTreeMap;

/// A set's name and its loader.
pub(crate) type Set = (&'static str, fn() -> Option<Vec<Record>>);

/// All sets, as they are printed.
pub(crate) const ALL: &[Set] = &[
    ("contacts_traps", contacts_traps),
    ("febrl1", || febrl("febrl1", &["records"], false)),
    ("febrl2", || febrl("febrl2", &["records"], false)),
    ("febrl4", || febrl("febrl4", &["records_a", "records_b"], false)),
    ("febrl4 with birth", || febrl("febrl4", &["records_a", "records_b"], true)),
    ("splink_fake_1000", splink_fake),
    ("dedupe_csv_example", dedupe_csv_example),
];

/// Rows of a file as maps from header to cell.
fn read(set: &str, file: &str, delimiter: u8) -> Option<Vec<BTreeMap<String, String>>> {
    let path = format!("{}/../shared/linkage/{set}/{file}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_path(path)
        .ok()?;
    reader.deserialize().collect::<Result<_, _>>().ok()
}

fn key(set: &str) -> Option<BTreeMap<String, String>> {
    let rows = read(set, "key", b',')?;
    Some(rows.into_iter().map(|row| (cell(&row, "record_id"), cell(&row, "cluster_id"))).collect())
}

fn cell(row: &BTreeMap<String, String>, column: &str) -> String {
    row.get(column).cloned().unwrap_or_default()
}

fn day(year: &str, month: &str, day: &str) -> Option<Birth> {
    let day = Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(Birth::new(day, day))
}

fn contacts_traps() -> Option<Vec<Record>> {
    let (set, key) = ("contacts_traps", key("contacts_traps")?);
    let cluster =
        |row: &BTreeMap<String, String>| key.get(&cell(row, "record_id")).cloned().unwrap_or_default();
    let mut records = Vec::new();
    for row in read(set, "crm", b',')? {
        let born = cell(&row, "DOB");
        let mut born = born.split('/');
        let mut part = || born.next().unwrap_or_default();
        let (month, date, year) = (part(), part(), part());
        records.push(Record {
            cluster: cluster(&row),
            first: cell(&row, "First Name"),
            middle: cell(&row, "MI"),
            last: cell(&row, "Last Name"),
            emails: vec![cell(&row, "Email")],
            phones: vec![cell(&row, "Phone")],
            street: cell(&row, "Street"),
            postal_code: cell(&row, "ZIP"),
            city: cell(&row, "City"),
            birth: day(year, month, date),
            ..Record::default()
        });
    }
    for row in read(set, "webshop", b';')? {
        let place = cell(&row, "PLZ Ort");
        let (code, city) = place.split_once(' ').unwrap_or_default();
        records.push(Record {
            cluster: cluster(&row),
            full: cell(&row, "Name"),
            emails: vec![cell(&row, "E-Mail")],
            phones: vec![cell(&row, "Telefon")],
            street: cell(&row, "Adresse"),
            postal_code: code.to_owned(),
            city: city.to_owned(),
            ..Record::default()
        });
    }
    for row in read(set, "events", b',')? {
        records.push(Record {
            cluster: cluster(&row),
            first: cell(&row, "first"),
            last: cell(&row, "last"),
            emails: vec![cell(&row, "email_address")],
            phones: vec![cell(&row, "phone")],
            ..Record::default()
        });
    }
    Some(records)
}

/// FEBRL as a mailing list: no social security number, and no birth date unless asked for.
fn febrl(set: &str, files: &[&str], with_birth: bool) -> Option<Vec<Record>> {
    let key = key(set)?;
    let mut records = Vec::new();
    for file in files {
        for row in read(set, file, b',')? {
            let born = cell(&row, "date_of_birth");
            let part = |range| born.get(range).unwrap_or_default();
            records.push(Record {
                cluster: key.get(&cell(&row, "rec_id")).cloned().unwrap_or_default(),
                first: cell(&row, "given_name"),
                last: cell(&row, "surname"),
                street: format!("{} {}", cell(&row, "street_number"), cell(&row, "address_1")),
                postal_code: cell(&row, "postcode"),
                city: cell(&row, "suburb"),
                birth: if with_birth { day(part(0..4), part(4..6), part(6..8)) } else { None },
                ..Record::default()
            });
        }
    }
    Some(records)
}

fn splink_fake() -> Option<Vec<Record>> {
    let key = key("splink_fake_1000")?;
    let rows = read("splink_fake_1000", "records", b',')?;
    let record = |row: BTreeMap<String, String>| {
        let born = cell(&row, "dob");
        let mut born = born.split('-');
        let mut part = || born.next().unwrap_or_default();
        let (year, month, date) = (part(), part(), part());
        Record {
            cluster: key.get(&cell(&row, "unique_id")).cloned().unwrap_or_default(),
            first: cell(&row, "first_name"),
            last: cell(&row, "surname"),
            emails: vec![cell(&row, "email")],
            birth: day(year, month, date),
            ..Record::default()
        }
    };
    Some(rows.into_iter().map(record).collect())
}

/// Organisations: the site's name stands where a person's would.
fn dedupe_csv_example() -> Option<Vec<Record>> {
    let key = key("dedupe_csv_example")?;
    let rows = read("dedupe_csv_example", "records", b',')?;
    let record = |row: BTreeMap<String, String>| {
        Some(Record {
            cluster: key.get(&cell(&row, "Id")).cloned()?,
            full: cell(&row, "Site name"),
            phones: vec![cell(&row, "Phone")],
            street: cell(&row, "Address"),
            postal_code: cell(&row, "Zip"),
            emails: vec![cell(&row, "Email Address")],
            ..Record::default()
        })
    };
    Some(rows.into_iter().filter_map(record).collect())
}
