//! The lists before the vocabulary: proof that every table is the same.
use super::*;
use crate::record::Channel;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct File {
    words: BTreeMap<Sense, Vec<String>>,
    proof: BTreeMap<String, Vec<String>>,
    likely: BTreeMap<String, Vec<String>>,
    likely_alone: BTreeMap<String, Vec<String>>,
    refused: BTreeMap<String, Vec<String>>,
    points: BTreeMap<String, Vec<String>>,
}

/// Words by the kind of list that they tell.
fn by_kind(table: BTreeMap<String, Vec<String>>) -> Result<Vec<(Kind, String)>, String> {
    let mut found = Vec::new();
    for (word, stems) in table {
        let kind = Kind::ALL.into_iter().find(|k| k.word() == word).ok_or(format!("no kind {word}"))?;
        found.extend(stems.iter().map(|stem| (kind, fold(stem))));
    }
    Ok(found)
}

/// Words by the channels they name; `phone` is every use of a number.
fn by_channels(table: BTreeMap<String, Vec<String>>) -> Result<Vec<(Channels, String)>, String> {
    let mut found = Vec::new();
    for (word, stems) in table {
        let channels = match (word.as_str(), Channel::from_word(&word)) {
            ("phone", _) => Channels::PHONE,
            (_, Some(channel)) => Channels::only(channel),
            (_, None) => return Err(format!("no channel {word}")),
        };
        found.extend(stems.iter().map(|stem| (channels, fold(stem))));
    }
    Ok(found)
}

fn set<T: Ord + Copy, U: Ord + Copy + std::fmt::Debug>(list: &[(T, U)]) -> BTreeSet<(U, T)> {
    list.iter().map(|(a, b)| (*b, *a)).collect()
}

#[test]
fn every_table_is_as_it_was() {
    let file: File = toml::from_str(include_str!("before_dictionary.toml")).unwrap();
    let mut senses: BTreeMap<String, Senses> = BTreeMap::new();
    for (sense, words) in file.words {
        for word in words {
            let entry = senses.entry(key(&word)).or_default();
            *entry = entry.with(sense);
        }
    }
    let mut refused = file.refused;
    let whole = refused.remove("all").unwrap_or_default();
    let new = dictionary();
    assert_eq!(senses, new.senses);
    let whole: BTreeSet<_> = whole.iter().map(|w| fold(w)).collect();
    assert_eq!(whole, new.whole.iter().map(|w| (*w).to_owned()).collect());
    fn kinds(old: BTreeMap<String, Vec<String>>, new: &Stems<Kind>) {
        let old = by_kind(old).unwrap();
        let old: BTreeSet<_> = old.iter().map(|(k, w)| (w.as_str(), *k)).collect();
        assert_eq!(old, new.iter().copied().collect());
        assert_eq!(old.len(), new.len());
    }
    kinds(file.proof, &new.proof);
    kinds(file.likely, &new.likely);
    kinds(file.likely_alone, &new.likely_alone);
    let channels = |old, new: &Stems<Channels>| {
        let old = by_channels(old).unwrap();
        let old: BTreeSet<_> = old.iter().map(|(k, w)| (w.as_str().to_owned(), k.0)).collect();
        assert_eq!(old, new.iter().map(|(w, k)| ((*w).to_owned(), k.0)).collect());
    };
    channels(refused, &new.refused);
    channels(file.points, &new.points);
    const NEGATIONS: [&str; 13] = [
        "not",
        "non",
        "no",
        "without",
        "excl",
        "excluding",
        "ohne",
        "sans",
        "sin",
        "senza",
        "minus",
        "nicht",
        "never",
    ];
    assert_eq!(BTreeSet::from(NEGATIONS), new.excluding.iter().copied().collect());
    let remarks: Vec<_> =
        include_str!("before_remarks.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let now: Vec<_> = heard(|word| word.remark).collect();
    assert_eq!(remarks.len(), now.len());
    for (line, (word, remark)) in remarks.iter().zip(now) {
        let (phrase, told) = line.split_once('\t').unwrap();
        assert_eq!(phrase, word);
        let dead = told == "dead";
        let channels = match told {
            "dead" | "all" => Channels::ALL,
            _ => told
                .split(' ')
                .filter_map(Channel::from_word)
                .map(Channels::only)
                .fold(Channels::NONE, Channels::union),
        };
        assert_eq!((remark.channels, remark.dead), (channels, dead), "{phrase}");
    }
}
