//! The law of the short ways: with and without the prefilter, with and without the short way through lists of one column,
//! the same rows pass and the others are blocked for the same reasons.

use crate::output::hex;
use crate::pipeline::jobs::check::rows::CheckRules;
use crate::pipeline::jobs::check::{self, CheckWorker, CheckedPiece, against, understand};
use crate::pipeline::kit::run::{Scratch, random_key};
use crate::pipeline::understand::point_columns::PointColumns;
use crate::pipeline::understand::points::PointTables;
use crate::plan::{CheckPlan, CheckSettings, DatedFile, ReadOptions, SourceOptions, country};
use crate::record::{Channel, Day, Keyed};
use crate::spill::Budget;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A small generator: the same lists in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

/// An address of one of a few hundred people, in one of many dresses.
fn address(dice: &mut Dice) -> String {
    let who = dice.below(300);
    match dice.below(18) {
        16 => format!("bounce+p{who}=fernhill.co.uk@stonemill.org"),
        17 => format!("p{who}_fernhill.co.uk#EXT#@stonemill.org"),
        0 => format!("J.Ane{who}+news@GoogleMail.com"),
        1 => format!("jane{who}@gmail.com"),
        2 => format!(" p{who}@fernhill.co.uk "),
        3 => format!("<P{who}@Fernhill.co.uk>"),
        4 => format!("p{who}@fernhill.co.uk; q{who}@stonemill.org"),
        5 => format!("p{who}@gamil.com"),
        6 => format!("p{who}@mail.acme{}.com", who % 9),
        7 => format!("p{who}@nowhere.zz"),
        8 => dice.of(&["", "", " ", "n/a", "not an address", "@", "a/b|c@fernhill.co.uk"]).to_owned(),
        9 => format!("p{who}@bücher.de"),
        _ => format!("p{who}@fernhill.co.uk"),
    }
}

fn number(dice: &mut Dice) -> String {
    let who = 200_000 + dice.below(300);
    match dice.below(8) {
        6 => format!("1212{}", 7_000_000 + who),
        7 => format!("+1 212 {}", 7_000_000 + who),
        0 => format!("+447911{who}"),
        1 => format!("07911 {who}"),
        2 => format!("00447911{who}"),
        3 => dice.of(&["", "12", "n/a", "+1 212 736 5000 / +1 212 736 5001"]).to_owned(),
        _ => format!("447911{who}"),
    }
}

/// A list of people whose columns hold what people write.
fn list(dice: &mut Dice, rows: usize) -> String {
    const HEADER: &str = "name,email,email 2,phone,unsubscribed,account owner,extra\r\n";
    let mut text = HEADER.to_owned();
    for row in 0..rows {
        let extra = match dice.below(8) {
            0 => address(dice),
            1 => number(dice),
            _ => dice.of(&["", "note", "\"a, b\""]).to_owned(),
        };
        let other = if dice.below(5) == 0 { address(dice) } else { String::new() };
        let (email, phone, owner) = (address(dice), number(dice), address(dice));
        let left = dice.of(&["", "", "", "no", "no", "no", "no", "yes", "2026-01-01"]);
        let _ = match dice.below(30) {
            0 => write!(text, "P{row},{email}\r\n"),
            1 => write!(text, "\r\n"),
            2 => write!(text, "\"P\n{row}\",\"{email}\",{other},{phone},{left},{owner},{extra}\r\n"),
            3 => write!(text, "{HEADER}"),
            _ => write!(text, "P{row},{email},{other},{phone},{left},{owner},{extra}\r\n"),
        };
    }
    text
}

/// Writes lists of every kind that speak of some of them, and gives their names.
fn lists(dice: &mut Dice, dir: &Path) -> [&'static str; 3] {
    let mut points = "point,kind,channels,reason,since,first_seen,source\n".to_owned();
    let (mut hashes, mut bare) = (hex(&Sha1::digest("")) + "\n", "email\n".to_owned());
    for _ in 0..60 {
        let (address, number) = (address(dice), number(dice));
        let _ = match dice.below(5) {
            0 => writeln!(points, "@acme{}.com,domain,,,,,", dice.below(20)),
            1 => writeln!(points, "{number},phone,{},objection,,,", dice.of(&["", "sms", "call"])),
            2 => writeln!(points, "{address},email,{},,,,", dice.of(&["", "email"])),
            3 => writeln!(hashes, "{}", hex(&Sha256::digest(address.trim()))),
            _ => writeln!(bare, "{address}"),
        };
    }
    for (name, text) in [("suppression.csv", points), ("hashes.txt", hashes), ("unsubscribed.csv", bare)] {
        fs::write(dir.join(name), text).unwrap();
    }
    ["suppression.csv", "hashes.txt", "unsubscribed.csv"]
}

