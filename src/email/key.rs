//! The canonical key of an address: which spellings reach one mailbox, by the provider's own rules.
//!
//! Keys are for matching; they never replace the address. Domains of unknown providers keep dots and tags.

use super::domain::DomainFacts;
use super::tables::Rules;

/// What a provider's rules say about a local part.
pub(super) struct Keyed {
    /// The key differs from the folded address and was written.
    pub(super) written: bool,
    /// The provider gives out no such local part.
    pub(super) breaks_rule: bool,
}

/// Applies a provider's rules to a folded address `local@domain`, writing the key to `out` where it differs.
pub(super) fn key(local: &str, domain: &str, facts: DomainFacts, rules: &Rules, out: &mut String) -> Keyed {
    out.clear();
    if facts.subdomain {
        if let Some((user, home)) = domain.split_once('.') {
            out.push_str(user);
            out.push('@');
            out.push_str(canonical(home, rules));
        }
        return Keyed { written: !out.is_empty(), breaks_rule: false };
    }
    let base = match local.bytes().position(|b| b == rules.tag) {
        Some(at) if at > 0 && rules.tag != 0 => &local[..at],
        _ => local,
    };
    let (mut counted, mut ignored, mut strange) = (0, 0, false);
    for byte in base.bytes() {
        let bit = 1u128.checked_shl(u32::from(byte)).unwrap_or(0);
        ignored += usize::from(rules.ignore & bit != 0);
        counted += usize::from(rules.ignore & bit == 0);
        strange |= rules.alphabet & bit == 0;
    }
    let home = canonical(domain, rules);
    let breaks_rule = strange || counted < rules.rule.min || counted > rules.rule.max;
    let same = base.len() == local.len() && home == domain && (ignored == 0 || counted == 0);
    if same {
        return Keyed { written: false, breaks_rule };
    }
    if counted == 0 {
        out.push_str(base);
    } else {
        out.extend(base.chars().filter(|c| !c.is_ascii() || rules.ignore & (1 << (*c as u32)) == 0));
    }
    out.push('@');
    out.push_str(home);
    Keyed { written: true, breaks_rule }
}

fn canonical<'r>(domain: &'r str, rules: &'r Rules) -> &'r str {
    if rules.rule.canonical.is_empty() { domain } else { &rules.rule.canonical }
}
