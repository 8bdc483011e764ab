//! Columns to facts: header roles, cell profiles, recognised layouts, dates, and the facts a row states.
//!
//! Knows rows, cells and the words of headers; not bytes or files, nor whether an address or number is valid.

pub mod column_profile;
mod columns;
mod correspondents;
pub mod dates;
mod events;
mod facts;
mod implied;
mod marks;
mod memo;
pub mod model;
pub mod permission;
mod polarity;
pub mod recognise;
mod row_facts;
mod sample;

pub use dates::{DateRules, OrderVotes, parse as parse_date, trouble as date_trouble};
pub use facts::{Fact, Facts};
pub use model::{Mapping, Role};
pub use recognise::recognise;
pub use sample::{Sample, Wishes, WordAnswer, WordMeans};
