//! `docs/validators.md`: how far our verdicts agree with others', and why they differ where they do.
//!
//! Counted from corpora that lie beside the repository; where they are absent, the page stays as it is. Every
//! difference must have its defence in this file, or the page cannot be made.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use contactable::email::{self, EmailVerdict};
use contactable::phone::{self, Region};
use contactable::reason::Reason;
use expect_test::expect_file;
use serde_json::Value;

use crate::email::{corpus, reference, text};
use crate::phone as oracle;

/// Why we differ from the crate `email_address` or from a suite where this reason is found.
const DEFENCE: &[(Reason, &str)] = &[
    (
        Reason::EmailSingleLabel,
        "nobody on the internet has a mailbox at a name without a dot (RFC 5321, 2.3.5)",
    ),
    (Reason::EmailUnknownTld, "the suites use made-up top-level domains; a list of people does so by slip"),
    (Reason::EmailSpecialUseDomain, "reserved names receive no mail (RFC 6761, 7686, 6762)"),
    (Reason::EmailBareIp, "an address literal needs brackets (RFC 5321, 4.1.3)"),
    (Reason::EmailTooLong, "the path limit of 256 octets leaves 254 (RFC 5321, 4.5.3.1.3; erratum 1690)"),
    (Reason::EmailLocalTooLong, "64 octets (RFC 5321, 4.5.3.1.1); only a grammar without limits takes more"),
    (Reason::EmailLabelTooLong, "63 octets (RFC 1035, 2.3.4)"),
    (
        Reason::EmailBadIdn,
        "no server can look up a name that IDNA2008 does not encode, emoji domains among them",
    ),
    (
        Reason::EmailUnsafeUnicodeLocal,
        "emoji, controls and direction marks in a local part are spoofing or damage",
    ),
    (Reason::EmailHyphenEdge, "host names neither begin nor end with a hyphen (RFC 1123, 2.1)"),
    (Reason::EmailUnderscoreDomain, "host names hold no underscore (RFC 1123, 2.1)"),
    (Reason::EmailPlaceholder, "a filler word with an @ is no address"),
    (Reason::EmailBadIpLiteral, "malformed IP addresses in brackets, which lenient parsers do not look into"),
    (Reason::EmailBadQuotedLocal, "quotes inside or between words are obsolete syntax (RFC 5322, 4.4)"),
    (Reason::EmailBadCharLocal, "comments inside the local part are obsolete syntax, and damage in a list"),
    (Reason::EmailBadCharDomain, "apostrophes, comments, letters that are none: no host name holds them"),
    (
        Reason::EmailControlChar,
        "a line break or NUL inside an address is damage, or an attack on mail headers",
    ),
    (
        Reason::EmailSpaceInLocal,
        "folding space inside a local part is obsolete syntax; in a list it is a lost letter",
    ),
    (
        Reason::EmailSpaceInDomain,
        "folding space inside a domain is obsolete syntax; in a list it is a lost letter",
    ),
    (Reason::EmailDotEdgeLocal, "outside the Japanese carriers that gave them out no server takes such dots"),
    (Reason::EmailDotDotLocal, "outside the Japanese carriers that gave them out no server takes such dots"),
    (Reason::EmailEmptyLocal, "a bare domain, or `\"\"`: nobody is named"),
    (Reason::EmailEmptyLabel, "two dots in a row, or one in front, cannot be looked up"),
    (Reason::EmailNoAt, "no address at all; lists of several are split before they are checked"),
    (Reason::EmailTwoAt, "several addresses or a slip; lists of several are split before they are checked"),
    (Reason::EmailEmptyDomain, "nothing to send to"),
    (Reason::EmailEmpty, "an empty cell"),
];

/// What a check takes off, so that an address remains where others see none.
fn repairs(found: &email::CheckedAddress<'_>) -> Option<Reason> {
    found.reasons.iter().find(|r| r.effect() == contactable::reason::Effect::Repairs)
}

