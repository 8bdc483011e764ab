//! One test program: user jobs, tables, laws.

mod consent;
mod jurisdictions;
