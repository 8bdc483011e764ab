//! `validate`: one value, one verdict, one line.
//!
//! Reads and writes at the speed of a pipe: lines are judged in the blocks they come in, each block by all
//! processors, and answered before more is waited for.

mod judge;

use crate::cli::end::{End, Exit};
use crate::cli::groups::{DnsArgs, JudgingArgs};
use crate::cli::validate::judge::{Desk, Judge, OutputShape};
use crate::data::Country;
use crate::phone::Region;
use crate::plan::{Judging, country};
use crate::record::Failure;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::io::{ErrorKind, Read, Write};

/// Room for what comes next, in bytes.
const ROOM: usize = 256 << 10;
/// Longest line, in bytes: beyond it the input is no list.
const LINE_MAX: usize = 16 << 20;
/// Bytes that keep a processor busy for longer than waking it takes.
const PIECE: usize = 8 << 10;

/// What `validate` takes.
#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    /// What to judge
    #[arg(value_name = "email|phone")]
    what: What,
    /// Values; none, or `-`, reads the standard input, one a line, VALUE or VALUE<TAB>COUNTRY
    #[arg(value_name = "VALUE")]
    values: Vec<String>,
    /// Country of numbers that tell none
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    country: Option<Country>,
    #[command(flatten)]
    judging: JudgingArgs,
    #[command(flatten)]
    dns: DnsArgs,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Print CSV with a header
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// End with exit code 3 when a value is not ok
    #[arg(long)]
    strict: bool,
}

/// What `validate` judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
}

/// Judges the values given, or those of the standard input.
pub(super) fn run(args: ValidateArgs, stdin: impl Read, stdout: &mut dyn Write) -> Result<Exit, End> {
    let region = args.country.and_then(|country| Region::from_iso(country.code()));
    let judging = Judging::new(&args.dns.options(args.judging))?;
    let shape = match (args.json, args.csv) {
        (true, _) => OutputShape::Json,
        (_, true) => OutputShape::Csv,
        _ => OutputShape::Text,
    };
    let mut judge = Judge::new(args.what == What::Email, shape, region, judging)?;
    let mut desks: Vec<Desk> =
        std::iter::repeat_with(Desk::default).take(rayon::current_num_threads()).collect();
    if let Some(desk) = desks.first_mut() {
        judge.header(desk);
        if args.values.is_empty() || args.values == ["-"] {
            stream(&mut judge, &mut desks, stdin, stdout)?;
        } else {
            judge.ask_dns(args.values.iter().map(String::as_str))?;
            for value in &args.values {
                judge.one(value, None, desk)?;
            }
            desk.hand_out(stdout)?;
        }
    }
    stdout.flush()?;
    let all_ok = desks.iter().all(Desk::all_ok);
    Ok(if args.strict && !all_ok { Exit::Found } else { Exit::Done })
}

/// Judges line by line, in the order of the input.
fn stream(judge: &mut Judge, desks: &mut [Desk], stdin: impl Read, out: &mut dyn Write) -> Result<(), End> {
    let mut input = PendingLines::new(stdin);
    // DNS is asked about many domains together.
    let least = if judge.asks_dns() { ROOM } else { 0 };
    loop {
        let end = input.whole_lines(least)?;
        if end == 0 {
            return desks.iter_mut().try_for_each(|desk| desk.hand_out(out));
        }
        let lines = &input.buffer[..end];
        if judge.asks_dns() {
            let texts: Vec<_> = lines.split(|b| *b == b'\n').map(String::from_utf8_lossy).collect();
            judge.ask_dns(texts.iter().map(|text| value_and_country(text).0))?;
        }
        let judge = &*judge;
        let pieces = cut(lines, desks.len());
        desks.par_iter_mut().zip(pieces).try_for_each(|(desk, piece)| of_piece(judge, desk, piece))?;
        desks.iter_mut().try_for_each(|desk| desk.hand_out(out))?;
        out.flush()?;
        input.consume(end);
    }
}

