//! Makes.
