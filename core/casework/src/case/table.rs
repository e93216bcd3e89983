//! The state table: which move fits which state, and which role may make it.

use super::{MoveKind, Role, State};

use MoveKind as K;
use State as S;

/// The states in which a move fits. A report fits none: it makes the case.
pub(super) fn fits(kind: MoveKind, state: State) -> bool {
    match kind {
        K::Report => false,
        K::Accept | K::Reject | K::RequestMore => state == S::Reported,
        K::Supplement | K::Correct => !state.is_over(),
        // A case under way may change hands; one that was fed back may not slip away from its verifier.
        K::Dispatch => matches!(state, S::Accepted | S::SentBack | S::Dispatched),
        K::Receive
        | K::SendBack
        | K::Rectify
        | K::Remind
        | K::RequestExtension
        | K::Extend
        | K::RequestSuspension
        | K::Suspend
        | K::Decline => state == S::Dispatched,
        K::Resume => state == S::Suspended,
        K::Acknowledge | K::Verify => state == S::Rectified,
        K::Close => state == S::Verified,
        K::Rate => matches!(state, S::Rectified | S::Verified | S::Closed),
        K::Reopen => state.is_over(),
    }
}

/// The roles that may make a move.
pub(super) fn roles(kind: MoveKind) -> &'static [Role] {
    match kind {
        K::Report => &[Role::Inspector, Role::Leader, Role::Dispatcher, Role::Contact, Role::Handler],
        K::Accept
        | K::Reject
        | K::RequestMore
        | K::Correct
        | K::Dispatch
        | K::Remind
        | K::Extend
        | K::Suspend
        | K::Decline
        | K::Close => &[Role::Dispatcher],
        K::Resume => &[Role::Dispatcher, Role::Platform],
        K::Supplement => {
            &[Role::Inspector, Role::Leader, Role::Dispatcher, Role::Handler, Role::Verifier, Role::Contact]
        }
        K::Receive | K::SendBack | K::Rectify | K::RequestExtension | K::RequestSuspension => {
            &[Role::Handler]
        }
        K::Acknowledge => {
            &[Role::Contact, Role::Handler, Role::Inspector, Role::Leader, Role::Verifier, Role::Dispatcher]
        }
        K::Verify => &[Role::Verifier, Role::Dispatcher],
        K::Rate => &[Role::Contact, Role::Inspector, Role::Leader, Role::Verifier, Role::Dispatcher],
        K::Reopen => &[Role::Dispatcher, Role::Leader],
    }
}

/// Moves that belong to the responsible person or their unit alone.
pub(super) fn is_handling(kind: MoveKind) -> bool {
    roles(kind) == [Role::Handler]
}
