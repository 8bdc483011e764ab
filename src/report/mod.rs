//! The audit report: a run's result as data, then as a page and as a few lines for the terminal.
//!
//! [`Audit`] is the only serialisable model of a result; `report.json` is its serialised form. [`html`] and
//! [`summary`] are functions of it and of nothing else, so a page can be made again from the JSON years later.
//! Knows no thread, no file and no rule: counts come in finished, and [`Audit::check`] proves that they add up.

mod account;
mod audit;
mod changes;
mod check;
mod compared;
mod flow;
mod outlook;
mod page;
mod schema;
mod summary;
mod view;
mod words;

pub use account::{
    Evidenced, JudgementCall, OptOuts, OptedOut, Override, Repermission, SentAfter, ToSuppression, Told,
};
pub use audit::{
    Ahead, Asserted, Audit, ChannelCounts, ColumnUse, Dialect, Expiring, ListUsed, Merges, NextStep, Outcome,
    ProfileUsed, ReasonText, Reconciliation, Refusals, RuleUsed, Rulebook, Run, SCHEMA, Segment, Share,
    SourceFacts, SourceOutcome, SourceRows, Statement,
};
pub use changes::{CHANGES_SCHEMA, Carried, Change, Changes, ChannelChange, Decay, RunThen};
pub use check::Imbalance;
pub use compared::compared;
pub use page::html;
pub use schema::schema;
pub use summary::summary;
pub use words::{counted, grouped, noun, plain, visible};
