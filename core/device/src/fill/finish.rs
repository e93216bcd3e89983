//! Finalizing: one transaction, from which nothing may lose the record.

use std::sync::Arc;

use xuncha_forms::{AuditEvent, Mapped, Submission};
use xuncha_wire::body::{PhotoRef, RecordBody};
use xuncha_wire::listed::ListedChange;
use xuncha_wire::push::OpKind;
use xuncha_wire::{EntityId, Scope};

use super::{FillSession, Filling, extract, recent, start};
use crate::change::Change;
use crate::core::lock;
use crate::entity_lists;
use crate::error::{AppError, Words};
use crate::store::ops::{self, NewOp};
use crate::store::photos::Photo;
use crate::store::records::{self, RecordLine};
use crate::store::{Result as StoreResult, StoreError, Writer, drafts, listed, meta, open, photos, transact};
use crate::view::Finalized;

type Result<T> = std::result::Result<T, AppError>;

/// All that one finalization writes.
struct Finished {
    draft: String,
    record: RecordLine,
    ops: Vec<NewOp>,
    photos: Vec<(Photo, PhotoRef)>,
    entities: Vec<ListedChange>,
    chosen: Vec<(String, Vec<String>)>,
}

impl FillSession {
    /// Checks everything and, in one transaction, writes the record, its ops and photo references, and removes
    /// the draft. From here nothing may lose it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] at the first thing that is missing; the session goes on. [`AppError::StorageFull`]:
    /// nothing was written, try again.
    pub async fn finalize(self: Arc<Self>) -> Result<Finalized> {
        let finished = self.end(|filling| self.finish(filling)).await?;
        let record_id = finished.record.id.clone();
        let cases = finished.record.cases.clone();
        let written = self.core.write(move |writer| Ok(write(writer, &finished)?)).await;
        if let Err(error) = written {
            // Nothing was written: the session goes on with all that is in memory.
            self.go_on();
            return Err(error);
        }
        for change in [Change::Drafts, Change::Records, Change::Cases, Change::Sync] {
            self.core.notifier.notice(change);
        }
        // The WAL into the file, after the answer's work: a failing checkpoint costs nothing but time later.
        self.core.writer.post(|writer| {
            let _ = open::checkpoint(&writer.mine);
        });
        let sentence = Words::new(
            "已完成，存在本机。有网后自动上传；平台收到会在“今日”显示。",
            "Finished and kept on this phone. It goes up by itself; “Today” shows when the hub has it.",
        );
        Ok(Finalized { record_id, sentence: sentence.in_language(self.core.language()), cases })
    }

    /// Takes the session up again: what should have ended it could not be written.
    pub(super) fn go_on(&self) {
        let mut filling = lock(&self.inner);
        filling.log_event(AuditEvent::SaveError, None, &self.core.env);
        filling.over = false;
    }

    fn finish(&self, filling: &mut Filling) -> Result<Finished> {
        let submission = match filling.session.finalize(&mut self.surroundings()) {
            Ok(submission) => submission,
            Err(blocking) => {
                filling.log_event(AuditEvent::ConstraintError, None, &self.core.env);
                let missing = blocking.len();
                let at = blocking.first().map(|b| b.at.0.clone()).unwrap_or_default();
                return Err(Words::new(
                    format!("还差{missing}项，补齐就能完成。已填内容都在。"),
                    format!("{missing} missing. Add them to finish; what was filled is kept."),
                )
                .invalid(at));
            }
        };
        self.compose(filling, &submission)
    }

