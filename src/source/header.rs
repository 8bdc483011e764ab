//! Where the header is, and what its columns are called.
//!
//! Knows the shape of cells (looks like an address, a number, a date, a hash); of their meaning only whether a name
//! for addresses stands before one.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use std::collections::BTreeSet;

/// Whether a cell looks like data, so that its record is no header.
pub(super) fn looks_like_data(cell: &str, alone: bool) -> bool {
    let cell = cell.trim();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    // Between other columns, a header may tell by an example what it wants.
    let address = holds_address(cell) && (alone || !is_example(cell)) || alone && is_of_log(cell);
    let labelled = digits >= 7 && is_labelled_number(cell);
    let number = digits >= 3 && is_number(cell);
    let stamp = digits >= 6 && cell.bytes().filter(|b| b.is_ascii_alphabetic()).count() <= 3;
    address || labelled || number || stamp || is_hash(cell) || (alone && is_domain(cell))
}

fn is_number(text: &str) -> bool {
    !text.chars().any(char::is_alphabetic)
}

/// `Phone: 5032261007`: a number behind a name for numbers. In brackets it is an example.
fn is_labelled_number(cell: &str) -> bool {
    let at = cell.find(|c: char| c.is_ascii_digit() || c == '+').unwrap_or(cell.len());
    let (name, number) = cell.split_at(at);
    is_number(number) && !name.contains('(') && dictionary().point_within(&header_words(name)).is_some()
}

/// Whether a text begins as a list or object of JSON does.
pub(crate) fn begins_json(text: &str) -> bool {
    let inside = text.trim_start_matches('\u{feff}').trim_start().strip_prefix(['[', '{']);
    inside.is_some_and(|inside| {
        let inside = inside.trim_start();
        inside.is_empty() || inside.starts_with(['"', '[', '{', ']', '}'])
    })
}

/// An address, several, or one with a name beside it; not a sentence that mentions one.
fn holds_address(cell: &str) -> bool {
    let is_address = |word: &str| word.split_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    let mut words = cell.split_whitespace();
    let first = words.next().is_some_and(is_address);
    let count = 1 + words.clone().count();
    count <= 5 && (first || words.next_back().is_some_and(is_address))
}

/// A line of a log: `2024-01-01 12:00 unsubscribe email=jane@acme.com id=1`.
fn is_of_log(cell: &str) -> bool {
    cell.bytes().filter(u8::is_ascii_digit).count() >= 6
        && cell.split([' ', '\t', '=', '"', '<', '>']).any(holds_address)
}

/// `Email (e.g. name@company.com)`: a name for addresses before one that is only an example. Data would lose the
/// header, and with it what other columns refuse. `Email: jane@acme.com` is somebody's, and so is
/// `{"email": "jane@acme.com"`.
fn is_example(cell: &str) -> bool {
    let before = cell.split('@').next().and_then(|text| text.rsplit_once(char::is_whitespace));
    before.is_some_and(|(name, local)| {
        let told = local.starts_with('(') || name.contains('(') || !name.ends_with([':', '=', '-']);
        told && !name.contains('"') && dictionary().point_within(&header_words(name)).is_some()
    })
}

/// A digest, whatever stands before it: `0x…`, `sha256:…`, `X'…'`.
fn is_hash(cell: &str) -> bool {
    let text = cell.trim_end_matches(['\'', '"', ')', ']', '}', '>']);
    let digits = text.rsplit(|c: char| !c.is_ascii_hexdigit()).next().unwrap_or_default();
    matches!(digits.len(), 32 | 40 | 56 | 64 | 96 | 128) && text.len() - digits.len() <= 12
}

/// A domain as suppression lists write it: `acme.com`, `@acme.com`, `*.acme.com`.
fn is_domain(cell: &str) -> bool {
    let bare = cell.trim_start_matches(['@', '*', '.']);
    let labels = bare.split('.');
    labels.clone().count() >= 2
        && labels.clone().all(|label| !label.is_empty())
        && bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-') || b >= 0x80)
}

/// Whether a record of these cells can be a header: names, and nothing that looks like data. The first line of JSON
/// counts as one whatever stands in it: so it is seen, and refused, where its cells would make it a broken row.
pub(super) fn can_be_header(cells: &[String]) -> bool {
    if cells.first().is_some_and(|cell| begins_json(cell)) {
        return true;
    }
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let data = cells.iter().filter(|cell| looks_like_data(cell, cells.len() == 1)).count();
    let years = cells.iter().filter(|cell| is_year(cell)).count();
    filled > 0 && (data == 0 || (data == years && data * 3 < filled) || is_of_names(cells, data))
}

/// Whether names that are known outnumber the cells that look like data (`hs_email_optout_6125111`), none of which is an
/// address or a digest.
fn is_of_names(cells: &[String], data: usize) -> bool {
    let named = |cell: &&String| {
        let words = header_words(cell);
        dictionary().field(cell).is_some() || dictionary().senses(&words).is_some_and(|told| !told.is_empty())
    };
    let held = |cell: &String| {
        holds_address(cell) || is_hash(cell.trim()) || is_number(cell.trim()) && !cell.trim().is_empty()
    };
    cells.iter().filter(named).count() > data && !cells.iter().any(held)
}

fn is_year(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20")) && cell.parse::<u16>().is_ok()
}