fn defence(reason: Reason) -> &'static str {
    DEFENCE
        .iter()
        .find(|(r, _)| *r == reason)
        .map_or_else(|| panic!("{} is a difference without a defence", reason.id()), |(_, why)| why)
}

/// Text for a Markdown table: on one line, nothing that a browser would run.
fn code(text: &str) -> String {
    let short: String = text.chars().take(48).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    let shown: String = short.chars().flat_map(char::escape_debug).collect();
    format!(
        "`{}{cut}`",
        shown.replace("\\'", "'").replace("\\\"", "\"").replace('`', "'").replace('|', "\\|")
    )
}

#[derive(Default)]
struct Suite {
    rows: usize,
    /// Valid and accepted, valid and refused, invalid and refused, invalid and accepted.
    ours: [usize; 4],
    crates: [usize; 4],
}

/// Differences by reason: how many, and the first one.
type Differences = BTreeMap<Reason, (usize, String)>;

fn note(differences: &mut Differences, reason: Reason, example: &str) {
    let entry = differences.entry(reason).or_insert_with(|| (0, example.to_owned()));
    entry.0 += 1;
}

/// Counts a row for every suite that has a verdict on it.
fn count<'r>(row: &'r Value, ours: bool, theirs: bool, suites: &mut BTreeMap<&'r str, Suite>) {
    for (says, field) in ["valid", "invalid", "broad"].iter().enumerate() {
        for name in row[*field].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let suite = suites.entry(name).or_default();
            suite.rows += 1;
            for (accepted, counts) in [(ours, &mut suite.ours), (theirs, &mut suite.crates)] {
                match (says, accepted) {
                    (0, true) => counts[0] += 1,
                    (0, false) => counts[1] += 1,
                    (1, false) => counts[2] += 1,
                    (1, true) => counts[3] += 1,
                    _ => {}
                }
            }
        }
    }
}

fn email_suites(rows: &[Value], body: &mut String) {
    let (tables, mut scratch) = (email::EmailTables::builtin(), email::EmailScratch::default());
    let mut suites: BTreeMap<&str, Suite> = BTreeMap::new();
    let (mut stricter, mut kinder) = (Differences::new(), Differences::new());
    let (mut both, mut neither, mut odd) = (0, 0, Vec::new());
    for row in rows {
        let cell = text(row, "address");
        let found = email::check(cell, &tables, &mut scratch);
        let (ours, theirs) = (found.verdict != EmailVerdict::Invalid, reference(cell));
        match (ours, theirs) {
            (true, true) => both += 1,
            (false, false) => neither += 1,
            (false, true) => note(&mut stricter, found.reasons.iter().next().unwrap(), cell),
            (true, false) => match repairs(&found) {
                Some(repair) => note(&mut kinder, repair, cell),
                None if found.reasons.has(Reason::EmailLegacyJpDots) => {
                    note(&mut kinder, Reason::EmailLegacyJpDots, cell);
                }
                None => odd.push(cell),
            },
        }
        count(row, ours, theirs, &mut suites);
    }
    let _ = writeln!(
        body,
        "| suite | verdicts | accepts: we agree | refuses: we agree | accepts: `email_address` agrees | refuses: `email_address` agrees |\n|---|---|---|---|---|---|"
    );
    for (name, s) in &suites {
        let of =
            |c: &[usize; 4]| (format!("{} of {}", c[0], c[0] + c[1]), format!("{} of {}", c[2], c[2] + c[3]));
        let (ours, crates) = (of(&s.ours), of(&s.crates));
        let _ =
            writeln!(body, "| {name} | {} | {} | {} | {} | {} |", s.rows, ours.0, ours.1, crates.0, crates.1);
    }
    let _ = writeln!(
        body,
        "\nAgainst the crate `email_address` on the {} addresses: both accept {both}, both refuse {neither}.\n\n\
         Only we refuse {}:\n\n| reason | addresses | for example | why we differ |\n|---|---|---|---|",
        rows.len(),
        stricter.values().map(|d| d.0).sum::<usize>()
    );
    for (reason, (count, example)) in &stricter {
        let _ = writeln!(body, "| `{}` | {count} | {} | {} |", reason.id(), code(example), defence(*reason));
    }
    let _ = writeln!(
        body,
        "\nOnly we accept {}, after a repair that keeps the original, or because real people have such addresses:\n\n\
         | reason | addresses | for example |\n|---|---|---|",
        kinder.values().map(|d| d.0).sum::<usize>() + odd.len()
    );
    for (reason, (count, example)) in &kinder {
        let _ = writeln!(body, "| `{}` | {count} | {} |", reason.id(), code(example));
    }
    if let Some(example) = odd.first() {
        let _ = writeln!(
            body,
            "| (as it stands) | {} | {} |\n\nThe last row: scripts with combining marks, which the crate takes for no letters, and \
             escapes in quoted local parts (RFC 5321, 4.1.2).",
            odd.len(),
            code(example)
        );
    }
}

