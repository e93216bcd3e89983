//! Where something is, with the datum in the type.
//!
//! Phones give WGS-84; Chinese base maps are drawn in GCJ-02 (Amap, Tencent) or BD-09 (Baidu). Near
//! Jiaozuo the two lie some 580 m apart, which is another unit's desk. We store WGS-84 and convert
//! only for display or export.

mod convert;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use convert::{Bd09, Gcj02, Wgs84, direction, distance_m, distance_words};

/// Which system a pair of degrees is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// WGS-84; CGCS2000 is the same to within centimetres.
    #[serde(alias = "cgcs2000", rename = "wgs84")]
    Wgs84,
    /// GCJ-02, the offset system of Chinese base maps.
    #[serde(rename = "gcj02")]
    Gcj02,
    /// BD-09, Baidu's second offset.
    #[serde(rename = "bd09")]
    Bd09,
}

impl Datum {
    /// The name for exports: `WGS-84`, `GCJ-02`, `BD-09`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wgs84 => "WGS-84",
            Self::Gcj02 => "GCJ-02",
            Self::Bd09 => "BD-09",
        }
    }
}

/// A position as it was given: degrees and the datum they are in. Without a datum it does not read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPosition")]
pub struct Position {
    /// Which system the degrees are in.
    datum: Datum,
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// Radius of 68 % confidence in metres, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy_m: Option<f64>,
}

#[derive(Deserialize)]
struct RawPosition {
    datum: Datum,
    lat: f64,
    lon: f64,
    #[serde(default)]
    accuracy_m: Option<f64>,
}

/// Degrees that are no place on Earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a position needs finite degrees, latitude within ±90 and longitude within ±180")]
pub struct BadPosition;

impl TryFrom<RawPosition> for Position {
    type Error = BadPosition;

    fn try_from(raw: RawPosition) -> Result<Self, BadPosition> {
        let accuracy_m = raw.accuracy_m.filter(|m| m.is_finite() && *m >= 0.0);
        Ok(Self { accuracy_m, ..Self::new(raw.datum, raw.lat, raw.lon)? })
    }
}

impl Position {
    /// A position in a named datum.
    ///
    /// # Errors
    /// [`BadPosition`] for degrees that are not finite or out of range.
    pub fn new(datum: Datum, lat: f64, lon: f64) -> Result<Self, BadPosition> {
        // A range check is false for NaN, so it refuses that too.
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            Ok(Self { datum, lat, lon, accuracy_m: None })
        } else {
            Err(BadPosition)
        }
    }

    /// The same position with its accuracy in metres; a negative or infinite one is dropped.
    #[must_use]
    pub fn with_accuracy(mut self, metres: f64) -> Self {
        self.accuracy_m = Some(metres).filter(|m| m.is_finite() && *m >= 0.0);
        self
    }

    /// Which system the degrees are in.
    #[must_use]
    pub fn datum(&self) -> Datum {
        self.datum
    }

    /// Degrees north in [`Self::datum`].
    #[must_use]
    pub fn lat(&self) -> f64 {
        self.lat
    }

    /// Degrees east in [`Self::datum`].
    #[must_use]
    pub fn lon(&self) -> f64 {
        self.lon
    }

    /// Radius of 68 % confidence in metres, where known.
    #[must_use]
    pub fn accuracy_m(&self) -> Option<f64> {
        self.accuracy_m
    }

    /// The position in WGS-84, the only system in which we compare and store.
    #[must_use]
    pub fn wgs84(&self) -> Wgs84 {
        match self.datum {
            Datum::Wgs84 => Wgs84 { lat: self.lat, lon: self.lon },
            Datum::Gcj02 => Gcj02 { lat: self.lat, lon: self.lon }.to_wgs84(),
            Datum::Bd09 => Bd09 { lat: self.lat, lon: self.lon }.to_gcj02().to_wgs84(),
        }
    }

    /// The same place written in WGS-84, its accuracy kept.
    #[must_use]
    pub fn in_wgs84(&self) -> Self {
        let at = self.wgs84();
        Self { datum: Datum::Wgs84, lat: at.lat, lon: at.lon, accuracy_m: self.accuracy_m }
    }
}
