//! Laws of reading, over generated files.

use std::fmt::Write as _;

use contactable::source::{Limits, State, Syntax};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::run::generated;

use super::{Seen, open_bytes, read, read_bytes};

/// A cell as people fill them; those of the last kinds need quotes.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zé]{1,8}( [a-z]{1,8})?",
        2 => "[a-z]{1,6}@[a-z]{1,5}\\.com",
        1 => Just(String::new()),
        1 => "[a-z]{1,5}[,;] ?[a-z]{1,5}",
        1 => "[a-z]{1,5} \"[a-z]{1,5}\"( [a-z]{1,4})?",
        1 => "[a-z]{1,5}\n[a-z]{1,5}(\n\n[a-z]{1,5})?",
    ]
}

fn table(columns: usize, rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<String>>> {
    vec(vec(cell(), columns), rows).prop_map(|mut rows| {
        // A row of empty cells would be a blank line in a file of one column.
        rows.iter_mut().enumerate().for_each(|(i, row)| row[0] = format!("row{i}"));
        rows
    })
}

fn written(rows: &[Vec<String>], syntax: Syntax, always: bool, end: &str) -> String {
    let mut out = String::new();
    let quote = char::from(syntax.quote);
    let header: Vec<String> =
        (0..rows[0].len()).map(|i| format!("name {}", (b'a' + i as u8) as char)).collect();
    for row in std::iter::once(&header).chain(rows) {
        for (i, cell) in row.iter().enumerate() {
            if i > 0 {
                out.push(char::from(syntax.delimiter));
            }
            let special = cell.contains([char::from(syntax.delimiter), quote, '\n', '\r']);
            if special || always {
                let _ = write!(out, "{quote}{}{quote}", cell.replace(quote, &format!("{quote}{quote}")));
            } else {
                out.push_str(cell);
            }
        }
        out.push_str(end);
    }
    out
}

fn rows_of(seen: &[Seen]) -> Vec<Vec<String>> {
    seen.iter().filter(|record| record.state != State::Header).map(|record| record.cells.clone()).collect()
}

proptest! {
    #![proptest_config(generated(96))]

    /// Well-formed files of every dialect: the same cells as the `csv` crate finds, and every row usable.
    #[test]
    fn well_formed_files_read_as_the_csv_crate_reads_them(
        rows in table(5, 3..30),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
        always: bool,
        end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let text = written(&rows, Syntax { delimiter, ..Syntax::default() }, always, end);
        let seen = read_bytes(text.as_bytes());
        // Physical lines are the same whatever ends them; `csv` counts CR LF one record late.
        let with_lf = written(&rows, Syntax { delimiter, ..Syntax::default() }, always, "\n");
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(with_lf.as_bytes());
        let mut lines = Vec::new();
        let want: Vec<Vec<String>> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                lines.push(record.position().unwrap().line() as u32);
                record.iter().map(str::to_owned).collect()
            })
            .collect();
        prop_assert_eq!(&want, &rows);
        prop_assert_eq!(rows_of(&seen), want);
        prop_assert!(seen.iter().skip(1).all(|record| record.state == State::Row));
        prop_assert_eq!(seen.iter().skip(1).map(|record| record.line).collect::<Vec<_>>(), lines);
    }

    /// Any bytes, cut into blocks of any size: the same records, none lost (checked while reading), no panic.
    #[test]
    fn records_do_not_depend_on_the_blocks(
        pieces in vec(prop::sample::select(vec![
            "a", "b@c.de", ",", ",", "\"", "\"\"", "\n", "\r\n", "\r", ";", " ", "\\", "é", "\0", "\n\n", "'", "x,y,z\n",
            "Total", "sep=;\n", "\"multi\nline\",",
        ]), 0..120),
        header: bool,
        block in 1_usize..64,
    ) {
        let mut text = if header { "Name,E-mail,Phone\n".to_owned() } else { String::new() };
        text.extend(pieces);
        let limits = Limits { cell_bytes: 60, record_bytes: 90, lines_per_cell: 4, recover_bytes: 50 };
        for limits in [limits, Limits::default()] {
            let (_dir, input) = open_bytes(text.as_bytes(), limits);
            let seen = read(&input, 1 << 20);
            prop_assert_eq!(&seen, &read(&input, block));
        }
    }

    /// One quote put anywhere into a clean file costs at most the row it was put into.
    #[test]
    fn a_stray_quote_costs_one_row_at_most(
        rows in table(5, 20..60),
        always: bool,
        at in any::<prop::sample::Index>(),
    ) {
        let text = written(&rows, Syntax::default(), always, "\n");
        let body = text.find('\n').unwrap() + 1;
        let places: Vec<usize> = (body..text.len()).filter(|&at| text.is_char_boundary(at)).collect();
        let at = places[at.index(places.len())];
        let hit = written(&rows[..], Syntax::default(), always, "\n");
        let hit = row_at(&rows, always, &hit, at);
        let mut damaged = text.clone();
        damaged.insert(at, '"');
        let seen = read_bytes(damaged.as_bytes());
        for (i, row) in rows.iter().enumerate().filter(|(i, _)| *i != hit) {
            let whole = seen.iter().any(|record| record.usable() && &record.cells == row);
            prop_assert!(whole, "row {} was lost; the quote is at {} in row {}\n{}", i, at, hit, damaged);
        }
    }
}

/// The row that holds byte `at` of the text written.
fn row_at(rows: &[Vec<String>], always: bool, text: &str, at: usize) -> usize {
    let before = |n: usize| {
        if n == 0 {
            text.find('\n').unwrap() + 1
        } else {
            written(&rows[..n], Syntax::default(), always, "\n").len()
        }
    };
    (0..rows.len()).rev().find(|&n| before(n) <= at).unwrap()
}

#[test]
fn a_stray_quote_at_the_start_of_each_cell_of_a_thousand_rows() {
    let mut clean = String::from("Name,E-mail,Phone,Opt-out\n");
    let line = |i: usize| format!("Jane {i},jane{i}@example.com,+44 7700 900{:03},{}\n", i % 1000, i % 2);
    (0..1000).for_each(|i| clean.push_str(&line(i)));
    let want = rows_of(&read_bytes(clean.as_bytes()));
    assert_eq!(want.len(), 1000);
    for row in [0, 9, 500, 998, 999] {
        for column in 0..4 {
            let start: usize = clean.split_inclusive('\n').take(row + 1).map(str::len).sum();
            let cell: usize = line(row).split_inclusive(',').take(column).map(str::len).sum();
            let mut text = clean.clone();
            text.insert(start + cell, '"');
            let seen = read_bytes(text.as_bytes());
            let got = rows_of(&seen);
            assert_eq!(got.len(), 1000, "row {row} column {column}");
            let differing: Vec<_> = (0..1000).filter(|&i| got[i] != want[i]).collect();
            assert_eq!(differing, [row]);
            let repaired = contactable::reason::Reason::RowQuoteStray;
            assert_eq!(seen[row + 1].state, State::Repaired(repaired), "row {row} column {column}");
            assert_eq!(seen[row + 1].line as usize, row + 2);
        }
    }
}
