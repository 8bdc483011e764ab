//! What tools take in as a suppression list.

use crate::data::built_in;
use crate::record::Day;
use serde::Deserialize;
use std::sync::LazyLock;

tables! {
    /// The file that a tool imports.
    pub struct Import {
        /// Its word on the command line.
        pub id: String,
        /// The tool.
        pub tool: String,
        /// Where in the tool the file goes.
        pub r#where: String,
        /// The columns, in order.
        pub columns: Vec<ImportColumn>,
        /// Whether the file has no header.
        #[serde(default)]
        pub headerless: bool,
        /// The page that says so.
        pub source: String,
        /// `vendor page`, or `from memory`.
        pub confidence: String,
        /// The day it was read or remembered.
        #[serde(deserialize_with = "crate::data::jurisdiction::day")]
        pub as_of: Day,
    }

    /// A column of such a file.
    pub struct ImportColumn {
        /// Its header.
        pub header: String,
        /// What its cells hold.
        pub cell: ImportCell,
    }
}

/// What a cell of such a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportCell {
    /// The lower-cased address.
    Email,
    /// The number in E.164, with its plus.
    E164,
    /// The number in E.164, without its plus.
    Digits,
    /// SHA-256 of the address.
    EmailSha256,
    /// SHA-256 of the number with its plus.
    E164Sha256,
    /// SHA-256 of the number without its plus.
    DigitsSha256,
    /// `BOUNCE` for hard bounces, else `COMPLAINT`.
    SesReason,
    /// Nothing.
    Empty,
}

/// All of them, sorted by their words.
pub fn imports() -> &'static [Import] {
    static IMPORTS: LazyLock<Vec<Import>> =
        LazyLock::new(|| built_in::tables("imports.toml", include_str!("imports.toml")));
    &IMPORTS
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn the_table_is_sorted_cited_and_complete() {
        let ids: Vec<_> = imports().iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids.join(" "), "brevo google hubspot klaviyo listmonk mailchimp meta sendgrid ses");
        for import in imports() {
            assert!(import.source.starts_with("https://"), "{}", import.id);
            assert!(["vendor page", "from memory"].contains(&import.confidence.as_str()), "{}", import.id);
            assert!(!import.columns.is_empty() && !import.r#where.is_empty(), "{}", import.id);
        }
    }
}
