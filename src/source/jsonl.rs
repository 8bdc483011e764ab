//! JSON lines: one object a line becomes one row under a header of all keys of the file. Objects in a single cell.
//!
//! Knows JSON, not what keys mean. Streams: once through the file for its keys, once more to write the rows, each
//! on the line it came from. Texts lose their line breaks, `null` is an empty cell. What stands within an object has a
//! dotted key (`bounce.bounceType`); the values of a list stand in one cell, `; ` between them.

use crate::record::Failure;
use crate::source::encoding::{Spool, each_line};
use crate::source::intake::IntakeFacts;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

/// With more keys than columns objects within objects stay JSON, and if that is not enough, the file stays as it is.
const KEYS_MOST: usize = 4096;

/// Whether a text begins with an object on a line of its own; `head` are its first bytes.
pub(super) fn begins_with_object(head: &[u8]) -> bool {
    let first = head.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty());
    // The head may end within the line: then its beginning has to do.
    first.is_some_and(|line| match object(line) {
        Some(object) => !object.is_empty(),
        None => line.len() == head.len() && line.trim_ascii().starts_with(b"{\""),
    })
}

/// The rows of the text between two offsets, as a table; none when it is no such file after all.
pub(super) fn table(
    file: &File,
    span: (u64, u64),
    name: &str,
    dir: &std::path::Path,
) -> Result<Option<(File, IntakeFacts)>, Failure> {
    let (mut keys, mut outer): (BTreeSet<String>, BTreeSet<String>) = Default::default();
    let (mut objects, mut others) = (0u64, 0u64);
    each_line(file, span, name, |line| {
        match object(line) {
            Some(object) => {
                objects += 1;
                if keys.len() <= KEYS_MOST {
                    keys.extend(cells(&object, true).into_keys());
                }
                if outer.len() <= KEYS_MOST {
                    outer.extend(object.into_iter().map(|(key, _)| key));
                }
            }
            None => others += u64::from(!line.trim_ascii().is_empty()),
        }
        Ok(())
    })?;
    let deep = keys.len() <= KEYS_MOST;
    if !deep {
        keys = outer;
    }
    if keys.is_empty() || keys.len() > KEYS_MOST || others > objects {
        return Ok(None);
    }
    let mut spool = Spool::new(dir)?;
    let mut row = String::new();
    keys.iter().for_each(|key| cell(&mut row, key));
    spool.put(ended(&mut row), name)?;
    each_line(file, span, name, |line| {
        row.clear();
        match object(line) {
            Some(object) => {
                let cells = cells(&object, deep);
                keys.iter().for_each(|key| cell(&mut row, cells.get(key).map_or("", String::as_str)));
            }
            None if line.trim_ascii().is_empty() => {}
            // A row of one cell, which will be found wanting.
            None => cell(&mut row, &String::from_utf8_lossy(line)),
        }
        spool.put(ended(&mut row), name)
    })?;
    spool.finish(name).map(Some)
}

type Object = Map<String, Value>;

fn object(line: &[u8]) -> Option<Object> {
    serde_json::from_slice(line).ok()
}

/// What an object in a single cell says, by its keys; none when it is none.
pub(crate) fn of_cell(cell: &str) -> Option<BTreeMap<String, String>> {
    cell.starts_with('{').then(|| object(cell.as_bytes())).flatten().map(|object| cells(&object, true))
}

/// The cells of an object by their keys; `deep`: those of the objects within it too.
fn cells(object: &Object, deep: bool) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::new();
    object.iter().for_each(|(key, value)| add(&mut cells, key, value, deep));
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
fn cell(row: &mut String, text: &str) {
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

fn ended(row: &mut String) -> &[u8] {
    row.push('\n');
    row.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::{begins_with_object, cells, object};

    #[test]
    fn objects_are_told_from_tables() {
        for text in ["{\"a\":1}\n", "\n {\"a\":1}\r\n{", "{\"a\":1}", "{\"a\":\"a long text that is cut of"] {
            assert!(begins_with_object(text.as_bytes()), "{text}");
        }
        for text in ["", "a,b\n{\"a\":1}\n", "{}\n", "[1]\n", "{broken\n", "{\"a\"\n"] {
            assert!(!begins_with_object(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_stands_within_has_a_dotted_key() {
        let text = r#"{"a":{"b":1,"c":[{"d":"x"},{"d":"y","e":null}]},"f":["p","q"],"g":{},"h":[],"i":true}"#;
        let object = object(text.as_bytes()).unwrap();
        let told =
            |deep| cells(&object, deep).into_iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>();
        assert_eq!(told(true), ["a.b=1", "a.c.d=x; y", "a.c.e=", "f=p; q", "g={}", "h=[]", "i=true"]);
        assert_eq!(told(false).len(), 5);
    }
}
