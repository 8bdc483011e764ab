//! Counts that add up: what two batches counted becomes what both counted, whichever came first.

use crate::record::Day;
use crate::report::ToSuppression;
use foldhash::HashMap;
use std::collections::BTreeMap;
use std::hash::Hash;

/// Counts to which those of another batch can be added; the order of batches never matters.
pub(crate) trait AddCounts {
    fn add(&mut self, other: &Self);
}

/// Declares structs of counts, which are added up field by field: none can be forgotten.
macro_rules! counts {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$of:meta])* $access:vis $field:ident: $type:ty,)* })+) => { $(
        $(#[$meta])*
        $vis struct $name { $($(#[$of])* $access $field: $type,)* }

        impl $crate::pipeline::kit::counts::AddCounts for $name {
            fn add(&mut self, other: &Self) {
                $($crate::pipeline::kit::counts::AddCounts::add(&mut self.$field, &other.$field);)*
            }
        }
    )+ };
}

pub(crate) use counts;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Max(pub(crate) u64);

/// The earliest day of all, if there is any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Earliest(pub(crate) Option<Day>);

impl AddCounts for u64 {
    fn add(&mut self, other: &Self) {
        *self += other;
    }
}

impl AddCounts for Max {
    fn add(&mut self, other: &Self) {
        self.0 = self.0.max(other.0);
    }
}

impl AddCounts for Earliest {
    fn add(&mut self, other: &Self) {
        self.0 = self.0.into_iter().chain(other.0).min();
    }
}

impl<T: AddCounts, const N: usize> AddCounts for [T; N] {
    fn add(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(mine, theirs)| mine.add(theirs));
    }
}

/// Position by position; the longer one gives the length.
impl<T: AddCounts + Default + Clone> AddCounts for Vec<T> {
    fn add(&mut self, other: &Self) {
        if self.len() < other.len() {
            self.resize(other.len(), T::default());
        }
        self.iter_mut().zip(other).for_each(|(mine, theirs)| mine.add(theirs));
    }
}

impl<K: Ord + Clone, T: AddCounts + Default> AddCounts for BTreeMap<K, T> {
    fn add(&mut self, other: &Self) {
        other.iter().for_each(|(key, theirs)| self.entry(key.clone()).or_default().add(theirs));
    }
}

impl<K: Eq + Hash + Clone, T: AddCounts + Default> AddCounts for HashMap<K, T> {
    fn add(&mut self, other: &Self) {
        other.iter().for_each(|(key, theirs)| self.entry(key.clone()).or_default().add(theirs));
    }
}

impl AddCounts for ToSuppression {
    fn add(&mut self, other: &Self) {
        self.same_day += other.same_day;
        self.within_2_days += other.within_2_days;
        self.within_10_days += other.within_10_days;
        self.later += other.later;
        self.undated += other.undated;
        self.not_listed += other.not_listed;
        self.longest_days = self.longest_days.max(other.longest_days);
        self.oldest_unlisted_days = self.oldest_unlisted_days.max(other.oldest_unlisted_days);
    }
}
