//! Nanoseconds for a telephone number: ours beside `rlibphonenumber` and Python `phonenumbers`, in one run, one thread.
//!
//! `cargo bench --bench phone` measures; under `cargo test --benches` the same runs on a few numbers. The list is
//! generated from a fixed seed: numbers of thirty countries, most plain, some grouped, labelled, damaged.
#![allow(clippy::print_stdout, reason = "a measurement prints its figures")]

mod reference;

use contactable::phone::{PhoneScratch, PhoneTables, Region, check, parse, split_cell};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};
use std::hint::black_box;
use std::time::Instant;

const REGIONS: [(&str, usize); 30] = [
    ("US", 30),
    ("GB", 10),
    ("DE", 7),
    ("FR", 6),
    ("CA", 5),
    ("IN", 5),
    ("IT", 4),
    ("ES", 4),
    ("AU", 3),
    ("NL", 3),
    ("BR", 3),
    ("MX", 3),
    ("JP", 2),
    ("PL", 2),
    ("SE", 2),
    ("CH", 2),
    ("AT", 1),
    ("BE", 1),
    ("IE", 1),
    ("NZ", 1),
    ("DK", 1),
    ("NO", 1),
    ("FI", 1),
    ("PT", 1),
    ("CN", 1),
    ("KR", 1),
    ("TR", 1),
    ("RU", 1),
    ("AR", 1),
    ("ZA", 1),
];

fn main() {
    // cargo passes --bench when it measures, and nothing when it tests.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let count = if measures { 200_000 } else { 300 };
    let started = Instant::now();
    let tables = PhoneTables::built_in();
    let start_up = started.elapsed();
    let lists = [("plain", list(count, 0)), ("messy", list(count, 30))];
    println!(
        "tables read in {:.2} ms (metadata {})\n\n| numbers | parse, ns | check, ns | split and check, ns | `rlibphonenumber`, ns | times check |\n|---|---|---|---|---|---|",
        start_up.as_secs_f64() * 1e3,
        tables.plans().metadata()
    );
    let mut ratios = Vec::new();
    for (name, list) in &lists {
        let oracle = |cell: &str, region: Region| {
            let home = rlibphonenumber::Region::from_code(region.as_str()).ok();
            let number = PHONE_NUMBER_UTIL.parse(cell, home).ok()?;
            let length = number.format_as(rlibphonenumber::PhoneNumberFormat::E164).len();
            number.is_valid().then(|| (number.get_type() as usize, length))
        };
        let mut scratch = PhoneScratch::default();
        let parse_time = time(list, |cell, region| parse(cell, Some(region), &tables).is_ok());
        let check_time =
            time(list, |cell, region| check(cell, Some(region), &tables, &mut scratch).e164.len());
        let mut scratch = PhoneScratch::default();
        let cell_time = time(list, |cell, region| {
            let mut valid = 0;
            split_cell(cell, |part| {
                valid += check(part.text, Some(region), &tables, &mut scratch).e164.len()
            });
            valid
        });
        let oracle_time = time(list, oracle);
        println!(
            "| {name} | {parse_time:.0} | {check_time:.0} | {cell_time:.0} | {oracle_time:.0} | {:.1} |",
            oracle_time / check_time
        );
        ratios.push((*name, check_time, oracle_time / check_time));
    }
    for ((name, check_time, _), (_, list)) in ratios.iter().zip(&lists) {
        python(name, &list[..list.len().min(5_000)], *check_time);
    }
    // The aim is 5; both sides are measured in turn, so a busy machine slows both.
    assert!(!measures || ratios.iter().all(|(.., ratio)| *ratio > 4.0), "{ratios:?}");
}

