//! Headings amid the rows of a file: the header of another table that was put below the first, or a mark that stands
//! alone and speaks of everybody below it (`Do not contact:`).
//!
//! Knows cells and words. What such a heading does to the rows below cannot be told; that it stands there can.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::marks;
use crate::reason::Reason;
use crate::record::Field;
use crate::source::Row;
use memchr::memchr;

/// A row with so many digits, or longer than so many bytes, is no heading.
const DIGITS: usize = 5;

const LONGEST: usize = 1024;

/// Why the row is no row, if it is a heading; `header` is the file's own.
pub(crate) fn heading(text: &str, row: &Row<'_>, header: &[String]) -> Option<Reason> {
    // Nearly every row ends here.
    let address = memchr(b'@', text.as_bytes()).is_some();
    if address || text.len() > LONGEST || text.bytes().filter(u8::is_ascii_digit).nth(DIGITS - 1).is_some() {
        return None;
    }
    let cells = row.iter().map(str::trim).enumerate().filter(|(_, cell)| !cell.is_empty());
    let cells: Vec<(usize, &str)> = cells.collect();
    let own = |at: usize| header.get(at).map_or("", |name| name.trim());
    if is_header(&cells) {
        let alike = cells.iter().all(|(at, cell)| same_column(cell, own(*at)));
        return Some(if alike { Reason::RowHeaderRepeated } else { Reason::RowSection });
    }
    let marks = !cells.is_empty() && cells.iter().all(|(at, cell)| is_mark(*at, cell, own(*at)));
    marks.then_some(Reason::RowSection)
}

/// Whether the cells are names of columns, one of them of points.
fn is_header(cells: &[(usize, &str)]) -> bool {
    let known = |cell: &str| dictionary().field(cell).is_some() || speaks(cell);
    let points = |cell: &str| dictionary().field(cell).is_some_and(holds_points);
    cells.iter().any(|(_, cell)| points(cell))
        && cells.iter().filter(|(_, cell)| known(cell)).count() * 2 > cells.len()
}

const fn holds_points(field: Field) -> bool {
    field.is_point()
        || matches!(field, Field::Point | Field::HashEmail | Field::HashPhone | Field::SocialHandle)
}

/// Whether a name of a column speaks of permission.
fn speaks(name: &str) -> bool {
    dictionary().senses(&header_words(name)).is_some()
}

fn same_column(one: &str, other: &str) -> bool {
    let field = |name: &str| dictionary().field(name);
    header_words(one) == header_words(other) || field(one).is_some() && field(one) == field(other)
}

/// Whether a cell is a mark in a column where none belongs. In a column of states or remarks it speaks of somebody
/// whose points were taken out, and of nobody else.
fn is_mark(at: usize, cell: &str, header: &str) -> bool {
    let words = header_words(header);
    let field = dictionary().field(header).or_else(|| dictionary().field_within(&words));
    let free = match field {
        Some(Field::FirstName | Field::LastName | Field::FullName | Field::Company | Field::ExternalId) => {
            true
        }
        Some(field) => holds_points(field),
        None => at == 0 && !speaks(header),
    };
    free && marks::each(cell, false, |_, _, _| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Cells, split};
    use crate::source::{Reading, Syntax};

    fn told(text: &str, header: &str) -> Option<Reason> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let mut cells = Cells::new();
        heading(text, &split(text, &Syntax::default(), Reading::Plain, &mut cells), &header)
    }

    #[test]
    fn headings_are_told_from_people() {
        for (text, header) in [
            ("Do not contact:,", "Name,Email"),
            ("UNSUBSCRIBED,", "Name,Email"),
            ("UNSUBSCRIBED", "Email"),
            (",unsubscribed", "Name,Email"),
            ("email,first_name,unsubscribed_at", "email,first_name,city"),
            ("email", "Name"),
            ("first name,email,city", "email,first name,city"),
        ] {
            assert_eq!(told(text, header), Some(Reason::RowSection), "{text}");
        }
        for (text, header) in [("Email,First Name", "E-Mail,first_name"), ("email", "E-mail address")] {
            assert_eq!(told(text, header), Some(Reason::RowHeaderRepeated), "{text}");
        }
        for (text, header) in [
            ("", "Name,Email"),
            ("Jane,jane@acme.com", "Name,Email"),
            ("Jane Doe,", "Name,Email"),
            ("Unsubscribed,+44 7911 123456", "Name,Phone"),
            (",Unsubscribed", "Email,Status"),
            ("Unsubscribed,", "Status,Email"),
            (",do not contact", "Email,Notes"),
            ("Jane,Doe,12 Elm St,Mobile,AL", "First,Last,Street,City,State"),
            ("acme.com", "domain"),
        ] {
            assert_eq!(told(text, header), None, "{text}");
        }
    }
}
