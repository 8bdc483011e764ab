//! Jaro-Winkler similarity without allocation.
//!
//! M. A. Jaro (1989), W. E. Winkler (1990): matching characters within half the longer word, transpositions
//! count half, and up to four equal leading characters pull the result towards 1 by 0.1 each.

/// Words are compared by their first 64 bytes.
const LENGTH_MAX: usize = 64;
/// Winkler's threshold: words less alike than this gain nothing from a common beginning.
const BOOST_FROM: f64 = 0.7;

/// Similarity from 0 to 1, byte by byte (folded names are nearly always ASCII).
pub(super) fn jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let (a, b) = (&a[..a.len().min(LENGTH_MAX)], &b[..b.len().min(LENGTH_MAX)]);
    let jaro = jaro(a, b);
    if jaro <= BOOST_FROM {
        return jaro;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

fn jaro(a: &[u8], b: &[u8]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut a_matched, mut b_matched) = (0u64, 0u64);
    for (i, x) in a.iter().enumerate() {
        let from = i.saturating_sub(window);
        let found = b
            .iter()
            .enumerate()
            .take(i + window + 1)
            .skip(from)
            .find(|&(j, y)| y == x && b_matched & (1 << j) == 0);
        if let Some((j, _)) = found {
            a_matched |= 1 << i;
            b_matched |= 1 << j;
        }
    }
    let matches = f64::from(a_matched.count_ones());
    if a_matched == 0 {
        return 0.0;
    }
    let (left, right) = (matched(a, a_matched), matched(b, b_matched));
    let swaps = left.iter().zip(&right).filter(|(x, y)| x != y).count() / 2;
    (matches / a.len() as f64 + matches / b.len() as f64 + (matches - swaps as f64) / matches) / 3.0
}

/// The letters whose bits are set, in order, on the stack.
fn matched(word: &[u8], bits: u64) -> [u8; LENGTH_MAX] {
    let mut letters = [0; LENGTH_MAX];
    let set = word.iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0);
    for (slot, (_, &letter)) in letters.iter_mut().zip(set) {
        *slot = letter;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::jaro_winkler;
    use proptest::prelude::*;

    #[test]
    fn winklers_own_examples() {
        // Winkler (1994), table of string comparator values.
        for (a, b, expected) in
            [("dwayne", "duane", 0.840), ("martha", "marhta", 0.961), ("dixon", "dicksonx", 0.813)]
        {
            let found = jaro_winkler(a.as_bytes(), b.as_bytes());
            assert!((found - expected).abs() < 0.001, "{a} {b}: {found}");
        }
    }

    proptest! {
        #[test]
        fn equals_the_reference(a in "[a-d]{0,12}", b in "[a-d]{0,12}") {
            let (ours, theirs) = (jaro_winkler(a.as_bytes(), b.as_bytes()), strsim::jaro_winkler(&a, &b));
            prop_assert!((ours - theirs).abs() < 1e-9, "{} {}: {} {}", a, b, ours, theirs);
        }
    }
}
