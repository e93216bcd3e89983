//! Jiaozuo, where the two systems lie some 580 m apart.

use proptest::prelude::*;

use super::*;
use crate::text::Words;

#[test]
fn gcj02_lies_582_metres_off_at_jiaozuo() {
    let here = Wgs84 { lat: 35.2156, lon: 113.2419 };
    let there = here.to_gcj02();
    let shifted = distance_m(here, Wgs84 { lat: there.lat, lon: there.lon });
    assert!((570.0..595.0).contains(&shifted), "{shifted}");
    assert_eq!(direction(here, Wgs84 { lat: there.lat, lon: there.lon }), Words::new("东", "east"));
    assert_eq!(distance_words(shifted.round()).zh, format!("{:.0}米", shifted.round()));
}

#[test]
fn outside_china_nothing_shifts() {
    let berlin = Wgs84 { lat: 52.5, lon: 13.4 };
    assert_eq!(berlin.to_gcj02(), Gcj02 { lat: 52.5, lon: 13.4 });
}

#[test]
fn a_fix_says_its_datum_or_is_refused() {
    let read = |text: &str| serde_json::from_str::<Position>(text);
    assert!(read(r#"{"lat":35.2,"lon":113.2}"#).is_err());
    assert!(read(r#"{"datum":"wgs84","lat":95.0,"lon":113.2}"#).is_err());
    assert!(Position::new(Datum::Wgs84, f64::NAN, 0.0).is_err());
    let amap = read(r#"{"datum":"gcj02","lat":35.2,"lon":113.2,"accuracy_m":8.0}"#).unwrap();
    let kept = amap.in_wgs84();
    assert_eq!((kept.datum(), kept.accuracy_m()), (Datum::Wgs84, Some(8.0)));
    let back = kept.wgs84().to_gcj02();
    assert!((back.lat - 35.2).abs() < 1e-7 && (back.lon - 113.2).abs() < 1e-7);
}

#[test]
fn distances_and_directions_in_words() {
    let here = Wgs84 { lat: 35.0, lon: 113.0 };
    let north = Wgs84 { lat: 35.01, lon: 113.0 };
    assert!((distance_m(here, north) - 1111.95).abs() < 1.0);
    assert_eq!(
        (direction(here, north), direction(north, here)),
        (Words::new("北", "north"), Words::new("南", "south"))
    );
    assert_eq!(distance_words(320.4), Words::new("320米", "320\u{a0}m"));
    assert_eq!(distance_words(1234.0), Words::new("1.2公里", "1.2\u{a0}km"));
}

proptest! {
    #[test]
    fn there_and_back_is_within_a_centimetre(lat in 20.0..50.0_f64, lon in 80.0..130.0_f64) {
        let here = Wgs84 { lat, lon };
        prop_assert!(distance_m(here, here.to_gcj02().to_wgs84()) < 0.01);
        prop_assert!(distance_m(here, here.to_bd09().to_gcj02().to_wgs84()) < 0.01);
    }
}
