//! The threads: post a closure, await a oneshot.
//!
//! A call that is dropped while it waits changes nothing: the closure runs to its end. A closure that panics
//! answers [`AppError::Internal`], and the thread lives on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::{AppError, internal};

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// One or more threads that take closures from one queue, each with a state of its own.
pub(crate) struct Worker<S> {
    queue: Mutex<Option<Sender<Job<S>>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<S: Send + 'static> Worker<S> {
    /// A thread for each of `states`.
    pub(crate) fn start(name: &str, states: Vec<S>) -> std::io::Result<Self> {
        let (queue, jobs) = channel::<Job<S>>();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for (nth, state) in states.into_iter().enumerate() {
            let jobs = jobs.clone();
            let run = move || run(state, &jobs);
            threads.push(std::thread::Builder::new().name(format!("xuncha-{name}-{nth}")).spawn(run)?);
        }
        Ok(Self { queue: Mutex::new(Some(queue)), threads: Mutex::new(threads) })
    }

    /// Posts a closure. False after [`Self::stop`].
    pub(crate) fn post(&self, job: impl FnOnce(&mut S) + Send + 'static) -> bool {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.as_ref().is_some_and(|queue| queue.send(Box::new(job)).is_ok())
    }

    /// Posts a closure and waits for its answer without blocking the caller's thread.
    pub(crate) async fn call<T, E>(
        &self,
        job: impl FnOnce(&mut S) -> Result<T, E> + Send + 'static,
    ) -> Result<T, AppError>
    where
        T: Send + 'static,
        E: Into<AppError> + 'static,
    {
        let (answer, waiting) = tokio::sync::oneshot::channel();
        let posted = self.post(move |state| {
            let done = catch_unwind(AssertUnwindSafe(|| job(state)));
            let done = match done {
                Ok(done) => done.map_err(Into::into),
                // What a panic says may hold an answer: it is not passed on.
                Err(_) => Err(internal(&"a job panicked")),
            };
            let _ = answer.send(done);
        });
        if !posted {
            return Err(AppError::Closed);
        }
        waiting.await.unwrap_or(Err(AppError::Closed))
    }

    /// Takes no more closures; those that were posted are still done.
    pub(crate) fn stop(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Waits until the threads have ended. True if none had died.
    pub(crate) fn join(&self) -> bool {
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        threads.into_iter().all(|thread| thread.join().is_ok())
    }
}

fn run<S>(mut state: S, jobs: &Mutex<Receiver<Job<S>>>) {
    loop {
        // One thread waits for the next job, the others wait for their turn to wait.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if catch_unwind(AssertUnwindSafe(|| job(&mut state))).is_err() {
            tracing::error!("a posted job panicked");
        }
    }
}

impl<S> Drop for Worker<S> {
    /// Only signals: whoever drops the last reference may be one of the threads.
    fn drop(&mut self) {
        self.queue.get_mut().unwrap_or_else(PoisonError::into_inner).take();
    }
}

#[cfg(test)]
mod tests;
