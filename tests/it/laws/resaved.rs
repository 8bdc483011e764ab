//! Lists of refusals that went through a spreadsheet: signs of CSV changed, apostrophes, numbers and dates rewritten.
//! What still can be told binds as before, and what cannot be is said.

use super::lists;
use super::world::{CHANNELS, World, world};
use crate::run::{Scratch, clean, generated};
use proptest::prelude::*;

/// How a spreadsheet writes one number of eleven digits and more.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Guarded,
    WithoutPlus,
    Float,
    /// In scientific notation, with all of its digits.
    Long,
    /// In scientific notation, cut.
    Short,
    Spaced,
}

/// A file that was opened and saved again.
#[derive(Debug, Clone)]
struct Saved {
    mark: bool,
    separator: char,
    crlf: bool,
    german_dates: bool,
    numbers: Vec<Number>,
}

fn saved(numbers: Vec<Number>) -> impl Strategy<Value = Saved> {
    let signs = (any::<bool>(), prop::sample::select(vec![',', ';', '\t']), any::<bool>(), any::<bool>());
    let numbers = prop::collection::vec(prop::sample::select(numbers), 1..6);
    (signs, numbers).prop_map(|((mark, separator, crlf, german_dates), numbers)| Saved {
        mark,
        separator,
        crlf,
        german_dates,
        numbers,
    })
}

impl Number {
    fn rewrite(self, cell: &str) -> String {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        let (first, rest) = digits.split_at(1);
        match self {
            Self::Guarded => format!("'+{digits}"),
            Self::WithoutPlus => digits,
            Self::Float => format!("{digits}.0"),
            Self::Long => format!("{first}.{rest}E+{}", rest.len()),
            Self::Short => format!("{first}.{}E+{}", &rest[..5], rest.len()),
            Self::Spaced => format!("\u{a0}+{} {}\u{a0}", &digits[..4], &digits[4..]),
        }
    }
}

impl Saved {
    fn text(&self, text: &str) -> String {
        let mut number = self.numbers.iter().cycle();
        let cell = |cell: &str| {
            let plus = cell.starts_with("+44") && cell[1..].bytes().all(|b| b.is_ascii_digit());
            match cell.strip_prefix("2025-06-").and_then(|rest| rest.get(..2)) {
                _ if plus => number.next().unwrap().rewrite(cell),
                Some(day) if self.german_dates && cell.len() == 10 => format!("{day}.06.2025"),
                _ => cell.to_owned(),
            }
        };
        let mut cell = cell;
        let lines = text.lines().map(|line| {
            let cells: Vec<String> = line.split(',').map(&mut cell).collect();
            cells.join(&self.separator.to_string())
        });
        let end = if self.crlf { "\r\n" } else { "\n" };
        let mark = if self.mark { "\u{feff}" } else { "" };
        mark.to_owned() + &lines.map(|line| line + end).collect::<String>()
    }
}

const SAVED: [&str; 2] = ["suppression.csv", "unsubscribes.csv"];

fn texts(world: &World, saved: Option<&Saved>) -> Vec<(&'static str, String)> {
    let again = |(name, text): (&'static str, String)| match saved {
        Some(saved) if SAVED.contains(&name) => (name, saved.text(&text)),
        _ => (name, text),
    };
    world.files().0.into_iter().map(again).collect()
}

fn binds(world: &World, saved: &Saved) {
    let scratch = Scratch::new();
    let (before, after) = (scratch.path("before"), scratch.path("after"));
    clean(&scratch.write(&texts(world, None)), &before, &[]);
    clean(&scratch.write(&texts(world, Some(saved))), &after, &[]);
    let (one, other) = (lists(&before), lists(&after));
    for channel in CHANNELS {
        let freed: Vec<_> = other[channel].difference(&one[channel]).collect();
        assert!(freed.is_empty(), "{freed:?} on {channel} by {:?}", texts(world, Some(saved)));
    }
}

fn is_told(world: &World, saved: &Saved) {
    let scratch = Scratch::new();
    let texts = texts(world, Some(saved));
    let out = scratch.path("run");
    clean(&scratch.write(&texts), &out, &[]);
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let statements = report["statements"].as_array().unwrap();
    let told = statements.iter().any(|s| s["reason"] == "row-refuses-nobody");
    let is_cut = |line: &str| line.contains("E+");
    let cut = texts.iter().filter(|(name, _)| SAVED.contains(name)).any(|(_, text)| text.lines().any(is_cut));
    // A row of addresses and numbers that refuses mail alone has lost nothing that it needs.
    let heard = |(name, text): &(&str, String)| *name == "suppression.csv" && text.lines().any(is_cut);
    assert!(told || !texts.iter().any(heard), "{texts:?}");
    assert!(cut || !told, "{texts:?}");
}

proptest! {
    #![proptest_config(generated(48))]

    #[test]
    fn a_list_saved_again_by_a_spreadsheet_frees_nobody(
        world in world(),
        saved in saved(vec![Number::Guarded, Number::WithoutPlus, Number::Float, Number::Long, Number::Spaced]),
    ) {
        binds(&world, &saved);
    }

    #[test]
    fn a_number_cut_by_a_spreadsheet_is_told(world in world(), saved in saved(vec![Number::Short])) {
        is_told(&world, &saved);
    }
}
