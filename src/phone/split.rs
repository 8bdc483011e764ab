//! Finds the numbers of a cell that holds several: `a / b`, `a or b`, one a line, `4200182/183/184`.
//!
//! Looks at the text only: digits are counted, no numbering plan is asked. In doubt a cell is left whole, since a
//! number torn apart is worse than one that is refused.

use crate::phone::digits::digit_value;
use crate::phone::verdict::NumberReasons;
use crate::reason::Reason;

/// Most numbers taken from one cell.
const PARTS_MAX: usize = 16;
/// Longest text of a number put together from two.
const COMPLETED_MAX: usize = 96;
/// Fewer digits than this are an area code, an extension, or the end of the number before.
const NUMBER_MIN: usize = 5;
/// A number with as many digits stands alone even where only a gap tells.
const LONG: usize = 7;

/// One number of a cell.
#[derive(Debug, Clone, Copy)]
pub struct NumberPart<'a> {
    /// Its text; where only its last digits were written, with the leading ones of the number before it.
    pub text: &'a str,
    /// `phone-several`, `phone-completed`, or nothing.
    pub reasons: NumberReasons,
}

/// Calls `each` with every number of the cell, in their order; with the cell itself if it holds just one or none.
pub fn split_cell(cell: &str, mut each: impl FnMut(NumberPart<'_>)) {
    if may_hold_several(cell) {
        split_several(cell, &mut each);
    } else {
        each(NumberPart { text: cell, reasons: NumberReasons::default() });
    }
}

fn split_several(cell: &str, each: &mut dyn FnMut(NumberPart<'_>)) {
    let mut pieces = CellPieces { items: [CellPiece::default(); PARTS_MAX], length: 0 };
    pieces.cut(cell);
    pieces.join(cell);
    let mut reasons = NumberReasons::default();
    if pieces.length <= 1 {
        return each(NumberPart { text: cell, reasons });
    }
    reasons.add(Reason::PhoneSeveral);
    let mut base = pieces.items[0];
    for (index, piece) in pieces.as_slice().iter().enumerate() {
        let text = &cell[piece.start..piece.end];
        if index > 0 && piece.continues(&base, cell) {
            let kept = base.digits - piece.digits;
            let end = base.start + after_digits(&cell[base.start..base.end], kept);
            let mut buffer = [0; COMPLETED_MAX];
            if let Some(text) = concatenate(&cell[base.start..end], text.trim(), &mut buffer) {
                let mut reasons = reasons;
                reasons.add(Reason::PhoneCompleted);
                each(NumberPart { text, reasons });
                continue;
            }
        }
        base = *piece;
        each(NumberPart { text, reasons });
    }
}

fn may_hold_several(cell: &str) -> bool {
    let (mut letters, mut space, mut digits) = (false, false, 0);
    for &b in cell.as_bytes() {
        match b {
            b'0'..=b'9' => digits += 1,
            b'\n' | b'\r' | b'\t' | b';' | b',' | b'/' | b'|' | b'\\' | b'&' => return true,
            b'+' if digits > 0 => return true,
            b' ' if space => return true,
            b'a'..=b'z' | b'A'..=b'Z' => letters = true,
            _ => {}
        }
        space = b == b' ';
    }
    letters && digits >= 2 * NUMBER_MIN
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Before {
    /// A line end or a bar, or a new plus: always another number.
    #[default]
    Hard,
    /// A slash, ampersand or backslash.
    Slash,
    /// A comma or semicolon: another number, or an extension.
    Comma,
    /// `or`, `und`, …
    Word,
    /// Two blanks, or a remark in brackets: another number only if both are long.
    Gap,
}

#[derive(Debug, Clone, Copy, Default)]
struct CellPiece {
    start: usize,
    end: usize,
    digits: usize,
    before: Before,
}

impl CellPiece {
    fn new(cell: &str, start: usize, end: usize, before: Before) -> Self {
        Self { start, end, digits: digits_in(&cell[start..end]), before }
    }

    /// Whether it is an area code rather than a number: few digits, or a trunk or country code and few more.
    fn is_area_code(&self, cell: &str) -> bool {
        let text = cell[self.start..self.end].trim_start_matches([' ', '(']);
        let most = match text.as_bytes() {
            [b'+', ..] => 7,
            [b'0', ..] => 6,
            _ => NUMBER_MIN - 1,
        };
        self.digits <= most
    }

    /// Whether only last digits are written: few, as many as the end group of `base`, or beginning like its end.
    fn continues(&self, base: &Self, cell: &str) -> bool {
        let text = cell[self.start..self.end].trim_start();
        if self.before == Before::Hard || self.digits >= base.digits || text.starts_with(['+', '0', '(']) {
            return false;
        }
        if self.digits < NUMBER_MIN {
            return base.digits > NUMBER_MIN;
        }
        let whole = &cell[base.start..base.end];
        let (front, tail) = whole.split_at(after_digits(whole, base.digits - self.digits));
        let head = |text: &str| {
            let mut digits = text.chars().filter_map(digit_value);
            (digits.next(), digits.next())
        };
        let digit = |c: char| digit_value(c).is_some();
        let own_group = !front.ends_with(digit);
        // Within a group nobody cuts a number; one that is short of the group has lost a digit.
        let ungrouped =
            !whole.trim_start_matches(|c: char| !digit(c)).trim_end().contains(|c: char| !digit(c));
        base.digits - self.digits >= 2 && (own_group || ungrouped && head(tail) == head(text))
    }

    fn is_extension(&self, cell: &str) -> bool {
        let text = cell[self.start..self.end].trim_start();
        let labelled = ["x", "X", "ext", "Ext", "EXT", "#"].iter().any(|label| text.starts_with(label));
        labelled || self.before == Before::Comma && self.digits < NUMBER_MIN
    }
}

struct CellPieces {
    items: [CellPiece; PARTS_MAX],
    length: usize,
}

impl CellPieces {
    fn as_slice(&self) -> &[CellPiece] {
        &self.items[..self.length]
    }

    /// A cell of more pieces keeps the rest in the last one, which is then no number.
    fn push(&mut self, piece: CellPiece) {
        if let Some(slot) = self.items.get_mut(self.length) {
            *slot = piece;
            self.length += 1;
        } else if let Some(last) = self.items.last_mut() {
            last.end = piece.end;
            last.digits += piece.digits;
        }
    }

    /// Cuts at every separator outside brackets.
    fn cut(&mut self, cell: &str) {
        let (mut start, mut before, mut depth) = (0, Before::Hard, 0_u32);
        let mut at = 0;
        while let Some(c) = cell[at..].chars().next() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let found = if depth == 0 || c == '\n' { separator(cell, start, at) } else { None };
            match found {
                Some((next, length)) => {
                    // The bracket belongs to what it closes, the plus to what it begins.
                    let end = at + usize::from(c == ')');
                    self.push(CellPiece::new(cell, start, end, before));
                    (depth, before) = (0, next);
                    start = end + length;
                    at = start + usize::from(c == '+');
                }
                None => at += c.len_utf8(),
            }
        }
        self.push(CellPiece::new(cell, start, cell.len(), before));
    }

    /// Joins again what does not stand alone: area codes, extensions, words.
    fn join(&mut self, cell: &str) {
        let mut joined = Self { items: [CellPiece::default(); PARTS_MAX], length: 0 };
        for piece in self.as_slice() {
            let first = joined.length == 1;
            let Some(last) = joined.length.checked_sub(1).map(|at| &mut joined.items[at]) else {
                joined.push(*piece);
                continue;
            };
            let hard = piece.before == Before::Hard;
            if hard && (piece.digits == 0 || last.digits == 0) {
                // A line without a digit is a label.
                if last.digits == 0 {
                    *last = *piece;
                }
                continue;
            }
            // In `4200182/183/184` the 183 is the end of a number, in `030/1234567` the 030 begins one.
            let ends_number = !first && last.before != Before::Hard && piece.digits <= last.digits;
            let gap = piece.before == Before::Gap;
            let both_long = last.digits >= LONG && piece.digits >= LONG;
            let alone = hard
                || gap && both_long
                || !gap
                    && (ends_number || !last.is_area_code(cell))
                    && piece.digits > 0
                    && !piece.is_extension(cell)
                    && (piece.before == Before::Slash || piece.digits >= NUMBER_MIN);
            if alone {
                joined.push(*piece);
            } else {
                last.end = piece.end;
                last.digits += piece.digits;
            }
        }
        *self = joined;
    }
}

/// The separator at `at`, and its length; a plus begins the next number and so has none.
fn separator(cell: &str, start: usize, at: usize) -> Option<(Before, usize)> {
    let rest = &cell[at..];
    match rest.as_bytes().first()? {
        b'\n' | b'\r' | b'|' => Some((Before::Hard, 1)),
        b'/' | b'\\' | b'&' => Some((Before::Slash, 1)),
        b',' => Some((Before::Comma, 1)),
        b';' => {
            let parameters = [";ext=", ";phone-context=", ";isub="];
            let parameter = parameters.iter().any(|p| rest.starts_with(p));
            (!parameter && !rest.starts_with(";;")).then_some((Before::Comma, 1))
        }
        b'+' if digits_in(&cell[start..at]) >= 7 && begins_number(&cell[..at]) => Some((Before::Hard, 0)),
        b')' => remark_ends(&cell[start..at]).then_some((Before::Gap, 0)),
        b'\t' => Some((Before::Gap, 1)),
        b' ' if rest.starts_with("  ") => Some((Before::Gap, 2)),
        b' ' => word_length(rest).map(|length| (Before::Word, length)),
        _ => None,
    }
}

/// Whether a plus after `text` begins a number: not in `4.47E+11`, nor in `;phone-context=+44`.
fn begins_number(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit() || c == ' ' || c == ')')
}

/// Whether the bracket that closes after `text` holds words.
fn remark_ends(text: &str) -> bool {
    let open = text.rfind('(').map_or(text.len(), |at| at + 1);
    text[open..].contains(char::is_alphabetic)
}

/// Words that stand between two numbers, in the languages of the lists at hand.
const WORDS: [&str; 14] =
    ["or", "and", "oder", "und", "ou", "et", "y", "o", "e", "och", "eller", "of", "en", "lub"];

/// Length of a blank, one of `WORDS` and a blank.
fn word_length(text: &str) -> Option<usize> {
    let rest = &text[1..];
    let end = rest.find(' ')?;
    let word = &rest[..end];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word)).then_some(end + 2)
}