/// Whether a record is a band above the header: few names, each over several columns, and names below it.
pub(super) fn is_band(cells: &[String], below: &[String]) -> bool {
    let distinct = |cells: &[String]| {
        cells.iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect::<BTreeSet<_>>().len()
    };
    cells.len() >= 4
        && cells.len() == below.len()
        && distinct(cells) * 2 <= cells.len()
        && distinct(below) * 4 > below.len() * 3
        && can_be_header(below)
}

/// Whether a record before the first row of names is preamble in a file of so many columns.
pub(super) fn is_preamble(cells: &[String], columns: usize) -> bool {
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    match columns {
        _ if cells.first().is_some_and(|cell| begins_json(cell)) => false,
        0 | 1 => false,
        2 => filled == 0 || cells.len() < 2,
        _ => filled <= 1 || (cells.len() != columns && filled * 2 <= columns),
    }
}

/// A name without what a terminal would obey: it is said in messages and written into other files.
pub(super) fn printable(name: &str) -> String {
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if !name.contains(obeyed) {
        return name.to_owned();
    }
    let mut kept = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find(obeyed) {
        kept.push_str(&rest[..at]);
        let sequence = ["\u{1b}[", "\u{9b}"].into_iter().find_map(|begin| rest[at..].strip_prefix(begin));
        rest = match sequence {
            // Parameters, then the letter that ends the sequence.
            Some(behind) => {
                let end = behind.find(|c: char| !matches!(c, '0'..='?' | ' '..='/')).unwrap_or(behind.len());
                behind[end..].strip_prefix(|c: char| matches!(c, '@'..='~')).unwrap_or(&behind[end..])
            }
            None => rest[at..].strip_prefix(obeyed).unwrap_or_default(),
        };
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

pub(super) fn unique_names(cells: &[String]) -> Vec<String> {
    let mut used: BTreeSet<String> =
        cells.iter().map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect();
    let mut seen = BTreeSet::new();
    let mut free = |wish: &dyn Fn(usize) -> String| {
        let name = (1..).map(wish).find(|name| !used.contains(name)).unwrap_or_default();
        used.insert(name.clone());
        name
    };
    let mut names = Vec::with_capacity(cells.len());
    for (column, cell) in cells.iter().enumerate() {
        let cell = cell.trim();
        names.push(if cell.is_empty() {
            free(&|n| {
                if n == 1 { format!("column {}", column + 1) } else { format!("column {} ({n})", column + 1) }
            })
        } else if seen.insert(cell) {
            cell.to_owned()
        } else {
            free(&|n| format!("{cell} ({})", n + 1))
        });
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{begins_json, can_be_header, is_band, unique_names};

    fn cells(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn every_column_keeps_a_name_of_its_own() {
        let check = |line: &str, names: &str| assert_eq!(unique_names(&cells(line)).join(","), names);
        check("Email,Phone,Email,,Email", "Email,Phone,Email (2),column 4,Email (3)");
        check("Email,Email (2),Email", "Email,Email (2),Email (3)");
        check("column 2,", "column 2,column 2 (2)");
    }

    #[test]
    fn a_header_holds_names_and_no_data() {
        for line in [
            "Name,E-mail",
            "Email",
            "Phone 1,Address1,2019,Note",
            "E-mail 1 - Value,Opt-in date",
            "Email (e.g. name@company.com),Phone",
            "Email e.g. name@company.com,Phone",
            "email,firstname,hs_email_optout_6125111",
            "email,Opt-out 20240115,Phone",
        ] {
            assert!(can_be_header(&cells(line)), "{line}");
        }
        for line in [
            "jane@example.com,BOUNCE",
            "Jane Doe <jane@example.com>",
            "jane@example.com joe@example.com",
            "2024-01-01 12:00 INFO unsubscribe email=jane@example.com id=1",
            "201,5550123",
            "02079460000 ",
            "d41d8cd98f00b204e9800998ecf8427e",
            "0xd41d8cd98f00b204e9800998ecf8427e",
            "X'd41d8cd98f00b204e9800998ecf8427e',active",
            "md5:d41d8cd98f00b204e9800998ecf8427e,2024",
            "Status,Phone,jane@example.com",
            "example.com",
            "*.example.com",
            "Email: jane@example.com,Phone: 5032261007",
            "Phone: 503 226 1007",
            "Ann Lee,+44 20 7946 0000,2024-05-01",
            "",
        ] {
            assert!(!can_be_header(&cells(line)), "{line}");
        }
    }

    #[test]
    fn json_is_told_from_names_in_brackets() {
        for text in ["[", " {", "[{\"email\": \"x\"", "[ {", "{ \"email\": 1", "[]", "\u{feff}[\"a\"", "[["] {
            assert!(begins_json(text), "{text}");
        }
        for text in ["", "[Email]", "{first_name}", "Email [work]", "\"[\""] {
            assert!(!begins_json(text), "{text}");
        }
    }

    #[test]
    fn a_band_of_group_names_is_not_the_header() {
        let band = cells("Person,Person,Contact,Contact");
        assert!(is_band(&band, &cells("First,Last,E-mail,Phone")));
        assert!(!is_band(&cells("First,Last,E-mail,Phone"), &cells("Ann,Lee,x,y")));
    }
}
