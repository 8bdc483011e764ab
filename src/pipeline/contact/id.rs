//! Contact ids: stable names that give nothing away.
//!
//! The id is a digest (keyed with `--key-file`) of the smallest point that no other contact holds; else of the
//! smallest point and the name; a contact without any usable point is known by the place of its first row.

use crate::output::{digits, push_hex};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::place;
use crate::pipeline::contact::rows::Contact;
use crate::pipeline::kit::keys::{BYTES, digest};
use crate::record::Field;

/// Writes the id in hexadecimal over `id`: an earlier run's, else its own unless given to another. `text` is room.
pub(crate) fn contact_id(writing: &Writing<'_>, contact: &Contact<'_>, text: &mut String, id: &mut String) {
    let first = contact.rows().first().map_or(0, |row| row.row);
    if writing.earlier.is_some_and(|earlier| earlier.ids.write_of(first, id)) {
        return;
    }
    let given = |id: &str| writing.earlier.is_some_and(|earlier| earlier.ids.is_given(id));
    let (sources, key) = (writing.sources, writing.plan.read.key.as_deref());
    let point = |alone: bool| {
        let points = contact.distinct.iter().filter(|d| d.point.keyable && d.shared != alone);
        points.map(|d| (d.point.kind, d.point.key, d.twin)).min()
    };
    text.clear();
    if let Some((kind, key, _)) = point(true) {
        text.extend([kind.word(), ":", key]);
    } else if let Some((kind, key, twin)) = point(false) {
        text.extend([kind.word(), ":", key]);
        for field in
            [Field::FirstName, Field::MiddleName, Field::LastName, Field::FullName, Field::NameSuffix]
        {
            text.push('\n');
            let name = contact.field(|source, field| sources[usize::from(source)].column(field), field);
            text.push_str(&name.to_lowercase());
        }
        text.push('\n');
        text.push_str(digits(u64::from(twin), &mut [0; 20]));
    } else if let Some(row) = contact.rows().first() {
        text.push_str("row:");
        place(writing, row.place, text);
    }
    loop {
        id.clear();
        push_hex(&digest(text.as_bytes(), key)[..BYTES], id);
        // With an earlier run: its own contact keeps an id, whatever another contact of now would be called.
        if !given(id) {
            break;
        }
        text.insert_str(0, "again:");
    }
}
