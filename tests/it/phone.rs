//! Phone numbers: our scanner against the reference, the reason table, real columns.

use contactable::data::phone::Plans;
use contactable::phone::{Region, Tables, parse};
use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumberType};

/// Numbers drawn reproducibly (xorshift64*).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(mixed).unwrap() % n
    }

    fn of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    fn digits(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }
}

/// Our tables with the metadata of the oracle's own version.
fn oracle_tables() -> Tables {
    Tables::new(Plans::read(include_bytes!("phone/plan-9.0.42.bin")).unwrap())
}

fn shown(digits: &[u8]) -> String {
    digits.iter().map(|d| char::from(b'0' + d)).collect()
}

/// `E.164 extension TYPE REGION`, or why not.
fn ours(text: &str, region: Option<Region>, tables: &Tables) -> String {
    match parse(text, region, tables) {
        Err(error) => format!("{error:?}"),
        Ok(parsed) => {
            let number = parsed.number;
            format!(
                "+{}{} x{} {} {}",
                number.code(),
                shown(number.national()),
                shown(parsed.extension()),
                number.kind().word(),
                number.region().filter(|_| number.is_valid()).map_or("-".into(), |r| r.to_string()),
            )
        }
    }
}

fn theirs(text: &str, region: Option<Region>) -> String {
    let home = region.and_then(|r| rlibphonenumber::Region::from_code(r.as_str()).ok());
    match PHONE_NUMBER_UTIL.parse(text, home) {
        Err(ParseError::NotANumber(_)) => "NotANumber".into(),
        Err(ParseError::TooShortNsn) => "TooShort".into(),
        Err(ParseError::TooLongNsn) => "TooLong".into(),
        Err(error) => format!("{error:?}"),
        Ok(number) => {
            let valid = number.is_valid();
            let region = number.get_region_code().filter(|_| valid).map(|r| r.as_region_str().to_string());
            let extension: String = number
                .extension
                .as_deref()
                .unwrap_or_default()
                .chars()
                .map(|c| contactable_digit(c).unwrap_or(c))
                .collect();
            format!(
                "+{}{} x{extension} {} {}",
                number.country_code,
                number.get_national_significant_number(),
                word(number.get_type()),
                region.filter(|r| r != "001").unwrap_or("-".into()),
            )
        }
    }
}

