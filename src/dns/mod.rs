//! What DNS says of mail domains: each distinct one asked once, many at a time, never longer than the deadlines
//! allow; answers are kept in a cache file with the moment they were given.
//!
//! Knows domains only, no address and no contact. The clock is an input. It never speaks to a mail server: asking
//! one whether a mailbox exists (`RCPT TO` without a message) gets the asking host listed as a spammer's, is
//! answered with "yes" by catch-all servers and with "try later" by careful ones, and tells a third party whom one
//! is about to write to.

mod answer;
#[cfg(feature = "dns")]
mod ask;
#[cfg(not(feature = "dns"))]
#[path = "not_asked.rs"]
mod ask;
mod cache;
mod settings;

pub use answer::{DnsAnswer, DnsAnswers, Known};
pub use settings::{DnsSettings, built_in};

use crate::record::Failure;
use std::collections::BTreeSet;

/// Finds out about each domain: from the cache where it is young enough, else by asking. New facts go to the cache at
/// once. `interrupted` is asked now and then whether to give up. Fails where no server is set up, the cache cannot be
/// read or written, or the user interrupted.
pub fn look_up(
    domains: &BTreeSet<String>,
    settings: &DnsSettings,
    interrupted: &dyn Fn() -> bool,
) -> Result<DnsAnswers, Failure> {
    let mut kept = settings.cache.as_deref().map(cache::read).transpose()?.unwrap_or_default();
    let oldest = settings.now - i64::from(settings.keep_days) * 86_400;
    // What claims to come from the future was written by a wrong clock.
    kept.retain(|_, known| (oldest..=settings.now).contains(&known.at));
    let mut answers = DnsAnswers::default();
    let mut open = Vec::new();
    for domain in domains {
        match kept.get(domain) {
            Some(known) => {
                answers.known.insert(domain.clone(), *known);
            }
            None => open.push(domain.as_str()),
        }
    }
    answers.from_cache = answers.known.len();
    if !open.is_empty() {
        let asked = ask::ask(&open, settings, interrupted)?;
        answers.servers = asked.servers;
        for (domain, answer) in asked.answers {
            let known = Known { answer, at: settings.now };
            if answer.is_fact() {
                kept.insert(domain.clone(), known);
            }
            answers.known.insert(domain, known);
        }
        if let Some(path) = &settings.cache {
            cache::write(path, &kept)?;
        }
    }
    Ok(answers)
}
