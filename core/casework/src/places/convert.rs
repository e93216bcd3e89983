//! Between WGS-84, GCJ-02 and BD-09, and what lies between two places.

use std::f64::consts::PI;

use crate::text::Words;

/// A position in WGS-84 (CGCS2000 is the same to within centimetres).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wgs84 {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// A position in GCJ-02, for display on Chinese base maps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcj02 {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// A position in BD-09, for Baidu's maps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bd09 {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// Semi-major axis and squared eccentricity of the Krassovsky ellipsoid, which the public form of the
/// GCJ-02 offset uses.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
const EARTH_M: f64 = 6_371_008.8;

/// The offset applies in China only; beyond this frame GCJ-02 equals WGS-84.
fn in_china(lat: f64, lon: f64) -> bool {
    (0.8293..=55.8271).contains(&lat) && (72.004..=137.8347).contains(&lon)
}

/// Degrees north and east that GCJ-02 adds at a WGS-84 place.
fn offset(lat: f64, lon: f64) -> (f64, f64) {
    if !in_china(lat, lon) {
        return (0.0, 0.0);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let root = x.abs().sqrt();
    let ripple = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let wave = |v: f64, a: f64, b: f64, c: f64, p: f64, q: f64| {
        (20.0 * (v * PI).sin() + 40.0 * (v / 3.0 * PI).sin()) * 2.0 / 3.0
            + (a * (v / p * PI).sin() + b * (v * PI / q).sin()) * c / 3.0
    };
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + ripple
        + wave(y, 160.0, 320.0, 2.0, 12.0, 30.0);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + ripple
        + wave(x, 150.0, 300.0, 2.0, 12.0, 30.0);
    let radians = lat.to_radians();
    let squash = 1.0 - ECCENTRICITY * radians.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY) / (squash * squash.sqrt());
    let parallel = AXIS / squash.sqrt() * radians.cos();
    ((north / meridian).to_degrees(), (east / parallel).to_degrees())
}

impl Wgs84 {
    /// The same place in GCJ-02.
    #[must_use]
    pub fn to_gcj02(self) -> Gcj02 {
        let (north, east) = offset(self.lat, self.lon);
        Gcj02 { lat: self.lat + north, lon: self.lon + east }
    }

    /// The same place in BD-09.
    #[must_use]
    pub fn to_bd09(self) -> Bd09 {
        self.to_gcj02().to_bd09()
    }
}

impl Gcj02 {
    /// The same place in WGS-84, by iteration, since the offset has no closed inverse.
    #[must_use]
    pub fn to_wgs84(self) -> Wgs84 {
        let mut guess = Wgs84 { lat: self.lat, lon: self.lon };
        // Each round shrinks the error some thousandfold; at the frame's edge it may swing, so it ends.
        for _ in 0..10 {
            let there = guess.to_gcj02();
            let (north, east) = (self.lat - there.lat, self.lon - there.lon);
            guess = Wgs84 { lat: guess.lat + north, lon: guess.lon + east };
            if north.abs() < 1e-9 && east.abs() < 1e-9 {
                break;
            }
        }
        guess
    }

    /// The same place in BD-09.
    #[must_use]
    pub fn to_bd09(self) -> Bd09 {
        let (x, y) = (self.lon, self.lat);
        let radius = x.hypot(y) + 0.000_02 * (y * X_PI).sin();
        let angle = y.atan2(x) + 0.000_003 * (x * X_PI).cos();
        Bd09 { lat: radius * angle.sin() + 0.006, lon: radius * angle.cos() + 0.0065 }
    }
}

const X_PI: f64 = PI * 3000.0 / 180.0;

impl Bd09 {
    /// The same place in GCJ-02, by iteration.
    #[must_use]
    pub fn to_gcj02(self) -> Gcj02 {
        let mut guess = Gcj02 { lat: self.lat - 0.006, lon: self.lon - 0.0065 };
        for _ in 0..10 {
            let there = guess.to_bd09();
            let (north, east) = (self.lat - there.lat, self.lon - there.lon);
            guess = Gcj02 { lat: guess.lat + north, lon: guess.lon + east };
            if north.abs() < 1e-9 && east.abs() < 1e-9 {
                break;
            }
        }
        guess
    }
}

/// Metres between two places along the surface.
#[must_use]
pub fn distance_m(from: Wgs84, to: Wgs84) -> f64 {
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let h = half(from.lat, to.lat) + lat_a.cos() * lat_b.cos() * half(from.lon, to.lon);
    2.0 * EARTH_M * h.clamp(0.0, 1.0).sqrt().asin()
}

/// In which direction one place lies from another: 东、东北…
#[must_use]
pub fn direction(from: Wgs84, to: Wgs84) -> Words {
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let east = (to.lon - from.lon).to_radians();
    let y = east.sin() * lat_b.cos();
    let x = lat_a.cos() * lat_b.sin() - lat_a.sin() * lat_b.cos() * east.cos();
    let degrees = y.atan2(x).to_degrees().rem_euclid(360.0);
    // Eight sectors of 45°, north in the middle of the first.
    let (zh, en) = match degrees {
        d if d < 22.5 => ("北", "north"),
        d if d < 67.5 => ("东北", "northeast"),
        d if d < 112.5 => ("东", "east"),
        d if d < 157.5 => ("东南", "southeast"),
        d if d < 202.5 => ("南", "south"),
        d if d < 247.5 => ("西南", "southwest"),
        d if d < 292.5 => ("西", "west"),
        d if d < 337.5 => ("西北", "northwest"),
        _ => ("北", "north"),
    };
    Words::new(zh, en)
}

/// A distance in metres below one kilometre, else in kilometres: `320米`, `1.2公里`.
#[must_use]
pub fn distance_words(metres: f64) -> Words {
    if metres < 999.5 {
        let metres = metres.max(0.0);
        Words::new(format!("{metres:.0}米"), format!("{metres:.0}\u{a0}m"))
    } else {
        let kilometres = metres / 1000.0;
        Words::new(format!("{kilometres:.1}公里"), format!("{kilometres:.1}\u{a0}km"))
    }
}
