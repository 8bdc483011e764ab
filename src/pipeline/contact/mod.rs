//! One person: rows merged to a contact, events folded, every channel decided. Knows no file format.

pub(crate) mod context;
pub(crate) mod decided;
pub(crate) mod deciding;
pub(crate) mod id;
pub(crate) mod person_rules;
pub(crate) mod rows;
