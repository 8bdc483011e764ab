//! Files of messages: which of several columns of addresses or numbers is the people's, and which is the operator's own.
//!
//! Knows headers and the look of cells. One value in every row is nobody's of a list; whoever writes to be left alone is the
//! sender.

use crate::data::dictionary::{Dictionary, dictionary};
use crate::data::fold::header_words;
use crate::mapping::column_profile::ColumnProfile;
use crate::mapping::model::{Mapping, Role};
use crate::record::Field;

/// A column of points: its place, whether it holds addresses, and what its cells look like.
struct PointColumn<'a> {
    at: usize,
    email: bool,
    look: &'a ColumnProfile,
}

/// Takes the operator's own address or number for nobody's, and the people's for theirs.
pub(crate) fn settle(mapping: &mut Mapping, looks: &[ColumnProfile]) {
    let answers = mapping.kind.refuses() || mapping.columns.iter().any(|c| matches!(c.role, Role::Reply(_)));
    let found = points(mapping, looks);
    for email in [true, false] {
        let columns = || found.iter().filter(|column| column.email == email);
        let names = |says: fn(&Dictionary, &[String]) -> bool| {
            columns().any(|column| says(dictionary(), &header_words(&mapping.columns[column.at].header)))
        };
        let (sent, received) = (names(Dictionary::names_sender), names(Dictionary::names_addressees));
        let varied = columns().any(|column| column.look.texts().nth(1).is_some());
        let is_one = |column: &PointColumn| column.look.filled > 1 && column.look.texts().nth(1).is_none();
        let receives = |column: &PointColumn| {
            dictionary().names_addressees(&header_words(&mapping.columns[column.at].header))
        };
        let own: Vec<usize> = match () {
            () if !sent && !received => continue,
            () if varied && columns().any(is_one) => columns().filter(|c| is_one(c)).map(|c| c.at).collect(),
            () if answers && sent && received => columns().filter(|c| receives(c)).map(|c| c.at).collect(),
            () => continue,
        };
        for at in columns().map(|column| column.at) {
            let column = &mut mapping.columns[at];
            if own.contains(&at) {
                (column.field, column.role, column.date) = (None, Role::Other, None);
            } else if column.field.is_none() {
                let field = if email { Field::Email } else { Field::Phone };
                (column.field, column.role) = (Some(field), Role::Value);
            }
        }
    }
}

/// The columns whose cells are addresses or numbers.
fn points<'a>(mapping: &Mapping, looks: &'a [ColumnProfile]) -> Vec<PointColumn<'a>> {
    let mut found = Vec::new();
    for (at, (column, look)) in mapping.columns.iter().zip(looks).enumerate() {
        let (email, phone) = (look.mostly(look.email, 50), look.mostly(look.surely_phone, 50));
        let free = column.field.is_none_or(Field::is_point) && !column.header.is_empty();
        if free && (email || phone) {
            found.push(PointColumn { at, email, look });
        }
    }
    found
}
