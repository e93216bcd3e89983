//! 概况: how far the campaign is, by party, its gaps in a line, and the report's sentences.

use askama::Template;
use xuncha_casework::figures::{CampaignFigures, Set};
use xuncha_casework::sentences::{self, ReportText, Wording};

use super::figures::{Tier, definitions};
use super::gaps::{self, Group};
use super::{Head, Links, Number, Opened, unit_of};
use crate::console::frame::Frame;
use crate::ledger::campaigns::CampaignRow;
use crate::ledger::words;

#[derive(Template)]
#[template(path = "campaign.html")]
pub(super) struct Overview {
    frame: Frame,
    head: Head,
    visited: Number,
    collected: Number,
    handled: Number,
    split: Vec<Number>,
    tiers: Vec<Tier>,
    gaps: Vec<Group>,
    gaps_href: String,
    bar: String,
    definitions: Vec<String>,
    sentences: Vec<Sentence>,
}

struct Sentence {
    title: &'static str,
    segments: Vec<Segment>,
    refused: Vec<Refused>,
}

struct Segment {
    text: String,
    href: String,
}

struct Refused {
    text: String,
    reason: String,
    href: String,
    count: usize,
    unit: &'static str,
}

impl Links {
    fn sentence(&self, title: &'static str, report: ReportText) -> Sentence {
        let segments = report.segments.into_iter().map(|s| Segment {
            text: s.text,
            href: s.figure.map_or_else(String::new, |figure| self.set(&figure)),
        });
        let prefix = if title.starts_with('截') { "refused.interim" } else { "refused.result" };
        let refused = (0..).zip(report.refused).map(|(nth, r): (usize, _)| Refused {
            text: words::within_quotes(&r.text),
            reason: r.reason,
            href: match &r.open {
                Some(set) if set.count() > 0 => self.set(&format!("{prefix}.{nth}")),
                _ => String::new(),
            },
            count: r.open.as_ref().map_or(0, Set::count),
            unit: r.open.as_ref().map_or("", |set| unit_of(set.of)),
        });
        Sentence { title, segments: segments.collect(), refused: refused.collect() }
    }
}

pub(super) fn reports(figures: &CampaignFigures, campaign: &CampaignRow) -> (ReportText, ReportText) {
    let wording = Wording {
        bureau: "该局".to_owned(),
        since: campaign.from.parse().unwrap_or(figures.as_of),
        kickoff: String::new(),
        with_split: true,
    };
    (sentences::interim(figures, &wording), sentences::result(figures, &wording))
}

pub(super) fn page(frame: Frame, head: Head, opened: &Opened) -> Overview {
    let figures = &opened.counted.figures;
    let links = Links::of(opened);
    let (interim, result) = reports(figures, &opened.campaign);
    let (part, whole) = (figures.visited.count(), opened.counted.register.len().max(1));
    Overview {
        frame,
        head,
        visited: links.number(&figures.visited),
        collected: links.number(&figures.collected),
        handled: links.number(&figures.handled),
        split: figures.split.iter().map(|f| links.number(f)).collect(),
        tiers: Tier::all(opened),
        gaps: gaps::groups(opened),
        gaps_href: links.tab("gaps"),
        bar: (399 * part / whole).to_string(),
        definitions: definitions(opened, &[&figures.visited, &figures.collected, &figures.handled]),
        sentences: vec![links.sentence("截至报", interim), links.sentence("结果报", result)],
    }
}