fn consensus(rows: &[Value], body: &mut String) {
    let (tables, mut scratch) = (email::EmailTables::builtin(), email::EmailScratch::default());
    let (mut agree, mut differences) = (0, Differences::new());
    for row in rows {
        let cell = text(row, "address");
        let found = email::check(cell, &tables, &mut scratch);
        if (found.verdict != EmailVerdict::Invalid) == (text(row, "expect") == "valid") {
            agree += 1;
        } else {
            let reason = repairs(&found).or_else(|| found.reasons.iter().next());
            note(&mut differences, reason.unwrap(), cell);
        }
    }
    let _ = writeln!(
        body,
        "Of the {} addresses on which all suites that hold them agree, we agree on {agree}. The others, each on purpose:\n\n\
         | reason | addresses | for example | why |\n|---|---|---|---|",
        rows.len()
    );
    for (reason, (count, example)) in &differences {
        let why = match reason.effect() {
            contactable::reason::Effect::Repairs => {
                "an address is left when this is taken off; the original is kept"
            }
            _ => defence(*reason),
        };
        let _ = writeln!(body, "| `{}` | {count} | {} | {why} |", reason.id(), code(example));
    }
}

fn typos(rows: &[Value], body: &mut String) {
    let (tables, mut scratch) = (email::EmailTables::builtin(), email::EmailScratch::default());
    let (mut right, mut sure, mut missed, mut real, mut touched) = (0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for row in rows.iter().filter(|row| row["dubious"].is_null()) {
        let cell = text(row, "address");
        let found = email::check(cell, &tables, &mut scratch);
        if text(row, "expect") == "none" {
            real += 1;
            touched += usize::from(found.suggestion.is_some());
        } else if found.suggestion.unwrap_or(found.address).eq_ignore_ascii_case(text(row, "suggest")) {
            right += 1;
            sure += usize::from(found.facts.typo_sure);
        } else if found.suggestion.is_some() {
            wrong.push(code(cell));
        } else {
            missed += 1;
        }
    }
    let _ = writeln!(
        body,
        "| | addresses |\n|---|---|\n| slip, mended or suggested as labelled | {right} |\n| of these sure enough for `--fix-typos` | {sure} |\n\
         | slip, another suggestion | {} ({}) |\n| slip, silence | {missed} |\n| real, left alone | {} |\n| real, questioned | {touched} |\n\n\
         Real mailbox domains that no list knows: the {} free-mail domains of our own list, asked as if they stood \
         on none, are questioned at most once in a thousand (`real_mailbox_domains_are_left_alone_even_unknown`).",
        wrong.len(),
        wrong.join(", "),
        real - touched,
        contactable::data::domains::FREEMAIL.words().count(),
    );
}

/// Parsing against `rlibphonenumber`, over the metadata of its own version.
fn phone_parsing(body: &mut String) {
    let (tables, seeds) = (oracle::oracle_tables(), oracle::seeds());
    let mut draw = oracle::Draw(0x0dd_ba11);
    let (mut asked, mut valid, mut different) = (0, 0, 0);
    for _ in 0..40_000 {
        let (region, code, example) = &seeds[draw.below(seeds.len())];
        let kept = example.len() - draw.below(example.len().min(8));
        let national = format!("{}{}", &example[..kept], draw.digits(example.len() - kept));
        let cell = oracle::written(&mut draw, *code, &national);
        if !oracle::oracle_can_read(&cell) {
            continue;
        }
        asked += 1;
        let ours = oracle::ours(&cell, Some(*region), &tables);
        valid += usize::from(!ours.contains("UNKNOWN") && ours.starts_with('+'));
        different += usize::from(ours != oracle::theirs(&cell, Some(*region)));
    }
    let _ = writeln!(
        body,
        "`rlibphonenumber` 2 over the metadata of its own version (9.0.42), numbers of every region and type written in \
         sixteen ways from a fixed seed: {asked} compared, {valid} valid, **{different} different** (country code, digits, \
         extension, validity, type, region, kind of error). `tests/it/phone.rs` compares 270,000 more, half of them \
         adversarial."
    );
}

/// Why `phone::check` says something else than the reference on purpose.
const PHONE_DEFENCE: &[(Reason, &str)] = &[
    (
        Reason::PhoneFloat,
        "the reference appends the 0 of `.0` to the number: another valid number in 9 of 100",
    ),
    (Reason::PhoneLabel, "words around the number are taken off first"),
    (Reason::PhoneTrunkZero, "`(0)` after a country code is for callers at home"),
    (Reason::PhoneDoubleZero, "`00` for the plus where the country dials otherwise"),
    (Reason::PhoneFictional, "numbers set aside for films are valid to the reference, and nobody's"),
    (Reason::PhonePlaceholder, "filler that falls into an assigned range"),
    (
        Reason::PhoneZeroLost,
        "the leading zero that a spreadsheet dropped is put back where only that makes a number",
    ),
    (
        Reason::PhonePlusLost,
        "the plus before the country's own code is put back where only that makes a number",
    ),
];

fn phone_checks(lines: &str, body: &mut String) {
    let (tables, mut scratch) = (phone::PhoneTables::built_in(), phone::PhoneScratch::default());
    let (mut same, mut ours_only, mut theirs_only) = (0, Differences::new(), Differences::new());
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let cell = row["text"].as_str().unwrap();
        let theirs = if row["valid"] == true { text(&row, "e164") } else { "" };
        let region = Region::from_iso(text(&row, "hint"));
        let found = phone::check(cell, region, &tables, &mut scratch);
        let ours = if found.verdict == phone::PhoneVerdict::Invalid { "" } else { found.e164 };
        if ours == theirs {
            same += 1;
            continue;
        }
        let reason = PHONE_DEFENCE.iter().map(|(r, _)| *r).find(|r| found.reasons.has(*r));
        let reason = reason.unwrap_or_else(|| panic!("{cell:?}: {ours} / {theirs}"));
        note(if ours.is_empty() { &mut theirs_only } else { &mut ours_only }, reason, cell);
    }
    let _ = writeln!(
        body,
        "\nThe whole check (repairs, filler, fiction) against what the reference makes of 12,000 messy cells: {same} the same.\n\n\
         | difference | reason | cells | for example | why |\n|---|---|---|---|---|"
    );
    for (what, differences) in
        [("we read another or the only number", &ours_only), ("we refuse", &theirs_only)]
    {
        for (reason, (count, example)) in differences {
            let why = PHONE_DEFENCE.iter().find(|(r, _)| r == reason).unwrap().1;
            let _ = writeln!(body, "| {what} | `{}` | {count} | {} | {why} |", reason.id(), code(example));
        }
    }
}

