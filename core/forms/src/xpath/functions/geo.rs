//! Distances and areas on a sphere with the equator's radius, as ODK computes them.

use super::super::eval::{Eval, Here, Item, Value};
use super::super::expr::Expr;
use super::Function;
use crate::answer::GeoPoint;
use crate::value::points;

/// Metres.
const EARTH: f64 = 6_378_100.0;

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    Some(match function {
        Function::Distance => Value::Number(distance(&collect(eval, arguments, here))),
        Function::Area | Function::EnclosedArea => Value::Number(area(&collect(eval, arguments, here))),
        Function::Geofence => {
            let place = collect(eval, arguments.get(..1).unwrap_or(&[]), here);
            let fence = collect(eval, arguments.get(1..).unwrap_or(&[]), here);
            Value::Bool(place.first().is_some_and(|place| inside(place, &fence)))
        }
        _ => return None,
    })
}

/// The points of all arguments, in order; what is no point is left out.
fn collect<'a>(eval: &Eval<'a>, arguments: &'a [Expr], here: &Here) -> Vec<GeoPoint> {
    let mut out = Vec::new();
    for argument in arguments {
        match eval.value(argument, here) {
            Value::Nodes(nodes) => {
                nodes
                    .into_iter()
                    .for_each(|item: Item| out.extend(points(&eval.item_text(item)).unwrap_or_default()));
            }
            other => out.extend(points(&eval.to_text(other)).unwrap_or_default()),
        }
    }
    out
}

/// Haversine lengths along the points, in metres.
fn distance(points: &[GeoPoint]) -> f64 {
    points
        .windows(2)
        .map(|pair| match pair {
            [a, b] => {
                let (lat, lon) = ((b.lat - a.lat).to_radians(), (b.lon - a.lon).to_radians());
                let h = (lat / 2.0).sin().powi(2)
                    + a.lat.to_radians().cos() * b.lat.to_radians().cos() * (lon / 2.0).sin().powi(2);
                2.0 * EARTH * h.sqrt().min(1.0).asin()
            }
            _ => 0.0,
        })
        .sum()
}

/// Square metres inside the points, closed where they are not.
fn area(points: &[GeoPoint]) -> f64 {
    if points.len() < 3 {
        return 0.0;
    }
    let next = points.iter().cycle().skip(1);
    let twice: f64 = points
        .iter()
        .zip(next)
        .map(|(a, b)| {
            (b.lon - a.lon).to_radians() * (2.0 + a.lat.to_radians().sin() + b.lat.to_radians().sin())
        })
        .sum();
    (twice * EARTH * EARTH / 2.0).abs()
}

/// Whether a place lies within a closed line (even–odd rule on degrees).
fn inside(place: &GeoPoint, fence: &[GeoPoint]) -> bool {
    let next = fence.iter().cycle().skip(1);
    let crosses = fence.iter().zip(next).filter(|(a, b)| {
        (a.lat > place.lat) != (b.lat > place.lat)
            && place.lon < (b.lon - a.lon) * (place.lat - a.lat) / (b.lat - a.lat) + a.lon
    });
    fence.len() >= 3 && crosses.count() % 2 == 1
}
