//! Questions about many rows at once, put to an index together: what waits for memory waits together.
//!
//! Only tells which rows some entry speaks of; what it says of them is asked one by one.

use super::index::{Entry, Index, KINDS, Kind};
use super::{EmailForms, Form, PhoneForms};

/// Questions that were put and are not yet answered.
#[derive(Debug, Default)]
pub struct Questions {
    /// By kind: what is looked for, and the rows that are asked about.
    keys: [(Vec<u64>, Vec<u32>); KINDS],
    /// Rows that are answered already.
    spoken_of: Vec<u32>,
}

impl Questions {
    fn put(&mut self, row: u32, kind: Kind, key: u64) {
        let (keys, rows) = &mut self.keys[kind as usize];
        keys.push(key);
        rows.push(row);
    }
}

impl Index {
    /// Puts the question whether an entry speaks of an address of that row.
    pub fn put_email(&self, questions: &mut Questions, row: u32, forms: &EmailForms<'_>, domain: &str) {
        self.email_keys(forms, |kind, key, _: Entry| questions.put(row, kind, key));
        self.domains_of(forms, domain, &mut |_| questions.spoken_of.push(row));
    }

    /// Puts the question whether an entry speaks of a number of that row.
    pub fn put_phone(&self, questions: &mut Questions, row: u32, forms: &PhoneForms<'_>) {
        self.phone_keys(forms, |kind, key, _: Entry| questions.put(row, kind, key));
    }

    /// Puts the question whether an entry speaks of a household or house of that row.
    pub fn put_house(&self, questions: &mut Questions, row: u32, house: &str) {
        self.house(house, |_| questions.spoken_of.push(row));
    }

    /// Puts the question whether an entry is the digest of a cell of that row as it stands there.
    pub fn put_as_typed(&self, questions: &mut Questions, row: u32, text: &[u8]) {
        self.digest_keys(Form::AsTyped, text, &mut |kind, key, _: Entry| questions.put(row, kind, key));
    }

    /// Hands on every row that an entry speaks of, in no order, some more than once; no question is left.
    pub fn answer(&self, questions: &mut Questions, mut spoken_of: impl FnMut(u32)) {
        questions.spoken_of.drain(..).for_each(&mut spoken_of);
        for (set, (keys, rows)) in self.sets.iter().zip(&mut questions.keys) {
            set.find_each(keys, |at| spoken_of(rows[at]));
            keys.clear();
            rows.clear();
        }
    }
}
