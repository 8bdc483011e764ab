//! JSON objects as cells: the keys and values of one object, flattened, and their text as CSV.
//!
//! Knows JSON; not what a key means.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

type Object = Map<String, Value>;

pub(crate) fn object(line: &[u8]) -> Option<Object> {
    serde_json::from_slice(line).ok()
}

/// What an object in a single cell says, by its keys; none when it is none.
pub(crate) fn of_cell(cell: &str) -> Option<BTreeMap<String, String>> {
    cell.starts_with('{').then(|| object(cell.as_bytes())).flatten().map(|object| cells(&object, true))
}

/// The cells of an object by their keys; `deep`: those of the objects within it too.
pub(crate) fn cells(object: &Object, deep: bool) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::new();
    for (key, value) in object {
        add(&mut cells, key, value, deep);
    }
    cells
}

fn add(cells: &mut BTreeMap<String, String>, key: &str, value: &Value, deep: bool) {
    let text = match value {
        Value::Object(inner) if deep && !inner.is_empty() => {
            return inner.iter().for_each(|(own, value)| add(cells, &format!("{key}.{own}"), value, deep));
        }
        Value::Array(list) if deep && !list.is_empty() => {
            return list.iter().for_each(|value| add(cells, key, value, deep));
        }
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cell = cells.entry(key.to_owned()).or_default();
    if !cell.is_empty() && !text.is_empty() {
        cell.push_str("; ");
    }
    cell.push_str(&text);
}

/// Adds a cell, always in quotes.
pub(crate) fn cell(row: &mut String, text: &str) {
    if !row.is_empty() {
        row.push(',');
    }
    row.push('"');
    for c in text.trim().chars() {
        match c {
            '"' => row.push_str("\"\""),
            '\n' | '\r' => row.push(' '),
            other => row.push(other),
        }
    }
    row.push('"');
}

pub(crate) fn ended(row: &mut String) -> &[u8] {
    row.push('\n');
    row.as_bytes()
}
