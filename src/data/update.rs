//! Replacing a built-in list at run time: what is brought is put into the form of the built-in ones, and refused
//! when it cannot be meant. Reads and writes no file.

use super::domains::{self, WordList};
use super::suffixes::public_suffix;
use crate::record::Failure;
use std::collections::BTreeSet;

/// What is said of a list besides its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Where it comes from.
    pub source: String,
    /// The day of the state it holds.
    pub date: String,
    /// Under which licence it stands.
    pub licence: String,
}

/// The built-in list of that name.
pub fn list(name: &str) -> Option<WordList<'static>> {
    domains::LISTS.iter().copied().find(|l| l.name == name && l.name != domains::CCTLD_IDN.name)
}

/// Puts a list into canonical form: head, then entries in lower case, sorted, each once. What the text itself says in
/// its head (`# source: …`) goes before `about`. Fails at an entry that cannot stand there, with fewer than half the
/// entries of the built-in list, or where a disposable list has relays, free-mail domains or public suffixes in it.
pub fn canonical(of: WordList<'_>, text: &str, about: &About) -> Result<String, Failure> {
    let brought = WordList::new(of.name, text);
    let told = |own: &str, given: &str| if own.is_empty() { given.to_owned() } else { own.to_owned() };
    let about = About {
        source: told(brought.source(), &about.source),
        date: told(brought.date(), &about.date),
        licence: told(brought.licence(), &about.licence),
    };
    if about.date.parse::<jiff::civil::Date>().is_err() {
        return Err(Failure::usage("the date of the list is not known").hint("give it as --date 2026-12-01"));
    }
    let mut words = BTreeSet::new();
    for (number, line) in (1..).zip(text.lines()) {
        let word = line.trim().to_lowercase();
        if word.is_empty() || word == "#" || word.starts_with("# ") {
            continue;
        }
        if let Some(why) = unfit(of, &word) {
            return Err(Failure::usage(why).at(format!("{}:{number}", of.name)));
        }
        words.insert(word);
    }
    let before = of.words().count();
    if words.len() * 2 < before {
        return Err(Failure::usage(format!(
            "{} entries where the built-in list has {before}: fewer than half cannot be meant",
            words.len()
        ))
        .at(of.name));
    }
    let mut out = format!("# {}\n", of.title());
    for (key, value) in [("source", &about.source), ("date", &about.date), ("licence", &about.licence)] {
        out.push_str(&format!("# {key}: {}\n", value.replace(['\n', '\r'], " ")));
    }
    for word in words {
        out.push_str(&word);
        out.push('\n');
    }
    Ok(out)
}

/// Why a word cannot be an entry of the list.
fn unfit(of: WordList<'_>, word: &str) -> Option<&'static str> {
    let holds = |list: WordList<'_>| list.words().any(|w| w == word);
    let is_domain = || {
        let tld = word.rsplit_once('.').map(|(_, tld)| tld);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
        tld.is_some_and(|tld| domains::TLDS.words().any(|t| t == tld)) && word.bytes().all(plain)
    };
    match of.name {
        "roles" | "placeholder_locals" if word.contains(['@', ' ']) => Some("not a local part"),
        "placeholders" | "roles" | "placeholder_locals" => None,
        "tlds" | "generic_cctlds" => {
            let label = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            (!word.bytes().all(label)).then_some("not a top-level domain")
        }
        "special_use" => None,
        _ if !is_domain() => Some("not a domain below a top-level domain that exists"),
        "disposable" if public_suffix(word) == word => {
            Some("a public suffix stands for many strangers' domains")
        }
        "disposable" if holds(domains::RELAY) => {
            Some("a relay forwards to a real person: it is not disposable")
        }
        "disposable" if holds(domains::FREEMAIL) => Some("people have mailboxes there: it is not disposable"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About { source: "here".into(), date: "2026-12-01".into(), licence: "CC0-1.0".into() }
    }

    fn refused(name: &str, text: &str) -> String {
        canonical(list(name).unwrap(), text, &about()).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_lists_are_canonical_already() {
        for of in domains::LISTS.iter().filter(|l| !["cctld_idn", "disposable", "freemail"].contains(&l.name))
        {
            let again = canonical(*of, of.text(), &About::default()).unwrap();
            let again = WordList::new(of.name, &again);
            assert!(again.words().eq(of.words()) && again.date() == of.date(), "{}", of.name);
        }
    }

    #[test]
    fn entries_are_put_in_order_and_the_head_is_made() {
        let relay = list("relay").unwrap();
        let text: String = relay.words().rev().map(|w| format!(" {}\n", w.to_uppercase())).collect();
        let made = canonical(relay, &(text.clone() + &text), &about()).unwrap();
        let made = WordList::new("relay", &made);
        assert!(made.words().eq(relay.words()));
        assert_eq!((made.source(), made.date(), made.licence()), ("here", "2026-12-01", "CC0-1.0"));
        assert_eq!(made.title(), relay.title());
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert!(refused("disposable", "mailinator.com\n").contains("fewer than half"));
        assert!(refused("disposable", "gmail.com\n").starts_with("disposable:1: people have mailboxes"));
        assert!(refused("disposable", "a.com\nduck.com\n").starts_with("disposable:2: a relay"));
        assert!(refused("disposable", "co.uk\n").contains("public suffix"));
        assert!(refused("disposable", "<html>\n").contains("not a domain"));
        assert!(refused("tlds", "not a label\n").contains("top-level"));
        assert!(canonical(list("relay").unwrap(), "", &About::default()).is_err());
        assert!(list("cctld_idn").is_none() && list("nothing").is_none());
    }
}
