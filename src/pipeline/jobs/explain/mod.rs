//! `explain`: why one person is, or is not, contactable, told from the run directory alone.

pub(crate) mod asked;
pub(crate) mod files;
pub(crate) mod proof;
pub(crate) mod remedy;
pub(crate) mod standing;
pub(crate) mod story;
pub(crate) mod text;
pub(crate) mod wanted;
