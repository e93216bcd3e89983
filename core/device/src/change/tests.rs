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
    notifier.stop();
    assert!(notifier.join());
}
