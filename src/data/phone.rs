//! The world's numbering plans as one automaton over digits, and the numbers that are special in it.
//!
//! `phone.bin` holds Google's libphonenumber metadata (Apache-2.0), transformed by `phone/generate.py`: at most
//! 17 steps lead from a calling code and a national significant number to its region and type.
//! Knows digits and plans; not how people write numbers, nor what a verdict is.

use crate::data::country::slot;
use crate::record::Failure;
use sha2::{Digest, Sha256};

mod formats;
mod program;
mod reserved;

pub use formats::Formats;
pub use program::Prefix;
pub use reserved::{Reserved, ReservedKind};

/// The built-in plan.
const BUILT_IN: &[u8] = include_bytes!("phone.bin");
const FIRST_LINE: &str = "contactable numbering plan 1";
/// Column of a row that holds the label; the ten before are the children.
const LABEL: usize = 10;
/// Region number in labels of calling codes that belong to no country.
const NON_GEO: u16 = 255;
/// Type bits of a label that names a region only.
const REGION_ONLY: u16 = 15;

/// A start in the automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root(u16);

/// Index of a numbering plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(u16);

/// The numbering plan of one region, or of one calling code without a country.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Two capital letters, or `None` for a calling code without a country.
    pub region: Option<[u8; 2]>,
    /// Country calling code, 1 to 999.
    pub code: u16,
    /// Accepts what looks like a national number of the region (label 1).
    pub general: Root,
    /// Short numbers: label 1 short code, 2 emergency; `None` where none are known.
    pub short: Option<Root>,
    /// Possible lengths of a national significant number, bit n = n digits.
    pub lengths: u32,
    /// Lengths possible only without the area code.
    pub lengths_local: u32,
    /// Whether fixed lines (bit 0) and mobiles (bit 1) are always written with a leading 0 at home.
    pub zero_written: u8,
    /// National (trunk) prefix.
    pub trunk: Prefix,
    /// What a captured trunk prefix turns into: a digit, or 10 + capture.
    pub rewrite: Box<[u8]>,
    /// International prefix (IDD).
    pub abroad: Prefix,
}

/// A country calling code.
#[derive(Debug, Clone, Copy)]
pub struct CallingCode {
    /// Where its national significant numbers start.
    pub root: Root,
    /// Its main plan: of `1` the plan of US, of `44` the plan of GB.
    pub main: PlanId,
    /// Whether one region alone has it.
    pub single: bool,
}

/// What the automaton says of a national significant number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberMatch {
    /// Two capital letters; `None` where no region is certain, or the code belongs to no country.
    pub region: Option<[u8; 2]>,
    /// Number of the type in libphonenumber's enumeration; `None` for a number that is not assigned.
    pub kind: Option<u8>,
}

/// All numbering plans.
#[derive(Debug)]
pub struct Plans {
    rows: Vec<[u16; 16]>,
    plans: Vec<Plan>,
    by_region: Box<[u16; 26 * 26]>,
    codes: Box<[Option<CallingCode>; 1000]>,
    metadata: String,
    date: String,
}

