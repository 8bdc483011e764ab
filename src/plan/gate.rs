//! Gates: when a run that is done ends with exit code 3.

use crate::reason::Reason;
use crate::record::Failure;
use std::str::FromStr;

/// How many are too many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// More than so many.
    Count(u64),
    /// More than this share.
    Percent(f64),
}

/// A gate: what `--fail-on` names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FailOn {
    /// A reason that is found too often; a share is one of the rows.
    Found(Reason, Limit),
    /// The contactable of a channel, when they are so many fewer than in the earlier run.
    Drop(Limit),
}

impl FromStr for FailOn {
    type Err = Failure;

    /// Reads `REASON=N`, `REASON=N%` or the same of `contactable-drop`.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = |what: &str| {
            Failure::usage(what).hint(
                "write it as email-domain-typo=10, email-domain-typo=2% or contactable-drop=5%; \
                 `contactable reasons` lists the ids",
            )
        };
        let (id, limit) = text.split_once('=').ok_or_else(|| wrong("a gate is REASON=N or REASON=N%"))?;
        let reason = match id {
            "contactable-drop" => None,
            id => Some(Reason::from_id(id).ok_or_else(|| wrong("this is no reason we know"))?),
        };
        let limit = read_limit(limit).ok_or_else(|| wrong("this is no number"))?;
        Ok(reason.map_or(Self::Drop(limit), |reason| Self::Found(reason, limit)))
    }
}

fn read_limit(text: &str) -> Option<Limit> {
    match text.strip_suffix('%') {
        Some(percent) => percent.parse().ok().filter(|p| (0.0..=100.0).contains(p)).map(Limit::Percent),
        None => text.parse().ok().map(Limit::Count),
    }
}
