//! The JSON Schema of `report.json`. A test makes it from the types of the report: a field without a word in the
//! schema cannot be. The program prints the text and knows nothing of how a schema is made.

/// The schema, indented, ending in a line feed.
pub const fn schema() -> &'static str {
    include_str!("../../docs/reference/report.schema.json")
}

#[cfg(test)]
mod tests {
    use crate::report::Audit;
    use expect_test::expect_file;

    #[test]
    fn the_schema_is_made_from_the_types() {
        let made = serde_json::to_string_pretty(&schemars::schema_for!(Audit)).unwrap();
        expect_file!["../../docs/reference/report.schema.json"].assert_eq(&(made + "\n"));
    }
}
