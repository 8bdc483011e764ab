//! Public suffixes: the names under which strangers register their domains, such as `com` and `co.uk`.
//!
//! Knows the rules of the list (<https://publicsuffix.org/list/>) and nothing of addresses. Domains are in lower case,
//! as A-labels, without a dot at the end.

use foldhash::{HashMap, HashMapExt};
use std::sync::LazyLock;

const LIST: &str = include_str!("public_suffixes.txt");

/// What the list says of a name.
#[derive(Debug, Clone, Copy, Default)]
struct SuffixRules {
    /// The name is a suffix.
    itself: bool,
    /// Every name right below it is one.
    below: bool,
    /// It is none, whatever the name above says of those below.
    exception: bool,
}

static RULES: LazyLock<HashMap<&str, SuffixRules>> = LazyLock::new(|| {
    let mut rules = HashMap::with_capacity(LIST.len() / 14);
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("*.") {
            rules.entry(name).or_insert_with(SuffixRules::default).below = true;
        } else if let Some(name) = line.strip_prefix('!') {
            rules.entry(name).or_insert_with(SuffixRules::default).exception = true;
        } else {
            rules.entry(line).or_insert_with(SuffixRules::default).itself = true;
        }
    }
    rules
});

/// The public suffix a domain ends in: the longest that a rule makes one; its last label where there is none.
pub fn public_suffix(domain: &str) -> &str {
    let (mut suffix, mut above, mut below) = ("", "", false);
    for start in domain.rmatch_indices('.').map(|(dot, _)| dot + 1).chain([0]) {
        let name = &domain[start..];
        let rules = RULES.get(name).copied().unwrap_or_default();
        if rules.exception {
            return above;
        }
        if rules.itself || below || suffix.is_empty() {
            suffix = name;
        }
        (above, below) = (name, rules.below);
    }
    suffix
}

/// The domain somebody registered: the public suffix and the label before it. `None` for a public suffix.
pub fn registered_domain(domain: &str) -> Option<&str> {
    let above = domain.len().checked_sub(public_suffix(domain).len() + 1)?;
    let start = domain[..above].rfind('.').map_or(0, |dot| dot + 1);
    Some(&domain[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_registered_below_public_suffixes() {
        for (registered, domains) in [
            // `*.firenet.ch` holds beside the longer `*.svc.firenet.ch`.
            (None, "com; co.uk; github.io; svc.firenet.ch"),
            (Some("example.com"), "example.com; b.example.com"),
            (Some("b.co.uk"), "a.b.co.uk"),
            (Some("gmail.com"), "gmail.com"),
            (Some("a.github.io"), "a.github.io"),
            // `*.ck`, and `!www.ck`.
            (None, "ck; test.ck"),
            (Some("b.test.ck"), "b.test.ck"),
            (Some("www.ck"), "www.ck; www.www.ck"),
            (Some("city.kobe.jp"), "city.kobe.jp"),
            (Some("a.b.kobe.jp"), "a.b.kobe.jp"),
            (Some("kobe.jp"), "kobe.jp"),
            // Under no rule: the last label.
            (None, "example"),
            (Some("b.example"), "a.b.example"),
            (Some("xn--85x722f.xn--55qx5d.cn"), "xn--85x722f.xn--55qx5d.cn"),
        ] {
            let each = domains.split("; ");
            each.for_each(|domain| assert_eq!(registered_domain(domain), registered, "{domain}"));
        }
    }

    #[test]
    fn rules_are_sorted_unique_and_in_a_labels() {
        let rules: Vec<&str> = LIST.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rules.len() > 10_000 && rules.is_sorted_by(|a, b| a < b));
        for rule in rules {
            let name = rule.trim_start_matches("*.").trim_start_matches('!');
            assert_eq!(idna::domain_to_ascii_strict(name).unwrap(), name);
        }
    }
}
