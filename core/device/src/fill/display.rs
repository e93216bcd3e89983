//! Answers as people read them, where the form engine gives what is stored.

use xuncha_casework::format;
use xuncha_forms::QuestionKind;

/// Days, moments and places in words; anything else as the engine displays it.
pub(super) fn answer(kind: QuestionKind, raw: &str, displayed: String, english: bool) -> String {
    let said = match kind {
        _ if english => None,
        QuestionKind::Date => day(raw),
        QuestionKind::DateTime => {
            day(raw).zip(clock(raw.get(11..))).map(|(day, clock)| format!("{day}{clock}"))
        }
        QuestionKind::Time => clock(Some(raw)),
        QuestionKind::GeoPoint => place(raw),
        _ => None,
    };
    said.unwrap_or(displayed)
}

/// `2026年7月8日（周三）`.
fn day(raw: &str) -> Option<String> {
    let date: jiff::civil::Date = raw.get(..10)?.parse().ok()?;
    Some(format!("{}年{}", date.year(), format::month_day_weekday(date)))
}

/// `14:30`.
fn clock(raw: Option<&str>) -> Option<String> {
    let time = raw?.get(..5)?;
    time.contains(':').then(|| time.to_owned())
}

/// `北纬35.21000，东经113.24000，约8米，WGS-84`: a geopoint is stored as latitude, longitude, altitude, accuracy.
fn place(raw: &str) -> Option<String> {
    let mut parts = raw.split_ascii_whitespace().map(str::parse::<f64>);
    let (lat, lon) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let north = if lat < 0.0 { "南纬" } else { "北纬" };
    let east = if lon < 0.0 { "西经" } else { "东经" };
    let around = match parts.nth(1) {
        Some(Ok(metres)) if metres > 0.0 => format!("，约{metres:.0}米"),
        _ => String::new(),
    };
    Some(format!("{north}{:.5}，{east}{:.5}{around}，WGS-84", lat.abs(), lon.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_moments_and_places_are_read_as_offices_write_them() {
        let said = |kind, raw: &str| answer(kind, raw, "stored".into(), false);
        assert_eq!(said(QuestionKind::Date, "2026-07-08"), "2026年7月8日（周三）");
        assert_eq!(
            said(QuestionKind::DateTime, "2026-07-08T14:30:00.000+08:00"),
            "2026年7月8日（周三）14:30"
        );
        assert_eq!(said(QuestionKind::Time, "09:05:00.000+08:00"), "09:05");
        assert_eq!(
            said(QuestionKind::GeoPoint, "35.21 113.24 0 8"),
            "北纬35.21000，东经113.24000，约8米，WGS-84"
        );
        assert_eq!(said(QuestionKind::GeoPoint, "-1 -2 0 0"), "南纬1.00000，西经2.00000，WGS-84");
        // What is no day or place is shown as it is.
        assert_eq!(said(QuestionKind::Date, "明天"), "stored");
        assert_eq!(said(QuestionKind::GeoPoint, "这里"), "stored");
        assert_eq!(answer(QuestionKind::Date, "2026-07-08", "2026-07-08".into(), true), "2026-07-08");
    }
}
