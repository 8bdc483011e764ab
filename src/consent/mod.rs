//! May this contact point be contacted on this channel on the send date, on which ground, until when?
//!
//! Pure functions over settled events: `Candidates` says whose law holds, `RuleTable` what that law says on the
//! send date, `judge` what follows for one point and channel. Knows no file format and no clock; how a refusal
//! reached the point (alias, other point of the person) is told by whoever calls.

mod basis;
mod clock;
mod doubt;
mod fold;
mod judge;
mod jurisdiction;
mod rules;

pub use fold::{Held, History, Reach, blocking_reason};
pub use judge::{
    AskAgain, Events, Finding, Findings, Judgement, Late, Yes, ask_again, in_force, judge, late_messages,
};
pub use jurisdiction::{Candidate, Candidates, CountryFact, Overlays};
pub use rules::{Condition, Conditions, RuleNo, RuleTable, Terms, register_counts_until};
