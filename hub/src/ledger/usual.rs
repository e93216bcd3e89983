//! What is usual for a category, measured on its cases that passed verification: the ground of hints.

use xuncha_casework::places::{Datum, Position, Wgs84, distance_m};
use xuncha_casework::{Case, PhotoRef, State};
use xuncha_wire::body::Fix;

use super::Sees;
use super::cases::{self, By, CaseFilter, Order, StateFilter};
use super::history::{self, Shot};
use crate::store::{E, Tx};

/// How many closed cases of a category are measured at most.
const MEASURED: usize = 40;
/// Below this many there is no usual value to compare with.
pub const ENOUGH: usize = 5;

/// What was measured of one case.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    /// Metres between the first photo of before and the first of after that have a fix.
    pub metres: Option<f64>,
    /// How uncertain the two fixes are together, metres.
    pub uncertain_m: f64,
    /// Minutes from dispatch to feedback.
    pub minutes: Option<i64>,
}

impl Measured {
    /// Measures a case; without feedback there is nothing to measure.
    #[must_use]
    pub fn of(case: &Case, shots: &[Shot]) -> Self {
        let Some(feedback) = &case.rectified else { return Self::default() };
        let pair = fix(&case.photos, shots).zip(fix(&feedback.what.photos, shots));
        Self {
            metres: pair.and_then(|(a, b)| Some(distance_m(place(&a)?, place(&b)?))),
            uncertain_m: pair.map_or(0.0, |(a, b)| a.accuracy_m + b.accuracy_m),
            minutes: case.deadline.as_ref().map(|d| (feedback.at_ms - d.started_ms).max(0) / 60_000),
        }
    }
}

/// The first fix among these photos.
fn fix(ids: &[PhotoRef], shots: &[Shot]) -> Option<Fix> {
    let named = shots.iter().filter(|shot| ids.iter().any(|id| id.as_str() == shot.id));
    named.filter_map(|shot| shot.taken.as_ref()?.capture.fix).next()
}

fn place(fix: &Fix) -> Option<Wgs84> {
    use xuncha_wire::entity::Datum as Sent;
    let datum = match fix.position.datum {
        Sent::Wgs84 => Datum::Wgs84,
        Sent::Gcj02 => Datum::Gcj02,
        Sent::Bd09 => Datum::Bd09,
    };
    Position::new(datum, fix.position.lat, fix.position.lon).ok().map(|p| p.wgs84())
}

/// The measurements of the latest closed cases of a category (`standard|kind|code`).
///
/// # Errors
/// [`E`] of the store.
pub fn closed(tx: &mut dyn Tx, sees: &Sees, category: &str, now_ms: i64) -> Result<Vec<Measured>, E> {
    if category.is_empty() {
        return Ok(Vec::new());
    }
    let state = StateFilter::Exactly(State::Closed);
    let filter = CaseFilter { state, category: category.to_owned(), ..CaseFilter::default() };
    let rows = cases::list(tx, sees, &filter, Order::Down(By::Number), now_ms, (0, MEASURED))?.rows;
    rows.iter()
        .map(|row| {
            let shots = history::shots(tx, &sees.tenant, "case", row.case.id.as_str())?;
            Ok(Measured::of(&row.case, &shots))
        })
        .collect()
}

/// A measurement with what is usual beside it. `None`: nothing that stands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Measurement and usual value.
    pub text: String,
    /// How both were measured.
    pub how: String,
}

/// What of this case is worth a first look, against the closed ones of its category.
#[must_use]
pub fn hints(this: &Measured, closed: &[Measured], photos: bool) -> Vec<Hint> {
    let mut hints = Vec::new();
    let far: Vec<f64> = closed.iter().filter_map(|m| m.metres).collect();
    match this.metres {
        Some(metres) => {
            // The fixes' own uncertainty first: only what lies beyond it says anything.
            let beyond = far.iter().all(|other| metres > *other) && metres > this.uncertain_m;
            let usual = usual(&far, |top| format!("在{top:.0}米内"));
            if beyond {
                hints.push(Hint {
                    text: format!("整改照片离问题点{metres:.0}米，{usual}"),
                    how: format!(
                        "量的是整改前和整改后各第一张有定位照片之间的距离；两处定位合起来约{:.0}米误差。位置由手机所报。",
                        this.uncertain_m
                    ),
                });
            }
        }
        None if photos => hints.push(Hint {
            text: "照片没有定位，无法比距离".to_owned(),
            how: "整改前或整改后的照片都没有带定位。".to_owned(),
        }),
        None => {}
    }
    let quick: Vec<f64> = closed.iter().filter_map(|m| m.minutes).map(|m| m as f64).collect();
    if let Some(minutes) = this.minutes
        && quick.len() >= ENOUGH
        && quick.iter().all(|other| (minutes as f64) < *other)
    {
        let least = quick.iter().copied().fold(f64::INFINITY, f64::min);
        hints.push(Hint {
            text: format!("派遣后{minutes}分钟反馈，同类已结案{}件都在{least:.0}分钟以上", quick.len()),
            how: "量的是平台收到派遣和收到反馈之间的时间。".to_owned(),
        });
    }
    hints
}

/// `同类已结案8件都在50米内`, or that there are too few to say.
fn usual(values: &[f64], top: impl Fn(f64) -> String) -> String {
    if values.len() < ENOUGH {
        return format!("同类已结案只有{}件可比", values.len());
    }
    let most = values.iter().copied().fold(0.0, f64::max);
    format!("同类已结案{}件都{}", values.len(), top(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(metres: f64, minutes: i64) -> Measured {
        Measured { metres: Some(metres), uncertain_m: 16.0, minutes: Some(minutes) }
    }

    #[test]
    fn a_hint_needs_a_measurement_beyond_all_others_and_says_what_is_usual() {
        let closed = [12.0, 20.0, 8.0, 30.0, 5.0].map(|metres| measured(metres, 130));
        let far = hints(&measured(320.0, 200), &closed, true);
        assert_eq!(far.len(), 1);
        assert_eq!(far[0].text, "整改照片离问题点320米，同类已结案5件都在30米内");
        assert!(hints(&measured(25.0, 200), &closed, true).is_empty());
        let quick = hints(&measured(10.0, 4), &closed, true);
        assert_eq!(quick[0].text, "派遣后4分钟反馈，同类已结案5件都在130分钟以上");
    }

    #[test]
    fn too_few_others_are_said_and_what_lies_within_the_uncertainty_is_not() {
        let few = [measured(3.0, 60)];
        assert_eq!(
            hints(&measured(320.0, 5), &few, true)[0].text,
            "整改照片离问题点320米，同类已结案只有1件可比"
        );
        assert!(hints(&measured(15.0, 5), &few, true).is_empty());
        let nothing = hints(&Measured::default(), &few, true);
        assert_eq!(nothing[0].text, "照片没有定位，无法比距离");
        assert!(hints(&Measured::default(), &few, false).is_empty());
    }
}
