//! Nanoseconds for an e-mail address: our whole check (syntax, canonical key, domain) beside
//! `email_address::is_valid` alone, in one run, one thread.
//!
//! `cargo bench --bench email` measures a million addresses, whole and by class; under `cargo test --benches` the same
//! runs on a few. The list is generated from a fixed seed.
#![allow(clippy::print_stdout, reason = "a measurement prints its figures")]

mod reference;

use contactable::email::{EmailScratch, EmailTables, EmailVerdict, check};
use email_address::EmailAddress;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Instant;

fn main() {
    let measure = std::env::args().any(|a| a == "--bench");
    let (count, rounds) = if measure { (1_000_000, 9) } else { (10_000, 1) };
    let start = Instant::now();
    let tables = EmailTables::builtin();
    println!("lists read in {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    let list = addresses(count);
    let whole: Vec<&str> = list.iter().map(|(cell, _)| cell.as_str()).collect();
    let (ours, theirs) = times(&whole, rounds, &tables);
    println!("| addresses | of {count} | check, ns | `email_address`, ns | ratio |\n|---|---|---|---|---|");
    for (name, class) in CLASSES {
        let cells: Vec<&str> =
            list.iter().filter(|(_, of)| *of == class).map(|(cell, _)| cell.as_str()).collect();
        let (ours, theirs) = times(&cells, rounds, &tables);
        println!("| {name} | {} | {ours:.0} | {theirs:.0} | {:.2} |", cells.len(), ours / theirs);
    }
    println!("| all, as they come | {count} | {ours:.0} | {theirs:.0} | {:.2} |", ours / theirs);
    python(&whole[..count.min(20_000)], ours);
    // Both sides are measured in turn, so a busy machine slows both; the aim is 1.0.
    assert!(!measure || ours < 1.3 * theirs, "slower than email_address");
}

/// Nanoseconds an address, ours and the crate's: each the best of some rounds in turn, ours with nothing remembered
/// from the round before.
fn times(cells: &[&str], rounds: usize, tables: &EmailTables) -> (f64, f64) {
    let (mut ours, mut theirs) = (u64::MAX, u64::MAX);
    for _ in 0..rounds {
        let mut scratch = EmailScratch::default();
        check("warm@gmail.com", tables, &mut scratch);
        let start = cpu_ns();
        let refused =
            cells.iter().filter(|c| check(c, tables, &mut scratch).verdict == EmailVerdict::Invalid).count();
        ours = ours.min(cpu_ns() - start);
        let start = cpu_ns();
        let valid = cells.iter().filter(|c| EmailAddress::is_valid(c)).count();
        theirs = theirs.min(cpu_ns() - start);
        assert!(refused + valid > 0);
    }
    let each = |ns: u64| ns as f64 / cells.len().max(1) as f64;
    (each(ours), each(theirs))
}

/// The Python package `email-validator` without DNS, over some of the same addresses, where it is installed.
fn python(cells: &[&str], ours: f64) {
    const SCRIPT: &str = "import sys, time\n\
        from email_validator import validate_email, EmailNotValidError, __version__\n\
        cells = sys.stdin.buffer.read().decode().split('\\n')\n\
        start = time.process_time()\n\
        for cell in cells:\n\
        \x20try: validate_email(cell, check_deliverability=False)\n\
        \x20except EmailNotValidError: pass\n\
        print(__version__, (time.process_time() - start) * 1e9 / len(cells))";
    match reference::python(SCRIPT, &cells.join("\n")) {
        Some((version, ns)) => {
            println!("Python email-validator {version}: {ns:.0} ns, {:.0} times check", ns / ours);
        }
        None => println!("Python email-validator is not measured: pip install email-validator"),
    }
}

/// What kinds of addresses the list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Great,
    Known,
    New,
    Capitals,
    Careful,
}

const CLASSES: [(&str, Class); 5] = [
    ("at a great provider", Class::Great),
    ("at another domain, met before", Class::Known),
    ("at a domain met for the first time", Class::New),
    ("in capital letters", Class::Capitals),
    ("to be repaired, suspected or refused", Class::Careful),
];

/// Addresses as lists have them: 60 % at a dozen great providers, the rest in a long tail by Zipf's
/// law, 2 % defective.
fn addresses(count: usize) -> Vec<(String, Class)> {
    const GREAT: [&str; 12] = [
        "gmail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "icloud.com",
        "aol.com",
        "gmx.de",
        "web.de",
        "googlemail.com",
        "live.com",
        "orange.fr",
        "comcast.net",
    ];
    const FIRST: [&str; 10] =
        ["anna", "james", "maria", "peter", "sofia", "john", "fatima", "lukas", "chen", "olga"];
    const LAST: [&str; 10] =
        ["smith", "mueller", "garcia", "novak", "rossi", "khan", "jensen", "dubois", "kim", "silva"];
    let mut met = BTreeSet::new();
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..count)
        .map(|_| {
            let mut cell = String::new();
            let (first, last) = (FIRST[next(10) as usize], LAST[next(10) as usize]);
            let joint = ["", ".", "_", "-"][next(4) as usize];
            let _ = write!(cell, "{first}{joint}{last}");
            if next(3) == 0 {
                let _ = write!(cell, "{}", next(1000));
            }
            let mut class = Class::Great;
            if next(10) < 6 {
                let _ = write!(cell, "@{}", GREAT[next(12) as usize]);
            } else {
                // Zipf's law: the chance of a domain falls with its rank.
                let tail = 120_000f64.powf(next(1 << 30) as f64 / (1u64 << 30) as f64) as u64;
                let _ = write!(cell, "@{last}-{tail}.{}", ["com", "de", "co.uk", "fr"][(tail % 4) as usize]);
                class = if met.insert((last, tail)) { Class::New } else { Class::Known };
            }
            let defect = next(300);
            match defect {
                0 => cell.push(' '),
                1 => cell = cell.replace('@', "@@"),
                2 => cell = cell.replace(".com", ".con"),
                3 => cell = format!("{first} {last} <{cell}>"),
                4 => cell = cell.replace('@', ".@"),
                5 => cell = "n/a".into(),
                6..12 => cell = cell.to_uppercase(),
                _ => {}
            }
            match defect {
                0..6 => class = Class::Careful,
                6..12 => class = Class::Capitals,
                _ => {}
            }
            (cell, class)
        })
        .collect()
}

/// Time this thread has spent on a processor, in nanoseconds; wall time where the system does not tell.
fn cpu_ns() -> u64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|text| text.split(' ').next()?.parse().ok());
    spent.unwrap_or_else(|| START.elapsed().as_nanos() as u64)
}
