//! Nodes one by one, asked for or not: what tools and differential tests look at.

use super::*;

/// A node of the instance as it stands, whether a question shows it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeState {
    /// Its reference.
    pub at: NodeRef,
    /// Whether it is relevant, by its own and all expressions above it.
    pub relevant: bool,
    /// Whether an answer must be given.
    pub required: bool,
    /// Whether it is read-only, by its own and all expressions above it.
    pub readonly: bool,
    /// The stored text; empty for groups and repeats.
    pub value: String,
}

impl Session {
    /// One node; none when there is no such node now.
    pub fn node_state(&self, at: &NodeRef) -> Option<NodeState> {
        self.state.work.renew();
        self.state.find(&self.form, at.as_str()).map(|id| self.state_of(id))
    }

    /// All nodes in document order, attributes included.
    pub fn node_states(&self) -> Vec<NodeState> {
        self.state.work.renew_for_all();
        let mut all = Vec::new();
        self.state.subtree(self.state.root, &mut all);
        all.into_iter().map(|id| self.state_of(id)).collect()
    }

    fn state_of(&self, id: NodeId) -> NodeState {
        NodeState {
            at: NodeRef(self.state.path_of(&self.form, id)),
            relevant: self.state.relevant(id),
            required: self.required(id),
            readonly: self.readonly(id),
            value: self.state.value(id).to_owned(),
        }
    }
}
