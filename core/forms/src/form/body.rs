//! What is asked and shown.

use super::DefId;
use crate::answer::Range;
use crate::xpath::expr::Expr;

/// A text of the form.
#[derive(Debug, Default)]
pub(crate) enum Text {
    #[default]
    None,
    /// Written in place, with outputs.
    Inline(Box<[Piece]>),
    /// An entry of the itext block.
    Itext(u32),
    /// `ref` of a label: an expression, mostly `jr:itext(column)`.
    Computed(Expr),
}

/// A part of an inline text.
#[derive(Debug)]
pub(crate) enum Piece {
    Words(Box<str>),
    Output(Expr),
}

/// Something of the body.
#[derive(Debug)]
pub(crate) enum Element {
    Question(u32),
    Group(Box<GroupDef>),
    Repeat(Box<RepeatDef>),
}

#[derive(Debug)]
pub(crate) struct GroupDef {
    pub(crate) def: Option<DefId>,
    pub(crate) label: Text,
    pub(crate) appearance: String,
    pub(crate) children: Vec<Element>,
}

#[derive(Debug)]
pub(crate) struct RepeatDef {
    pub(crate) def: DefId,
    /// Of the group around it.
    pub(crate) label: Text,
    pub(crate) appearance: String,
    pub(crate) children: Vec<Element>,
}

/// Element names of controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ControlKind {
    Input,
    SelectOne,
    SelectMany,
    Rank,
    Range,
    Upload,
    Trigger,
}

#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) def: DefId,
    pub(crate) kind: ControlKind,
    pub(crate) label: Text,
    pub(crate) hint: Text,
    pub(crate) choices: ChoiceSource,
    /// What it says of itself, where it says anything.
    look: Option<Box<Look>>,
}

/// What a control says of itself for shells.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Look {
    pub(crate) appearance: String,
    pub(crate) media: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) range: Option<Range>,
}

/// Of a control that says nothing.
static PLAIN: Look =
    Look { appearance: String::new(), media: String::new(), attributes: Vec::new(), range: None };

impl Control {
    pub(crate) fn new(
        def: DefId,
        kind: ControlKind,
        label: Text,
        hint: Text,
        choices: ChoiceSource,
        look: Look,
    ) -> Control {
        let look = (look != PLAIN).then(|| Box::new(look));
        Control { def, kind, label, hint, choices, look }
    }
    pub(crate) fn look(&self) -> &Look {
        self.look.as_deref().unwrap_or(&PLAIN)
    }
}

#[derive(Debug)]
pub(crate) enum ChoiceSource {
    None,
    Inline(Box<[InlineChoice]>),
    Itemset(Box<Itemset>),
}

#[derive(Debug)]
pub(crate) struct InlineChoice {
    pub(crate) value: Box<str>,
    pub(crate) label: Text,
}

/// Choices from an instance. `value` and `label` are evaluated with the item as context.
#[derive(Debug)]
pub(crate) struct Itemset {
    pub(crate) nodes: Expr,
    pub(crate) value: Expr,
    pub(crate) label: ItemLabel,
}

#[derive(Debug)]
pub(crate) enum ItemLabel {
    None,
    /// `jr:itext(column)`
    Itext(Expr),
    Plain(Expr),
}
