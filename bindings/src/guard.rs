//! No panic leaves the core as anything but a typed error.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use xuncha_device::AppError;

pub(crate) type Result<T> = std::result::Result<T, AppError>;

/// Runs a synchronous call. Nothing half-changed is seen after a panic: the core's locks are poisoned by it.
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
    AppError::Internal { report: "F-1".to_owned(), detail: "a call into the core panicked".to_owned() }
}