    fn compose(&self, filling: &Filling, submission: &Submission) -> Result<Finished> {
        let env = &self.core.env;
        let (record_id, now) = (env.entity_id(), env.now_ms());
        let marks = extract::marks(&filling.session);
        let named = named(filling, submission, &marks)?;
        let campaign = id_of(filling.start.campaign.as_deref())?;
        let name = [&submission.instance_name, &filling.place, &filling.title]
            .into_iter()
            .find(|name| !name.is_empty())
            .cloned()
            .unwrap_or_default();
        let district =
            filling.site.as_ref().map_or_else(|| filling.district.clone(), |site| site.district.clone());
        let around = extract::Around {
            record: record_id,
            site: filling.site.as_ref(),
            campaign,
            district: district.clone(),
            name: &name,
            photos: &named,
        };
        let reports = extract::problems(&marks, &around);
        let cases: Vec<EntityId> = reports.iter().map(|_| env.entity_id()).collect();
        let form = filling.session.form();
        let photos: Vec<PhotoRef> = named.iter().map(|(_, photo)| photo.clone()).collect();
        let body = RecordBody {
            form: form.id().to_owned(),
            version: form.version().to_owned(),
            kind: filling.form_kind.clone(),
            instance_id: submission.instance_id.clone(),
            name,
            site: id_of(filling.start.site.as_deref())?,
            campaign,
            started_ms: filling.started_ms,
            finalized_ms: now,
            offset_min: env.offset_min(),
            xml: String::from_utf8_lossy(&submission.xml).into_owned(),
            facts: extract::facts(&marks),
            photos: photos.clone(),
            cases: cases.clone(),
            entities: entity_lists::said(&submission.entities),
            audit: filling
                .log_ended(&[AuditEvent::FormSave, AuditEvent::FormExit, AuditEvent::FormFinalize], env),
        };
        let scope = Scope::district(&district).ok();
        let op = |kind, entity, blobs, body| NewOp {
            op: env.op_id(),
            kind,
            entity,
            parent: None,
            scope: scope.clone(),
            at_ms: now,
            blobs,
            body,
        };
        let record_op = op(OpKind::Record, record_id, extract::blobs(&photos), json(&body)?);
        let record = RecordLine {
            id: record_id.to_string(),
            op: record_op.op.to_string(),
            form: body.form.clone(),
            version: body.version.clone(),
            title: filling.title.clone(),
            kind: body.kind.clone(),
            site: filling.start.site.clone().unwrap_or_default(),
            campaign: filling.start.campaign.clone().unwrap_or_default(),
            finalized_ms: now,
            photos: u32::try_from(extract::blobs(&photos).len()).unwrap_or(u32::MAX),
            cases: cases.iter().map(ToString::to_string).collect(),
        };
        let mut all = vec![record_op];
        for (report, case) in reports.iter().zip(cases) {
            all.push(op(OpKind::CaseReport, case, extract::blobs(&report.photos), json(report)?));
        }
        let chosen = recent::chosen(&filling.session);
        Ok(Finished {
            draft: self.draft.clone(),
            record,
            ops: all,
            photos: named,
            entities: body.entities,
            chosen,
        })
    }
}

/// Every photo that the submission names, once for each question that it answers: the same bytes may answer two.
fn named(filling: &Filling, submission: &Submission, marks: &[Mapped]) -> Result<Vec<(Photo, PhotoRef)>> {
    let mut named = Vec::new();
    for (at, name) in &submission.attachments {
        match filling.photos.get(name) {
            Some((row, photo)) => {
                let role = extract::role(marks, at.as_str(), &filling.form_kind).to_owned();
                named.push((row.clone(), PhotoRef { at: at.0.clone(), role, ..photo.clone() }));
            }
            // A file of the form's own, such as a default picture, does not travel.
            None if !start::is_photo(name) => {}
            None => {
                return Err(Words::new(
                    "这一题的照片不在本机了，还没有完成。其余内容都在。请重拍，或去掉这张再完成。",
                    "The photo of this question is not on the phone any more, so the form is not finished. All else is kept. Take it again, or remove it.",
                )
                .invalid(at.as_str()));
            }
        }
    }
    Ok(named)
}

fn json<T: serde::Serialize>(body: &T) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(body).map_err(StoreError::from)?)
}

fn id_of(text: Option<&str>) -> Result<Option<EntityId>> {
    Ok(text.map(str::parse).transpose().map_err(StoreError::from)?)
}

fn write(writer: &mut Writer, finished: &Finished) -> StoreResult<()> {
    transact(&mut writer.mine, |tx| {
        if !drafts::remove(tx, &finished.draft)? {
            return Err(StoreError::Missing { what: "draft", id: finished.draft.clone() });
        }
        for op in &finished.ops {
            ops::add(tx, op)?;
        }
        records::add(tx, &finished.record)?;
        listed::add(tx, &finished.record.id, &finished.record.op, &finished.entities)?;
        photos::release(tx, &finished.draft)?;
        for (row, photo) in &finished.photos {
            photos::add(tx, row)?;
            photos::bind(tx, &finished.record.id, photo, true)?;
        }
        let mut lately = meta::read(tx, meta::RECENT)?.unwrap_or_default();
        recent::add(&mut lately, &finished.chosen);
        meta::write(tx, meta::RECENT, &lately)?;
        drafts::sweep_forms(tx)
    })
}
