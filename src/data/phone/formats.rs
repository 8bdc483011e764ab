//! How numbers are grouped for people to read: at home (`020 7183 8750`) and abroad (`+44 20 7183 8750`).
//!
//! `formats.bin` is made by `generate.py` from the same metadata as the plans: per calling code one automaton over
//! the national digits, whose label is a shape: the widths of its groups and a text with places for them.
//! For display only; nothing is decided by it.

use super::{LABEL, Reader, Root, label, open};

const BUILT_IN: &[u8] = include_bytes!("formats.bin");
const FIRST_LINE: &str = "contactable number formats 1";
/// No format has more groups.
const GROUPS_MAX: usize = 9;

#[derive(Debug)]
struct NumberShape {
    /// Least and most digits of each group.
    widths: Box<[[u8; 2]]>,
    /// Bytes 1 to 9 stand for a group.
    text: Box<str>,
}

#[derive(Debug, Clone, Copy)]
struct Roots {
    national: Root,
    international: Root,
}

/// The shapes of all calling codes.
#[derive(Debug)]
pub struct Formats {
    rows: Vec<[u16; 16]>,
    shapes: Vec<NumberShape>,
    codes: Vec<Option<Roots>>,
}

impl Formats {
    /// The formats this program was built with.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    pub fn built_in() -> Self {
        Self::decode(BUILT_IN, false).expect("the built-in formats are whole")
    }

    fn decode(bytes: &[u8], verify: bool) -> Result<Self, &'static str> {
        let (_, body) = open(bytes, FIRST_LINE, verify)?;
        let mut reader = Reader { rest: body };
        let (nodes, shapes, codes) = (reader.u16()?, reader.u16()?, reader.u16()?);
        let mut formats = Self { rows: Vec::new(), shapes: Vec::new(), codes: vec![None; 1000] };
        for number in 0..nodes {
            let row = reader.row(number)?;
            if row[LABEL] > shapes {
                return Err("a label names nothing");
            }
            formats.rows.push(row);
        }
        formats.shapes = (0..shapes).map(|_| reader.shape()).collect::<Result<_, _>>()?;
        for _ in 0..codes {
            let code = usize::from(reader.u16()?);
            let roots = Roots { national: reader.root(nodes)?, international: reader.root(nodes)? };
            *formats.codes.get_mut(code).ok_or("a calling code is out of range")? = Some(roots);
        }
        if reader.rest.is_empty() { Ok(formats) } else { Err("it goes on after its end") }
    }

    /// Writes an E.164 number as it is written at home. A number that no format fits stands in one group; a text that
    /// is no E.164 number writes nothing.
    pub fn national(&self, e164: &str, out: &mut String) {
        out.clear();
        if let Some((_, national, roots)) = self.split(e164) {
            self.group(national, roots.national, out);
        }
    }

    /// Writes an E.164 number as it is written for callers abroad; likewise.
    pub fn international(&self, e164: &str, out: &mut String) {
        out.clear();
        if let Some((code, national, roots)) = self.split(e164) {
            out.push('+');
            out.push_str(code);
            out.push(' ');
            self.group(national, roots.international, out);
        }
    }

    /// Calling code and national digits. No calling code begins another.
    fn split<'e>(&self, e164: &'e str) -> Option<(&'e str, &'e str, Roots)> {
        let digits = e164.strip_prefix('+').filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        (1..=3.min(digits.len())).find_map(|length| {
            let (code, national) = digits.split_at(length);
            let roots = self.codes.get(code.parse::<usize>().ok()?).copied().flatten()?;
            Some((code, national, roots))
        })
    }

    fn group(&self, national: &str, root: Root, out: &mut String) {
        let label = label(&self.rows, root, national.as_bytes());
        let shape = usize::from(label).checked_sub(1).and_then(|at| self.shapes.get(at));
        match shape.and_then(|shape| Some((shape, shape.cut(national)?))) {
            None => out.push_str(national),
            Some((shape, groups)) => {
                for c in shape.text.chars() {
                    match groups.get((c as usize).wrapping_sub(1)) {
                        Some(group) if c < '\n' => out.push_str(group),
                        _ => out.push(c),
                    }
                }
            }
        }
    }
}

impl NumberShape {
    /// Cuts a national number into the groups: each takes what the later ones leave, as a regular expression would.
    fn cut<'n>(&self, national: &'n str) -> Option<[&'n str; GROUPS_MAX]> {
        let mut groups = [""; GROUPS_MAX];
        let mut rest = national;
        for (at, [low, high]) in self.widths.iter().enumerate() {
            let later: usize = self.widths[at + 1..].iter().map(|[low, _]| usize::from(*low)).sum();
            let width = rest.len().checked_sub(later)?.min(usize::from(*high));
            if width < usize::from(*low) {
                return None;
            }
            (groups[at], rest) = rest.split_at(width);
        }
        rest.is_empty().then_some(groups)
    }
}

impl Reader<'_> {
    fn shape(&mut self) -> Result<NumberShape, &'static str> {
        let count = usize::from(self.u8()?);
        if count > GROUPS_MAX {
            return Err("a format has too many groups");
        }
        let widths = (0..count).map(|_| self.array()).collect::<Result<_, _>>()?;
        let length = usize::from(self.u8()?);
        let text = std::str::from_utf8(self.bytes(length)?).map_err(|_| "a format is not text")?;
        Ok(NumberShape { widths, text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(e164: &str, national: &str, international: &str) {
        let formats = Formats::built_in();
        let (mut home, mut abroad) = (String::new(), String::new());
        formats.national(e164, &mut home);
        formats.international(e164, &mut abroad);
        assert_eq!((home.as_str(), abroad.as_str()), (national, international), "{e164}");
    }

    #[test]
    fn numbers_are_grouped_as_people_write_them() {
        check("+442071838750", "020 7183 8750", "+44 20 7183 8750");
        check("+12124561234", "(212) 456-1234", "+1 212-456-1234");
        check("+4930901820", "030 901820", "+49 30 901820");
        check("+33142685300", "01 42 68 53 00", "+33 1 42 68 53 00");
        check("+5491123456789", "011 15-2345-6789", "+54 9 11 2345-6789");
        check("+390636001234", "06 3600 1234", "+39 06 3600 1234");
        check("+80012345678", "1234 5678", "+800 1234 5678");
        check("+44", "", "+44 ");
        for nothing in ["", "+", "+999123", "020 7183", "+44x"] {
            check(nothing, "", "");
        }
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_panics() {
        super::super::tests::check_damage(BUILT_IN, |bytes, verify| {
            let formats = Formats::decode(bytes, verify);
            formats.map(|formats| formats.national("+442071838750", &mut String::new())).is_ok()
        });
    }
}
