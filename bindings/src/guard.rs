//! No panic leaves the core as anything but a typed error.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use xuncha_device::AppError;
use xuncha_device::error::internal;

pub(crate) type Result<T> = std::result::Result<T, AppError>;

/// Runs a synchronous call. A form that was half changed when it panicked answers nothing more; its draft is whole.
pub(crate) fn now<T>(call: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| Err(crashed()))
}

/// Awaits an asynchronous call.
pub(crate) async fn later<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(call).catch_unwind().await.unwrap_or_else(|_| Err(crashed()))
}

/// Runs a call that can't fail but for a panic.
pub(crate) fn told(call: impl FnOnce()) -> Result<()> {
    now(|| {
        call();
        Ok(())
    })
}

/// Says nothing of the panic's words: they may quote an answer.
fn crashed() -> AppError {
    internal(&"a call into the core panicked")
}
