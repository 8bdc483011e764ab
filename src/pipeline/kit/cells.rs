//! Cells that list several things: pieces behind each other, places, channels. Knows no column.

use crate::output::digits;
use crate::record::Channels;

/// Appends a piece to a list, behind `between` unless it is the first.
pub(crate) fn listed(text: &mut String, between: &str, piece: &str) {
    if !text.is_empty() {
        text.push_str(between);
    }
    text.push_str(piece);
}

/// Appends a place, `crm.csv:2`; without a line the name alone.
pub(crate) fn place(text: &mut String, name: &str, line: u32) {
    text.push_str(name);
    if line > 0 {
        text.extend([":", digits(u64::from(line), &mut [0; 20])]);
    }
}

/// Channels as outputs write them.
pub(crate) fn channel_words(channels: Channels, text: &mut String) {
    text.clear();
    channels.iter().for_each(|channel| listed(text, " ", channel.word()));
}
