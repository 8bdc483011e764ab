//! The JSON Schema of `report.json`, made from its types: a field without a word here cannot be.

use crate::report::audit::Audit;
use schemars::schema_for;

/// The schema, indented, ending in a line feed.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schema_for!(Audit)).unwrap_or_default();
    text.push('\n');
    text
}