/// A real file: delimiter, country, columns of addresses, columns of numbers (`a+b`: area code and number).
struct Real {
    name: &'static str,
    delimiter: u8,
    country: &'static str,
    emails: &'static [&'static str],
    phones: &'static [&'static str],
}

const fn real(
    name: &'static str,
    delimiter: u8,
    country: &'static str,
    emails: &'static [&'static str],
    phones: &'static [&'static str],
) -> Real {
    Real { name, delimiter, country, emails, phones }
}

const REAL: &[Real] = &[
    real("chicago_early_childhood_messy.csv", b',', "US", &["Purple binder service type"], &["Phone"]),
    real("de_nrw_schuldaten.csv", b';', "DE", &["E-Mail"], &["Telefonvorwahl+Telefon"]),
    real("derived_excel_scientific_nhs.csv", b',', "GB", &[], &["Telephone"]),
    real("derived_mojibake_de.csv", b',', "DE", &["email"], &["phone"]),
    real("derived_shape_damage_se.csv", b',', "SE", &["Email"], &["Phone"]),
    real("derived_utf16be_semicolon_nrw.csv", b';', "DE", &["E-Mail"], &["Telefonvorwahl+Telefon"]),
    real("derived_utf16le_tab_nrw.txt", b'\t', "DE", &["E-Mail"], &["Telefonvorwahl+Telefon"]),
    real("dotgov_current-full.csv", b',', "US", &["Security contact email"], &[]),
    real("es_madrid_museos_latin1.csv", b';', "ES", &["EMAIL"], &["TELEFONO"]),
    real("in_maharashtra_hospital_float_phones.csv", b',', "IN", &[], &["mco_contact_number"]),
    real("ohana_contacts.csv", b',', "US", &["email"], &[]),
    real("ohana_locations.csv", b',', "US", &["email", "admin_emails"], &[]),
    real("ohana_phones.csv", b',', "US", &[], &["number"]),
    real("publicbodies_ch.csv", b',', "CH", &["email"], &["phone"]),
    real("publicbodies_de.csv", b',', "DE", &["email"], &["phone"]),
    real("publicbodies_it.csv", b',', "IT", &["email"], &["phone"]),
    real("publicbodies_np.csv", b',', "NP", &["email"], &["phone"]),
    real("publicbodies_se.csv", b',', "SE", &["email"], &["phone"]),
    real("uk_nhs_epraccur.csv", b',', "GB", &[], &["Telephone"]),
    real("us_ipeds_hd2019.csv", b',', "US", &[], &["GENTELE"]),
    real("us_legislators-current.csv", b',', "US", &[], &["phone"]),
];

