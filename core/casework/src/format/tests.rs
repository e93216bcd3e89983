//! Dates and numbers as the wording guide writes them.

use super::*;

/// 2026-07-08 14:30 in Beijing.
const NOW: i64 = 1_783_492_200_000;
const HOUR: i64 = 3_600_000;

fn bureau() -> Calendar {
    Calendar::parse(
        r#"{"id":"b","version":1,"zone":"Asia/Shanghai","office_hours":[["08:00","18:00"]],"weekdays":[1]}"#,
    )
    .unwrap()
}

#[test]
fn dates() {
    let calendar = bureau();
    assert_eq!(long(NOW, &calendar), "2026年7月8日（周三）14:30");
    assert_eq!(table(NOW - 6 * HOUR, &calendar), "2026-07-08 08:30");
    assert_eq!(near(NOW + 3 * HOUR, NOW, &calendar), "今天17:30");
    assert_eq!(near(NOW - 24 * HOUR, NOW, &calendar), "昨天14:30");
    assert_eq!(near(NOW + 18 * HOUR, NOW, &calendar), "明天8:30");
    assert_eq!(near(NOW + 72 * HOUR, NOW, &calendar), "7月11日14:30");
    assert_eq!(near(NOW - 365 * 24 * HOUR, NOW, &calendar), "2025年7月8日14:30");
    assert_eq!(ago(NOW - HOUR / 5, NOW, &calendar), "12分钟前（14:18）");
    assert_eq!(ago(NOW - HOUR, NOW, &calendar), "今天13:30");
}

#[test]
fn numbers() {
    assert_eq!([count(7), count(999), count(1204), count(1_234_567)], ["7", "999", "1,204", "1,234,567"]);
    assert_eq!(percent(12_418, 14_577).as_deref(), Some("85.2%"));
    assert_eq!(percent(174, 180).as_deref(), Some("96.7%"));
    assert_eq!(percent(0, 0), None);
    let day = 8 * HOUR;
    assert_eq!(amount(Clock::WorkingDays, 11 * HOUR, day), "1工作日3工作时");
    assert_eq!(amount(Clock::WorkingDays, 3 * HOUR, day), "3个工作时");
}

#[test]
fn in_english() {
    let calendar = bureau();
    assert_eq!(english::near(NOW + 3 * HOUR, NOW, &calendar), "today 17:30");
    assert_eq!(english::near(NOW - 24 * HOUR, NOW, &calendar), "yesterday 14:30");
    assert_eq!(english::near(NOW + 18 * HOUR, NOW, &calendar), "tomorrow 8:30");
    assert_eq!(english::near(NOW + 72 * HOUR, NOW, &calendar), "11 Jul 14:30");
    assert_eq!(english::near(NOW - 365 * 24 * HOUR, NOW, &calendar), "8 Jul 2025 14:30");
    assert_eq!(english::month_day_weekday(civil(NOW, &calendar).date()), "Wed 8 Jul");
    let day = 8 * HOUR;
    assert_eq!(english::amount(Clock::WorkingDays, 11 * HOUR, day), "1 working day 3 working hours");
    assert_eq!(english::amount(Clock::WorkingHours, HOUR + 40 * 60_000, day), "1 working hour 40 min");
    assert_eq!(english::amount(Clock::UrgentHours, HOUR + 35 * 60_000, day), "1 h 35 min");
    assert_eq!(english::limit(Limit { clock: Clock::WorkingHours, amount: 1 }), "1 working hour");
    assert_eq!(english::limit(Limit { clock: Clock::WorkingDays, amount: 5 }), "5 working days");
}
