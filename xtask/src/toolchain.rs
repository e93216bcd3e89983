//! The tools that the other languages need: what is installed is used first, what may be installed is
//! fetched once, and what is missing is named with the command that installs it.

pub(crate) mod debian;
pub(crate) mod npm;
pub(crate) mod pypi;
pub(crate) mod swift;

use std::env;
use std::path::PathBuf;

/// Where a program is installed, by PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|file| file.is_file())
}
