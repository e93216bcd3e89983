//! Where JavaRosa's jar is: for the tests beside it and, by path, for the benchmark.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The one that `XUNCHA_ODK_VALIDATE` names, that of `cargo xtask test`, or that of PyPI's pyxform where Python has it.
pub(crate) fn jar() -> Option<PathBuf> {
    let named = std::env::var_os("XUNCHA_ODK_VALIDATE").map(PathBuf::from);
    let cached = std::env::var_os("HOME")
        .map(|home| Path::new(&home).join(".cache/xuncha/javarosa-peer/ODK_Validate.jar"));
    let known = [named, cached].into_iter().flatten().find(|path| path.is_file());
    known.or_else(|| {
        let print = "import pyxform, os; print(os.path.dirname(pyxform.__file__))";
        let out =
            Command::new("python3").args(["-c", print]).output().ok().filter(|out| out.status.success())?;
        let folder = String::from_utf8(out.stdout).ok()?;
        let path = Path::new(folder.trim()).join("validators/odk_validate/bin/ODK_Validate.jar");
        path.is_file().then_some(path)
    })
}
