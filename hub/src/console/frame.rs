//! What every page stands in: the bar, the menu, and the parts that pages share.

use askama::Template;
use xuncha_casework::deadline::Tone;
use xuncha_casework::terms::{Icon, Mark, Term};

use super::session::{Area, Signed};
use super::sign_in::bureau;
use crate::Hub;
use crate::ledger::PAGE;
use crate::ledger::words::role_words;
use crate::store::E;

/// Bar and menu.
pub(super) struct Frame {
    pub(super) bureau: String,
    pub(super) title: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) nav: Vec<NavGroup>,
    pub(super) may_search: bool,
    pub(super) wrong: bool,
}

pub(super) struct NavGroup {
    pub(super) label: &'static str,
    pub(super) items: Vec<NavItem>,
}

pub(super) struct NavItem {
    pub(super) href: &'static str,
    pub(super) label: &'static str,
    pub(super) here: bool,
    /// What leads there from a list: G, then a letter.
    pub(super) keys: &'static str,
}

impl Frame {
    /// The frame of a page; `here` is the address of its menu item.
    pub(super) async fn of(hub: &Hub, signed: &Signed, title: &str, here: &str) -> Result<Self, E> {
        Ok(Self {
            bureau: bureau(hub).await?,
            title: title.to_owned(),
            name: signed.0.name.clone(),
            role: role_words(&signed.0.roles),
            nav: nav(signed, here),
            may_search: true,
            wrong: false,
        })
    }
}

/// Address, label, and what opens it; none: everybody.
type Place = (&'static str, &'static str, Option<Area>);

fn nav(signed: &Signed, here: &str) -> Vec<NavGroup> {
    let groups: [(&str, &[Place]); 4] = [
        (
            "办理",
            &[
                ("/today", Term::WordToday.zh(), None),
                ("/desk", Term::WordDesk.zh(), Some(Area::Desk)),
                ("/verify", Term::StepVerify.zh(), Some(Area::Verify)),
                ("/ledger", Term::WordLedger.zh(), None),
            ],
        ),
        (
            "专项",
            &[
                ("/campaigns", Term::WordCampaign.zh(), Some(Area::Campaigns)),
                ("/banners", Term::WordBanner.zh(), Some(Area::Campaigns)),
            ],
        ),
        ("基础", &[("/forms", Term::WordForms.zh(), Some(Area::Forms))]),
        (
            "运行",
            &[
                ("/phones", Term::WordPhones.zh(), Some(Area::Phones)),
                ("/people", Term::WordPeople.zh(), Some(Area::People)),
            ],
        ),
    ];
    let groups = groups.into_iter().map(|(label, items)| {
        let open = items.iter().filter(|(_, _, area)| area.is_none_or(|area| signed.may(area)));
        let items = open
            .map(|(href, label, _)| NavItem { href, label, here: *href == here, keys: keys_of(href) })
            .collect();
        NavGroup { label, items }
    });
    groups.filter(|group| !group.items.is_empty()).collect()
}

fn keys_of(href: &str) -> &'static str {
    match href {
        "/today" => "G T",
        "/desk" => "G D",
        "/verify" => "G H",
        "/ledger" => "G L",
        _ => "",
    }
}

/// Icon and word; the colour is never alone.
#[derive(Template)]
#[template(path = "parts/mark.html")]
pub(super) struct MarkView {
    pub(super) icon: &'static str,
    pub(super) word: String,
    pub(super) tone: &'static str,
}

impl MarkView {
    pub(super) fn new(icon: &'static str, word: impl Into<String>, tone: &'static str) -> Self {
        Self { icon, word: word.into(), tone }
    }
}

impl From<Term> for MarkView {
    fn from(term: Term) -> Self {
        Self::from(&term.mark())
    }
}

