//! Embedded lists and rules as checked tables: the data a list owner or a lawyer could review.

pub mod domains;
