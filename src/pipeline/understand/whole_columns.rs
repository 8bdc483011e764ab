//! What the cells of some columns look like in a whole file: asked where the sample leaves open whether a column speaks of
//! permission.
//!
//! Knows columns and their cells; not what becomes of them.

use crate::mapping::column_profile::{ColumnProfile, speaks_of_permission};
use crate::source::{Block, Cells, Dialect, State};
use foldhash::HashMap;

/// Different texts of a column that are counted; a column with more holds no answers, and is searched for words of
/// permission only.
const TEXTS: usize = 4096;

/// The texts of some columns.
pub(crate) struct WholeColumns {
    columns: Vec<(u16, HashMap<Box<str>, u32>, ColumnProfile)>,
}

impl WholeColumns {
    /// Of these columns.
    pub(crate) fn new(columns: &[u16]) -> Self {
        let column = |at: &u16| (*at, HashMap::default(), ColumnProfile::default());
        Self { columns: columns.iter().map(column).collect() }
    }

    /// Counts the rows of a block.
    pub(crate) fn block(&mut self, block: &Block, dialect: &Dialect, cells: &mut Cells) {
        for record in block.records.iter().filter(|record| record.state != State::Header) {
            let (_, row) = block.row(record, dialect, cells);
            for (at, texts, rest) in &mut self.columns {
                let cell = row.get(usize::from(*at));
                let room = texts.len() < TEXTS;
                match texts.get_mut(cell) {
                    Some(count) => *count = count.saturating_add(1),
                    None if room => drop(texts.insert(cell.into(), 1)),
                    None if speaks_of_permission(cell) => rest.see(cell),
                    None => {}
                }
            }
        }
    }

    /// What each column looks like.
    pub(crate) fn looks(self) -> Vec<(u16, ColumnProfile)> {
        let look = |(at, texts, mut look): (u16, HashMap<Box<str>, u32>, ColumnProfile)| {
            // In the order of the texts: what is kept of them must not follow a random order.
            let mut texts: Vec<_> = texts.into_iter().collect();
            texts.sort_unstable();
            texts.iter().for_each(|(text, times)| look.see_times(text, *times));
            (at, look)
        };
        self.columns.into_iter().map(look).collect()
    }
}