fn digits_in(text: &str) -> usize {
    text.chars().filter(|c| digit_value(*c).is_some()).count()
}

/// Where the digit stands that follows `count` others.
fn after_digits(text: &str, count: usize) -> usize {
    let mut digits = text.char_indices().filter(|(_, c)| digit_value(*c).is_some());
    digits.nth(count).map_or(text.len(), |(at, _)| at)
}

fn concatenate<'b>(front: &str, back: &str, buffer: &'b mut [u8; COMPLETED_MAX]) -> Option<&'b str> {
    let length = front.len() + back.len();
    let target = buffer.get_mut(..length)?;
    target[..front.len()].copy_from_slice(front.as_bytes());
    target[front.len()..].copy_from_slice(back.as_bytes());
    std::str::from_utf8(target).ok()
}

#[cfg(test)]
mod tests {
    use super::split_cell;

    fn check(cell: &str, expected: &[&str]) {
        let mut found = Vec::new();
        split_cell(cell, |part| found.push(part.text.trim().to_owned()));
        assert_eq!(found, expected, "{cell}");
    }

    #[test]
    fn several_numbers() {
        let two = ["020 7183 8750", "07400 123456"];
        [" / ", " or ", "; ", "\n"].iter().for_each(|between| check(&two.join(between), &two));
        check("+44 20 7183 8750 +44 7400 123456", &["+44 20 7183 8750", "+44 7400 123456"]);
        check("977-1-4211641,4211586,4211737", &["977-1-4211641", "977-1-4211586", "977-1-4211737"]);
        check("977-1-4211641,4211586,421173", &["977-1-4211641", "977-1-4211586", "421173"]);
        check("014211641, 4211586", &["014211641", "014211586"]);
        check("1- 4200182/183/184/185", &["1- 4200182", "1- 4200183", "1- 4200184", "1- 4200185"]);
        check("(312) 456-1234/456-1235", &["(312) 456-1234", "(312) 456-1235"]);
        check("4220108 (Enquiry) | 014220108 (MISSION)", &["4220108 (Enquiry)", "014220108 (MISSION)"]);
        let both = ["915 808 700 (información general)", "915 226 645 (visitas / grupos)"];
        check(&both.join(" / "), &both);
        check("4415802   4410340   4415967", &["4415802", "4410340", "4415967"]);
        check("910 505 768 (Sala) 910 505 763 (Museo)", &["910 505 768 (Sala)", "910 505 763 (Museo)"]);
        check("+९७७ ०१ ४४७२८९७, ५०१०२९८", &["+९७७ ०१ ४४७२८९७", "+९७७ ०१ ५०१०२९८"]);
        // A number of another kind is left as it is, not given another's leading digits.
        check("11 91234-5678 / 3123-4567", &["11 91234-5678", "3123-4567"]);
    }

    #[test]
    fn one_number() {
        let cells = "|n/a|030/901820|0211 / 871-2345|03722/12345|+49 34491/12345|312/555-1234|212-456-1234, ext. 5|\
            212 456 1234;ext=5|(530) 583-6985 x302/x2303|12/03/2024|1-800-FLOWERS|020 7183 8750 (day and night)|\
            tel:03-331-6005;phone-context=+64|212 456 1234 / ext 5|020  7183  8750|(020) 7183 8750|07400   123456";
        cells.split('|').for_each(|cell| check(cell, &[cell]));
    }
}
