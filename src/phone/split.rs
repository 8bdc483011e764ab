//! x
/// p
pub struct Part;
/// s
pub fn split_cell() {}
