//! Real files, as published, with their mess: everything is read, nothing is lost, columns are what a reader
//! would call them.
//!
//! The files lie beside the repository and may be absent; then nothing is shown.

use super::run::{Scratch, clean, contactable, read_csv, recount};
use contactable::cli::Exit;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of the research beside the repository, if it is there.
fn research(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(folder);
    path.is_dir().then_some(path)
}

fn csv_files(dir: &Path) -> Vec<PathBuf> {
    let wanted = |p: &PathBuf| p.extension().is_some_and(|e| e == "csv" || e == "txt");
    let mut files: Vec<_> =
        fs::read_dir(dir).unwrap().flatten().map(|e| e.path()).filter(|p| wanted(p)).collect();
    files.sort();
    files
}

/// How many rows a run accounts for.
fn rows(out: &Path) -> u64 {
    let report: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    report["reconciliation"]["rows"].as_u64().unwrap()
}

/// Real files with the number of their records, counted by another reader, and the country of numbers whose
/// rows tell none. `derived_shape_damage_se.csv` counts preamble, repeated header and footer: they are
/// accounted for as rows that cannot be used.
const REAL: &[(&str, u64, &str)] = &[
    ("chicago_early_childhood_messy.csv", 3337, "US"),
    ("de_nrw_schuldaten.csv", 5507, "DE"),
    ("derived_excel_scientific_nhs.csv", 2000, "GB"),
    ("derived_mojibake_de.csv", 399, "DE"),
    ("derived_shape_damage_se.csv", 503, "SE"),
    ("derived_utf16be_semicolon_nrw.csv", 299, "DE"),
    ("derived_utf16le_tab_nrw.txt", 1499, "DE"),
    ("dotgov_current-full.csv", 16539, "US"),
    ("es_madrid_museos_latin1.csv", 67, "ES"),
    ("in_maharashtra_hospital_float_phones.csv", 2370, "IN"),
    ("ohana_contacts.csv", 31, "US"),
    ("ohana_locations.csv", 22, "US"),
    ("ohana_phones.csv", 54, "US"),
    ("publicbodies_ch.csv", 2785, "CH"),
    ("publicbodies_de.csv", 1003, "DE"),
    ("publicbodies_it.csv", 11951, "IT"),
    ("publicbodies_np.csv", 140, "NP"),
    ("publicbodies_se.csv", 652, "SE"),
    ("uk_nhs_epraccur.csv", 13538, "GB"),
    ("us_ipeds_hd2019.csv", 6559, "US"),
    ("us_legislators-current.csv", 537, "US"),
];

#[test]
fn the_samples_of_the_layouts_make_one_run() {
    let Some(samples) = research("formats/samples") else { return };
    let scratch = Scratch::new();
    let sources = csv_files(&samples);
    assert_eq!(sources.len(), 9);
    let out = scratch.path("run");
    clean(&sources, &out, &[]);
    recount(&out);
    assert_eq!(rows(&out), sources.iter().map(|s| read_csv(s).len() as u64).sum::<u64>());
}

#[test]
fn every_real_file_alone() {
    let Some(real) = research("real") else { return };
    let scratch = Scratch::new();
    assert_eq!(csv_files(&real).len(), REAL.len(), "every file is in the table");
    for (name, expected, country) in REAL {
        let out = scratch.path(name);
        clean(&[real.join(name)], &out, &["--country", country]);
        recount(&out);
        assert_eq!(rows(&out), *expected, "{name}");
    }
}

#[test]
fn the_real_files_together() {
    let Some(real) = research("real") else { return };
    let scratch = Scratch::new();
    let sources = csv_files(&real);
    let out = scratch.path("run");
    // A table of bare numbers under a neutral name may be people who left: that is asked, and answered.
    let mut args: Vec<&str> = vec!["clean"];
    args.extend(sources.iter().map(|s| s.to_str().unwrap()));
    args.extend(["--out", out.to_str().unwrap(), "--send-date", "2026-11-21"]);
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Usage, "{}", said.stderr);
    assert!(said.stderr.contains("--as contacts=ohana_phones.csv"), "{}", said.stderr);
    assert!(!out.exists());
    clean(&sources, &out, &["--as", "contacts=ohana_phones.csv"]);
    recount(&out);
    assert_eq!(rows(&out), REAL.iter().map(|(_, rows, _)| rows).sum::<u64>());
}

#[test]
fn polluted_files() {
    let Some(polluter) = research("reliability").map(|dir| dir.join("contacts_polluter.py")) else { return };
    let scratch = Scratch::new();
    let made = Command::new("python3").arg(&polluter).arg(scratch.path("made")).output();
    if !made.is_ok_and(|made| made.status.success()) {
        return;
    }
    let files = csv_files(&scratch.path("made/csv"));
    assert_eq!(files.len(), 112);
    for file in files {
        let out = scratch.path("run");
        clean(std::slice::from_ref(&file), &out, &[]);
        recount(&out);
        fs::remove_dir_all(&out).unwrap();
    }
}

/// The field each named column of a real file was mapped to; empty = carried along.
fn check(file: &str, expected: &[(&str, &str)]) {
    let Some(real) = research("real") else { return };
    let said = contactable(&["inspect", "--json", real.join(file).to_str().unwrap()]);
    let looks: Value = serde_json::from_str(&said.stdout).unwrap();
    let columns = looks[0]["columns"].as_array().unwrap();
    for (header, field) in expected {
        let column = columns.iter().find(|c| c["column"] == *header).unwrap();
        assert_eq!(column["field"].as_str().unwrap_or_default(), *field, "{file}: {header}");
    }
}

#[test]
fn columns_are_what_a_reader_would_call_them() {
    check(
        "de_nrw_schuldaten.csv",
        &[
            ("PLZ", "postal_code"),
            ("Ort", "city"),
            ("Strasse", "street"),
            ("Telefonvorwahl", "area_code"),
            ("Telefon", "local_number"),
            ("Fax", "fax"),
            ("E-Mail", "email"),
            ("UTMHochwert", ""),
        ],
    );
    check(
        "us_ipeds_hd2019.csv",
        &[
            ("INSTNM", "company"),
            ("ADDR", "street"),
            ("CITY", "city"),
            ("STABBR", "region_code"),
            ("ZIP", "postal_code"),
            ("GENTELE", "phone"),
            ("LOCALE", ""),
            ("OPEID", ""),
        ],
    );
    check(
        "dotgov_current-full.csv",
        &[("Security contact email", "email"), ("Organization name", "company"), ("Domain name", "")],
    );
    check(
        "chicago_early_childhood_messy.csv",
        // The header stands beside the wrong columns: the e-mails are in the last but two, from row 2,866 on.
        &[("Email Address", ""), ("Purple binder service type", "email"), ("Site name", "company")],
    );
    check("publicbodies_de.csv", &[("email", "email"), ("contact", ""), ("address", "street")]);
    check("publicbodies_se.csv", &[("jurisdiction_code", "country_code"), ("phone", "phone")]);
    check("in_maharashtra_hospital_float_phones.csv", &[("mco_contact_number", "phone"), ("latitude", "")]);
    check(
        "us_legislators-current.csv",
        &[("suffix", "name_suffix"), ("birthday", "birthday"), ("fec_ids", ""), ("url", "")],
    );
}
