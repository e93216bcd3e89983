//! Ops that go up: packed, signed and pushed, their verdicts written down; what can't be read goes into custody.

use xuncha_wire::sign;

use super::Run;
use crate::change::Change;
use crate::error::AppError;
use crate::store::StoreError;
use crate::store::ops::{self, Outgoing};
use crate::sync::ahead::{self, Packed};
use crate::sync::plan::{Decided, Event, Failure, HubSays};
use crate::sync::{enrol, store};

impl Run<'_> {
    pub(super) async fn push(
        &mut self,
        ns: Vec<u64>,
        next: Vec<u64>,
    ) -> Result<Result<Event, Failure>, AppError> {
        let packed = match self.ahead.packed.take() {
            Some((of, ready)) if of == ns => ready.await.map_err(|_| AppError::Closed)??,
            _ => ahead::pack(self.core, self.enrolled.device, ns).await?,
        };
        let body = match packed {
            Packed::Ready(body) => body,
            Packed::Damaged(ns) => return Ok(Ok(Event::Damaged { ns })),
        };
        if !next.is_empty() {
            let (core, device, of) = (self.core.clone(), self.enrolled.device, next.clone());
            let ready = tokio::task::spawn_local(async move { ahead::pack(&core, device, next).await });
            self.ahead.packed = Some((of, ready));
        }
        let signature = match self.sign(&body).await? {
            Ok(signature) => signature,
            Err(failure) => return Ok(Err(failure)),
        };
        let began = self.core.env.clock().mono_ms();
        let answer = self.client.push(body, &signature).await;
        let took_ms = u64::try_from(self.core.env.clock().mono_ms() - began).unwrap_or(0);
        Ok(answer.map(|answer| Event::Pushed { took_ms, answer }))
    }

    /// Writes verdicts down while the next request is under way. A phone that dies before they are written finds the
    /// ops pending and sends them again; the hub says `duplicate`.
    pub(super) async fn settle(&mut self, decided: Vec<Decided>, says: HubSays) -> Result<(), AppError> {
        self.all_settled().await?;
        let core = self.core.clone();
        self.ahead.settling = Some(tokio::task::spawn_local(async move {
            let env = core.env.clone();
            core.write(move |writer| Ok(store::settle(writer, &decided, &says, &env)?)).await?;
            core.notifier.notice(Change::Cases);
            core.notifier.notice(Change::Records);
            Ok(())
        }));
        Ok(())
    }

    /// Waits until every verdict is committed: whatever reads or changes the store comes after it.
    pub(super) async fn all_settled(&mut self) -> Result<(), AppError> {
        match self.ahead.settling.take() {
            Some(settling) => settling.await.map_err(|_| AppError::Closed)?,
            None => Ok(()),
        }
    }

    pub(super) async fn custody(&mut self, n: u64) -> Result<Result<Event, Failure>, AppError> {
        let bytes = self
            .core
            .read(move |reader| match ops::outgoing(&reader.mine, n)? {
                Some(Outgoing::Whole(op)) => Ok(serde_json::to_vec(&op).map_err(StoreError::from)?),
                // Bytes that a person may still read, and photos that must still go up.
                _ => Ok(ops::as_it_stands(&reader.mine, n)?),
            })
            .await?;
        let signature = match self.sign(&bytes).await? {
            Ok(signature) => signature,
            Err(failure) => return Ok(Err(failure)),
        };
        Ok(self.client.custody(bytes, &signature).await.map(|()| Event::CustodyTaken))
    }

    async fn sign(&self, body: &[u8]) -> Result<Result<String, Failure>, AppError> {
        let message = sign::push_bytes(&self.enrolled.hub_id, self.enrolled.device, body);
        enrol::signature(self.core, message).await
    }
}
