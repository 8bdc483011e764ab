//! A seeded contact list of any length: 12 columns, a fifth of the rows duplicates of earlier people under
//! another spelling, a fifth of the people in one household with another, eight countries, consent columns, a few
//! broken cells. Keys are as crowded at any length. The same seed gives the same bytes.

use std::io::{self, Write};

const FIRST: &[&str] = &[
    "Anna", "Ben", "Carla", "David", "Elena", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Katja", "Liam",
    "Maria", "Noah", "Olga", "Paul", "Quinn", "Rosa", "Simon", "Tara", "Ugo", "Vera", "Walter", "Xenia",
    "Yusuf", "Zoe",
];
const LAST: &[&str] = &[
    "Adams", "Becker", "Cruz", "Dubois", "Evans", "Fischer", "Garcia", "Hansen", "Ito", "Jansen", "Keller",
    "Lopez", "Moreau", "Novak", "Olsen", "Petit", "Quist", "Rossi", "Schmidt", "Taylor", "Ueda", "Vogel",
    "Weber", "Xu", "Young", "Zimmer",
];
const HOSTS: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "web.de",
    "orange.fr",
    "btinternet.com",
    "example.org",
    "mail.example.com",
    "fernhill.co.uk",
    "nordwind.de",
];
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("US", "Portland", "97201"),
    ("GB", "Leeds", "LS1 4AP"),
    ("DE", "Bremen", "28195"),
    ("FR", "Lyon", "69001"),
    ("CA", "Halifax", "B3H 1A1"),
    ("AU", "Hobart", "7000"),
    ("NL", "Utrecht", "3511"),
    ("ES", "Bilbao", "48001"),
];

/// Endings that turn 26 family names into some four hundred.
const ENDINGS: &[&str] = &[
    "", "son", "mann", "berg", "stein", "well", "ford", "ton", "ski", "ova", "ez", "ini", "eau", "sen", "by",
    "er",
];
const STREETS: &[&str] = &[
    "Mill", "Church", "Station", "Harbour", "Garden", "Castle", "Orchard", "Meadow", "Chapel", "Bridge",
    "River", "Forest", "Market", "School", "Spring", "Victoria", "Linden", "Quarry", "Windmill", "Abbey",
];
const WAYS: &[&str] =
    &["Lane", "Street", "Road", "Avenue", "Way", "Close", "Square", "Gardens", "Hill", "Row"];

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// A mobile number of the country: ten million and more each, so that few people share one by chance.
fn phone(country: &str, n: u64, out: &mut String, local: bool) {
    use std::fmt::Write as _;
    let pairs = |n: u64| (n % 100, n / 100 % 100, n / 10_000 % 100, 10 + n / 1_000_000 % 60);
    let _ = match (country, local) {
        ("GB", true) => write!(out, "07{} {}", 400 + n % 500, 100_000 + n / 500 % 899_999),
        ("GB", false) => write!(out, "+447{}{}", 400 + n % 500, 100_000 + n / 500 % 899_999),
        ("DE", true) => write!(out, "0151 / {}", 20_000_000 + n % 69_999_999),
        ("DE", false) => write!(out, "+49 151 {}", 20_000_000 + n % 69_999_999),
        ("FR", true) => {
            let (a, b, c, d) = pairs(n);
            write!(out, "06 {d:02} {c:02} {b:02} {a:02}")
        }
        ("FR", false) => {
            let (a, b, c, d) = pairs(n);
            write!(out, "+336{d:02}{c:02}{b:02}{a:02}")
        }
        ("AU", _) => write!(out, "04{:02} {:03} {:03}", 10 + n % 80, n / 80 % 1000, n / 80_000 % 1000),
        ("NL", _) => write!(out, "06-{}", 20_000_000 + n % 39_999_999),
        ("ES", _) => write!(out, "6{:02} {:03} {:03}", 10 + n % 80, n / 80 % 1000, n / 80_000 % 1000),
        (_, true) => write!(out, "(503) {}-{:04}", 220 + n % 700, n / 700 % 10_000),
        (_, false) => write!(out, "+1 503 {} {:04}", 220 + n % 700, n / 700 % 10_000),
    };
}

/// Writes `rows` rows and their header.
pub(crate) fn contacts(rows: u64, seed: u64, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "customer id,email,first name,last name,mobile,country,city,zip,street,newsletter,opt-in date,opt-in source"
    )?;
    let mut random = Random(seed);
    let mut line = String::new();
    for row in 0..rows {
        let again = row > 0 && random.below(5) == 0;
        let person = if again { random.below(row) } else { row };
        write_row(row, person, again, &mut random, &mut line);
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn pick(random: &mut Random, words: &[&'static str]) -> &'static str {
    words[random.below(words.len() as u64) as usize]
}

fn write_row(row: u64, person: u64, again: bool, random: &mut Random, line: &mut String) {
    use std::fmt::Write as _;
    let mut who = Random(person.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ 77);
    // One pair of people in five shares home and family name.
    let pair = Random((person / 2) ^ 99).below(5) == 0;
    let mut home = Random(if pair { (person / 2) ^ 0xabcd_0000_0000 } else { person ^ 0x1234_0000_0000 });
    let first = pick(&mut who, FIRST);
    let (name, ending) = (pick(&mut home, LAST), pick(&mut home, ENDINGS));
    let (street, way, house) = (pick(&mut home, STREETS), pick(&mut home, WAYS), 1 + home.below(180));
    let (country, city, zip) = COUNTRIES[home.below(COUNTRIES.len() as u64) as usize];
    let host = pick(&mut who, HOSTS);
    let number = who.next();
    line.clear();
    let _ = write!(line, "C{row:07},");
    match (random.below(50), again) {
        (0, _) => line.push_str("n/a"),
        (_, true) => {
            let _ = write!(line, "{first}.{name}{ending}{person}@{}", host.to_uppercase());
        }
        _ => {
            let _ = write!(line, "{}.{}{ending}{person}@{host}", first.to_lowercase(), name.to_lowercase());
        }
    }
    let _ = write!(line, ",{first},{name}{ending},");
    if random.below(4) > 0 {
        phone(country, number, line, again);
    }
    let _ = write!(line, ",{country},{city},{zip},\"{house} {street} {way}, {city}\",");
    let (year, month, day) = (2019 + who.below(8), 1 + who.below(12), 1 + who.below(28));
    let _ = match who.below(10) {
        0 => writeln!(line, "no,{year}-{month:02}-{day:02},"),
        1 | 2 => writeln!(line, ",,"),
        _ => writeln!(line, "yes,{year}-{month:02}-{day:02},https://fernhill.example/join"),
    };
}
