//! The canonical key of an address: which spellings reach one mailbox, by the provider's own rules.
//!
//! Keys are for matching; they never replace the address. Domains of unknown providers keep dots and tags.

use crate::email::domain::{DomainFacts, SUBDOMAIN};
use crate::email::tables::{FITS, IGNORED, ProviderRules};

pub(super) struct ProviderKey {
    /// The key differs from the folded address and was written.
    pub(super) written: bool,
    /// The provider gives out no such local part.
    pub(super) breaks_rule: bool,
}

/// Applies a provider's rules to a folded address `local@domain`, writing the key to `out` where it differs.
pub(super) fn key(
    local: &str,
    domain: &str,
    facts: DomainFacts,
    rules: &ProviderRules,
    out: &mut String,
) -> ProviderKey {
    out.clear();
    if facts.any(SUBDOMAIN) {
        if let Some((user, home)) = domain.split_once('.') {
            out.extend([user, "@", canonical(home, rules)]);
        }
        return ProviderKey { written: !out.is_empty(), breaks_rule: false };
    }
    let base = match local.bytes().position(|b| b == rules.tag) {
        // `a.+tag`: what is left of the tag ends with a dot, which no address does.
        Some(at) if at > 0 && rules.tag != 0 => local[..at].trim_end_matches('.'),
        _ => local,
    };
    let (mut fits, mut ignored) = (FITS, 0);
    for byte in base.bytes() {
        let class = rules.class[usize::from(byte)];
        fits &= class;
        ignored += usize::from(class & IGNORED != 0);
    }
    let counted = base.len() - ignored;
    let home = canonical(domain, rules);
    let breaks_rule = fits == 0 || counted < rules.rule.min || counted > rules.rule.max;
    // An apostrophe that came to stand first would be read as a spreadsheet's.
    let first = base.bytes().find(|byte| rules.class[usize::from(*byte)] & IGNORED == 0);
    let keep = ignored == 0 || counted == 0 || first == Some(b'\'');
    if keep && base.len() == local.len() && home == domain {
        return ProviderKey { written: false, breaks_rule };
    }
    if keep {
        out.push_str(base);
    } else {
        out.extend(base.split(|c: char| c.is_ascii() && rules.class[c as usize] & IGNORED != 0));
    }
    out.push('@');
    out.push_str(home);
    ProviderKey { written: true, breaks_rule }
}

fn canonical<'r>(domain: &'r str, rules: &'r ProviderRules) -> &'r str {
    if rules.rule.canonical.is_empty() { domain } else { &rules.rule.canonical }
}
