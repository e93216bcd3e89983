//! What the form's `xc:maps` marks say: facts for figures, and the problems that become cases
//! (vocabulary in `content/README.md`).

use xuncha_forms::{Form, Mapped, Session};
use xuncha_wire::body::{CaseReport, Fact, PhotoRef};
use xuncha_wire::entity::{Datum, Position, SiteBody};
use xuncha_wire::{BlobId, EntityId};

use super::pages::within;
use crate::store::photos::Photo;

/// Namespace of our marks.
pub(super) const NAMESPACE: &str = "urn:xuncha:form:1";

/// The mark on the root: what the form is for.
pub(super) fn kind(form: &Form) -> String {
    form.root_attribute(NAMESPACE, "kind").unwrap_or_default().to_owned()
}

/// All marked nodes that are relevant.
pub(super) fn marks(session: &Session) -> Vec<Mapped> {
    session.mapped(NAMESPACE, "maps").into_iter().filter(|mapped| mapped.relevant).collect()
}

/// Facts for figures and lists.
pub(super) fn facts(marks: &[Mapped]) -> Vec<Fact> {
    let answered = marks.iter().filter_map(|m| Some((m, m.value.as_ref().filter(|v| !v.is_empty())?)));
    answered
        .map(|(m, value)| Fact {
            is: m.attribute.clone(),
            value: value.clone(),
            nth: m.repeat.as_ref().map_or(0, |at| position(at.as_str())),
        })
        .collect()
}

/// The position of a repeat instance: 2 of `/data/problem[2]`.
fn position(at: &str) -> u32 {
    let digits = at.rsplit_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1)
}

/// What a problem's report needs from outside the form.
pub(super) struct Around<'a> {
    pub(super) record: EntityId,
    pub(super) site: Option<&'a SiteBody>,
    pub(super) campaign: Option<EntityId>,
    pub(super) district: String,
    /// What to say if the form asks for no description.
    pub(super) name: &'a str,
    /// All photos, each with the question that it answers.
    pub(super) photos: &'a [(Photo, PhotoRef)],
}

/// The form's problems in its order, each as the report of a case.
pub(super) fn problems(marks: &[Mapped], around: &Around<'_>) -> Vec<CaseReport> {
    let found: Vec<&Mapped> = marks.iter().filter(|m| m.attribute == "problem").collect();
    let inside_any = |m: &Mapped| found.iter().any(|problem| within(m.at.as_str(), &problem.at));
    let report = |(index, problem): (usize, &&Mapped)| {
        // A part stands in the problem; one that stands elsewhere in the form holds for all problems.
        let parts = |word: &'static str| {
            let own = marks.iter().filter(move |m| m.attribute == word && within(m.at.as_str(), &problem.at));
            let common = marks.iter().filter(move |m| m.attribute == word && !inside_any(m));
            let answered = |m: &&Mapped| m.value.as_ref().is_some_and(|value| !value.is_empty());
            let own: Vec<&Mapped> = own.filter(answered).collect();
            if own.is_empty() { common.filter(answered).collect() } else { own }
        };
        let part = |word: &'static str| parts(word).first().and_then(|m| m.value.clone()).unwrap_or_default();
        let some = |text: String| (!text.is_empty()).then_some(text);
        let photos: Vec<PhotoRef> = parts("problem.photo")
            .iter()
            .filter_map(|m| around.photos.iter().find(|(_, photo)| photo.at == m.at.as_str()))
            .map(|(_, photo)| PhotoRef { role: "before".into(), ..photo.clone() })
            .collect();
        let taken_at = || photos.iter().find_map(|photo| photo.capture.fix.as_ref().map(|fix| fix.position));
        let place = some(part("problem.place")).or_else(|| {
            around
                .site
                .map(|site| if site.address.is_empty() { site.name.clone() } else { site.address.clone() })
        });
        CaseReport {
            record: around.record,
            nth: u32::try_from(index + 1).unwrap_or(u32::MAX),
            kind: some(part("problem.kind")).unwrap_or_else(|| "problem".into()),
            category: some(part("problem.category")),
            condition: some(part("problem.condition")),
            topic: part("problem.topic"),
            description: some(part("problem.description")).unwrap_or_else(|| around.name.to_owned()),
            place: place.unwrap_or_default(),
            position: point(&part("problem.position"))
                .or_else(taken_at)
                .or_else(|| around.site.and_then(|site| site.position)),
            site: around.site.map(|site| site.id),
            campaign: around.campaign,
            district: around.site.map_or_else(|| around.district.clone(), |site| site.district.clone()),
            road_class: some(part("problem.road_class"))
                .or_else(|| around.site.and_then(|s| s.road_class.clone())),
            unit: part("problem.unit"),
            photos,
        }
    };
    found.iter().enumerate().map(report).collect()
}

/// A geopoint as ODK writes it: `lat lon altitude accuracy`, WGS-84.
fn point(text: &str) -> Option<Position> {
    let mut parts = text.split_ascii_whitespace().map(str::parse::<f64>);
    let (lat, lon) = (parts.next()?.ok()?, parts.next()?.ok()?);
    (lat.is_finite() && lon.is_finite()).then_some(Position { lat, lon, datum: Datum::Wgs84 })
}

/// Which role a marked photo has in its record.
pub(super) fn role(marks: &[Mapped], at: &str, kind: &str) -> &'static str {
    let mark = marks.iter().find(|m| m.at.as_str() == at).map(|m| m.attribute.as_str());
    match mark {
        Some("problem.photo") => "before",
        Some("banner.photo") => "banner",
        Some("signature") => "signature",
        _ if kind == "shop_check" => "check",
        _ => "scene",
    }
}

/// Photos of some ops, each once.
pub(super) fn blobs(photos: &[PhotoRef]) -> Vec<BlobId> {
    let mut ids: Vec<BlobId> = Vec::new();
    for photo in photos {
        if !ids.contains(&photo.id) {
            ids.push(photo.id.clone());
        }
    }
    ids
}