/// What was read, refused and why, and the domains seen.
#[derive(Default)]
struct Seen {
    emails: usize,
    phones: usize,
    refused: BTreeMap<Reason, Vec<String>>,
    domains: std::collections::BTreeSet<String>,
    questioned: std::collections::BTreeSet<String>,
}

fn read_real(path: &Path, delimiter: u8) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let bytes = std::fs::read(path).unwrap();
    let encoding = match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(&bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::WINDOWS_1252,
    };
    let text = encoding.decode(&bytes).0;
    let mut text = text.trim_start();
    if text.starts_with("\"Export from") || text.starts_with("sep=") || text.starts_with("\"sep=") {
        text = &text[text.find('\n').unwrap() + 1..];
    }
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    (reader.headers().unwrap().clone(), reader.records().flatten().collect())
}

fn look_through(dir: &Path, real: &Real) -> Seen {
    let Real { name: file, delimiter, country, emails, phones } = real;
    let (tables, mut scratch) = (email::EmailTables::builtin(), email::EmailScratch::default());
    let (plans, mut dial) = (phone::PhoneTables::built_in(), phone::PhoneScratch::default());
    let (headers, rows) = read_real(&dir.join(file), *delimiter);
    let at = |name: &str| {
        headers
            .iter()
            .position(|h| h.trim() == name)
            .unwrap_or_else(|| panic!("{file}: {name} in {headers:?}"))
    };
    let mut seen = Seen::default();
    for row in &rows {
        let cell = |name: &str| row.get(at(name)).unwrap_or_default().trim().to_owned();
        // Chicago's header stands beside the wrong columns; addresses begin far down.
        for cell in emails.iter().map(|name| cell(name)).filter(|c| !c.is_empty()) {
            if file.starts_with("chicago") && !cell.contains('@') {
                continue;
            }
            email::split_cell(&cell, |part| {
                let found = email::check(part, &tables, &mut scratch);
                seen.emails += 1;
                if found.verdict == EmailVerdict::Invalid {
                    seen.refused
                        .entry(found.reasons.iter().next().unwrap())
                        .or_default()
                        .push(part.to_owned());
                } else {
                    seen.domains.insert(found.domain.to_owned());
                    if found.reasons.has(Reason::EmailDomainTypo) {
                        seen.questioned.insert(found.domain.to_owned());
                    }
                }
            });
        }
        for name in *phones {
            let text = match name.split_once('+') {
                Some((_, local)) if cell(local).is_empty() => String::new(),
                Some((area, local)) => format!("{} {}", cell(area), cell(local)),
                None => cell(name),
            };
            phone::split_cell(&text, |part| {
                if part.text.trim().is_empty() {
                    return;
                }
                let found = phone::check(part.text, Region::from_iso(country), &plans, &mut dial);
                seen.phones += 1;
                if found.verdict == phone::PhoneVerdict::Invalid {
                    let reason = found
                        .reasons
                        .as_slice()
                        .iter()
                        .find(|r| r.effect() == contactable::reason::Effect::Blocks);
                    seen.refused.entry(*reason.unwrap()).or_default().push(part.text.trim().to_owned());
                }
            });
        }
    }
    seen
}

