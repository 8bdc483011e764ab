//! Patterns of the built-in tables: regular expressions over whole texts, off the hot path.
//!
//! Knows two shapes that many patterns share, `{email}` and `{digest}`; knows no table.

use regex::Regex;
use serde::{Deserialize, Deserializer};
use std::sync::OnceLock;

/// Shapes by the names they have in patterns: a text with an address in it, and a hexadecimal MD5, SHA-1, SHA-256 or
/// SHA-512 digest.
const SHAPES: [(&str, &str); 2] = [
    ("{email}", r"(?:.*[\s,;<>()|])?[^\s,;<>()|@]+@[^\s,;<>()|.]+\.[^\s,;<>()|]{2,}(?:[\s,;<>()|].*)?"),
    ("{digest}", "[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128}"),
];

/// A pattern of a whole text; `.` is any character. Compiled when it is first asked.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// The pattern, with the shapes it names put in.
    pub fn new(text: &str) -> Self {
        let text = SHAPES
            .iter()
            .fold(text.to_owned(), |text, (name, shape)| text.replace(name, &format!("(?:{shape})")));
        Self { text: format!("(?s)^(?:{text})$"), compiled: OnceLock::new() }
    }

    /// Whether the whole text fits.
    pub fn fits(&self, text: &str) -> bool {
        self.compiled().is_match(text)
    }

    /// The compiled pattern. One that does not compile is our own bug: the test of its table compiles it.
    pub fn compiled(&self) -> &Regex {
        self.compiled.get_or_init(|| Regex::new(&self.text).unwrap_or_else(|error| panic!("{error}")))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}
