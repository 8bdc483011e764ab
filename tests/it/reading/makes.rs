//! Every make of file: what it is said to be, which rows come out, what is kept apart.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use contactable::reason::Reason;
use contactable::source::{EncodingProof, Input, Limits, Origin, State, open};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::{open_bytes, open_path, read, read_bytes, scratch};

fn fixture(name: &str) -> Input {
    open_path(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/reading")).join(name)).unwrap()
}

/// Usable rows as `line: cell|cell`, then records kept apart as `line! reason`.
fn story(input: &Input) -> Vec<String> {
    let seen = read(input, 64);
    let told = |state: State, line: u32, cells: &[String]| match state {
        State::Header => None,
        State::Row => Some(format!("{line}: {}", cells.join("|"))),
        State::Repaired(reason) => Some(format!("{line}: {} ({})", cells.join("|"), reason.id())),
        State::Rejected(reason) => Some(format!("{line}! {}", reason.id())),
    };
    seen.iter().filter_map(|record| told(record.state, record.line, &record.cells)).collect()
}

#[track_caller]
fn check(name: &str, delimiter: &str, header: &str, want: &[&str]) -> Input {
    let input = fixture(name);
    let dialect = input.dialect();
    assert_eq!(dialect.delimiter_word(), delimiter, "{name}");
    assert_eq!(dialect.header.as_deref().unwrap_or_default().join("|"), header, "{name}");
    assert_eq!(story(&input), want, "{name}");
    input
}

#[test]
fn dialects() {
    let input = check("sep-line-semicolon.csv", ";", "Name|E-mail", &["3: Doe; Jane|jane@example.com"]);
    assert_eq!(input.dialect().header_line, Some(2));
    let input = check(
        "carriage-returns.csv",
        ",",
        "Name|E-mail",
        &["2: Ann|ann@example.com", "3: Bob|bob@example.com"],
    );
    assert_eq!(input.dialect().line_ends.word(), "CR");
    let input = check(
        "mixed-line-ends.csv",
        ",",
        "Name|E-mail",
        &["2: Ann|ann@example.com", "3: Bob|bob@example.com", "4: Cy|cy@example.com"],
    );
    assert_eq!(input.findings(), [Reason::FileLineEndsMixed]);
    check("backslash-escapes.csv", ",", "Name|Note", &["2: Ann|said \"no\", twice", "3: Bob|one, two"]);
    check(
        "single-quotes.csv",
        ",",
        "Name|Note|Id",
        &["2: Ann|one, two|1", "3: Bob|it's, well|2", "4: Cy|x|3"],
    );
    let rows =
        ["2: Ann|1 High Street\nLondon, UK|ann@example.com", "4: Bob|2 Low Road\n\nLeeds|bob@example.com"];
    check("multi-line-cells.csv", ",", "Name|Address|E-mail", &rows);
}

#[test]
fn encodings() {
    let row = ["2: Zoë|zoe@example.com"];
    let input = check("tab-utf16le.txt", "tab", "Name|E-mail", &row);
    assert_eq!((input.encoding().name, input.encoding().decided), ("UTF-16LE", EncodingProof::Mark));
    let input = check("semicolon-utf16be-no-mark.csv", ";", "Name|E-mail", &row);
    assert_eq!((input.encoding().name, input.encoding().decided), ("UTF-16BE", EncodingProof::Zeros));
    let rows = ["2: José Müller|jose@example.com", "3: Åsa “Å” Öberg – Malmö|asa@example.com"];
    let input = check("windows-1252.csv", ",", "Name|E-mail", &rows);
    assert_eq!((input.encoding().name, input.encoding().decided), ("windows-1252", EncodingProof::Guess));
    let rows = ["2: Zoë|zoe@example.com", "3: José|jose@example.com"];
    let input = check("utf8-and-windows-1252.csv", ",", "Name|E-mail", &rows);
    assert_eq!((input.encoding().name, input.encoding().mixed), ("UTF-8", Some(("windows-1252", 1))));
    let input = check("byte-order-mark.csv", ",", "E-mail|Name", &["2: zoe@example.com|Zoë"]);
    assert_eq!((input.encoding().name, input.encoding().decided), ("UTF-8", EncodingProof::Mark));
}

#[test]
fn quotes_that_do_not_add_up() {
    check(
        "stray-quote.csv",
        ",",
        "Name|E-mail|Opt-out",
        &[
            "2: Ann|\"ann@example.com|no (row-quote-stray)",
            "3: Bob|bob@example.com|yes",
            "4: Cy \"CC\" Lee|cy@example.com|no",
            "5: Di \"DD\" Lee|di@example.com|yes (row-quote-stray)",
        ],
    );
    let rows = ["2: Ann|ann@example.com|no", "3! row-quote-unclosed", "4: Cy|cy@example.com|yes"];
    let input = check("unclosed-quote.csv", ",", "Name|E-mail|Opt-out", &rows);
    // A rejected record still shows its cells: a refusal may stand in it.
    assert_eq!(read(&input, 99)[2].cells, ["\"Bob", "bob@example.com"]);
    assert_eq!(read(&input, 99)[2].original, "\"Bob,bob@example.com");
}

#[test]
fn what_is_no_row_is_kept_apart() {
    let rows = ["1! row-preamble", "4: Ann|ann@example.com|020 7946 0001", "6! row-footer"];
    let input = check("preamble-and-footer.csv", ",", "Name|E-mail|Phone", &rows);
    assert_eq!((input.dialect().preamble_lines, input.dialect().header_line), (1, Some(3)));
    assert_eq!(input.dialect().footer_lines, 1);
    let rows = ["2: Ann|ann@example.com", "3! row-header-repeated", "4: Bob|bob@example.com"];
    check("repeated-header.csv", ",", "Name|E-mail", &rows);
    let rows = ["2! row-nul", "3: Bob|bob@example.com"];
    check("zero-byte.csv", ",", "Name|E-mail", &rows);
}

#[test]
fn ragged_rows() {
    check(
        "ragged.csv",
        ",",
        "Name|E-mail|Opt-out|Note",
        &[
            "2: Ann|ann@example.com|no|",
            // Five cells, the last empty: as likely pushed to the right as followed by a comma too many.
            "3! row-ragged",
            "4! row-ragged",
            "5: Di|di@example.com|yes|x",
        ],
    );
    check(
        "trimmed-rows.csv",
        ",",
        "Name|E-mail|Phone|Note",
        &[
            "2: Ann|ann@example.com|1|x",
            "3: Bob|bob@example.com (row-trimmed)",
            "4: Cy|cy@example.com|2 (row-trimmed)",
            "5: Di|di@example.com (row-trimmed)",
        ],
    );
    let input = check(
        "repeated-names.csv",
        ",",
        "Email|Phone|Email (2)|column 4",
        &["2: ann@example.com|1|a@example.com|x"],
    );
    assert_eq!(input.dialect().header_cells, ["Email", "Phone", "Email", ""]);
    assert_eq!(input.findings(), [Reason::FileHeaderRepeatedName]);
}

#[test]
fn lists_without_header_or_rows() {
    check("headerless-ses.csv", ",", "", &["1: ann@example.com|BOUNCE", "2: bob@example.com|COMPLAINT"]);
    check("headerless-ftc.txt", ",", "", &["1: 201|5550123", "2: 212|5550199"]);
    check("headerless-tps.txt", ",", "", &["1: 02079460000 ", "2: 02079460001 "]);
    let hashes = ["1: 5d41402abc4b2a76b9719d911017c592", "2: 7d793037a0760186574b0282f2f435e7"];
    let input = check("headerless-hashes.txt", ",", "", &hashes);
    assert_eq!(input.findings(), [Reason::FileNoHeader]);
    assert_eq!(check("header-only.csv", ",", "Name|E-mail", &[]).findings(), [Reason::FileHeaderOnly]);
    assert_eq!(check("empty.csv", ",", "", &[]).findings(), [Reason::FileEmpty]);
    let mut input = fixture("repeated-header.csv");
    input.assume_no_header();
    assert_eq!(story(&input)[0], "1: Name|E-mail");
}

const TABLE: &[u8] = b"Name,E-mail\nAnn,ann@example.com\nBob,bob@example.com\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn zstandard_of_every_make_reads_like_plain_input() {
    let row = |n: usize| format!("Ann {n},ann.{}@example.com\n", n * 7_919 % 10_007);
    let text: String = std::iter::once("Name,E-mail\n".to_owned()).chain((0..6_000).map(row)).collect();
    let (_dir, plain) = open_bytes(text.as_bytes(), Limits::default());
    let plain = story(&plain);
    for make in ["streamed", "long-window", "small-window", "frames"] {
        let packed = fixture(&format!("packed/{make}.zst"));
        assert!(story(&packed) == plain, "{make}");
    }
}

