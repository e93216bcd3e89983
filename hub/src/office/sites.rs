//! Sites, campaigns and who answers for which site.

use xuncha_wire::entity::{
    AssignmentBody, CampaignBody, KIND_ASSIGNMENT, KIND_CAMPAIGN, KIND_SITE, SiteBody,
};

use super::{Deed, entities};
use crate::store::feed::{Changes, scopes_of};
use crate::store::{E, Tx, V};
use crate::{Hub, HubError};

impl Hub {
    /// Writes sites, new or changed. A site that moves to another district leaves the old one's feed.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn put_sites(&self, by: &str, sites: Vec<SiteBody>) -> Result<(), HubError> {
        let about = format!("{} sites", sites.len());
        Deed::of(self, by)?
            .run(self, "put_sites", &about, move |tx, deed, changes| {
                sites.iter().try_for_each(|site| put_site(tx, &deed.tenant, site, changes))
            })
            .await?;
        Ok(())
    }

    /// Writes campaigns, new or changed.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn put_campaigns(&self, by: &str, campaigns: Vec<CampaignBody>) -> Result<(), HubError> {
        let about = format!("{} campaigns", campaigns.len());
        Deed::of(self, by)?
            .run(self, "put_campaigns", &about, move |tx, deed, changes| {
                for campaign in &campaigns {
                    let id = campaign.id.to_string();
                    tx.exec(
                        "INSERT INTO campaign (tenant, id, title, from_day, to_day, form)
                         VALUES ($1, $2, $3, $4, $5, $6)
                         ON CONFLICT (tenant, id) DO UPDATE SET title = excluded.title,
                             from_day = excluded.from_day, to_day = excluded.to_day, form = excluded.form",
                        &[
                            V::T(&deed.tenant),
                            V::T(&id),
                            V::T(&campaign.title),
                            V::T(&campaign.from),
                            V::T(&campaign.to),
                            V::T(&campaign.form),
                        ],
                    )?;
                    let ver = entities::put(tx, &deed.tenant, KIND_CAMPAIGN, &id, campaign)?;
                    changes.show("t", KIND_CAMPAIGN, &id, ver);
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Writes assignments, new or changed. The assignee's feed gets the assignment and its site; who had it before
    /// loses the assignment.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn put_assignments(&self, by: &str, list: Vec<AssignmentBody>) -> Result<(), HubError> {
        let about = format!("{} assignments", list.len());
        Deed::of(self, by)?
            .run(self, "put_assignments", &about, move |tx, deed, changes| {
                list.iter().try_for_each(|one| put_assignment(tx, &deed.tenant, one, changes))
            })
            .await?;
        Ok(())
    }
}

fn put_site(tx: &mut dyn Tx, tenant: &str, site: &SiteBody, changes: &mut Changes) -> Result<(), E> {
    let id = site.id.to_string();
    tx.exec(
        "INSERT INTO site (tenant, id, kind, name, district, address, road_class, contact, person, unit, post)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (tenant, id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
             district = excluded.district, address = excluded.address, road_class = excluded.road_class,
             contact = excluded.contact, person = excluded.person, unit = excluded.unit, post = excluded.post",
        &[
            V::T(tenant),
            V::T(&id),
            V::T(&site.kind),
            V::T(&site.name),
            V::T(&site.district),
            V::T(&site.address),
            V::T(site.road_class.as_deref().unwrap_or_default()),
            V::T(&site.contact),
            V::T(site.person.as_ref().map_or("", |p| p.as_str())),
            V::T(&site.unit),
            V::T(&site.post),
        ],
    )?;
    let ver = entities::put(tx, tenant, KIND_SITE, &id, site)?;
    let district = format!("d/{}", site.district);
    for scope in scopes_of(tx, tenant, KIND_SITE, &id)? {
        if scope.starts_with("d/") && scope != district {
            changes.leave(&scope, KIND_SITE, &id, ver);
        } else {
            changes.show(&scope, KIND_SITE, &id, ver);
        }
    }
    changes.show(&district, KIND_SITE, &id, ver);
    Ok(())
}

fn put_assignment(
    tx: &mut dyn Tx,
    tenant: &str,
    assignment: &AssignmentBody,
    changes: &mut Changes,
) -> Result<(), E> {
    let (id, site) = (assignment.id.to_string(), assignment.site.to_string());
    let person = assignment.person.clone().map(String::from).unwrap_or_default();
    let person = person.as_str();
    let before = tx.one(
        "SELECT person, done FROM assignment WHERE tenant = $1 AND id = $2",
        &[V::T(tenant), V::T(&id)],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )?;
    // What was fulfilled stays fulfilled when the list is imported again.
    let mut assignment = assignment.clone();
    assignment.done = assignment.done.or_else(|| before.as_ref().and_then(|(_, done)| done.parse().ok()));
    tx.exec(
        "INSERT INTO assignment (tenant, id, campaign, site, person, unit, post, due, done)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant, id) DO UPDATE SET campaign = excluded.campaign, site = excluded.site,
             person = excluded.person, unit = excluded.unit, post = excluded.post, due = excluded.due,
             done = excluded.done",
        &[
            V::T(tenant),
            V::T(&id),
            V::T(&assignment.campaign.to_string()),
            V::T(&site),
            V::T(person),
            V::T(&assignment.unit),
            V::T(&assignment.post),
            V::T(&assignment.due),
            V::T(&assignment.done.map(|d| d.to_string()).unwrap_or_default()),
        ],
    )?;
    let ver = entities::put(tx, tenant, KIND_ASSIGNMENT, &id, &assignment)?;
    if let Some((before, _)) = before.filter(|(b, _)| !b.is_empty() && b != person) {
        changes.leave(&format!("u/{before}"), KIND_ASSIGNMENT, &id, ver);
    }
    if person.is_empty() {
        return Ok(());
    }
    let scope = format!("u/{person}");
    changes.show(&scope, KIND_ASSIGNMENT, &id, ver);
    // The site too, since it may lie in a district that the person does not read.
    let site_ver = tx.one(
        "SELECT ver FROM entity WHERE tenant = $1 AND kind = $2 AND id = $3",
        &[V::T(tenant), V::T(KIND_SITE), V::T(&site)],
        |r| r.int(0),
    )?;
    if let Some(ver) = site_ver {
        changes.show(&scope, KIND_SITE, &site, ver);
    }
    Ok(())
}