impl From<&Mark> for MarkView {
    fn from(mark: &Mark) -> Self {
        let icon = match mark.icon {
            Icon::Alert => "alert",
            Icon::Clock => "clock",
            Icon::ArrowUp => "arrow_up",
            Icon::ShieldCheck => "shield_check",
            Icon::Hand => "hand",
            Icon::Box => "box",
            Icon::Play => "play",
            Icon::Pause => "pause",
            Icon::Loop => "loop",
            Icon::Check => "check",
            Icon::Eye => "eye",
            Icon::Pencil => "pencil",
            Icon::Inbox => "inbox",
            Icon::Cross => "cross",
        };
        let tone = match mark.tone {
            Tone::Neutral => "neutral",
            Tone::Primary => "primary",
            Tone::Ok => "ok",
            Tone::Warn => "warn",
            Tone::Danger => "danger",
            Tone::Hint => "hint",
        };
        Self { icon, word: mark.words.zh.clone(), tone }
    }
}

/// One choice of a list.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) on: bool,
}

impl Choice {
    /// A choice, chosen if its value is this one.
    pub(super) fn of(value: impl Into<String>, label: impl Into<String>, chosen: &str) -> Self {
        let value = value.into();
        Self { on: value == chosen, value, label: label.into() }
    }
}

/// A filter of a list.
pub(super) struct Select {
    pub(super) label: &'static str,
    pub(super) name: &'static str,
    pub(super) options: Vec<Choice>,
}

/// A filter that holds, and the address without it.
pub(super) struct Chosen {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) href: String,
}

/// Which page of how many, and the addresses of its neighbours.
pub(super) struct Pager {
    pub(super) total: String,
    pub(super) unit: &'static str,
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) previous: String,
    pub(super) next: String,
    pub(super) several: bool,
    pub(super) action: String,
    pub(super) keep: Vec<(String, String)>,
    /// Rows of this page at most.
    rows: usize,
    /// Rows before this page.
    pub(super) skip: usize,
    /// How long a page may be, with its address as the value; none where there is no choice.
    pub(super) lengths: Vec<Choice>,
}

/// How many rows a list shows: as the address asks, of what is offered.
pub(super) fn rows_a_page(asked: &str) -> usize {
    LENGTHS.into_iter().find(|rows| rows.to_string() == asked).unwrap_or(PAGE)
}

/// Rows before a page of a list that has so many; a page beyond the end is the last.
pub(super) fn rows_before(total: usize, (page, rows): (usize, usize)) -> usize {
    (page.clamp(1, pages(total, rows)) - 1) * rows
}

fn pages(total: usize, rows: usize) -> usize {
    total.div_ceil(rows).max(1)
}

const LENGTHS: [usize; 2] = [PAGE, 100];

impl Pager {
    /// The pager of a list whose address is `action` with these parameters.
    pub(super) fn of(
        total: usize,
        unit: &'static str,
        (page, rows): (usize, usize),
        action: impl Into<String>,
        keep: Vec<(String, String)>,
    ) -> Self {
        let pages = pages(total, rows);
        let page = page.clamp(1, pages);
        let action = action.into();
        let to = |page: usize| {
            let mut with = keep.clone();
            with.push(("page".into(), page.to_string()));
            address(&action, &with)
        };
        Self {
            total: xuncha_casework::format::count(total),
            unit,
            page,
            pages,
            previous: if page > 1 { to(page - 1) } else { String::new() },
            next: if page < pages { to(page + 1) } else { String::new() },
            several: pages > 1,
            action,
            keep,
            rows,
            skip: rows_before(total, (page, rows)),
            lengths: Vec::new(),
        }
    }

    /// The same, and its reader may choose how long a page is. A short list needs no choice.
    pub(super) fn of_any_length(mut self, total: usize) -> Self {
        if total > PAGE {
            let others: Vec<_> = self.keep.iter().filter(|(name, _)| name != "rows").cloned().collect();
            let length = |rows: usize| {
                let with = [&others[..], &[("rows".to_owned(), rows.to_string())]].concat();
                Choice { value: address(&self.action, &with), label: rows.to_string(), on: rows == self.rows }
            };
            self.lengths = LENGTHS.map(length).to_vec();
        }
        self
    }
}

/// An address with parameters; empty ones are left out.
pub(super) fn address(path: &str, params: &[(String, String)]) -> String {
    use super::trouble::form_urlencode as enc;
    let query: Vec<String> = params
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", enc(name), enc(value)))
        .collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
