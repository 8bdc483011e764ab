//! Lookups for many rows at once: what waits for memory waits together.
//!
//! Finds the rows that have an entry; the entries themselves are looked up row by row.

use super::index::{EntryKind, Index, KINDS, MatchedBy};
use super::{EmailForms, Form, PhoneForms};

/// Lookups that wait to be made together.
#[derive(Debug, Default)]
pub struct BatchedLookups {
    /// By kind: keys that are looked up, and their rows.
    keys: [(Vec<u64>, Vec<u32>); KINDS],
    /// Rows of which an entry was found already.
    found: Vec<u32>,
}

impl BatchedLookups {
    fn put(&mut self, row: u32, kind: EntryKind, key: u64) {
        let (keys, rows) = &mut self.keys[kind as usize];
        keys.push(key);
        rows.push(row);
    }
}

impl Index {
    /// Adds the lookup of an address of that row.
    pub fn look_up_email(
        &self,
        lookups: &mut BatchedLookups,
        row: u32,
        forms: &EmailForms<'_>,
        domain: &str,
    ) {
        self.email_keys(forms, |kind, key, _: MatchedBy| lookups.put(row, kind, key));
        self.domains_of(forms, domain, &mut |_| lookups.found.push(row));
    }

    /// Adds the lookup of a number of that row.
    pub fn look_up_phone(&self, lookups: &mut BatchedLookups, row: u32, forms: &PhoneForms<'_>) {
        self.phone_keys(forms, |kind, key, _: MatchedBy| lookups.put(row, kind, key));
    }

    /// Adds the lookup of a household or house of that row.
    pub fn look_up_house(&self, lookups: &mut BatchedLookups, row: u32, house: &str) {
        self.house(house, |_| lookups.found.push(row));
    }

    /// Adds the lookup of the digests of a cell of that row as it stands there.
    pub fn look_up_as_typed(&self, lookups: &mut BatchedLookups, row: u32, text: &[u8]) {
        self.digest_keys(Form::AsTyped, text, &mut |kind, key, _: MatchedBy| lookups.put(row, kind, key));
    }

    /// Makes all lookups, of which none is left, and hands on every row of which an entry is found: in no order, some
    /// more than once.
    pub fn look_up_all(&self, lookups: &mut BatchedLookups, mut found: impl FnMut(u32)) {
        lookups.found.drain(..).for_each(&mut found);
        for (set, (keys, rows)) in self.sets.iter().zip(&mut lookups.keys) {
            set.find_each(keys, |at| found(rows[at]));
            keys.clear();
            rows.clear();
        }
    }
}
