//! Numbers that nobody owns (`reserved.txt`): set aside for films and examples, or famous as filler.

const LIST: &str = include_str!("reserved.txt");
/// Stands for any digit.
const ANY: u8 = 10;

/// Why a number is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReservedKind {
    /// Set aside by a regulator for films, books, examples.
    Fictional,
    /// Filler that people type where a number is asked for.
    Placeholder,
}

#[derive(Debug)]
struct Entry {
    kind: ReservedKind,
    /// Calling code and national number; 10 stands for any digit.
    digits: Box<[u8]>,
    /// The last digits lie in this range.
    last: Option<[Box<[u8]>; 2]>,
    spares_toll_free: bool,
}

/// The list, by first digit of the calling code.
#[derive(Debug)]
pub struct Reserved {
    by_first: [Vec<Entry>; 10],
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
        let mut by_first = [const { Vec::new() }; 10];
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let entry = Entry::read(line)?;
            by_first.get_mut(usize::from(*entry.digits.first()?))?.push(entry);
        }
        Some(Self { by_first })
    }

    /// Whether `digits` (calling code, then national number; values 0 to 9) are nobody's, and why.
    #[inline]
    pub fn find(&self, digits: &[u8], toll_free: bool) -> Option<ReservedKind> {
        let entries = self.by_first.get(usize::from(*digits.first()?))?;
        entries.iter().find(|e| e.holds(digits) && !(toll_free && e.spares_toll_free)).map(|e| e.kind)
    }
}

impl Entry {
    fn read(line: &str) -> Option<Self> {
        let (kind, number) = line.split_once(" +")?;
        let kind = match kind {
            "fictional" => ReservedKind::Fictional,
            "placeholder" => ReservedKind::Placeholder,
            _ => return None,
        };
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
        Some(Self { kind, digits: digits.into(), last, spares_toll_free: spared.is_some() })
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
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
        Reserved::built_in().find(&digits, text.starts_with("1 800"))
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
        assert_eq!(find("1 212 555 0100"), Some(ReservedKind::Fictional));
        assert_eq!(find("1 212 555 0200"), None);
        assert_eq!(find("1 800 555 0199"), Some(ReservedKind::Fictional));
        assert_eq!(find("1 800 555 0198"), None);
        assert_eq!(find("44 20 7946 0000"), Some(ReservedKind::Fictional));
        assert_eq!(find("44 20 7946 1000"), None);
        assert_eq!(find("46 70 1740604"), None);
        assert_eq!(find("46 70 1740605"), Some(ReservedKind::Fictional));
        assert_eq!(find("61 1800 975 712"), None);
        assert_eq!(find("86 138 0013 8000"), Some(ReservedKind::Placeholder));
        assert_eq!(find(""), None);
    }
}
