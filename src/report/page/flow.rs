//! The flow picture: one bar on the left whose bands run to labelled bars on the right, all drawn to one scale.

use crate::report::wording::grouped;

/// Width of the picture in its own units; it is scaled to the page.
pub(super) const WIDTH: u32 = 440;
/// Height the whole left bar stands for.
const BAR: f64 = 230.0;
/// Where the right bars start, and how thick bars are.
const RIGHT: f64 = 118.0;
const THICK: f64 = 9.0;
/// Room for the total above the left bar, and for a label beside a right bar.
const TOP: f64 = 30.0;
const SLOT: f64 = 25.0;
const GAP: f64 = 3.0;
const GROUP_GAP: f64 = 14.0;

/// One stream to the right.
pub(super) struct FlowPart {
    /// What the label says after the number.
    pub(super) name: String,
    /// How many.
    pub(super) n: u64,
    /// Its colour: a class of the style sheet.
    pub(super) tone: &'static str,
    /// Whether it begins a new group.
    pub(super) leads: bool,
}

/// A drawn stream.
pub(super) struct FlowStream {
    pub(super) part: FlowPart,
    /// Path of the band; empty for a stream of nothing.
    pub(super) band: String,
    pub(super) y: String,
    pub(super) height: String,
    pub(super) label_y: String,
}

/// A drawn picture.
pub(super) struct Flow {
    /// Distinguishes the picture's ids on the page.
    pub(super) id: &'static str,
    pub(super) title: String,
    /// The same in words, for whoever cannot see it.
    pub(super) told: String,
    pub(super) total: String,
    pub(super) left_y: String,
    pub(super) left_height: String,
    pub(super) height: String,
    pub(super) streams: Vec<FlowStream>,
}

/// Draws `parts`, which together are the left bar, from top to bottom.
pub(super) fn draw(id: &'static str, title: &str, total: String, parts: Vec<FlowPart>) -> Flow {
    let whole: u128 = parts.iter().map(|p| u128::from(p.n)).sum();
    let scaled = |n: u64| if whole == 0 { 0.0 } else { n as f64 / whole as f64 * BAR };
    let gap = |(i, part): (usize, &FlowPart)| match part.leads {
        _ if i == 0 => 0.0,
        true => GROUP_GAP,
        false => GAP,
    };
    let gaps: Vec<f64> = parts.iter().enumerate().map(gap).collect();
    let slots: Vec<f64> = parts.iter().map(|p| scaled(p.n).max(SLOT)).collect();
    let high = slots.iter().chain(&gaps).sum::<f64>().max(BAR);
    let left_top = TOP + (high - BAR) / 2.0;
    let told: Vec<String> = parts.iter().map(|p| format!("{} {}", grouped(p.n), p.name)).collect();
    let (mut left, mut right) = (left_top, TOP);
    let mut streams = Vec::with_capacity(parts.len());
    for ((part, gap), slot) in parts.into_iter().zip(gaps).zip(slots) {
        let share = scaled(part.n);
        let shown = if part.n == 0 { 0.0 } else { share.max(1.5) };
        let middle = right + gap + slot / 2.0;
        let y = middle - shown / 2.0;
        streams.push(FlowStream {
            band: if part.n == 0 { String::new() } else { band(left, share.max(0.5), y, shown) },
            y: coordinate(y),
            height: coordinate(shown),
            label_y: coordinate(middle + 5.0),
            part,
        });
        left += share;
        right += gap + slot;
    }
    Flow {
        id,
        title: title.into(),
        told: format!("{total}: {}.", told.join(", ")),
        total,
        left_y: coordinate(left_top),
        left_height: coordinate(if whole == 0 { 1.5 } else { BAR }),
        height: coordinate(TOP + high + 4.0),
        streams,
    }
}

/// A band from the left bar at `a` (thickness `da`) to a right bar at `b` (thickness `db`).
fn band(a: f64, da: f64, b: f64, db: f64) -> String {
    let middle = f64::midpoint(THICK, RIGHT);
    format!(
        "M{THICK:.1} {a:.1}C{middle:.1} {a:.1} {middle:.1} {b:.1} {RIGHT:.1} {b:.1}V{:.1}\
         C{middle:.1} {:.1} {middle:.1} {:.1} {THICK:.1} {:.1}Z",
        b + db,
        b + db,
        a + da,
        a + da
    )
}

fn coordinate(x: f64) -> String {
    format!("{x:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(n: u64) -> FlowPart {
        FlowPart { name: "x".into(), n, tone: "yes", leads: false }
    }

    #[test]
    fn streams_of_nothing_are_named_but_not_drawn() {
        let flow = draw("a", "t", "0 rows".into(), vec![part(0), part(0)]);
        assert!(flow.streams.iter().all(|s| s.band.is_empty() && s.height == "0.0"));
        assert_eq!(flow.told, "0 rows: 0 x, 0 x.");
    }

    #[test]
    fn a_tiny_stream_is_still_seen_and_labels_keep_their_distance() {
        let flow = draw("a", "t", "all".into(), vec![part(1_000_000), part(1), part(1)]);
        assert_eq!(flow.streams[1].height, "1.5");
        let y: Vec<f64> = flow.streams.iter().map(|s| s.label_y.parse().unwrap()).collect();
        assert!(y.windows(2).all(|w| w[1] - w[0] >= SLOT), "{y:?}");
    }

    #[test]
    fn numbers_beyond_any_list_do_not_break_it() {
        let flow = draw("a", "t", "all".into(), vec![part(u64::MAX), part(u64::MAX)]);
        assert_eq!(flow.streams[0].height, "115.0");
    }
}
