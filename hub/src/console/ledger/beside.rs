//! The cases before and after one, in the ledger that it was opened from.

use axum::extract::Query;
use axum::http::Uri;

use super::super::frame::{address, rows_a_page};
use super::super::session::Signed;
use super::super::trouble::Trouble;
use super::ask::Ask;
use crate::Hub;
use crate::ledger::cases::{self, Order};

/// Where a case stood in the ledger: its row, and what the ledger's address asked for. Travels as `ledger.17.state=open`.
#[derive(Debug, Clone)]
pub(in crate::console) struct Came {
    nth: usize,
    ask: Ask,
}

/// Neighbours in a list: their addresses, and which of how many this one is.
pub(in crate::console) struct Beside {
    pub(in crate::console) said: String,
    pub(in crate::console) previous: String,
    pub(in crate::console) next: String,
}

impl Came {
    pub(super) fn at(nth: usize, ask: &Ask) -> Self {
        Self { nth, ask: ask.clone() }
    }

    /// From a case page's address; none if it was not opened from the ledger.
    pub(in crate::console) fn read(from: &str) -> Option<Self> {
        let (nth, query) = from.strip_prefix("ledger.")?.split_once('.')?;
        let uri: Uri = format!("/?{query}").parse().ok()?;
        let Query(params) = Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
        Some(Self { nth: nth.parse().ok().filter(|nth| *nth > 0)?, ask: Ask::of(params) })
    }

    /// The address of a case that stands at this row.
    pub(super) fn case(&self, id: &str) -> String {
        let query = address("", &self.ask.params());
        let from = format!("ledger.{}.{}", self.nth, query.trim_start_matches('?'));
        address(&format!("/cases/{id}"), &[("from".to_owned(), from)])
    }

    /// The ledger's page on which the row stands.
    pub(in crate::console) fn list(&self) -> String {
        let page = (self.nth - 1) / rows_a_page(&self.ask.rows) + 1;
        self.ask.with("page", &if page > 1 { page.to_string() } else { String::new() })
    }

    /// Who stands before and after. A case that has left the list meanwhile had its place between the two.
    pub(in crate::console) async fn beside(
        &self,
        hub: &Hub,
        signed: &Signed,
        id: &str,
    ) -> Result<Beside, Trouble> {
        let now = hub.now_ms();
        let (sees, cache, ask) = (signed.sees(), hub.rules().clone(), self.ask.clone());
        // A few before, so that a list that has moved by a row or two still finds its place.
        let skip = self.nth.saturating_sub(4);
        let listed = hub
            .db()
            .read(move |tx| {
                let rules = cache.load(tx, &sees.tenant)?;
                let filter = ask.filter(now, &rules.calendar);
                cases::list(tx, &sees, &filter, Order::from_word(&ask.sort), now, (skip, 8))
            })
            .await?;
        let here = listed.rows.iter().position(|row| row.case.id.as_str() == id);
        let gone = (self.nth - 1 - skip).min(listed.rows.len());
        let to = |at: Option<usize>| {
            let found = at.and_then(|at| Some((at, listed.rows.get(at)?)));
            found.map_or_else(String::new, |(at, row)| {
                Self { nth: skip + at + 1, ask: self.ask.clone() }.case(row.case.id.as_str())
            })
        };
        Ok(match here {
            Some(at) => Beside {
                said: format!("第{}/{}件", skip + at + 1, listed.total),
                previous: to(at.checked_sub(1)),
                next: to(Some(at + 1)),
            },
            None => Beside {
                said: "已不在这个列表里".to_owned(),
                previous: to(gone.checked_sub(1)),
                next: to(Some(gone)),
            },
        })
    }
}
