//! Where reading ends: groups too deep, a form too large, too many errors.

use super::Builder;
use crate::Limits;
use crate::error::{Code, Notice, Place};
use crate::headers::Table;

impl Builder<'_> {
    /// The limit that is passed with this row, if one is.
    pub(super) fn passed(&self, row: u32) -> Option<Notice> {
        if self.too_deep() {
            Some(too_deep(self.table, row, self.limits))
        } else if self.too_large() {
            Some(too_large(self.table, Some(row), self.limits))
        } else if self.too_many_errors() {
            Some(too_many_errors(self.table, row, self.limits))
        } else {
            None
        }
    }

    /// Is nothing more to be read?
    pub(super) fn stops(&self) -> bool {
        self.too_large() || self.too_deep() || self.too_many_errors()
    }

    fn too_deep(&self) -> bool {
        self.open.len() > self.limits.depth
            || self.looping.as_ref().is_some_and(|open| open.depth > self.limits.depth)
    }

    fn too_large(&self) -> bool {
        self.tree.is_full() || self.tree.len() > self.limits.elements
    }

    fn too_many_errors(&self) -> bool {
        self.notices.errors() - self.errors_before >= self.limits.errors
    }
}

fn too_deep(table: &Table, row: u32, limits: &Limits) -> Notice {
    let depth = limits.depth;
    Notice::error(
        Code::TooLarge,
        table.place(row, &["type"]),
        format!("分组套了{depth}层以上，后面没有再看。减少层数。"),
        format!(
            "groups stand within each other more than {depth} deep; what follows was not looked at. Use fewer levels."
        ),
    )
}

/// The form would be larger than it may be; from which row on, where that is known.
pub(crate) fn too_large(table: &Table, row: Option<u32>, limits: &Limits) -> Notice {
    let (mebibytes, elements) = (limits.xform >> 20, limits.elements);
    let place = Place::at(&table.name, row, None);
    Notice::error(
        Code::TooLarge,
        place,
        format!(
            "到这里表单超过{mebibytes} MiB或{elements}题，手机打不开。拆成几个表单，缩短分组的名字，或减少循环的选项。"
        ),
        format!(
            "up to here the form is larger than {mebibytes} MiB or {elements} questions, which no phone opens. Split it, shorten the names of its groups, or loop over fewer choices."
        ),
    )
}

/// There are so many errors that the rest is not looked at.
pub(super) fn too_many_errors(table: &Table, row: u32, limits: &Limits) -> Notice {
    Notice::error(
        Code::TooLarge,
        Place::at(&table.name, Some(row), None),
        format!("到这一行已有{}处错误，后面没有再看。先改前面的。", limits.errors),
        format!(
            "up to this row there are {} errors; what follows was not looked at. Mend these first.",
            limits.errors
        ),
    )
}
