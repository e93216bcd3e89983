//! The first screen, in the order of harm: what could be lost, half done, due, planned.

use xuncha_casework::case::allowed;
use xuncha_casework::{State, format};
use xuncha_wire::entity::{self, AssignmentBody, CampaignBody, SiteBody};

use super::status;
use crate::casebook::{self, Ground, SeenCase, words};
use crate::core::Core;
use crate::error::AppError;
use crate::store::{Reader, drafts, records, replica};
use crate::view::{CaseRow, DraftRow, Today, VisitRow};

type Result<T> = std::result::Result<T, AppError>;

pub(super) fn today(core: &Core, reader: &Reader) -> Result<Today> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let calendar = &ground.rules.calendar;
    let seen = casebook::all(reader, &ground)?;
    let drafts = draft_rows(&ground, reader)?;
    let cases = rows(core, &ground, &seen, |seen| is_mine(&ground, seen));
    let checks = rows(core, &ground, &seen, |seen| {
        seen.case.state == State::Rectified
            && allowed(&seen.case, &ground.actor).iter().any(|offer| casebook::word(&offer.kind) == "verify")
    });
    let visits = visits(reader, &ground, None)?;
    let done = visits.iter().filter(|visit| visit.done).count();
    let who_line = match &ground.who {
        Some(who) if who.unit.is_empty() => who.name.clone(),
        Some(who) => format!("{} · {}", who.unit, who.name),
        None => ground.say("还没有登记", "not enrolled"),
    };
    let nothing = drafts.is_empty() && cases.is_empty() && checks.is_empty() && visits.is_empty();
    Ok(Today {
        date_line: {
            let date = format::civil(ground.now_ms, calendar).date();
            ground.made(|| format::month_day_weekday(date), || format::english::month_day_weekday(date))
        },
        who_line,
        safety: status::safety(&reader.mine, core.language())?,
        drafts,
        cases,
        checks,
        visits_total: u32::try_from(visits.len()).unwrap_or(u32::MAX),
        visits_done: u32::try_from(done).unwrap_or(u32::MAX),
        visits_line: if visits.is_empty() {
            String::new()
        } else {
            ground.made(
                || format!("走访 {}，已走{done}", visits.len()),
                || format!("Visits {}, done {done}", visits.len()),
            )
        },
        visits,
        empty_sentence: if nothing {
            ground.say(
                "今天没有派给你的事。街上看到问题，随手拍照上报。",
                "Nothing is assigned to you today. If you see a problem, photograph and report it.",
            )
        } else {
            String::new()
        },
        data_time_line: status::data_time_line(&ground, status::data_time(reader)?),
        data_time_ms: status::data_time(reader)?,
    })
}

fn is_mine(ground: &Ground, seen: &SeenCase) -> bool {
    let handles = seen.case.responsible.as_ref().is_some_and(|who| who.person == ground.actor.person);
    handles && matches!(seen.case.state, State::Dispatched | State::Suspended)
}

/// Lines of the cases that `wanted` picks, the nearest deadline first.
pub(super) fn rows(
    core: &Core,
    ground: &Ground,
    seen: &[SeenCase],
    wanted: impl Fn(&SeenCase) -> bool,
) -> Vec<CaseRow> {
    let mut picked: Vec<&SeenCase> = seen.iter().filter(|seen| wanted(seen)).collect();
    picked.sort_by_key(|seen| deadline_key(seen));
    picked.into_iter().map(|seen| words::row(core, ground, seen)).collect()
}

/// Open before over, running before standing, nearest first.
pub(super) fn deadline_key(seen: &SeenCase) -> (bool, i64, String) {
    let running = seen.case.deadline.as_ref().filter(|deadline| deadline.stopped.is_none());
    let due = running.map_or(i64::MAX, |deadline| deadline.due_ms);
    (seen.case.state.is_over(), due, seen.case.id.as_str().to_owned())
}

fn draft_rows(ground: &Ground, reader: &Reader) -> Result<Vec<DraftRow>> {
    let drafts = drafts::list(&reader.mine)?;
    Ok(drafts
        .into_iter()
        .map(|draft| DraftRow {
            id: draft.id,
            form: draft.form,
            title: draft.title,
            name: draft.body.name,
            missing: draft.missing,
            missing_line: match draft.missing {
                0 => ground.say("填齐，还没完成", "complete, not finished"),
                n => ground.made(|| format!("差{n}项"), || format!("{n} missing")),
            },
            changed_ms: draft.changed_ms,
        })
        .collect())
}

/// Visits assigned to this person, undone first; only of `site`, if one is given.
pub(super) fn visits(reader: &Reader, ground: &Ground, site: Option<&str>) -> Result<Vec<VisitRow>> {
    let assignments = replica::all::<AssignmentBody>(&reader.hub, entity::KIND_ASSIGNMENT)?;
    let campaigns = replica::all::<CampaignBody>(&reader.hub, entity::KIND_CAMPAIGN)?;
    let mut rows = Vec::new();
    for one in assignments {
        let mine = one.person.as_ref().is_some_and(|person| person.as_str() == ground.actor.person.as_str());
        let (site_id, campaign_id) = (one.site.to_string(), one.campaign.to_string());
        if !mine || site.is_some_and(|site| site != site_id) {
            continue;
        }
        let place: Option<SiteBody> = replica::get(&reader.hub, entity::KIND_SITE, &site_id)?;
        let campaign = campaigns.iter().find(|campaign| campaign.id == one.campaign);
        let done = one.done.is_some() || records::visited(&reader.mine, &site_id, &campaign_id)?;
        let address = place.as_ref().map(|place| place.address.clone()).unwrap_or_default();
        let detail = [address, campaign.map(|c| c.title.clone()).unwrap_or_default()];
        let row = VisitRow {
            assignment: one.id.to_string(),
            title: place.map(|place| place.name).unwrap_or_default(),
            site: site_id,
            campaign: campaign_id,
            detail: detail.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
            form: campaign.map(|campaign| campaign.form.clone()).unwrap_or_default(),
            done,
            due_line: due_line(ground, &one.due),
        };
        rows.push((one.due, row));
    }
    Ok(in_order(rows))
}

/// Undone first, then by day, not by the day's words: 8月7日 comes before 8月10日.
fn in_order(mut rows: Vec<(String, VisitRow)>) -> Vec<VisitRow> {
    rows.sort_by(|(a_due, a), (b_due, b)| (a.done, a_due, &a.title).cmp(&(b.done, b_due, &b.title)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn due_line(ground: &Ground, due: &str) -> String {
    match due.parse::<jiff::civil::Date>() {
        Ok(date) => ground.made(
            || format!("{}前", format::month_day(date)),
            || format!("by {}", format::english::month_day(date)),
        ),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_in_the_order_of_their_days_and_the_done_ones_last() {
        let visit = |due: &str, title: &str, done| {
            let text = String::new;
            let (title, due_line) = (title.to_owned(), text());
            let (assignment, site, campaign, detail, form) = (text(), text(), text(), text(), text());
            (due.to_owned(), VisitRow { assignment, site, campaign, title, detail, form, done, due_line })
        };
        let rows = vec![
            visit("2026-08-10", "later", false),
            visit("2026-07-01", "done", true),
            visit("2026-08-07", "sooner", false),
        ];
        let titles: Vec<String> = in_order(rows).into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["sooner", "later", "done"]);
    }
}
