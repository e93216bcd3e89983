//! The list that a case was opened from, and the cases before and after it there.

use crate::Hub;
use crate::console::frame::address;
use crate::console::ledger::{Beside, Came};
use crate::console::session::Signed;
use crate::console::trouble::Trouble;
use crate::console::{desk, verify};

/// The menu item of the list that a case was opened from.
pub(super) fn menu_of(from: &str) -> &'static str {
    match from {
        "desk" => "/desk",
        "verify" => "/verify",
        _ => "/ledger",
    }
}

/// Where a case stands; empty where it was opened from no list.
#[derive(Default)]
pub(super) struct Stand {
    pub(super) list: String,
    pub(super) label: &'static str,
    pub(super) said: String,
    pub(super) previous: String,
    pub(super) next: String,
}

impl Stand {
    pub(super) async fn of(hub: &Hub, signed: &Signed, from: &str, id: &str) -> Result<Self, Trouble> {
        let (list, label, beside) = match (from, Came::read(from)) {
            (_, Some(came)) => (came.list(), "台账", came.beside(hub, signed, id).await?),
            ("desk", _) => ("/desk".to_owned(), "派遣台", among(&desk::order(hub, signed).await?, from, id)),
            ("verify", _) => {
                ("/verify".to_owned(), "核查", among(&verify::order(hub, signed).await?, from, id))
            }
            _ => return Ok(Self::default()),
        };
        Ok(Self { list, label, said: beside.said, previous: beside.previous, next: beside.next })
    }
}

/// Neighbours in a list that is short enough to be read whole; from a case that has left it, on to its first.
fn among(ids: &[String], from: &str, id: &str) -> Beside {
    let here = ids.iter().position(|known| known == id);
    let to = |at: Option<usize>| {
        let id = at.and_then(|at| ids.get(at));
        id.map_or_else(String::new, |id| {
            address(&format!("/cases/{id}"), &[("from".to_owned(), from.to_owned())])
        })
    };
    Beside {
        said: here
            .map_or_else(|| "已不在这个列表里".to_owned(), |at| format!("第{}/{}件", at + 1, ids.len())),
        previous: to(here.and_then(|at| at.checked_sub(1))),
        next: to(Some(here.map_or(0, |at| at + 1))),
    }
}
