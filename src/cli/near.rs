//! What is said when a table has no entry of a name.

use crate::record::Failure;

/// Says that a table has no such entry, and which ones come near.
pub(super) fn unknown<'a>(what: &str, asked: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let near = near(asked, known);
    let mean = if near.is_empty() { String::new() } else { format!("; near are {}", near.join(", ")) };
    Failure::usage(format!("no {what} is called that"))
        .hint(format!("`contactable {what}s` lists them{mean}"))
}

/// More names than these help nobody.
const NEAR_MAX: usize = 12;

/// The names that hold what was asked for, or begin with the same word.
fn near<'a>(asked: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let asked = asked.trim().to_lowercase();
    let word = asked.split(['_', '-', ' ']).next().unwrap_or_default();
    let (mut holding, mut like) = (Vec::new(), Vec::new());
    for name in known {
        let lower = name.to_lowercase();
        if !asked.is_empty() && lower.contains(&asked) {
            holding.push(name);
        } else if word.len() > 2 && lower.contains(word) {
            like.push(name);
        }
    }
    holding.extend(like);
    holding.truncate(NEAR_MAX);
    holding
}
