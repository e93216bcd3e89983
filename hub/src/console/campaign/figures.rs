//! 统计: by party and by district, with what the figures are counted from.

use std::collections::BTreeMap;

use askama::Template;
use xuncha_casework::figures::{Counted as Of, Figure, Set};

use super::{Head, Links, Number, Opened};
use crate::console::frame::Frame;

#[derive(Template)]
#[template(path = "campaign_figures.html")]
pub(super) struct FiguresPage {
    frame: Frame,
    head: Head,
    visited: Number,
    collected: Number,
    handled: Number,
    split: Vec<Number>,
    banners: Number,
    tiers: Vec<Tier>,
    areas: Vec<Number>,
    definitions: Vec<String>,
}

/// A party's line.
pub(super) struct Tier {
    pub(super) zh: String,
    pub(super) visited: Number,
    pub(super) collected: Number,
    pub(super) handled: Number,
    pub(super) units: Number,
    /// 1.2个工作日; a dash if nothing was answered.
    pub(super) average: String,
    pub(super) answered: Number,
}

impl Tier {
    pub(super) fn all(opened: &Opened) -> Vec<Self> {
        let links = Links::of(opened);
        let tiers = opened.counted.figures.tiers.iter().filter_map(|t| {
            let answer = opened.counted.answers.iter().find(|a| a.party == t.party)?;
            Some(Self {
                zh: t.party.zh().to_owned(),
                visited: links.number(&t.visited),
                collected: links.number(&t.collected),
                handled: links.number(&t.handled),
                units: links.number(&t.units),
                average: answer.average(&opened.rules.calendar),
                answered: links.number(&answer.figure),
            })
        });
        tiers.collect()
    }
}

/// What a site's district is called; sites without one stand together.
pub(super) fn area_of(name: &str) -> &str {
    if name.is_empty() { "没有写区" } else { name }
}

/// Visits by district: the sites of the register that were visited, of all of that district.
pub(super) fn areas(opened: &Opened) -> Vec<Figure> {
    let visited = &opened.counted.figures.visited.numerator;
    let mut by_code: BTreeMap<&str, (&str, Vec<&str>)> = BTreeMap::new();
    for place in &opened.counted.register {
        let area = by_code.entry(&place.district).or_default();
        area.0 = &place.district_name;
        area.1.push(&place.site);
    }
    let figure = |(code, (name, sites)): (&str, (&str, Vec<&str>))| Figure {
        id: format!("area.{code}"),
        zh: area_of(name).to_owned(),
        definition: format!(
            "截至{}，名单上{}走访过的企业／全部企业。",
            opened.as_of.month_day(),
            area_of(name)
        ),
        numerator: Set::new(Of::Sites, sites.iter().filter(|site| visited.has(site))),
        denominator: Some(Set::new(Of::Sites, sites.iter())),
    };
    by_code.into_iter().map(figure).collect()
}

/// What these figures count, and how the first answer is measured: one sentence serves every party.
pub(super) fn definitions(opened: &Opened, figures: &[&Figure]) -> Vec<String> {
    let answer = opened.counted.answers.first().map(|a| format!("平均首次答复：{}", a.figure.definition));
    figures.iter().map(|f| format!("{}：{}", f.zh, f.definition)).chain(answer).collect()
}

pub(super) fn page(frame: Frame, head: Head, opened: &Opened) -> FiguresPage {
    let figures = &opened.counted.figures;
    let links = Links::of(opened);
    let definitions =
        definitions(opened, &[&figures.visited, &figures.collected, &figures.handled, &figures.banners]);
    FiguresPage {
        frame,
        head,
        visited: links.number(&figures.visited),
        collected: links.number(&figures.collected),
        handled: links.number(&figures.handled),
        split: figures.split.iter().map(|f| links.number(f)).collect(),
        banners: links.number(&figures.banners),
        tiers: Tier::all(opened),
        areas: areas(opened).iter().map(|f| links.number(f)).collect(),
        definitions,
    }
}