impl Plans {
    /// The plans this program was built with.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    pub fn built_in() -> Self {
        Self::decode(BUILT_IN, false).expect("the built-in numbering plan is whole")
    }

    /// Plans from the bytes of a file made by `generate.py`; fails where it is of another make, damaged, or points
    /// outside itself.
    pub fn read(bytes: &[u8]) -> Result<Self, Failure> {
        Self::decode(bytes, true).map_err(|what| {
            Failure::run(format!("not a numbering plan: {what}"))
                .hint("make one with src/data/phone/generate.py")
        })
    }

    /// Version of libphonenumber's metadata, such as `9.0.43`.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The day that version was published, `YYYY-MM-DD`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The plan of a region given as two capital letters.
    pub fn of_region(&self, region: [u8; 2]) -> Option<PlanId> {
        self.by_region[slot(region)?].checked_sub(1).map(PlanId)
    }

    /// The plan itself.
    pub fn plan(&self, id: PlanId) -> &Plan {
        &self.plans[usize::from(id.0)]
    }

    /// All plans, those of regions first, by name.
    pub fn all(&self) -> &[Plan] {
        &self.plans
    }

    /// The calling code, if there is such a one.
    #[inline]
    pub fn code(&self, code: u16) -> Option<CallingCode> {
        self.codes.get(usize::from(code)).copied().flatten()
    }

    /// The label that `digits` (values 0 to 9) lead to; 0 where they lead nowhere.
    #[inline]
    pub fn label(&self, root: Root, digits: &[u8]) -> u16 {
        label(&self.rows, root, digits)
    }

    /// Whether `digits` look like a national number under this plan.
    #[inline]
    pub fn fits(&self, plan: &Plan, digits: &[u8]) -> bool {
        self.label(plan.general, digits) != 0
    }

    /// Region and type of a national significant number of this calling code.
    #[inline]
    pub fn find(&self, code: CallingCode, digits: &[u8]) -> NumberMatch {
        let label = self.label(code.root, digits);
        let region = match label >> 4 {
            0 if code.single => self.plan(code.main).region,
            0 | NON_GEO => None,
            number => self.plans[usize::from(number) - 1].region,
        };
        let kind = match label & 15 {
            0 | REGION_ONLY => None,
            kind => u8::try_from(kind - 1).ok(),
        };
        NumberMatch { region, kind }
    }

    fn decode(bytes: &[u8], verify: bool) -> Result<Self, &'static str> {
        let (head, body) = open(bytes, FIRST_LINE, verify)?;
        let mut plans = Self::decode_body(&mut Reader { rest: body })?;
        plans.metadata = field(head, "metadata")?.to_owned();
        plans.date = field(head, "date")?.to_owned();
        Ok(plans)
    }

    fn decode_body(reader: &mut Reader<'_>) -> Result<Self, &'static str> {
        let (nodes, plans, codes) = (reader.u16()?, reader.u16()?, reader.u16()?);
        let mut table = Self {
            rows: (0..nodes).map(|number| reader.row(number)).collect::<Result<_, _>>()?,
            plans: Vec::with_capacity(usize::from(plans)),
            by_region: Box::new([0; 26 * 26]),
            codes: Box::new([None; 1000]),
            metadata: String::new(),
            date: String::new(),
        };
        for number in 1..=plans {
            let plan = reader.plan(nodes)?;
            if let Some(slot) = plan.region.and_then(slot) {
                table.by_region[slot] = number;
            }
            table.plans.push(plan);
        }
        for _ in 0..codes {
            let number = reader.u16()?;
            let (root, main) = (reader.root(nodes)?, reader.u16()?);
            let slot = table.codes.get_mut(usize::from(number)).ok_or("a calling code is out of range")?;
            let main = main.checked_sub(1).filter(|m| *m < plans).ok_or("a calling code has no plan")?;
            *slot = Some(CallingCode { root, main: PlanId(main), single: reader.u8()? == 1 });
        }
        table.check_labels()?;
        if reader.rest.is_empty() { Ok(table) } else { Err("it goes on after its end") }
    }

    fn check_labels(&self) -> Result<(), &'static str> {
        let known = |label: u16| label >> 4 == NON_GEO || usize::from(label >> 4) <= self.plans.len();
        let plans_known = self.plans.iter().all(|p| self.code(p.code).is_some());
        let all = self.rows.iter().all(|row| known(row[LABEL])) && plans_known;
        if all { Ok(()) } else { Err("a label or a plan names nothing") }
    }
}

/// The label that digits (values 0 to 9, or ASCII) lead to; 0 where they lead nowhere.
#[inline]
fn label(rows: &[[u16; 16]], root: Root, digits: &[u8]) -> u16 {
    let mut at = root.0;
    for &digit in digits {
        at = rows[usize::from(at)][usize::from(digit & 15)];
        if at == 0 {
            return 0;
        }
    }
    rows[usize::from(at)][LABEL]
}

/// Head and body of a file made by `generate.py`.
fn open<'a>(bytes: &'a [u8], first_line: &str, verify: bool) -> Result<(&'a str, &'a [u8]), &'static str> {
    let split = bytes.windows(2).position(|w| w == b"\n\n").ok_or("it has no head")?;
    let head = std::str::from_utf8(&bytes[..split]).map_err(|_| "its head is not text")?;
    let body = &bytes[split + 2..];
    if head.lines().next() != Some(first_line) {
        return Err("its first line is another");
    }
    if verify && !hex_equals(&Sha256::digest(body), field(head, "sha256")?) {
        return Err("its checksum differs");
    }
    Ok((head, body))
}

fn field<'a>(head: &'a str, name: &str) -> Result<&'a str, &'static str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).ok_or("its head lacks a line")
}

fn hex_equals(digest: &[u8], hex: &str) -> bool {
    let nibble = |n: u8| char::from_digit(u32::from(n), 16);
    let made = digest.iter().flat_map(|b| [nibble(b >> 4), nibble(b & 15)]);
    made.eq(hex.chars().map(Some))
}