/// What a person found on reading the refused values of the real files, by reason.
const READ: &[(Reason, &str)] = &[
    (Reason::EmailPlaceholder, "`(blank)`, typed by the registry itself"),
    (
        Reason::EmailNoAt,
        "the rest of an address whose domain the publisher lost; a header repeated among the rows",
    ),
    (Reason::EmailSpaceInDomain, "`deutsches museum.de`; which letter stood there is a guess"),
    (Reason::EmailSpaceInLocal, "a name with its space; the dot is suggested, not applied"),
    (Reason::EmailEmptyLabel, "`parl..admin.ch`; the single dot is suggested"),
    (Reason::EmailUnknownTld, "`.govv`, `.maus`"),
    (Reason::PhoneAreaCodeMissing, "seven digits, or six; the files name no area code"),
    (Reason::PhoneDigitsLost, "written by a spreadsheet as `4.41133E+11`; the digits are gone"),
    (
        Reason::PhoneTooLong,
        "ten digits with an extension, or two numbers, run together: where to cut is a guess",
    ),
    (Reason::PhoneTooShort, "a digit or more is missing"),
    (Reason::PhoneLengthInvalid, "a digit is missing or too many"),
    (Reason::PhoneUnassigned, "a digit is missing (Jersey, London), or the range is not in the plan"),
    (Reason::PhonePlaceholder, "`123-456-7890`, `9999999`"),
    (Reason::PhoneNotANumber, "`123.0`; a header repeated among the rows"),
    (Reason::PhoneFictional, "numbers set aside for films and examples"),
    (Reason::PhoneShortCode, "works inside its country only"),
    (Reason::PhoneFax, "the cell says it is a fax machine"),
    (Reason::PhoneEmergency, "an emergency number"),
];