/// Full-width and Arabic-Indic digits as ASCII: the only others that the generators draw.
fn contactable_digit(c: char) -> Option<char> {
    let zero = [0xff10, 0x660, 0x966].into_iter().find(|z| (*z..z + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

fn word(kind: PhoneNumberType) -> &'static str {
    match kind {
        PhoneNumberType::FixedLine => "FIXED_LINE",
        PhoneNumberType::Mobile => "MOBILE",
        PhoneNumberType::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneNumberType::TollFree => "TOLL_FREE",
        PhoneNumberType::PremiumRate => "PREMIUM_RATE",
        PhoneNumberType::SharedCost => "SHARED_COST",
        PhoneNumberType::VoIP => "VOIP",
        PhoneNumberType::PersonalNumber => "PERSONAL_NUMBER",
        PhoneNumberType::Pager => "PAGER",
        PhoneNumberType::UAN => "UAN",
        PhoneNumberType::VoiceMail => "VOICEMAIL",
        PhoneNumberType::Unknown => "UNKNOWN",
    }
}

/// The oracle panics on a phone-context that stands before `tel:`.
fn oracle_can_read(text: &str) -> bool {
    !text.contains(";phone-context=") || !text.contains("tel:")
}

struct Agreement {
    asked: usize,
    different: Vec<String>,
}

impl Agreement {
    fn compare(&mut self, text: &str, region: Option<Region>, tables: &Tables) {
        if !oracle_can_read(text) {
            return;
        }
        self.asked += 1;
        let (ours, theirs) = (ours(text, region, tables), theirs(text, region));
        if ours != theirs {
            self.different.push(format!("{text:?} {region:?}\n   ours {ours}\n theirs {theirs}"));
        }
    }

    fn report(&self, what: &str, allowed: usize) {
        println!("{what}: {} compared, {} different", self.asked, self.different.len());
        for line in self.different.iter().take(20) {
            println!("{line}");
        }
        assert!(self.asked > 1000 && self.different.len() <= allowed, "{what}");
    }
}

/// National numbers of every region: the reference's examples of every type, with digits changed at the end.
fn seeds() -> Vec<(Region, u16, String)> {
    let tables = oracle_tables();
    let mut seeds = Vec::new();
    for plan in tables.plans().all() {
        let Some(letters) = plan.region else { continue };
        let region = Region::from_iso(std::str::from_utf8(&letters).unwrap()).unwrap();
        let theirs = rlibphonenumber::Region::from_code(region.as_str()).unwrap();
        for kind in [
            PhoneNumberType::FixedLine,
            PhoneNumberType::Mobile,
            PhoneNumberType::TollFree,
            PhoneNumberType::PremiumRate,
            PhoneNumberType::SharedCost,
            PhoneNumberType::VoIP,
            PhoneNumberType::PersonalNumber,
            PhoneNumberType::UAN,
        ] {
            if let Ok(number) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(theirs, kind) {
                seeds.push((region, plan.code, number.get_national_significant_number()));
            }
        }
    }
    seeds
}

/// One way in which people write a number.
fn written(draw: &mut Draw, code: u16, national: &str) -> String {
    let grouped = |draw: &mut Draw| {
        let gap = draw.of(&[" ", "-", ".", "/", " - ", "\u{a0}", "\u{2013}"]);
        let cut = draw.below(national.len());
        format!("{}{gap}{}", &national[..cut], &national[cut..])
    };
    match draw.below(16) {
        0..3 => format!("+{code}{national}"),
        3..5 => national.to_owned(),
        5 => format!("0{national}"),
        6 => format!("+{code} {}", grouped(draw)),
        7 => format!("0{}", grouped(draw)),
        8 => format!("+{code} (0) {}", grouped(draw)),
        9 => format!("{}{code}{national}", draw.of(&["00", "011", "0011", "810", "001", "010", "0015", "009"])),
        10 => format!("{code}{national}"),
        11 => format!(
            "{national}{}{}",
            draw.of(&[" x", " ext. ", " #", ";ext=", ", extension ", ",,", " int "]),
            draw.below(100_000)
        ),
        12 => format!("{}{national}{}", draw.of(&["1", "8", "1-", "80", "0"]), draw.of(&["", "#", " (home)", "*"])),
        13 => format!("{}+{code}{national}", draw.of(&["Tel: ", "++", " ", "("])),
        14 => grouped(draw).replace('1', "\u{ff11}").replace('2', "\u{662}"),
        _ => format!("{national}{}", draw.of(&[".0", " / 5550123", ";isub=1", " or 1", "ABC", "\n5"])),
    }
}

#[test]
fn numbers_of_all_regions_are_read_as_the_reference_reads_them() {
    let (tables, seeds) = (oracle_tables(), seeds());
    let mut draw = Draw(0x1234_5678_9abc_def1);
    let mut agreement = Agreement { asked: 0, different: Vec::new() };
    for _ in 0..120_000 {
        let (region, code, example) = &seeds[draw.below(seeds.len())];
        let kept = example.len() - draw.below(example.len().min(8));
        let length = example.len() + usize::from(draw.below(10) == 0) - usize::from(draw.below(10) == 0);
        let mut national = example[..kept.min(length)].to_owned();
        let missing = length - national.len();
        national.push_str(&draw.digits(missing));
        let home = match draw.below(12) {
            0 => None,
            1 => Some(seeds[draw.below(seeds.len())].0),
            _ => Some(*region),
        };
        let text = written(&mut draw, *code, &national);
        agreement.compare(&text, home, &tables);
    }
    agreement.report("generated numbers", 0);
}

#[test]
fn adversarial_text_is_read_as_the_reference_reads_it() {
    let atoms = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "44", "1", "49", "39", "54", " ", "  ", "-", ".", "(", ")",
        "[", "]", "/", "+", "x", "X", "ext", "ext. ", ";ext=", "tel:", "#", "*", ",", ",,", ";", "~", "\\", "/x", "\u{a0}",
        "\u{2013}", "\u{ff0d}", "\u{ff0b}", "\u{ff14}", "\u{663}", "\u{966}", "a", "K", "Ext", "\u{434}\u{43e}\u{431}",
        "\u{200b}", "\u{ad}", "\u{e9}", "'", "\"", "=", "E+", "_", "|", ":", "&", "%", "$", "\u{d7a3}", "int", "anexo",
        "extensi\u{f3}n", "\n", "\t", ";isub=", "\u{1f600}",
    ];
    let (tables, seeds) = (oracle_tables(), seeds());
    let mut draw = Draw(0xfeed_beef_dead_cafe);
    let mut agreement = Agreement { asked: 0, different: Vec::new() };
    for round in 0..150_000 {
        let (region, code, example) = &seeds[draw.below(seeds.len())];
        let mut text: Vec<char> = match round % 4 {
            0 => (0..1 + draw.below(20)).flat_map(|_| draw.of(&atoms).chars()).collect(),
            1 => {
                let length = 1 + draw.below(22);
                draw.digits(length).chars().collect()
            }
            _ => written(&mut draw, *code, example).chars().collect(),
        };
        for _ in 0..draw.below(4) {
            let at = draw.below(text.len() + 1);
            text.splice(at..(at + draw.below(2)).min(text.len()), draw.of(&atoms).chars());
        }
        let text: String = text.into_iter().collect();
        agreement.compare(&text, Some(*region).filter(|_| round % 16 != 3), &tables);
    }
    agreement.report("adversarial text", 0);
}
