//! The lists before the vocabulary: proof that every table is the same.
use super::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    yes: Vec<String>,
    no: Vec<String>,
    no_marks: Vec<String>,
    empty: Vec<String>,
    status: BTreeMap<Meaning, Vec<String>>,
    phrases: PhraseWords,
    marks: BTreeMap<Meaning, Vec<String>>,
    tags: BTreeMap<Meaning, Vec<String>>,
    replies: BTreeMap<Meaning, Vec<String>>,
    events: BTreeMap<Meaning, Vec<String>>,
    bounces: BTreeMap<Meaning, Vec<String>>,
    channels: BTreeMap<Channel, Vec<String>>,
}

#[derive(Deserialize)]
struct PhraseWords {
    no: Vec<String>,
    unsaid: Vec<String>,
    negations: Vec<String>,
    #[serde(flatten)]
    against: BTreeMap<Meaning, Vec<String>>,
}

fn folded<T: Copy>(pairs: impl Iterator<Item = (String, T)>) -> Table<T> {
    Table::of(pairs.map(|(word, value)| (own_key(&word).into(), value)).collect())
}

fn read() -> Result<Tables, toml::de::Error> {
    let file: File = toml::from_str(include_str!("before.toml"))?;
    let plain = |list: Vec<String>| folded(list.into_iter().map(|w| (w, ())));
    let flat = |(meaning, words): (Meaning, Vec<String>)| words.into_iter().map(move |w| (w, meaning));
    let named = |(channel, words): (Channel, Vec<String>)| words.into_iter().map(move |w| (w, channel));
    let opens = file.phrases.no.into_iter().map(|w| (w, true));
    let phrases = Phrases {
        opens: folded(opens.chain(file.phrases.unsaid.into_iter().map(|w| (w, false)))),
        negations: plain(file.phrases.negations),
        against: folded(file.phrases.against.into_iter().flat_map(flat)),
        marks: folded(file.marks.into_iter().flat_map(flat)),
    };
    let mut tables = Tables {
        yes: plain(file.yes),
        no: plain(file.no),
        no_marks: plain(file.no_marks),
        phrases,
        empty: plain(file.empty),
        status: folded(file.status.into_iter().flat_map(flat)),
        channels: folded(file.channels.into_iter().flat_map(named)),
        bases: Default::default(),
    };
    tables.bases = BASES.map(|base| tables.under(base));
    tables.bases[Base::Tag as usize] = folded(file.tags.into_iter().flat_map(flat));
    tables.bases[Base::Reply as usize] = folded(file.replies.into_iter().flat_map(flat));
    tables.bases[Base::Bounce as usize] = folded(file.bounces.into_iter().flat_map(flat));
    let events = folded(file.events.into_iter().flat_map(flat));
    for base in [Base::Event, Base::Message] {
        tables.bases[base as usize] = events.or(tables.of_base(base));
    }
    Ok(tables)
}

#[test]
fn every_table_is_as_it_was() {
    let (old, new) = (read().unwrap(), super::read());
    assert_eq!(old.yes, new.yes);
    assert_eq!(old.no, new.no);
    assert_eq!(old.no_marks, new.no_marks);
    assert_eq!(old.empty, new.empty);
    assert_eq!(old.status, new.status);
    assert_eq!(old.channels, new.channels);
    assert_eq!(old.phrases.opens, new.phrases.opens);
    assert_eq!(old.phrases.negations, new.phrases.negations);
    assert_eq!(old.phrases.against, new.phrases.against);
    assert_eq!(old.phrases.marks, new.phrases.marks);
    assert_eq!(old.bases, new.bases);
    for (word, _) in heard(Some) {
        for base in BASES {
            assert_eq!(old.of_base(base).get(word), new.of_base(base).get(word));
            assert_eq!(old.phrases.meaning(base, word), new.phrases.meaning(base, word));
        }
    }
    let count = |tables: &Tables| tables.bases.iter().map(|t| t.entries.len()).sum::<usize>();
    assert_eq!(count(&old), count(&new));
    let old = std::time::Instant::now();
    let _ = read();
    let old = old.elapsed();
    let new = std::time::Instant::now();
    crate::data::vocabulary::again();
    let _ = super::read();
    println!("old {old:?} new {:?}", new.elapsed());
}