fn real_files(dir: &Path, body: &mut String) {
    let mut domains = std::collections::BTreeSet::new();
    let mut questioned = std::collections::BTreeSet::new();
    let mut reasons: BTreeMap<Reason, (usize, std::collections::BTreeSet<String>)> = BTreeMap::new();
    let _ = writeln!(body, "| file | addresses | refused | numbers | refused |\n|---|---|---|---|---|");
    for file in REAL {
        let seen = look_through(dir, file);
        let refused = |family: &str| -> usize {
            seen.refused.iter().filter(|(r, _)| r.family() == family).map(|(_, v)| v.len()).sum()
        };
        let _ = writeln!(
            body,
            "| {} | {} | {} | {} | {} |",
            file.name,
            seen.emails,
            refused("email"),
            seen.phones,
            refused("phone")
        );
        for (reason, values) in &seen.refused {
            values.iter().for_each(|v| println!("{}\t{}\t{v}", file.name, reason.id()));
        }
        for (reason, values) in seen.refused {
            let entry = reasons.entry(reason).or_default();
            entry.0 += values.len();
            entry.1.extend(values);
        }
        domains.extend(seen.domains);
        questioned.extend(seen.questioned);
    }
    let _ = writeln!(body, "\n| refused for | values | distinct | what they are |\n|---|---|---|---|");
    for (reason, (count, distinct)) in &reasons {
        let what = READ.iter().find(|(r, _)| r == reason);
        let what = what.unwrap_or_else(|| panic!("{}: {distinct:?} were read by nobody", reason.id())).1;
        let _ = writeln!(body, "| `{}` | {count} | {} | {what} |", reason.id(), distinct.len());
    }
    let shown: Vec<String> = questioned.iter().map(|d| code(d)).collect();
    let _ = writeln!(
        body,
        "\nThe accepted addresses stand at {} distinct real mail domains; {} of them are questioned as a slip{}{}.",
        domains.len(),
        questioned.len(),
        if shown.is_empty() { "" } else { ": " },
        shown.join(", ")
    );
}

#[test]
fn validators_page() {
    let shared = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let (Some(merged), Some(agreed), Some(slips)) =
        (corpus("merged.jsonl"), corpus("consensus.jsonl"), corpus("typos.jsonl"))
    else {
        return;
    };
    let messy = std::fs::read_to_string(shared.join("phone/corpora/messy_sample.jsonl")).unwrap();
    let mut body = String::from(
        "<!-- Made by tests/it/validators.rs from corpora outside the repository: UPDATE_EXPECT=1 cargo test validators -->\n\
         # The validators beside others\n\n\
         How far `contactable validate email` and `contactable validate phone` agree with public test suites, with the crates \
         `email_address` and `rlibphonenumber`, and with a person who read what they refused. Every difference is on purpose and \
         has its reason here; a test fails when one appears that has none. What each reason means, with an example, stands in \
         [reference/reasons.md](reference/reasons.md); speed stands in [performance.md](performance.md).\n\n\
         ## E-mail: public test suites\n\n\
         Suites disagree among each other on 43 of 100 addresses they share, nearly all of them quoted, commented or otherwise \
         broad syntax that no mailer wants; \"accepts\" leaves out what a suite calls valid only in such a broad sense.\n\n",
    );
    email_suites(&merged, &mut body);
    body.push_str("\n## E-mail: where the suites agree\n\n");
    consensus(&agreed, &mut body);
    body.push_str("\n## E-mail: slips of the domain\n\n585 labelled addresses; a slip is suggested, never applied by itself.\n\n");
    typos(&slips, &mut body);
    body.push_str("\n## Phone\n\n");
    phone_parsing(&mut body);
    phone_checks(&messy, &mut body);
    body.push_str(
        "\n## Real files, read by a person\n\nEvery address and number of 21 published files with their mess; every refused value was read.\n\
         Wrong refusals: 305 before the files were first read, **none today**. The 305 were surgeries of the NHS file with 084 \
         numbers, which libphonenumber calls premium rate and Ofcom does not; they were blocked, and are now noted \
         (`phone-surcharge`).\n\n\
         The other way round, accepted values were read by their shapes: one number was wrongly put together. Of \
         `…-5590801,5590800,590254` the last was completed by the `5` before it; it is one digit short of its group, and which \
         digit is a guess, so it is refused today. Tried beside the files: dates, time stamps, postal addresses, coordinates, \
         card and account numbers, `jane (at) acme.com`; none becomes a number or an address, but for ten bare digits that \
         happen to be one. Remarks such as `415-456-1234 (do not call)` were taken off like any other; now they block \
         (`phone-says-no`, `email-says-no`).\n\n",
    );
    real_files(&shared.join("real"), &mut body);
    expect_file![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/validators.md")].assert_eq(&body);
}