/// Reads the binary part: little endian, every address checked against what stands before it.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, n: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or("it ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        self.bytes(N)?.try_into().map_err(|_| "it ends too early")
    }

    fn u8(&mut self) -> Result<u8, &'static str> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u16(&mut self) -> Result<u16, &'static str> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, &'static str> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn root(&mut self, nodes: u16) -> Result<Root, &'static str> {
        let root = self.u16()?;
        if root < nodes { Ok(Root(root)) } else { Err("it points outside itself") }
    }

    /// A node: its label, then runs of equal children, each below the node's own number.
    fn row(&mut self, number: u16) -> Result<[u16; 16], &'static str> {
        let mut row = [0; 16];
        row[LABEL] = self.u16()?;
        let mut at = 0;
        while at < LABEL {
            let (run, child) = (usize::from(self.u8()?), self.u16()?);
            if run == 0 || at + run > LABEL || (child >= number && child != 0) {
                return Err("a node is damaged");
            }
            row[at..at + run].fill(child);
            at += run;
        }
        Ok(row)
    }

    fn plan(&mut self, nodes: u16) -> Result<Plan, &'static str> {
        let name: [u8; 2] = self.array()?;
        let code = self.u16()?;
        let general = self.root(nodes)?;
        let short = self.root(nodes)?;
        let (lengths, lengths_local, zero_written) = (self.u32()?, self.u32()?, self.u8()?);
        let trunk = self.prefix()?;
        let length = usize::from(self.u8()?);
        let rewrite: Box<[u8]> = self.bytes(length)?.into();
        if rewrite.len() > 8 || rewrite.iter().any(|b| *b > 11) {
            return Err("a rewriting rule is damaged");
        }
        Ok(Plan {
            region: (name != [0, 0]).then_some(name),
            code,
            general,
            short: (short.0 != 0).then_some(short),
            lengths,
            lengths_local,
            zero_written,
            trunk,
            rewrite,
            abroad: self.prefix()?,
        })
    }

    fn prefix(&mut self) -> Result<Prefix, &'static str> {
        let (kind, first) = (self.u8()?, self.u16()?);
        let length = usize::from(self.u16()?);
        Prefix::decode(kind, first, self.bytes(length)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Plans};

    #[test]
    fn the_built_in_file_is_whole_and_of_a_known_shape() {
        let plans = Plans::read(BUILT_IN).unwrap();
        assert_eq!(plans.metadata(), "9.0.43");
        assert_eq!(plans.date(), "2026-11-06");
        let head = String::from_utf8_lossy(&BUILT_IN[..400]);
        assert!(head.contains("Apache-2.0") && head.contains("libphonenumber"), "the notice is missing");
        assert!((10_000..20_000).contains(&plans.rows.len()), "{} nodes", plans.rows.len());
        assert_eq!(plans.all().iter().filter(|p| p.region.is_some()).count(), 245);
        assert_eq!((1..1000).filter(|c| plans.code(*c).is_some()).count(), 215);
    }

    /// Cut or changed anywhere, a file is refused; read all the same, it never makes its reader panic.
    pub(in crate::data) fn check_damage(file: &[u8], read: impl Fn(&[u8], bool) -> bool) {
        assert!(read(file, true));
        for cut in (0..file.len()).step_by(499) {
            assert!(!read(&file[..cut], true) && !read(&file[..cut], false), "cut at {cut}");
        }
        let mut bytes = file.to_vec();
        for at in (700..bytes.len()).step_by(997) {
            bytes[at] ^= 0x55;
            assert!(!read(&bytes, true), "changed at {at}");
            read(&bytes, false);
            bytes[at] ^= 0x55;
        }
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_panics() {
        check_damage(BUILT_IN, |bytes, verify| Plans::decode(bytes, verify).is_ok());
    }

    #[test]
    fn an_example_of_each_kind() {
        let plans = Plans::built_in();
        let find = |code: u16, text: &str| {
            let digits: Vec<u8> = text.bytes().map(|b| b - b'0').collect();
            let found = plans.find(plans.code(code).unwrap(), &digits);
            (found.region.map(|r| String::from_utf8_lossy(&r).into_owned()), found.kind)
        };
        assert_eq!(find(44, "2079460958"), (Some("GB".into()), Some(0)));
        assert_eq!(find(1, "4165550123").0, Some("CA".into()));
        assert_eq!(find(800, "12345678"), (None, Some(3)));
        assert_eq!(find(49, "1"), (Some("DE".into()), None));
    }
}
