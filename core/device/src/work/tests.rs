use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::*;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

#[test]
fn jobs_run_in_order_and_a_panic_becomes_a_typed_error() {
    let worker = Worker::start("test", vec![Vec::new()]).unwrap();
    for n in 0..4 {
        worker.post(move |seen: &mut Vec<u32>| seen.push(n));
    }
    let crashed = wait(worker.call(|_| -> Result<(), AppError> { panic!("a name") }));
    let Err(AppError::Internal { detail, .. }) = crashed else { panic!("no error") };
    assert!(!detail.contains("name"));
    let seen = wait(worker.call(|seen: &mut Vec<u32>| Ok::<_, AppError>(seen.clone()))).unwrap();
    assert_eq!(seen, [0, 1, 2, 3]);
}

#[test]
fn a_dropped_call_still_does_its_work() {
    let worker = Worker::start("test", vec![()]).unwrap();
    let done = Arc::new(AtomicU32::new(0));
    let counted = done.clone();
    let cancelled = wait(async {
        let call = worker.call(move |()| {
            std::thread::sleep(Duration::from_millis(50));
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, AppError>(())
        });
        tokio::time::timeout(Duration::from_millis(5), call).await
    });
    assert!(cancelled.is_err());
    worker.stop();
    assert!(worker.join());
    assert_eq!(done.load(Ordering::SeqCst), 1);
}

#[test]
fn after_stop_a_call_says_closed() {
    let worker = Worker::start("test", vec![()]).unwrap();
    worker.stop();
    assert_eq!(wait(worker.call(|()| Ok::<_, AppError>(()))), Err(AppError::Closed));
}
