//! Linking.

mod agree;
mod closeness;
mod name;
mod words;

pub use agree::{Agreement, Comparer};
pub use name::{NameCells, NameFolder, family};
