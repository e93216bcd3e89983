//! A case's whole history with its evidence: what took effect, and what was tried and refused.

use xuncha_casework::Move;
use xuncha_wire::body::{CaseNote, MoveBody, PhotoRef};

use super::opened;
use crate::store::{E, Row, Tx, V};

/// One line of a history.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The op.
    pub op: String,
    /// casework's move word, `report` or `note`.
    pub what: String,
    /// Who.
    pub name: String,
    /// When the hub had it, ms.
    pub at_ms: i64,
    /// Refused, with the sentence for its author.
    pub refused: Option<String>,
    /// What was said with it: a move's data, or a note's text.
    pub said: Said,
    /// Photos it named.
    pub photos: Vec<String>,
}

/// What a line carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A move.
    Move(Box<Move>),
    /// A note, or nothing that this build reads.
    Text(String),
}

/// The lines of a case, oldest first.
///
/// # Errors
/// [`E`] of the store.
pub fn lines(tx: &mut dyn Tx, tenant: &str, case: &str) -> Result<Vec<Line>, E> {
    tx.all(
        "SELECT op, what, name, hub_ms, st, zh, blobs, body FROM case_history
         WHERE tenant = $1 AND casefile = $2 ORDER BY seq",
        &[V::T(tenant), V::T(case)],
        |r| {
            let what = r.text(1)?;
            let stored = r.blob(7)?;
            let said = match what.as_str() {
                "note" => Said::Text(opened::<CaseNote>("note", &stored)?.text),
                "report" => Said::Text(String::new()),
                _ => {
                    let body: MoveBody = opened("move", &stored)?;
                    let mv = serde_json::from_str(body.mv.get());
                    mv.map_or_else(|_| Said::Text(String::new()), |mv| Said::Move(Box::new(mv)))
                }
            };
            let refused = (r.text(4)? != "applied").then_some(r.text(5)?);
            let photos =
                serde_json::from_str(&r.text(6)?).map_err(|_| E::Damaged("a line's photos".into()))?;
            Ok(Line { op: r.text(0)?, what, name: r.text(2)?, at_ms: r.int(3)?, refused, said, photos })
        },
    )
}

/// A photo where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// Its id.
    pub id: String,
    /// The op that named it.
    pub op: String,
    /// `before`, `after`, `check`, `banner`, `scene`, or empty.
    pub role: String,
    /// Does the hub hold it whole?
    pub here: bool,
    /// Why it may be incomplete; empty if whole.
    pub damage: String,
    /// What was known when it was taken.
    pub taken: Option<PhotoRef>,
    /// Who named it, and what their phone says holds things up, in one word; empty for the console.
    pub by: (String, String),
    /// When the hub received the op that names it, ms.
    pub received_ms: i64,
}

/// The photos of a case or record.
///
/// # Errors
/// [`E`] of the store.
pub fn shots(tx: &mut dyn Tx, tenant: &str, kind: &str, entity: &str) -> Result<Vec<Shot>, E> {
    tx.all(
        "SELECT u.photo, u.op, u.role, COALESCE(p.state, 'named'), COALESCE(p.damage, ''), u.ref,
                COALESCE(n.name, ''), COALESCE(d.waiting_why, ''), COALESCE(o.received_ms, 0)
         FROM photo_use u LEFT JOIN photo p ON p.tenant = u.tenant AND p.id = u.photo
         LEFT JOIN op o ON o.tenant = u.tenant AND o.op = u.op
         LEFT JOIN person n ON n.tenant = o.tenant AND n.id = o.person
         LEFT JOIN device d ON d.tenant = o.tenant AND d.id = o.device
         WHERE u.tenant = $1 AND u.kind = $2 AND u.entity = $3 ORDER BY u.op, u.ord",
        &[V::T(tenant), V::T(kind), V::T(entity)],
        shot,
    )
}

fn shot(r: &dyn Row) -> Result<Shot, E> {
    let taken: Option<PhotoRef> = serde_json::from_str(&r.text(5)?).ok();
    let damage = match (r.text(4)?, &taken) {
        (damage, Some(taken)) if damage.is_empty() => taken.damage.clone(),
        (damage, _) => damage,
    };
    Ok(Shot {
        id: r.text(0)?,
        op: r.text(1)?,
        role: r.text(2)?,
        here: r.text(3)? == "complete",
        damage,
        taken,
        by: (r.text(6)?, r.text(7)?),
        received_ms: r.int(8)?,
    })
}

/// Where a photo stands: kind and id of each record and case that names it.
///
/// # Errors
/// [`E`] of the store.
pub fn stands_at(tx: &mut dyn Tx, tenant: &str, photo: &str) -> Result<Vec<(String, String)>, E> {
    tx.all(
        "SELECT DISTINCT kind, entity FROM photo_use WHERE tenant = $1 AND photo = $2 ORDER BY kind, entity",
        &[V::T(tenant), V::T(photo)],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )
}
