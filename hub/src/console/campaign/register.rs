//! 名单: every site of the campaign and who answers for it, those not visited first, then by due day.

use std::collections::BTreeMap;

use askama::Template;

use super::set::{self, SetRow};
use super::{Ask, Head, Opened, figures::area_of};
use crate::console::frame::{Choice, Frame, Pager, Select, rows_a_page};
use crate::ledger::campaigns::Place;

#[derive(Template)]
#[template(path = "campaign_register.html")]
pub(super) struct RegisterPage {
    frame: Frame,
    head: Head,
    reset: String,
    /// How many filters hold.
    narrowed: usize,
    selects: Vec<Select>,
    heads: Vec<&'static str>,
    rows: Vec<SetRow>,
    pager: Pager,
}

/// Nobody's sites, as the filter names them.
const NOBODY: &str = "none";

fn kept(ask: &Ask, head: &Head) -> Vec<(String, String)> {
    let all = [
        ("tab", &head.tab),
        ("as_of", &head.as_of),
        ("district", &ask.district),
        ("person", &ask.person),
        ("visited", &ask.visited),
        ("rows", &ask.rows),
    ];
    all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.to_owned(), v.clone())).collect()
}

fn selects(opened: &Opened, ask: &Ask) -> Vec<Select> {
    let any = |chosen: &str| vec![Choice::of("", "全部", chosen)];
    let register = &opened.counted.register;
    let districts: BTreeMap<&str, &str> =
        register.iter().map(|p| (p.district.as_str(), p.district_name.as_str())).collect();
    let people: BTreeMap<&str, &str> =
        register.iter().map(|p| (p.person.as_str(), p.person_name.as_str())).collect();
    let mut by_district = any(&ask.district);
    by_district.extend(
        districts
            .iter()
            .filter(|(code, _)| !code.is_empty())
            .map(|(code, name)| Choice::of(*code, area_of(name), &ask.district)),
    );
    let mut by_person = any(&ask.person);
    by_person.extend(people.iter().map(|(id, name)| match *id {
        "" => Choice::of(NOBODY, "无责任人", &ask.person),
        id => Choice::of(id, *name, &ask.person),
    }));
    let mut visited = any(&ask.visited);
    visited
        .extend([("no", "未走访"), ("yes", "已走访")].map(|(v, label)| Choice::of(v, label, &ask.visited)));
    vec![
        Select { label: "区", name: "district", options: by_district },
        Select { label: "责任人", name: "person", options: by_person },
        Select { label: "走访", name: "visited", options: visited },
    ]
}

pub(super) fn page(frame: Frame, head: Head, opened: &Opened, ask: &Ask) -> RegisterPage {
    let visited = |place: &Place| opened.counted.figures.visited.numerator.has(&place.site);
    let mut places: Vec<&Place> = opened.counted.register.iter().collect();
    places.retain(|place| {
        let person = if place.person.is_empty() { NOBODY } else { &place.person };
        (ask.district.is_empty() || ask.district == place.district)
            && (ask.person.is_empty() || ask.person == person)
            && match ask.visited.as_str() {
                "yes" => visited(place),
                "no" => !visited(place),
                _ => true,
            }
    });
    places.sort_by_key(|place| {
        (visited(place), !place.person.is_empty(), place.due.clone(), place.name.clone())
    });
    let rows = rows_a_page(&ask.rows);
    let action = format!("/campaigns/{}", opened.campaign.id);
    let pager =
        Pager::of(places.len(), "家", (ask.page.parse().unwrap_or(1), rows), action, kept(ask, &head));
    let pager = pager.of_any_length(places.len());
    let (heads, cells) =
        set::site_rows(opened, places.iter().skip(pager.skip).take(rows).map(|p| p.site.as_str()));
    let mut rows = set::numbered(cells);
    rows.iter_mut().for_each(|row| row.nth += pager.skip);
    RegisterPage {
        reset: super::Links::of(opened).tab("register"),
        narrowed: [&ask.district, &ask.person, &ask.visited].into_iter().filter(|v| !v.is_empty()).count(),
        selects: selects(opened, ask),
        frame,
        head,
        heads,
        rows,
        pager,
    }
}
