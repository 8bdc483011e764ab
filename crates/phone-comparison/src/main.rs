//! The phone scanner of `contactable` beside the crate `phonenumber`: how often each gives the number a reference
//! gives, how often both agree, and the time of each for a cell.

use anyhow::{Context, Result};
use contactable::phone::{Region, Tables, parse};
use serde_json::Value;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// `phonenumber` takes milliseconds a cell where lists mix countries: a few thousand of them show enough.
const MOST_CELLS: usize = 2_000;

/// Cells of lists, with the country they are read in and the number meant.
const BUILT_IN: [(&str, &str, &str); 12] = [
    ("020 7946 0018", "GB", "+442079460018"),
    ("(415) 555-2671", "US", "+14155552671"),
    ("+49 30 901820", "", "+4930901820"),
    ("01 42 68 53 00", "FR", "+33142685300"),
    ("5543700020", "BR", "+555543700020"),
    ("06 1234 5678", "IT", "+390612345678"),
    ("0043 1 58058", "DE", "+43158058"),
    ("tel:+1-604-555-0123;ext=12", "CA", "+16045550123"),
    ("０３ １２３４ ５６７８", "JP", "+81312345678"),
    ("8 (912) 345-67-89", "RU", "+79123456789"),
    ("044 668 18 00", "CH", "+41446681800"),
    ("not given", "NL", ""),
];

/// A cell, the country it is read in, and the number the reference finds in it, where it finds a valid one.
struct Cell {
    text: String,
    region: String,
    reference: Option<String>,
}

fn main() -> Result<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let tables = Tables::built_in();
    println!(
        "| list | cells | ours = reference | phonenumber = reference | ours = phonenumber | ours, ns | phonenumber, ns | times |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    if files.is_empty() {
        compare("built-in", &built_in(), &tables);
    }
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        let cells: Result<Vec<Cell>> = (1..)
            .zip(text.lines())
            .take(MOST_CELLS)
            .map(|(number, line)| cell(line).with_context(|| format!("{file}:{number}")))
            .collect();
        compare(file.rsplit('/').next().unwrap_or(file), &cells?, &tables);
    }
    Ok(())
}

fn built_in() -> Vec<Cell> {
    BUILT_IN
        .iter()
        .map(|&(text, region, reference)| Cell {
            text: text.to_owned(),
            region: region.to_owned(),
            reference: Some(reference.to_owned()).filter(|number| !number.is_empty()),
        })
        .collect()
}

/// A line of a corpus.
fn cell(line: &str) -> Result<Cell> {
    let line: Value = serde_json::from_str(line)?;
    let word = |key: &str| line[key].as_str().map(str::to_owned);
    Ok(Cell {
        text: word("text").context("there is no \"text\"")?,
        region: word("hint").or_else(|| word("region")).unwrap_or_default(),
        reference: word("e164").filter(|_| line["valid"] == true),
    })
}

/// Prints the row of one list.
fn compare(name: &str, cells: &[Cell], tables: &Tables) {
    let (our_time, our_answers) = timed(cells, |cell| ours(cell, tables));
    let (their_time, their_answers) = timed(cells, theirs);
    let references = || cells.iter().map(|cell| &cell.reference);
    let ours_right = our_answers.iter().zip(references()).filter(|(a, b)| a == b).count();
    let theirs_right = their_answers.iter().zip(references()).filter(|(a, b)| a == b).count();
    let agreed = our_answers.iter().zip(&their_answers).filter(|(a, b)| a == b).count();
    let times = their_time.as_secs_f64() / our_time.as_secs_f64();
    println!(
        "| {name} | {} | {ours_right} | {theirs_right} | {agreed} | {} | {} | {times:.0} |",
        cells.len(),
        our_time.as_nanos(),
        their_time.as_nanos(),
    );
}

/// Time for one cell, and the answers. The first pass warms tables and caches and is not measured.
fn timed(cells: &[Cell], answer: impl Fn(&Cell) -> Option<String>) -> (Duration, Vec<Option<String>>) {
    let answers = cells.iter().map(&answer).collect();
    let started = Instant::now();
    for cell in cells {
        black_box(answer(black_box(cell)));
    }
    let count = u32::try_from(cells.len()).unwrap_or(u32::MAX).max(1);
    (started.elapsed() / count, answers)
}

/// The valid number of a cell as E.164, by our scanner.
fn ours(cell: &Cell, tables: &Tables) -> Option<String> {
    let number = parse(&cell.text, Region::from_iso(&cell.region), tables).ok()?.number;
    let digits = number.national().iter().map(|digit| char::from(b'0' + digit));
    number.is_valid().then(|| format!("+{}{}", number.code(), digits.collect::<String>()))
}

/// Likewise, by the crate `phonenumber`.
fn theirs(cell: &Cell) -> Option<String> {
    let number = phonenumber::parse(cell.region.parse().ok(), &cell.text).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}
