use super::time::*;
use super::*;
use crate::Moment;
use proptest::prelude::*;

#[test]
fn numbers_are_plain_digits() {
    for (number, text) in [
        (4.0, "4"),
        (100.0 * 1.1, "110"),
        (0.1 + 0.2, "0.3"),
        (1e-5, "0.00001"),
        (1e20, "100000000000000000000"),
        (12_345_678.9, "12345678.9"),
        (-0.0, "0"),
        (-2.5, "-2.5"),
        (f64::NAN, "NaN"),
    ] {
        assert_eq!(number_text(number), text);
    }
}

#[test]
fn only_xpath_numbers_are_numbers() {
    assert_eq!(xpath_number(" -3.5 "), Some(-3.5));
    assert_eq!(xpath_number(".5"), Some(0.5));
    for text in ["", "1e2", "+3", "1.2.3", "-", ".", "0x1", "NaN", "inf"] {
        assert_eq!(xpath_number(text), None, "{text}");
    }
}

#[test]
fn a_date_is_the_same_day_east_and_west_of_greenwich() {
    for offset in [-600, 0, 480, 840] {
        assert_eq!(day_number("2026-01-31", offset), Some(20_484.0));
    }
    assert!(day_number("2026-02-30", 0).is_none() && day_number("2026-2", 0).is_none());
}

#[test]
fn now_is_later_than_today_in_every_offset() {
    for offset_minutes in [-600, 0, 480] {
        let moment = Moment { unix_ms: 1_772_668_800_123, offset_minutes };
        let now = day_number(&moment_text(moment), offset_minutes).unwrap();
        let midnight = day_number(&date_text(today(moment)), offset_minutes).unwrap();
        assert!((0.0..1.0).contains(&(now - midnight)), "{offset_minutes}");
    }
}

#[test]
fn codes_of_format_date() {
    let ms = days(date_of("2026-03-05").unwrap()) * DAY_MS + 7 * 3_600_000 + 8 * 60_000 + 9_010;
    assert_eq!(
        format(ms, "%Y年%n月%e日 %a %b %y-%m-%d", Calendar::of("English")),
        "2026年3月5日 Thu Mar 26-03-05"
    );
    assert_eq!(format(ms, "%H:%M:%S.%3 %h %% %W", Calendar::of("English")), "07:08:09.010 7 % %W");
}

#[test]
fn places_and_areas_keep_their_rules() {
    assert!(ValueType::GeoPoint.accepts("31.2 121.4 0 5") && ValueType::GeoPoint.accepts("31.2 121.4"));
    assert!(!ValueType::GeoPoint.accepts("95 10 0 0") && !ValueType::GeoPoint.accepts("x y"));
    assert!(ValueType::GeoShape.accepts("0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0"));
    assert!(!ValueType::GeoShape.accepts("0 0 0 0; 0 1 0 0; 1 1 0 0; 2 2 0 0"));
}

proptest! {
    #[test]
    fn digits_are_read_as_rust_reads_them(text in "-?[0-9]{1,22}") {
        let read = xpath_number(&text).unwrap();
        prop_assert_eq!(read.to_bits(), text.parse::<f64>().unwrap().to_bits());
    }

    #[test]
    fn days_and_dates_are_each_others_inverse(day in -700_000i64..700_000) {
        prop_assert_eq!(days(civil(day)), day);
    }
    #[test]
    fn dates_and_times_of_any_text_never_panic(text in "[0-9TZ:+. -]{0,30}") {
        let _ = (date_of(&text), time_of(&text), instant_of(&text, 480), day_number(&text, -60), points(&text));
    }
    #[test]
    fn a_number_comes_back_from_its_text(number in -1e12f64..1e12) {
        let back: f64 = number_text(number).parse().unwrap();
        prop_assert!((back - number).abs() <= number.abs() * 1e-14);
    }
}