/// What becomes of the list in one piece; `closely`: no row passes at first sight.
fn screened(dir: &Path, channel: &str, against: &[&str], closely: bool) -> CheckedPiece {
    let sources = SourceOptions { files: vec![dir.join("list.csv")], ..SourceOptions::default() };
    let (send_date, country) = (Day::constant(2026, 11, 21), country("GB").ok());
    let read = ReadOptions { sources, send_date, country, ..ReadOptions::default() };
    let file = |name: &&str| DatedFile { path: dir.join(name), day: None };
    let lists: Vec<_> = against.iter().map(file).collect();
    let channel = Channel::from_word(channel).unwrap();
    let settings = CheckSettings {
        channel,
        blocked: None,
        out: None,
        replace: false,
        max_age: None,
        allow_unknown: false,
    };
    let plan = CheckPlan::new(read, &lists, settings).unwrap();
    let (budget, keyed) = (Budget::new(1 << 20), Keyed::new(&random_key()));
    let tables = PointTables::of(&plan.read.judging).unwrap();
    let against = against::load(&plan, &tables, &keyed, Scratch { dir, budget: &budget }).unwrap();
    let (mut list, mapping) = understand(&plan).unwrap();
    let columns = PointColumns::of(&mapping);
    let region = check::region(plan.read.country);
    let told = (plan.settings.channel, false, true);
    let rules = CheckRules::new(told, &against, &tables, (&mapping, &columns), region);
    let piece = list.next_piece(1 << 24).unwrap().unwrap();
    let mut worker = CheckWorker::new(false);
    worker.prefilter(&rules, list.dialect(), &piece);
    let all = piece.block.records.len() as u32;
    assert!((worker.closely.len() as u32) < all, "no row passes at first sight");
    if closely {
        worker.closely = (0..all).collect();
    }
    worker.decide(&rules, list.dialect(), piece, (true, 7)).unwrap()
}

fn told(done: &CheckedPiece) -> String {
    String::from_utf8_lossy(&done.blocked).into_owned()
}

#[test]
fn the_prefilter_lets_nobody_pass_whom_the_close_look_stops() {
    for seed in 0..12 {
        let (mut dice, dir) = (Dice(seed), tempfile::tempdir().unwrap());
        fs::write(dir.path().join("list.csv"), list(&mut dice, 500)).unwrap();
        // Some of the lists: what kinds of entries there are decides what is looked for.
        let all = lists(&mut dice, dir.path());
        let some: Vec<&str> = all.into_iter().filter(|_| dice.below(3) > 0).collect();
        let names = if some.is_empty() { all.to_vec() } else { some };
        for channel in ["email", "sms"] {
            let [quick, close] = [false, true].map(|closely| screened(dir.path(), channel, &names, closely));
            assert_eq!(told(&quick), told(&close), "seed {seed}, {channel}, {names:?}");
            assert!(quick.allowed == close.allowed, "seed {seed}, {channel}: other rows passed");
            assert_eq!(quick.counts, close.counts, "seed {seed}, {channel}");
        }
    }
}

/// A second column, empty, closes the short way through a list of one column.
#[test]
fn a_list_of_one_column_refuses_what_the_row_checker_says() {
    for (name, channel) in [("unsubscribed.csv", "email"), ("sms_stop.csv", "sms"), ("hashes.txt", "email")] {
        let (mut dice, dir) = (Dice(7), tempfile::tempdir().unwrap());
        fs::write(dir.path().join("list.csv"), list(&mut dice, 400)).unwrap();
        let entry = |dice: &mut Dice| match (name, dice.below(12)) {
            ("unsubscribed.csv", 0) => dice.of(&["@acme1.com", "acme2.com", "*.acme3.com"]).to_owned(),
            ("unsubscribed.csv", 1) => hex(&Sha256::digest(address(dice))),
            ("unsubscribed.csv", _) => address(dice),
            ("sms_stop.csv", _) => number(dice),
            _ => hex(&Sha256::digest(address(dice).trim().to_lowercase())),
        };
        let entries: Vec<String> = (0..200).map(|_| entry(&mut dice)).collect();
        let header = if name == "sms_stop.csv" { "phone" } else { "email" };
        let [bare, wide] = ["", ","].map(|more| {
            let mut text = format!("{header}{}\n", if more.is_empty() { "" } else { ",x" });
            for entry in &entries {
                let _ = writeln!(text, "\"{entry}\"{more}");
            }
            fs::write(dir.path().join(name), text).unwrap();
            let done = screened(dir.path(), channel, &[name], true);
            (told(&done), done.counts)
        });
        assert_eq!(bare, wide, "{name}");
        assert!(bare.0.contains(name), "{name}: nobody was found");
    }
}
