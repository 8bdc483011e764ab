//! Bytes of temporary records: numbers in little endian, texts behind their length, days. Whatever reads gives `None`
//! for bytes that are none of ours.

use crate::record::Day;

/// Cuts `n` bytes off the front.
pub(crate) fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    bytes.split_off(..n)
}

/// Cuts the bytes of a number off the front.
pub(crate) fn array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    take(bytes, N)?.try_into().ok()
}

/// Appends bytes (below 2^32) behind their length.
pub(crate) fn put(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Cuts off bytes that stand behind their length.
pub(crate) fn get<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(array(bytes)?);
    take(bytes, length as usize)
}

/// Cuts off a text that stands behind its length.
pub(crate) fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(get(bytes)?).ok()
}

/// A day; zeros, which are no day, for none.
pub(crate) fn of_day(day: Option<Day>) -> [u8; 4] {
    day.map_or([0; 4], |day| {
        let [low, high] = day.year().to_le_bytes();
        [low, high, day.month() as u8, day.day() as u8]
    })
}

/// Cuts a day off the front; `Some(None)` where there is none.
pub(crate) fn day(bytes: &mut &[u8]) -> Option<Option<Day>> {
    let [low, high, month, day] = array(bytes)?;
    Some(Day::new(i16::from_le_bytes([low, high]), month as i8, day as i8).ok())
}