#[test]
fn compressed_input_reads_like_plain_input() {
    let (_dir, plain) = open_bytes(TABLE, Limits::default());
    let members = [gzip(&TABLE[..20]), gzip(&TABLE[20..])].concat();
    let frames =
        [&TABLE[..20], &TABLE[20..]].map(|part| compress_to_vec(part, CompressionLevel::Fastest)).concat();
    for packed in [members, frames] {
        let (dir, input) = open_bytes(&packed, Limits::default());
        assert_eq!(story(&input), story(&plain));
        assert_eq!(input.original_bytes() as usize, packed.len());
        // The spool has no name: beside the input nothing is left.
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        let path = dir.path().join("damaged");
        let mut flipped = packed.clone();
        let last = flipped.len() - 6;
        flipped[last] ^= 0x55;
        let cut = packed[..packed.len() - 3].to_vec();
        for damaged in [flipped, cut] {
            fs::write(&path, damaged).unwrap();
            let failure = open_path(&path).unwrap_err();
            assert!(failure.what.contains("damaged or cut off"), "{failure}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once_and_then_as_often_as_wanted() {
    let dir = scratch();
    let path = dir.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let writer = std::thread::spawn({
        let path = path.clone();
        move || fs::write(path, TABLE).unwrap()
    });
    let input = open_path(&path).unwrap();
    writer.join().unwrap();
    assert_eq!(story(&input), ["2: Ann|ann@example.com", "3: Bob|bob@example.com"]);
    assert_eq!(story(&input).len(), 2);
    input.unchanged().unwrap();
}

#[test]
fn packages_and_directories_are_refused_with_advice() {
    let dir = scratch();
    assert!(open_path(dir.path()).unwrap_err().what.contains("directory"));
    let path = dir.path().join("book.xlsx");
    fs::write(&path, b"PK\x03\x04rest").unwrap();
    assert!(open_path(&path).unwrap_err().hint.unwrap().contains("CSV"));
    assert!(open_path(Path::new("/no/such/file")).unwrap_err().what.starts_with("cannot open"));
}

#[test]
fn the_digest_is_that_of_the_original_bytes() {
    let (_dir, input) = open_bytes(b"abc", Limits::default());
    // FIPS 180-4, example of one block.
    let hex: String = input.sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_file_that_changes_is_an_error() {
    let dir = scratch();
    let path = dir.path().join("in.csv");
    for change in [&b"Name,E-mail\n"[..], b"Name,E-mail\nAnn,ann@example.com\nBob,bob@example.com\nCy,c\n"] {
        fs::write(&path, TABLE).unwrap();
        let input = open(Origin::Path(&path), "in.csv", dir.path(), Limits::default()).unwrap();
        input.unchanged().unwrap();
        fs::write(&path, change).unwrap();
        assert!(input.unchanged().unwrap_err().what.contains("changed"));
    }
    fs::write(&path, TABLE).unwrap();
    let input = open(Origin::Path(&path), "in.csv", dir.path(), Limits::default()).unwrap();
    fs::write(&path, b"short").unwrap();
    assert!(input.blocks(1 << 16).any(|block| block.is_err()));
    fs::remove_file(&path).unwrap();
    assert!(input.unchanged().is_err());
}

#[test]
fn monsters_are_rejected_and_the_run_goes_on() {
    let limits = Limits { cell_bytes: 100, record_bytes: 1000, ..Limits::default() };
    let (long, longer) = ("x".repeat(150), "é".repeat(1500));
    let text = format!("Name,E-mail\n{long},a@b.c\n{longer},\"a\n\"\"b\",c\nBob,bob@example.com\n");
    let (_dir, input) = open_bytes(text.as_bytes(), limits);
    let story = story(&input);
    assert_eq!(story.first().unwrap(), "2! row-oversize");
    assert_eq!(story.iter().filter(|line| line.starts_with("3! row-oversize")).count(), 4);
    assert_eq!(story.last().unwrap(), "5: Bob|bob@example.com");
}

#[test]
fn a_hundred_thousand_columns_pass() {
    let line = |cell: &dyn Fn(usize) -> String| (0..100_000).map(cell).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}\n", line(&|i| format!("name {i}")), line(&|i| i.to_string()));
    let seen = read_bytes(text.as_bytes());
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[1].state, seen[1].cells[99_999].as_str()), (State::Row, "99999"));
}

#[test]
fn a_file_full_of_unclosed_quotes_ends_in_time() {
    let mut text = String::from("Name,E-mail,Phone\n");
    (0..60_000).for_each(|_| text.push_str("\"\"\"\"\"a\n"));
    assert_eq!(read_bytes(text.as_bytes()).len(), 60_001);
}

#[test]
fn a_sample_holds_usable_rows_in_order() {
    let input = fixture("ragged.csv");
    let sample = input.sample(10).unwrap();
    assert_eq!(sample.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Ann", "Di"]);
    assert_eq!(input.sample(1).unwrap().len(), 1);
}
