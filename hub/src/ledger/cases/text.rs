//! The texts of the ledger of problems: one set of conditions for count and pages, so that they can't disagree.

use super::{By, Order};

macro_rules! haystack {
    () => {
        "(c.search || ' ' || COALESCE(s.name, ''))"
    };
}

macro_rules! conditions {
    () => {
        concat!(
            " FROM casefile c
              LEFT JOIN record r ON r.tenant = c.tenant AND r.id = c.record
              LEFT JOIN site s ON s.tenant = c.tenant AND s.id = c.site
              LEFT JOIN district d ON d.tenant = c.tenant AND d.code = c.district
              WHERE c.tenant = $1
                AND ($2 = '' OR c.district = '' OR $2 LIKE '%,' || c.district || ',%')
                AND ($3 = 0 OR c.unit = $4 OR c.reporter = $5 OR c.person = $5)
                AND ",
            haystack!(),
            " LIKE $6 ESCAPE '\\' AND ($7 = '%' OR ",
            haystack!(),
            " LIKE $7 ESCAPE '\\') AND ($8 = '%' OR ",
            haystack!(),
            " LIKE $8 ESCAPE '\\') AND ($9 = '%' OR ",
            haystack!(),
            " LIKE $9 ESCAPE '\\')
                AND ($10 = 0 OR c.reported_ms >= $10) AND ($11 = 0 OR c.reported_ms < $11)
                AND ($12 = '' OR c.district = $12) AND ($13 = '' OR c.category = $13)
                AND ($14 = '' OR c.unit = $14)
                AND ($15 = '' OR c.state = $15
                     OR ($15 = 'open' AND c.state NOT IN ('closed', 'rejected'))
                     OR ($15 = 'to_dispatch' AND c.state IN ('accepted', 'sent_back'))
                     OR ($15 = 'desk' AND c.state IN ('reported', 'accepted', 'sent_back'))
                     OR ($15 = 'overdue' AND c.state NOT IN ('closed', 'rejected') AND c.stopped = 0
                         AND c.due_ms > 0 AND c.due_ms < $16))
                AND ($17 = 0 OR (c.due_ms >= $17 AND c.stopped = 0))
                AND ($18 = 0 OR (c.due_ms < $18 AND c.due_ms > 0 AND c.stopped = 0))
                AND ($19 = '' OR c.campaign = $19) AND ($20 = 0 OR c.reworks > 0)
                AND ($21 = '' OR $21 LIKE '%,' || c.id || ',%') "
        )
    };
}

macro_rules! ordered {
    ($($order:tt)+) => {
        concat!(
            "SELECT c.body, COALESCE(r.kind, ''), COALESCE(s.name, ''), COALESCE(d.name, c.district),
             c.reporter_name, c.number, c.changed_ms",
            conditions!(),
            "ORDER BY ",
            $($order)+,
            ", c.number, c.id LIMIT $22 OFFSET $23"
        )
    };
}

pub(super) const COUNT: &str = concat!("SELECT COUNT(*)", conditions!());

pub(super) fn page(order: Order) -> &'static str {
    match order {
        Order::Up(by) => up(by),
        Order::Down(by) => down(by),
    }
}

macro_rules! life {
    () => {
        "CASE c.state WHEN 'reported' THEN 0 WHEN 'accepted' THEN 1 WHEN 'sent_back' THEN 2 WHEN 'dispatched' THEN 3
         WHEN 'suspended' THEN 4 WHEN 'rectified' THEN 5 WHEN 'verified' THEN 6 WHEN 'closed' THEN 7 ELSE 8 END"
    };
}

macro_rules! waiting {
    () => {
        "CASE WHEN c.state = 'reported' THEN c.reported_ms ELSE c.changed_ms END"
    };
}

fn up(by: By) -> &'static str {
    match by {
        By::Due => ordered!("CASE WHEN c.due_ms = 0 THEN 1 ELSE c.stopped END, c.due_ms"),
        By::Number => ordered!("c.number"),
        By::Source => ordered!("COALESCE(r.kind, '')"),
        By::Category => ordered!("c.category = '', c.category, c.topic"),
        By::Place => ordered!("c.place = '', c.place"),
        By::District => ordered!("c.district = '', c.district"),
        By::Unit => ordered!("c.unit = '', c.unit, c.person"),
        By::Reported => ordered!("c.reported_ms"),
        By::Reporter => ordered!("c.reporter_name"),
        By::Dispatched => ordered!("c.dispatched_ms = 0, c.dispatched_ms"),
        By::State => ordered!(life!()),
        By::Rectified => ordered!("c.rectified_ms = 0, c.rectified_ms"),
        By::Verified => ordered!("c.verified_ms = 0, c.verified_ms"),
        By::Closed => ordered!("c.closed_ms = 0, c.closed_ms"),
        By::Outcome => ordered!("c.closed_ms = 0, c.outcome"),
        By::Waiting => ordered!(waiting!()),
    }
}

fn down(by: By) -> &'static str {
    match by {
        By::Due => ordered!("CASE WHEN c.due_ms = 0 THEN 1 ELSE c.stopped END, c.due_ms DESC"),
        By::Number => ordered!("c.number DESC"),
        By::Source => ordered!("COALESCE(r.kind, '') DESC"),
        By::Category => ordered!("c.category = '', c.category DESC, c.topic DESC"),
        By::Place => ordered!("c.place = '', c.place DESC"),
        By::District => ordered!("c.district = '', c.district DESC"),
        By::Unit => ordered!("c.unit = '', c.unit DESC, c.person DESC"),
        By::Reported => ordered!("c.reported_ms DESC"),
        By::Reporter => ordered!("c.reporter_name DESC"),
        By::Dispatched => ordered!("c.dispatched_ms DESC"),
        By::State => ordered!(life!(), " DESC"),
        By::Rectified => ordered!("c.rectified_ms DESC"),
        By::Verified => ordered!("c.verified_ms DESC"),
        By::Closed => ordered!("c.closed_ms DESC"),
        By::Outcome => ordered!("c.closed_ms = 0, c.outcome DESC"),
        By::Waiting => ordered!(waiting!(), " DESC"),
    }
}

macro_rules! seen {
    () => {
        " AND ($2 = '' OR c.district = '' OR $2 LIKE '%,' || c.district || ',%')
          AND ($3 = 0 OR c.unit = $4 OR c.reporter = $5 OR c.person = $5) "
    };
}

pub(super) const DISTRICTS: &str = concat!(
    "SELECT DISTINCT c.district, COALESCE(d.name, c.district) AS name FROM casefile c
     LEFT JOIN district d ON d.tenant = c.tenant AND d.code = c.district
     WHERE c.tenant = $1 AND c.district <> ''",
    seen!(),
    "ORDER BY name"
);
pub(super) const CATEGORIES: &str = concat!(
    "SELECT DISTINCT c.category FROM casefile c WHERE c.tenant = $1 AND c.category <> ''",
    seen!(),
    "ORDER BY c.category"
);
pub(super) const UNITS: &str = concat!(
    "SELECT DISTINCT c.unit, c.unit_name FROM casefile c WHERE c.tenant = $1 AND c.unit <> ''",
    seen!(),
    "ORDER BY c.unit_name, c.unit"
);
