//! Civil days in the city's zone.

use jiff::Timestamp;
use jiff::tz::Offset;

fn civil(ms: i64, zone_min: i32) -> jiff::civil::Date {
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let offset = Offset::from_seconds(zone_min.saturating_mul(60)).unwrap_or(Offset::UTC);
    offset.to_datetime(at).date()
}

/// The day of a time, `2026-07-08`.
pub fn day(ms: i64, zone_min: i32) -> String {
    civil(ms, zone_min).to_string()
}

/// The day of a time as case numbers write it, `20260708`.
pub fn compact(ms: i64, zone_min: i32) -> String {
    day(ms, zone_min).replace('-', "")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_day_begins_at_midnight_of_the_city() {
        // 2026-07-07T16:00Z is midnight in China.
        assert_eq!(super::day(1_783_440_000_000, 480), "2026-07-08");
        assert_eq!(super::day(1_783_440_000_000 - 1, 480), "2026-07-07");
        assert_eq!(super::compact(1_783_440_000_000, 480), "20260708");
    }
}
