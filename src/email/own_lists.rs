//! Lists that the user brings: disposable domains, and domains above suspicion.

use crate::email::domain::{PUBLIC_SUFFIX, facts_of_domain};
use crate::email::tables::{ALLOWED, DISPOSABLE, EmailTables, FREEMAIL, RELAY};
use crate::record::Failure;

impl EmailTables {
    /// Adds disposable domains: one a line, `#` comments. Relays, free-mail domains and allowed ones stay what they
    /// are; returns how many entries were taken. Fails at a line that is no domain, or that is a public suffix and
    /// would condemn strangers.
    pub fn add_disposable(&mut self, name: &str, text: &str) -> Result<usize, Failure> {
        let mut domains = domains(name, text, self)?;
        domains.retain(|domain| self.flags(domain) & (RELAY | FREEMAIL | ALLOWED) == 0);
        self.add(name, &domains, DISPOSABLE);
        Ok(domains.len())
    }

    /// Adds domains that are above suspicion (one a line, `#` comments): never disposable, closed or a typo, whatever
    /// the lists say. Returns their number; fails at a line that is no domain, or a public suffix.
    pub fn allow(&mut self, name: &str, text: &str) -> Result<usize, Failure> {
        let domains = domains(name, text, self)?;
        self.add(name, &domains, ALLOWED);
        Ok(domains.len())
    }
}

/// The domains of a list, as A-labels.
fn domains(name: &str, text: &str, tables: &EmailTables) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let word = line.split('#').next().unwrap_or_default().trim().trim_start_matches('@');
        if word.is_empty() {
            continue;
        }
        let bad = |why: &str| {
            Failure::usage(why)
                .at(format!("{name}:{number}"))
                .hint("one domain a line, like example.com; # begins a comment")
        };
        let domain = idna::domain_to_ascii_strict(word).map_err(|_| bad("not a domain"))?;
        let facts = facts_of_domain(&domain, tables);
        if !domain.contains('.') || facts.fault.is_some() {
            return Err(bad("not a domain"));
        }
        if facts.any(PUBLIC_SUFFIX) {
            return Err(bad("a public suffix stands for many strangers' domains"));
        }
        found.push(domain);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_lists_add_and_allow_beats_deny() {
        let mut tables = EmailTables::builtin();
        assert_eq!(tables.allow("allow.txt", "# ours\nbeta-mail.org\n"), Ok(1));
        let taken =
            tables.add_disposable("wide.txt", "Alpha-Mail.org # seen\n@beta-mail.org\n\ngmail.com\nduck.com");
        assert_eq!(taken, Ok(1));
        assert_ne!(tables.flags("alpha-mail.org") & DISPOSABLE, 0);
        assert_eq!(tables.flags("beta-mail.org") & DISPOSABLE, 0);
        assert_eq!(tables.flags("gmail.com") & DISPOSABLE, 0);
        for bad in ["co.uk", "not a domain", "nodot", "x.nosuchtld"] {
            let failure = tables.add_disposable("wide.txt", bad).expect_err(bad);
            assert_eq!(failure.place.as_deref(), Some("wide.txt:1"));
        }
    }
}
