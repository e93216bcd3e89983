//! One's own pictures for the phones to take, whatever is in the folder.

use std::path::{Path, PathBuf};

use xuncha_photos::{Condition, inspect};

use super::DemoError;

/// The files of a folder that phones will take, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Album {
    files: Vec<PathBuf>,
    /// Of them, those that are damaged or no photo at all: kept and flagged, as the product does.
    pub flagged: usize,
    /// Files without a byte, which no camera gives: left out.
    pub empty: usize,
}

impl Album {
    /// Looks through `folder`.
    ///
    /// # Errors
    /// [`DemoError::Photos`] if it is not there, not a folder, or has nothing to take: what to do stands in it.
    pub fn read(folder: &Path) -> Result<Self, DemoError> {
        let unusable = |why: &str| DemoError::Photos { folder: folder.to_owned(), why: why.to_owned() };
        let entries = std::fs::read_dir(folder).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => unusable("没有这个文件夹 / no such folder"),
            std::io::ErrorKind::NotADirectory => unusable("这不是文件夹 / this is not a folder"),
            _ => unusable(&e.to_string()),
        })?;
        let mut album = Self::default();
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.is_file()) {
            let bytes = std::fs::read(&path).map_err(|e| unusable(&format!("{}: {e}", path.display())))?;
            match inspect(&bytes).condition {
                Condition::Empty => album.empty += 1,
                Condition::Whole => album.files.push(path),
                _ => {
                    album.flagged += 1;
                    album.files.push(path);
                }
            }
        }
        if album.files.is_empty() {
            return Err(unusable("里面没有照片 / there is no photo in it"));
        }
        Ok(album)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The `nth` to be taken, round and round; none if there is none at all.
    pub fn nth(&self, nth: u64) -> Option<&Path> {
        let count = u64::try_from(self.files.len()).ok().filter(|count| *count > 0)?;
        self.files.get(usize::try_from(nth % count).ok()?).map(PathBuf::as_path)
    }

    /// A line about what was found.
    pub fn line(&self) -> String {
        let mut line = format!("用你的{}张照片", self.len());
        if self.flagged > 0 {
            line.push_str(&format!("，其中{}张有损坏或不是照片：照样存下、标明", self.flagged));
        }
        if self.empty > 0 {
            line.push_str(&format!("；{}个空文件没有用", self.empty));
        }
        line
    }
}
