//! What is got ready while something else is waited for: the next push is packed while the hub judges one, verdicts are
//! written while the next is under way, the next page is asked for while one is applied. The planner knows nothing of
//! it; what turns out not to be wanted is dropped.

use std::sync::Arc;

use tokio::task::JoinHandle;
use xuncha_wire::pull::Page;
use xuncha_wire::push::{self, PushHeader};
use xuncha_wire::{Cursor, DeviceId};

use super::client;
use super::plan::Failure;
use super::words::STORAGE;
use crate::core::Core;
use crate::error::AppError;
use crate::store::ops::{self, Outgoing};
use crate::store::{StoreError, meta, photos};

type Work<T> = JoinHandle<Result<T, AppError>>;

/// A page, or why there is none, and how many bytes it was.
type Asked = JoinHandle<(Result<Page, Failure>, u64)>;

/// Work under way, each with what it is for.
#[derive(Default)]
pub(super) struct Ahead {
    /// The push of these ops.
    pub(super) packed: Option<(Vec<u64>, Work<Packed>)>,
    /// The last push's verdicts.
    pub(super) settling: Option<Work<()>>,
    /// The page behind this cursor.
    pub(super) page: Option<(Cursor, Asked)>,
}

/// A push that is ready to be signed and sent.
pub(super) enum Packed {
    /// Its bytes.
    Ready(Vec<u8>),
    /// These ops can't be read any more: nothing is sent with them.
    Damaged(Vec<u64>),
}

/// Packs these ops, in this order.
pub(super) async fn pack(core: &Arc<Core>, device: DeviceId, ns: Vec<u64>) -> Result<Packed, AppError> {
    let (env, app, full) = (core.env.clone(), core.config.app_version.clone(), core.sync.was_full());
    core.read(move |reader| {
        let (mut list, mut damaged) = (Vec::with_capacity(ns.len()), Vec::new());
        for n in ns {
            match ops::outgoing(&reader.mine, n)? {
                Some(Outgoing::Whole(op)) => list.push(*op),
                Some(Outgoing::Damaged) => damaged.push(n),
                None => {}
            }
        }
        if !damaged.is_empty() {
            tracing::error!(?damaged, "ops can't be read any more");
            return Ok(Packed::Damaged(damaged));
        }
        let epoch = meta::get(&reader.mine, meta::EPOCH)?.map(|text| text.parse()).transpose();
        let (photos_made, photos_held) = photos::counts(&reader.mine)?;
        let why = meta::get(&reader.mine, meta::WAITING_WHY)?;
        let clock = env.clock();
        let header = PushHeader {
            epoch: epoch.map_err(StoreError::from)?,
            device,
            made: ops::made(&reader.mine)?,
            photos_made,
            photos_waiting: photos_made.saturating_sub(photos_held),
            waiting_why: full.then(|| STORAGE.to_owned()).or(why).unwrap_or_default(),
            wall_ms: clock.wall_ms(),
            offset_min: env.offset_min(),
            mono_ms: clock.mono_ms(),
            boot: clock.boot(),
            app,
        };
        let lines = push::write(&header, &list).map_err(StoreError::from)?;
        Ok(Packed::Ready(client::pack(&lines).map_err(StoreError::from)?))
    })
    .await
}
