//! One test program: user jobs, tables, laws.

mod email;
