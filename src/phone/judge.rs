//! x
use super::*;
/// s
#[derive(Default)]
pub struct Scratch;
/// c
pub struct Checked;
/// c
pub fn check() {}
