use super::*;
use std::sync::atomic::{AtomicU32, Ordering};

struct Fussy(Sender<Change>, AtomicU32);

impl Observer for Fussy {
    fn changed(&self, change: Change) -> Result<(), CallbackError> {
        self.0.send(change).unwrap();
        match self.1.fetch_add(1, Ordering::SeqCst) {
            0 => Err(CallbackError::Failed),
            1 => panic!("observer"),
            _ => Ok(()),
        }
    }
}

#[test]
fn changes_are_told_together_and_a_failing_observer_changes_nothing() {
    let notifier = Notifier::start().unwrap();
    let (told, seen) = channel();
    notifier.observe(Some(Arc::new(Fussy(told, AtomicU32::new(0)))));
    for _ in 0..100 {
        notifier.notice(Change::Cases);
        notifier.notice(Change::Sync);
    }
    let wait = Duration::from_secs(5);
    assert_eq!(seen.recv_timeout(wait), Ok(Change::Cases));
    assert_eq!(seen.recv_timeout(wait), Ok(Change::Sync));
    notifier.notice(Change::Photos);
    assert_eq!(seen.recv_timeout(wait), Ok(Change::Photos));
}

/// Says that it was called, and stays until it is let go.
struct Stuck(Sender<()>, Mutex<Receiver<()>>);

impl Observer for Stuck {
    fn changed(&self, _: Change) -> Result<(), CallbackError> {
        self.0.send(()).unwrap();
        self.1.lock().unwrap().recv().map_err(|_| CallbackError::Failed)
    }
}

#[test]
fn stopping_waits_for_no_observer_and_nothing_is_told_afterwards() {
    let notifier = Notifier::start().unwrap();
    let ((called, calls), (let_go, held)) = (channel(), channel());
    notifier.observe(Some(Arc::new(Stuck(called, Mutex::new(held)))));
    notifier.notice(Change::Cases);
    notifier.notice(Change::Sync);
    let wait = Duration::from_secs(60);
    assert_eq!(calls.recv_timeout(wait), Ok(()));
    // It is in its first call now, and the second is due.
    notifier.stop();
    let_go.send(()).unwrap();
    assert!(calls.recv_timeout(wait).is_err(), "the observer is let go of, untold");
}
