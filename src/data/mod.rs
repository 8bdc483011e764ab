//! Facts as data: embedded files made into checked tables.
//!
//! Knows nothing of contacts; each table says where its facts come from and of which day they are.

pub mod phone;
