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
        Function::Intersects => {
            let compare = || eval.state.work.evaluate(1);
            Value::Bool(crosses_itself(&collect(eval, arguments, here), compare))
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
                nodes.into_iter().for_each(|item: Item| read(eval, &eval.item_text(item), &mut out));
            }
            other => read(eval, &eval.to_text(other), &mut out),
        }
    }
    out
}

fn read(eval: &Eval<'_>, text: &str, out: &mut Vec<GeoPoint>) {
    // A place is some twenty bytes, and more work than they are.
    if eval.state.work.read(4 * text.len()) {
        out.extend(points(text).unwrap_or_default());
    }
}

/// Haversine lengths along the points, in metres.
fn distance(points: &[GeoPoint]) -> f64 {
    let lengths = points.windows(2).map(|pair| match pair {
        [a, b] => {
            let (lat, lon) = ((b.lat - a.lat).to_radians(), (b.lon - a.lon).to_radians());
            let h = (lat / 2.0).sin().powi(2)
                + a.lat.to_radians().cos() * b.lat.to_radians().cos() * (lon / 2.0).sin().powi(2);
            2.0 * EARTH * h.sqrt().min(1.0).asin()
        }
        _ => 0.0,
    });
    // An empty sum of floats is -0.
    lengths.fold(0.0, |sum, length| sum + length)
}

/// Square metres inside the points: triangles from the first point, on a plane that keeps distances
/// along each parallel. As Collect reckons, to the last digit.
fn area(points: &[GeoPoint]) -> f64 {
    const PER_DEGREE: f64 = 2.0 * EARTH * std::f64::consts::PI;
    let Some((first, rest)) = points.split_first() else { return 0.0 };
    let plane: Vec<(f64, f64)> = rest
        .iter()
        .map(|point| {
            let x = (point.lon - first.lon) * PER_DEGREE * point.lat.to_radians().cos() / 360.0;
            (x, (point.lat - first.lat) * PER_DEGREE / 360.0)
        })
        .collect();
    let triangles = plane.windows(2).map(|pair| match pair {
        [(x1, y1), (x2, y2)] => (y1 * x2 - x1 * y2) / 2.0,
        _ => 0.0,
    });
    triangles.sum::<f64>().abs()
}

/// Whether a line or the outline of a shape crosses or touches itself elsewhere than where one segment
/// follows the other (Collect's `intersects()`). Only segments above the same longitudes are compared, as long as
/// `compare` allows it.
fn crosses_itself(points: &[GeoPoint], compare: impl Fn() -> bool) -> bool {
    let points: Vec<(f64, f64)> = points.iter().map(|point| (point.lon, point.lat)).collect();
    if points.len() < 3 {
        return false;
    }
    let closed = points.first() == points.last();
    let segments: Vec<Segment> = points
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a != b => Some((*a, *b)),
            _ => None,
        })
        .collect();
    let last = segments.len().saturating_sub(1);
    let (west, east) = (|(a, b): Segment| a.0.min(b.0), |(a, b): Segment| a.0.max(b.0));
    let mut eastwards: Vec<(usize, Segment)> = segments.into_iter().enumerate().collect();
    eastwards.sort_by(|(_, one), (_, other)| west(*one).total_cmp(&west(*other)));
    eastwards.iter().enumerate().any(|(place, one)| {
        let others = eastwards.iter().skip(place + 1).take_while(|other| west(other.1) <= east(one.1));
        others.take_while(|_| compare()).any(|other| {
            let ((at, first), (other_at, second)) =
                if one.0 < other.0 { (*one, *other) } else { (*other, *one) };
            let closing = closed && at == 0 && other_at == last && last > 1;
            !closing && meet(first, second, other_at == at + 1)
        })
    })
}

type Point = (f64, f64);
type Segment = (Point, Point);

/// Whether two segments meet; where the second begins at the first one's end they may share that point.
fn meet((a, b): Segment, (c, d): Segment, follows: bool) -> bool {
    let turn = |a: Point, b: Point, c: Point| {
        let cross = (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1);
        if cross == 0.0 { 0.0 } else { cross.signum() }
    };
    let within = |p: Point, (s, e): Segment| {
        (s.0.min(e.0)..=s.0.max(e.0)).contains(&p.0) && (s.1.min(e.1)..=s.1.max(e.1)).contains(&p.1)
    };
    let (turn_a, turn_d) = (turn(a, c, d), turn(a, b, d));
    if (turn_a == 0.0 && within(a, (c, d))) || (turn_d == 0.0 && within(d, (a, b))) {
        return true;
    }
    if follows && b == c {
        return false;
    }
    let (turn_b, turn_c) = (turn(b, c, d), turn(a, b, c));
    (turn_a * turn_b < 0.0 && turn_c * turn_d < 0.0)
        || (turn_b == 0.0 && within(b, (c, d)))
        || (turn_c == 0.0 && within(c, (a, b)))
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