/// The Python package `phonenumbers`, the whole of what `check` tells, over some of the same numbers, where it is
/// installed.
fn python(name: &str, list: &[(String, Region)], ours: f64) {
    const SCRIPT: &str = "import sys, time\n\
        import phonenumbers as p\n\
        cells = [line.split('\\t') for line in sys.stdin.buffer.read().decode().split('\\n')]\n\
        best = None\n\
        for _ in range(3):\n\
        \x20start = time.process_time()\n\
        \x20for cell, region in cells:\n\
        \x20\x20try:\n\
        \x20\x20\x20n = p.parse(cell, region)\n\
        \x20\x20\x20if p.is_valid_number(n):\n\
        \x20\x20\x20\x20p.number_type(n); p.region_code_for_number(n); p.format_number(n, p.PhoneNumberFormat.E164)\n\
        \x20\x20except p.NumberParseException: pass\n\
        \x20spent = time.process_time() - start\n\
        \x20best = spent if best is None else min(best, spent)\n\
        print(p.__version__, best * 1e9 / len(cells))";
    let lines: Vec<String> = list.iter().map(|(cell, region)| format!("{cell}\t{region}")).collect();
    match reference::python(SCRIPT, &lines.join("\n")) {
        Some((version, ns)) => {
            println!("Python phonenumbers {version}, {name}: {ns:.0} ns, {:.0} times check", ns / ours);
        }
        None => println!("Python phonenumbers is not measured: pip install phonenumbers==9.0.43"),
    }
}

/// Nanoseconds for one cell: the best of five passes over each thousand cells, so that other work on the machine
/// shows little.
fn time<T>(list: &[(String, Region)], mut each: impl FnMut(&str, Region) -> T) -> f64 {
    let mut total = 0.0;
    for thousand in list.chunks(1000) {
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let started = Instant::now();
            for (cell, region) in thousand {
                black_box(each(black_box(cell), *region));
            }
            best = best.min(started.elapsed().as_secs_f64() * 1e9);
        }
        total += best;
    }
    total / u32::try_from(list.len()).map_or(1.0, f64::from)
}

/// `messy` of a hundred cells are written in an unusual way.
fn list(count: usize, messy: usize) -> Vec<(String, Region)> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % n
    };
    let seeds: Vec<_> = REGIONS.iter().flat_map(|&(name, weight)| seeds_of(name, weight)).collect();
    let mut cell = || {
        let (region, code, example) = &seeds[below(seeds.len())];
        let kept = example.len() - below(5);
        let tail: String = (kept..example.len()).map(|_| char::from(b"0123456789"[below(10)])).collect();
        let national = format!("{}{tail}", &example[..kept]);
        let (front, back) = national.split_at(3);
        let text = if below(100) < messy {
            match below(10) {
                0 => format!("Tel: +{code} {front} {back}"),
                1 => format!("+{code} (0) {front} {back}"),
                2 => format!("{national}.0"),
                3 => format!("'0{national}"),
                4 => format!("{national} ext. 12"),
                5 => format!("+{code}\u{a0}{front}\u{a0}{back}"),
                6 => format!("{national} / {national}"),
                7 => format!("00{code}{national}"),
                8 => format!("{code}{national}"),
                _ => format!("{front}-{back} (home)"),
            }
        } else {
            match below(5) {
                0 => format!("+{code}{national}"),
                1 => format!("+{code} {front} {back}"),
                2 => format!("0{front} {back}"),
                3 => format!("({front}) {back}"),
                _ => national,
            }
        };
        (text, *region)
    };
    (0..count).map(|_| cell()).collect()
}

fn seeds_of(name: &str, weight: usize) -> Vec<(Region, i32, String)> {
    let (Some(region), Ok(theirs)) = (Region::from_iso(name), rlibphonenumber::Region::from_code(name))
    else {
        return Vec::new();
    };
    let of = |kind| {
        let number = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(theirs, kind).ok()?;
        Some((region, number.country_code, number.get_national_significant_number()))
    };
    let both = [of(PhoneNumberType::FixedLine), of(PhoneNumberType::Mobile)];
    (0..weight).flat_map(|_| both.clone()).flatten().collect()
}