fn of_piece(judge: &Judge, desk: &mut Desk, piece: &[u8]) -> Result<(), Failure> {
    for line in piece.split_inclusive(|b| *b == b'\n') {
        let line = String::from_utf8_lossy(line);
        let (value, country) = value_and_country(&line);
        judge.one(value, country, desk)?;
    }
    Ok(())
}

/// `VALUE` or `VALUE<TAB>COUNTRY`, without the line end.
fn value_and_country(line: &str) -> (&str, Option<&str>) {
    let line = line.trim_end_matches(['\n', '\r']);
    line.split_once('\t').map_or((line, None), |(value, country)| (value, Some(country)))
}

/// Whole lines in as many pieces of like size as there are processors, fewer where there is little to do.
fn cut(mut lines: &[u8], processors: usize) -> Vec<&[u8]> {
    let size = lines.len().div_ceil(processors.max(1)).max(PIECE);
    let mut pieces = Vec::new();
    while pieces.len() + 1 < processors && lines.len() > size {
        let end = memchr::memchr(b'\n', &lines[size..]).map_or(lines.len(), |at| size + at + 1);
        let (piece, rest) = lines.split_at(end);
        pieces.push(piece);
        lines = rest;
    }
    pieces.push(lines);
    pieces
}

/// What was read and not judged yet.
struct PendingLines<R> {
    stdin: R,
    buffer: Vec<u8>,
    filled: usize,
    /// Behind the last line end.
    end: usize,
    over: bool,
}

impl<R: Read> PendingLines<R> {
    fn new(stdin: R) -> Self {
        Self { stdin, buffer: vec![0; ROOM], filled: 0, end: 0, over: false }
    }

    /// Reads until there are whole lines of `least` bytes, or no more; the end of the last, 0 where nothing is left.
    fn whole_lines(&mut self, least: usize) -> Result<usize, Failure> {
        while !self.over && (self.end == 0 || self.end < least) {
            if self.filled == self.buffer.len() {
                if self.filled - self.end > LINE_MAX {
                    return Err(Failure::run("a line is longer than 16 MiB")
                        .at("stdin")
                        .hint("one value a line; tables are read by `contactable clean`"));
                }
                self.buffer.resize(self.filled * 2, 0);
            }
            match self.stdin.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.over = true,
                Ok(count) => {
                    let new = &self.buffer[self.filled..self.filled + count];
                    if let Some(at) = memchr::memrchr(b'\n', new) {
                        self.end = self.filled + at + 1;
                    }
                    self.filled += count;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::io("read", "stdin", &error)),
            }
        }
        Ok(if self.over { self.filled } else { self.end })
    }

    fn consume(&mut self, end: usize) {
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
        self.end = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::{PendingLines, cut};
    use std::io::Read;

    /// A reader that gives a few bytes at a time.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn lines_come_whole_however_they_are_read() {
        let text: Vec<u8> =
            (0..2_000).flat_map(|n| format!("value {n}\r\n").into_bytes()).chain(*b"last").collect();
        for step in [1, 7, 4096, 1 << 20] {
            for least in [0, 5_000] {
                let mut input = PendingLines::new(Drip(&text, step));
                let mut seen = Vec::new();
                loop {
                    let end = input.whole_lines(least).unwrap();
                    if end == 0 {
                        break;
                    }
                    let lines = &input.buffer[..end];
                    assert!(lines.ends_with(b"\n") || input.over);
                    for piece in cut(lines, 3) {
                        assert!(piece.ends_with(b"\n") || input.over);
                        seen.extend_from_slice(piece);
                    }
                    input.consume(end);
                }
                assert_eq!(seen, text, "{step} {least}");
            }
        }
    }

    #[test]
    fn an_endless_line_is_an_error() {
        let failure = PendingLines::new(std::io::repeat(b'x')).whole_lines(0).unwrap_err();
        assert_eq!(failure.place.as_deref(), Some("stdin"));
    }
}
