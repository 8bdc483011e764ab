//! Numbers of which more is to be said than their plan says (`reserved.txt`): set aside for films and examples,
//! famous as filler, or dearer than an ordinary call and yet not premium rate.

use crate::record::words;

const LIST: &str = include_str!("reserved.txt");
/// Stands for any digit.
const ANY: u8 = 10;

words! {
    /// What is to be said of a number.
    pub enum ReservedKind {
        /// Set aside by a regulator for films, books, examples.
        Fictional = "fictional",
        /// Filler that people type where a number is asked for.
        Placeholder = "placeholder",
        /// A small charge on top of the call; somebody's real number all the same.
        Surcharge = "surcharge",
    }
}

impl ReservedKind {
    /// Whether nobody owns the number.
    pub const fn is_nobodys(self) -> bool {
        !matches!(self, Self::Surcharge)
    }
}

#[derive(Debug, Clone)]
struct ReservedRange {
    kind: ReservedKind,
    /// National number; 10 stands for any digit.
    digits: Box<[u8]>,
    /// The last digits lie in this range.
    last: Option<[Box<[u8]>; 2]>,
    spares_toll_free: bool,
}

/// The list, by calling code and first national digit.
#[derive(Debug)]
pub struct Reserved {
    by_code: Box<[u8; 1000]>,
    by_first: Vec<[Vec<ReservedRange>; 10]>,
}

impl Reserved {
    /// The list this program was built with.
    ///
    /// # Panics
    /// Never: a test reads the same list.
    pub fn built_in() -> Self {
        Self::read(LIST).expect("the built-in list of reserved numbers is whole")
    }

    fn read(text: &str) -> Option<Self> {
        let mut list = Self { by_code: Box::new([0; 1000]), by_first: vec![[const { Vec::new() }; 10]] };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (code, entry) = ReservedRange::read(line)?;
            let slot = list.by_code.get_mut(usize::from(code))?;
            if *slot == 0 {
                *slot = u8::try_from(list.by_first.len()).ok()?;
                list.by_first.push([const { Vec::new() }; 10]);
            }
            let lists = list.by_first.get_mut(usize::from(*slot))?;
            match usize::from(*entry.digits.first()?) {
                10 => lists.iter_mut().for_each(|l| l.push(entry.clone())),
                first => lists.get_mut(first)?.push(entry),
            }
        }
        Some(list)
    }

    /// What the list says of the number with this calling code and these national digits (values 0 to 9).
    #[inline]
    pub fn find(&self, code: u16, national: &[u8], toll_free: bool) -> Option<ReservedKind> {
        let slot = *self.by_code.get(usize::from(code))?;
        let entries = self.by_first[usize::from(slot)].get(usize::from(*national.first()?))?;
        entries.iter().find(|e| e.holds(national) && !(toll_free && e.spares_toll_free)).map(|e| e.kind)
    }
}

impl ReservedRange {
    /// The calling code of a line, and the rest.
    fn read(line: &str) -> Option<(u16, Self)> {
        let (kind, number) = line.split_once(" +")?;
        let (code, number) = number.split_once(' ')?;
        let kind = ReservedKind::from_word(kind)?;
        let spared = number.strip_suffix(" but-toll-free");
        let mut digits = Vec::new();
        let mut last = None;
        for group in spared.unwrap_or(number).split(' ') {
            if let Some((low, high)) = group.split_once("..") {
                let (low, high) = (values(low)?, values(high)?);
                digits.extend(std::iter::repeat_n(ANY, low.len()));
                last = Some([low.into(), high.into()]);
            } else {
                digits.extend(values(group)?);
            }
        }
        let entry = Self { kind, digits: digits.into(), last, spares_toll_free: spared.is_some() };
        Some((code.parse().ok()?, entry))
    }

    #[inline]
    fn holds(&self, digits: &[u8]) -> bool {
        self.digits.len() == digits.len()
            && self.digits.iter().zip(digits).all(|(p, d)| p == d || *p == ANY)
            && self.last.as_ref().is_none_or(|[low, high]| {
                let tail = &digits[digits.len() - low.len()..];
                (&**low..=&**high).contains(&tail)
            })
    }
}

fn values(group: &str) -> Option<Vec<u8>> {
    let value = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'x' => Some(ANY),
        _ => None,
    };
    group.bytes().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::{LIST, Reserved, ReservedKind};

    fn find(text: &str) -> Option<ReservedKind> {
        let (code, national) = text.split_once(' ').unwrap_or((text, ""));
        let digits: Vec<u8> = national.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
        Reserved::built_in().find(code.parse().unwrap_or(0), &digits, text.starts_with("1 800"))
    }

    #[test]
    fn the_list_is_sorted_unique_and_cited() {
        let lines: Vec<_> = LIST.lines().filter(|l| !l.starts_with('#')).collect();
        let key = |line: &str| {
            let (kind, number) = line.split_once(" +").unwrap();
            (kind.to_owned(), number.trim_end_matches(" but-toll-free").replace(' ', ""))
        };
        assert!(lines.windows(2).all(|w| key(w[0]) < key(w[1])), "sort by kind, then number");
        for line in &lines {
            let code = line.split('+').nth(1).unwrap().split(' ').next().unwrap();
            assert!(LIST.contains(&format!("\n#   {code} ")), "{code} has no source");
        }
    }

    #[test]
    fn the_edges_of_ranges() {
        for (kind, numbers) in [
            (Some(ReservedKind::Fictional), "1 212 555 0100; 1 800 555 0199; 44 20 7946 0000; 46 70 1740605"),
            (Some(ReservedKind::Surcharge), "44 844 477 1758"),
            (Some(ReservedKind::Placeholder), "86 138 0013 8000"),
            (None, "1 212 555 0200; 1 800 555 0198; 44 20 7946 1000; 44 871 477 1758; 46 70 1740604"),
            (None, "61 1800 975 712; "),
        ] {
            numbers.split("; ").for_each(|number| assert_eq!(find(number), kind, "{number}"));
        }
    }
}
