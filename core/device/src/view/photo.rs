//! A photo as handed in, and as shown.

/// A coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Datum {
    /// WGS-84, of the satellites; CGCS2000 is the same to within centimetres.
    Wgs84,
    /// GCJ-02, of Amap and Tencent.
    Gcj02,
    /// BD-09, of Baidu.
    Bd09,
}

/// A position fix. Without a datum there is none.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Fix {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The coordinate system.
    pub datum: Datum,
    /// Radius of 68 % confidence, metres.
    pub accuracy_m: f64,
    /// Seconds between fix and shutter.
    pub age_s: f64,
    /// `gps`, `network`, `fused`, …
    pub provider: String,
    /// Does the system say that the position is simulated?
    pub mocked: bool,
}

/// A photo as the shell hands it over: a path and what the camera knew.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PhotoCapture {
    /// The file. It is read and copied, never changed; the shell may delete it afterwards.
    pub path: String,
    /// Wall clock at the shutter, ms since 1970 UTC.
    pub wall_ms: i64,
    /// Minutes east of UTC.
    pub offset_min: i32,
    /// Monotonic clock, ms.
    pub mono_ms: i64,
    /// Which boot the monotonic clock belongs to.
    pub boot: String,
    /// Where, if there was a fix.
    pub fix: Option<Fix>,
    /// Degrees clockwise from north, if known.
    pub heading: Option<f64>,
    /// Chosen from the gallery rather than taken with our camera?
    pub imported: bool,
}

/// A photo to show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PhotoView {
    /// Its id: the hash of the original bytes.
    pub id: String,
    /// A small picture; empty while it is being made, or if it can't be.
    pub thumb_path: String,
    /// The picture to show large: the rendition, else the original; empty if not on this phone.
    pub path: String,
    /// `在本机`, `上传中43%`, `平台已收`, `还在平台上`.
    pub state_word: String,
    /// `arrow_up` or `shield_check`.
    pub state_icon: String,
    /// What is wrong with it, in words; empty if whole.
    pub damage: String,
    /// When it was taken, for reading: `14:30` or `7月6日14:30`.
    pub taken: String,
}
