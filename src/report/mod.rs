//! The audit report: a run's result as data, then as a page and as a few lines for the terminal.
//!
//! [`Audit`] is the only serialisable model of a result; `report.json` is its serialised form. [`html`] and
//! [`summary`] are functions of it and of nothing else, so a page can be made again from the JSON years later.
//! Knows no thread, no file and no rule: counts come in finished, and [`Audit::check`] proves that they add up.

/// Declares parts of the report: all of them are compared, written, read again, and told by its schema.
macro_rules! parts {
    ($($part:item)*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        $part
    )*};
}

mod accountability;
mod audit;
mod balance;
mod changes;
mod changes_summary;
mod page;
mod summary;
mod wording;

pub use accountability::{
    CountsByText, Evidenced, JudgementCall, OptOuts, OptedOut, Override, Repermission, SentAfter,
    ToSuppression,
};
pub use audit::{
    Ahead, Asserted, Audit, ChannelCounts, ColumnUse, DialectWords, Expiring, ListUsed, Merges, NextStep,
    Outcome, ProfileUsed, ReasonText, Reconciliation, Refusals, RuleUsed, RulebookUsed, Run, SCHEMA, Segment,
    Share, SourceFacts, SourceOutcome, SourceRows, Statement,
};
pub use balance::Imbalance;
pub use changes::{CHANGES_SCHEMA, Carried, Change, Changes, ChannelChange, Decay, RunThen};
pub use changes_summary::compared;
pub use page::html;
pub use summary::summary;
pub use wording::{counted, grouped, noun, plain, visible};

/// The JSON Schema of `report.json`, indented, ending in a line feed. A test makes it from the types of the report: a
/// field without a word in the schema cannot be. The program prints the text and knows nothing of how a schema is made.
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
