use crate::mapping::dates::*;
use crate::reason::Reason;
use crate::record::{DateOrder, Precision, Stamp, When};
use jiff::civil::{DateTime, date};
use proptest::prelude::*;

fn rules(order: DateOrder) -> DateRules {
    DateRules { order, ..DateRules::default() }
}

fn shown(cell: &str, rules: DateRules) -> String {
    match parse(cell, rules) {
        Stamp::Absent => "absent".to_owned(),
        Stamp::Unreadable => "unreadable".to_owned(),
        Stamp::Known(when) => when.text(),
        Stamp::Either { day_month, month_day, .. } => format!("{} or {}", day_month.text(), month_day.text()),
    }
}

#[test]
fn cells_as_files_write_them() {
    for (cell, expected) in [
        ("2026-11-21", "2026-11-21"),
        (" 2026-11-21 ", "2026-11-21"),
        ("2026-11-21T10:15:00Z", "2026-11-21T10:15:00Z"),
        ("2026-11-21 10:15", "2026-11-21T10:15:00"),
        ("2024-03-12T09:14:00.000Z", "2024-03-12T09:14:00Z"),
        ("2019-12-17T08:58:33-05:00", "2019-12-17T13:58:33Z"),
        ("2026-05-01T10:00:00+0200", "2026-05-01T08:00:00Z"),
        ("2023-03-24 10:23:10 UTC", "2023-03-24T10:23:10Z"),
        ("2021-02-04 07:55:20 +0000", "2021-02-04T07:55:20Z"),
        ("2026-07-21 12:53:04.123456 +0000 UTC", "2026-07-21T12:53:04Z"),
        ("2026-07-21 12:53:04 +0200 CEST", "2026-07-21T10:53:04Z"),
        ("20110122T111244", "2011-01-22T11:12:44"),
        ("20110122T111244Z", "2011-01-22T11:12:44Z"),
        ("20110122", "2011-01-22"),
        ("20110122111244", "2011-01-22T11:12:44"),
        ("Fri, 21 Oct 2011 11:02:55 GMT", "2011-10-21T11:02:55Z"),
        ("21 Oct 2011 11:02:55 +0200", "2011-10-21T09:02:55Z"),
        ("1790083507", "2026-09-22T13:25:07Z"),
        ("1790083507000", "2026-09-22T13:25:07Z"),
        ("12 Mar 2025", "2025-03-12"),
        ("March 12, 2025", "2025-03-12"),
        ("Mar 12th, 2025", "2025-03-12"),
        ("12-Mar-25", "2025-03-12"),
        ("4. März 2025", "2025-03-04"),
        ("4 de marzo de 2025", "2025-03-04"),
        ("mar. 4 avr. 2025", "2025-04-04"),
        ("1er août 2025", "2025-08-01"),
        ("4. helmikuuta 2025", "2025-02-04"),
        ("Mon Mar 10 09:08:07 2025", "2025-03-10T09:08:07"),
        ("2025年3月4日", "2025-03-04"),
        ("2025/3/4", "2025-03-04"),
        ("2025. 3. 4.", "2025-03-04"),
        ("04.03.2025", "2025-03-04"),
        ("4. 3. 2025", "2025-03-04"),
        ("04.03.2025 18:30", "2025-03-04T18:30:00"),
        ("11/29/24 22:28", "2024-11-29T22:28:00"),
        ("13/04/2025", "2025-04-13"),
        ("04/13/2025 1:05 PM", "2025-04-13T13:05:00"),
        ("04/13/2025 12:05 a.m.", "2025-04-13T00:05:00"),
        ("03/04/2025", "2025-04-03 or 2025-03-04"),
        ("3-4-25", "2025-04-03 or 2025-03-04"),
        ("03/03/2025", "2025-03-03"),
        ("01/01/69", "1969-01-01"),
        ("01/01/68", "2068-01-01"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", "unreadable"),
        ("31/02/2024", "unreadable"),
        ("2024-13-01", "unreadable"),
        ("2024-01-01T25:00:00Z", "unreadable"),
        ("2024-01-01 10:00 somewhere", "unreadable"),
        ("45718", "unreadable"),
        ("2024", "unreadable"),
        ("yes", "unreadable"),
        ("call me on 3 March 2025", "unreadable"),
        ("0000-00-00", "absent"),
        ("0000-00-00 00:00:00", "absent"),
        ("0/0/00", "absent"),
        ("null", "absent"),
        ("", "absent"),
    ] {
        assert_eq!(shown(cell, DateRules::default()), expected, "{cell}");
    }
}

#[test]
fn a_known_order_settles_a_cell() {
    assert_eq!(shown("03/04/2025", rules(DateOrder::DayMonth)), "2025-04-03");
    assert_eq!(shown("03/04/2025", rules(DateOrder::MonthDay)), "2025-03-04");
    assert_eq!(shown("03/25/2025", rules(DateOrder::DayMonth)), "2025-03-25");
    assert_eq!(shown("03.04.2025", rules(DateOrder::MonthDay)), "2025-04-03");
    let counted = DateRules { counted: true, ..DateRules::default() };
    assert_eq!(shown("03.04.2025", counted), "2025-04-03 or 2025-03-04");
    let utc = DateRules { utc: true, ..DateRules::default() };
    assert_eq!(shown("2025-03-04 10:00:00", utc), "2025-03-04T10:00:00Z");
    let unix = DateRules { unix: true, ..DateRules::default() };
    assert_eq!(shown("1000000000", unix), "2001-09-09T01:46:40Z");
}

#[test]
fn votes_of_a_column() {
    let verdict = |cells: &[&str]| {
        let mut votes = OrderVotes::default();
        cells.iter().for_each(|c| votes.see(c));
        votes.verdict()
    };
    assert_eq!(verdict(&["03/04/2025", "25/04/2025"]), DateOrder::DayMonth);
    assert_eq!(verdict(&["03/04/2025", "04/25/2025"]), DateOrder::MonthDay);
    assert_eq!(verdict(&["03/04/2025", "04.25.2025", "2025-04-25"]), DateOrder::Unknown);
    assert_eq!(verdict(&["25/04/2025", "04/25/2025"]), DateOrder::Unknown);
    assert_eq!(verdict(&["99/99/2025", "x", ""]), DateOrder::Unknown);
    // With dots the day comes first, unless the column shows that it does not.
    assert_eq!(verdict(&["03.04.2025", "01.02.2025"]), DateOrder::DayMonth);
    assert_eq!(verdict(&["03.04.2025", "04.25.2025"]), DateOrder::MonthDay);
    assert_eq!(verdict(&["25.04.2025", "04.25.2025"]), DateOrder::Unknown);
    assert_eq!(verdict(&["03.04.2025", "25/04/2025"]), DateOrder::DayMonth);
    assert_eq!(verdict(&["03.04.2025", "04/25/2025"]), DateOrder::Unknown);
}

#[test]
fn reasons_hit_and_near_misses_miss() {
    for reason in Reason::ALL.iter().filter(|r| r.family() == "date") {
        assert!(!reason.hits().is_empty(), "{} has no example", reason.id());
        for hit in reason.hits() {
            assert_eq!(trouble(hit, DateRules::default()), Some(*reason), "{hit}");
        }
        for miss in reason.near_misses() {
            assert_ne!(trouble(miss, DateRules::default()), Some(*reason), "{miss}");
        }
    }
}

fn some_moment() -> impl Strategy<Value = DateTime> {
    (1000i16..=9999, 1i8..=12, 1i8..=28, 0i8..=23, 0i8..=59, 0i8..=59)
        .prop_map(|(y, m, d, h, i, s)| date(y, m, d).at(h, i, s, 0))
}

proptest! {
    #[test]
    fn what_jiff_writes_we_read(at in some_moment(), offset in -12i8..=14) {
        let zoned = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(offset))).unwrap();
        let instant = When { seconds: zoned.timestamp().as_second(), precision: Precision::Instant };
        let local = When {
            seconds: at.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second(),
            precision: Precision::Local,
        };
        let day = When { seconds: local.seconds.div_euclid(86_400) * 86_400, precision: Precision::Day };
        for (pattern, expected) in [
            ("%Y-%m-%dT%H:%M:%S%:z", instant),
            ("%Y-%m-%d %H:%M:%S %z", instant),
            ("%a, %d %b %Y %H:%M:%S %z", instant),
            ("%Y-%m-%dT%H:%M:%S", local),
            ("%Y%m%dT%H%M%S", local),
            ("%d %B %Y %H:%M:%S", local),
            ("%a %b %e %H:%M:%S %Y", local),
            ("%Y-%m-%d", day),
            ("%Y%m%d", day),
            ("%d.%m.%Y", day),
            ("%B %e, %Y", day),
            ("%Y/%m/%d", day),
        ] {
            let text = zoned.strftime(pattern).to_string();
            prop_assert_eq!(parse(&text, DateRules::default()), Stamp::Known(expected), "{}", text);
        }
        let month_first = zoned.strftime("%m/%d/%Y %I:%M:%S %p").to_string();
        prop_assert_eq!(parse(&month_first, rules(DateOrder::MonthDay)), Stamp::Known(local), "{}", month_first);
        let day_first = zoned.strftime("%d/%m/%Y %H:%M:%S").to_string();
        prop_assert_eq!(parse(&day_first, rules(DateOrder::DayMonth)), Stamp::Known(local), "{}", day_first);
    }

    #[test]
    fn nothing_panics(cell in "\\PC{0,40}", digits in "[0-9/.: TZ+-]{0,30}") {
        let _ = parse(&cell, DateRules::default());
        let _ = parse(&digits, DateRules { unix: true, utc: true, ..DateRules::default() });
        let mut votes = OrderVotes::default();
        votes.see(&cell);
        votes.see(&digits);
        let _ = trouble(&digits, DateRules::default());
    }

    #[test]
    fn days_of_jiff_are_ours(y in 1000i16..=9999, m in 1i8..=12, d in 1i8..=31) {
        let text = format!("{y:04}-{m:02}-{d:02}");
        let ours = parse(&text, DateRules::default());
        match jiff::civil::Date::new(y, m, d) {
            Ok(day) => prop_assert_eq!(ours, Stamp::Known(When::day(day))),
            Err(_) => prop_assert_eq!(ours, Stamp::Unreadable),
        }
    }
}
