//! Files: what each source is, which columns hold points and dates, which columns outputs carry. Knows no contact.

pub(crate) mod date_columns;
pub(crate) mod output_columns;
pub(crate) mod point_columns;
pub(crate) mod points;
pub(crate) mod postal_address;
pub(crate) mod sources;
pub(crate) mod whole_columns;
