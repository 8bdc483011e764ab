//! The other commands: one folder each. No job uses another.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod suppress;
