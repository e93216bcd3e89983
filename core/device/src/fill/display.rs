//! Answers as people read them, where the form engine gives what is stored.

use jiff::civil::Date;
use xuncha_casework::format;
use xuncha_forms::QuestionKind;

/// Days, moments, places and several choices in words; anything else as the engine displays it.
pub(super) fn answer(kind: QuestionKind, raw: &str, displayed: String, english: bool) -> String {
    let day = |raw| if english { day_en(raw) } else { day_zh(raw) };
    let said = match kind {
        QuestionKind::Date => day(raw),
        QuestionKind::DateTime => {
            let gap = if english { " " } else { "" };
            day(raw).zip(clock(raw.get(11..))).map(|(day, clock)| format!("{day}{gap}{clock}"))
        }
        QuestionKind::Time => clock(Some(raw)),
        QuestionKind::GeoPoint => Point::read(raw).map(|at| if english { at.en() } else { at.zh() }),
        // The engine puts the Chinese mark between choices.
        QuestionKind::SelectMany | QuestionKind::Rank if english => Some(displayed.replace('、', ", ")),
        _ => None,
    };
    said.unwrap_or(displayed)
}

fn date(raw: &str) -> Option<Date> {
    raw.get(..10)?.parse().ok()
}

/// `2026年7月8日（周三）`.
fn day_zh(raw: &str) -> Option<String> {
    let date = date(raw)?;
    Some(format!("{}年{}", date.year(), format::month_day_weekday(date)))
}

/// `Wed 8 Jul 2026`.
fn day_en(raw: &str) -> Option<String> {
    let date = date(raw)?;
    Some(format!("{} {}", format::english::month_day_weekday(date), date.year()))
}

/// `14:30`.
fn clock(raw: Option<&str>) -> Option<String> {
    let time = raw?.get(..5)?;
    time.contains(':').then(|| time.to_owned())
}

/// A geopoint: stored as latitude, longitude, altitude, accuracy.
struct Point {
    lat: f64,
    lon: f64,
    /// Metres around it, where they are known.
    around: Option<f64>,
}

impl Point {
    fn read(raw: &str) -> Option<Self> {
        let mut parts = raw.split_ascii_whitespace().map(str::parse::<f64>);
        let (lat, lon) = (parts.next()?.ok()?, parts.next()?.ok()?);
        let around = parts.nth(1).and_then(Result::ok).filter(|metres| *metres > 0.0);
        Some(Self { lat, lon, around })
    }

    /// `北纬35.21000，东经113.24000，约8米，WGS-84`.
    fn zh(&self) -> String {
        let north = if self.lat < 0.0 { "南纬" } else { "北纬" };
        let east = if self.lon < 0.0 { "西经" } else { "东经" };
        let around = self.around.map(|metres| format!("，约{metres:.0}米")).unwrap_or_default();
        format!("{north}{:.5}，{east}{:.5}{around}，WGS-84", self.lat.abs(), self.lon.abs())
    }

    /// `35.21000° N, 113.24000° E, within 8 m, WGS-84`.
    fn en(&self) -> String {
        let north = if self.lat < 0.0 { 'S' } else { 'N' };
        let east = if self.lon < 0.0 { 'W' } else { 'E' };
        let around = self.around.map(|metres| format!(", within {metres:.0}\u{a0}m")).unwrap_or_default();
        format!("{:.5}° {north}, {:.5}° {east}{around}, WGS-84", self.lat.abs(), self.lon.abs())
    }
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
    }

    #[test]
    fn they_are_read_in_english_too() {
        let said = |kind, raw: &str| answer(kind, raw, "stored".into(), true);
        assert_eq!(said(QuestionKind::Date, "2026-07-08"), "Wed 8 Jul 2026");
        assert_eq!(said(QuestionKind::DateTime, "2026-07-08T14:30:00.000+08:00"), "Wed 8 Jul 2026 14:30");
        assert_eq!(said(QuestionKind::Time, "09:05:00.000+08:00"), "09:05");
        assert_eq!(
            said(QuestionKind::GeoPoint, "35.21 113.24 0 8"),
            "35.21000° N, 113.24000° E, within 8\u{a0}m, WGS-84"
        );
        assert_eq!(said(QuestionKind::GeoPoint, "-1 -2 0 0"), "1.00000° S, 2.00000° W, WGS-84");
        assert_eq!(said(QuestionKind::Date, "明天"), "stored");
        let several = |english| answer(QuestionKind::SelectMany, "a b", "lamp、lid".into(), english);
        assert_eq!((several(true), several(false)), ("lamp, lid".to_owned(), "lamp、lid".to_owned()));
    }
}
