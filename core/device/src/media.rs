//! The folder of photos: content-addressed originals that are never changed, and pictures made from them.
//!
//! An original is hashed before anything else, then written to a temporary file, synced, renamed to its name and
//! its folder synced: it is there whole or not at all. What can't be shown is kept and flagged.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use xuncha_photos::{Condition, Damage, Format, NotAPhoto, RenditionSpec, inspect, rendition, thumbnail};
use xuncha_wire::BlobId;

use crate::error::{AppError, Words};
use crate::store::StoreError;
use crate::store::open::{sync_folder, write_durably};
use crate::store::photos::Photo;

/// Largest file taken in, bytes: above what phone cameras write, below what would take a phone's memory.
const MAX_BYTES: u64 = 256 << 20;

/// Where photos are, and which pictures have been made.
#[derive(Clone)]
pub(crate) struct Media {
    originals: PathBuf,
    thumbs: PathBuf,
    views: PathBuf,
    made: Arc<Mutex<HashSet<PathBuf>>>,
}

impl Media {
    /// Makes the folders and looks at what is there.
    pub(crate) fn open(originals: PathBuf, cache: &Path) -> Result<Self, StoreError> {
        let (thumbs, views) = (cache.join("thumb"), cache.join("view"));
        for folder in [&originals, &thumbs, &views] {
            std::fs::create_dir_all(folder)?;
        }
        let mut made = HashSet::new();
        for folder in [&thumbs, &views] {
            for entry in std::fs::read_dir(folder)?.flatten() {
                let path = entry.path();
                if path.extension().is_some_and(|end| end == "jpg") {
                    made.insert(path);
                }
            }
        }
        Ok(Self { originals, thumbs, views, made: Arc::new(Mutex::new(made)) })
    }

    /// Takes a file in. The given file is only read.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is not there, empty or too large; [`AppError::StorageFull`].
    pub(crate) fn take_in(&self, path: &Path, made_ms: i64) -> Result<Photo, AppError> {
        let length = std::fs::metadata(path).map(|meta| meta.len()).map_err(|_| not_there())?;
        if length > MAX_BYTES {
            return Err(too_large());
        }
        let bytes = std::fs::read(path).map_err(|_| not_there())?;
        let id = BlobId::of(&bytes);
        let seen = inspect(&bytes);
        if seen.condition == Condition::Empty {
            return Err(empty());
        }
        let (mime, end) = kind(seen.format);
        let hex = id.digits();
        let file = format!("{}/{hex}.{end}", hex.get(..2).unwrap_or("00"));
        let target = self.originals.join(&file);
        if std::fs::metadata(&target).map(|meta| meta.len()).ok() != Some(length) {
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).map_err(StoreError::from)?;
                sync_folder(Some(&self.originals))?;
            }
            write_durably(&target, &bytes)?;
        }
        let size = seen.upright_size();
        Ok(Photo {
            id: id.to_string(),
            file,
            size: length,
            mime: mime.to_owned(),
            width: size.map_or(0, |s| s.width),
            height: size.map_or(0, |s| s.height),
            damage: damage_word(&seen.condition).to_owned(),
            made_ms,
            held: false,
            arrived: 0,
            trouble: String::new(),
        })
    }

    /// Makes rendition and thumbnail of an own photo. True if there is a picture now.
    pub(crate) fn derive(&self, photo: &Photo) -> bool {
        let (view, thumb) = (self.view_file(&photo.id), self.thumb_file(&photo.id));
        if self.is_made(&thumb) {
            return true;
        }
        let Ok(bytes) = std::fs::read(self.originals.join(&photo.file)) else { return false };
        let Ok(large) = rendition(&bytes, &RenditionSpec::STANDARD) else { return false };
        let Ok(small) = thumbnail(&large.bytes) else { return false };
        self.keep(&view, &large.bytes) && self.keep(&thumb, &small.bytes)
    }

    /// Keeps a picture that the hub sent. True if it is kept.
    pub(crate) fn keep_fetched(&self, id: &str, small: bool, bytes: &[u8]) -> bool {
        let path = if small { self.thumb_file(id) } else { self.view_file(id) };
        self.keep(&path, bytes)
    }

    fn keep(&self, path: &Path, bytes: &[u8]) -> bool {
        // A picture can be made again: no sync, but never half a file.
        let part = path.with_extension("part");
        let kept = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path)).is_ok();
        if kept {
            self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        }
        kept
    }

    fn is_made(&self, path: &Path) -> bool {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    fn thumb_file(&self, id: &str) -> PathBuf {
        self.thumbs.join(format!("{}.jpg", digits(id)))
    }

    fn view_file(&self, id: &str) -> PathBuf {
        self.views.join(format!("{}.jpg", digits(id)))
    }

    /// Path of the thumbnail, or empty. Memory only.
    pub(crate) fn thumb(&self, id: &str) -> String {
        let path = self.thumb_file(id);
        if self.is_made(&path) { path.display().to_string() } else { String::new() }
    }

    /// Path of the large picture, or empty. Memory only.
    pub(crate) fn view(&self, id: &str) -> String {
        let path = self.view_file(id);
        if self.is_made(&path) { path.display().to_string() } else { String::new() }
    }

    /// Path of an original.
    pub(crate) fn original(&self, file: &str) -> PathBuf {
        self.originals.join(file)
    }

    /// All files of originals, as rows name them, each with its age.
    pub(crate) fn files(&self) -> Vec<(String, Option<std::time::SystemTime>)> {
        let mut found = Vec::new();
        for folder in std::fs::read_dir(&self.originals).into_iter().flatten().flatten() {
            for entry in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                let name = format!("{}/{}", folder.file_name().display(), entry.file_name().display());
                found.push((name, entry.metadata().and_then(|meta| meta.modified()).ok()));
            }
        }
        found
    }

    /// Bytes of originals and of pictures.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let sum = |folder: &Path| -> u64 {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .filter_map(|entry| entry.metadata().ok())
                .filter(|meta| meta.is_file())
                .map(|meta| meta.len())
                .sum()
        };
        let folders = std::fs::read_dir(&self.originals).into_iter().flatten().flatten();
        (folders.map(|folder| sum(&folder.path())).sum(), sum(&self.thumbs) + sum(&self.views))
    }

    /// Removes an original that nothing names.
    pub(crate) fn remove(&self, file: &str) {
        let _ = std::fs::remove_file(self.originals.join(file));
    }
}

fn digits(id: &str) -> &str {
    id.strip_prefix("s2:").unwrap_or(id)
}

fn kind(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Jpeg => ("image/jpeg", "jpg"),
        Format::Png => ("image/png", "png"),
        Format::Webp => ("image/webp", "webp"),
        Format::Heic => ("image/heic", "heic"),
        Format::Unknown => ("application/octet-stream", "bin"),
    }
}

const DAMAGES: &[(&str, Condition)] = &[
    ("ends_early", Condition::Damaged { reason: Damage::EndsEarly }),
    ("bad_structure", Condition::Damaged { reason: Damage::BadStructure }),
    ("no_size", Condition::Damaged { reason: Damage::NoSize }),
    ("too_large", Condition::Damaged { reason: Damage::TooLarge { width: 0, height: 0 } }),
    ("too_many_scans", Condition::Damaged { reason: Damage::TooManyScans }),
    ("text", Condition::NotAPhoto { reason: NotAPhoto::Text }),
    ("unknown_format", Condition::NotAPhoto { reason: NotAPhoto::UnknownFormat }),
];

fn damage_word(condition: &Condition) -> &'static str {
    let seen = match condition {
        Condition::Whole | Condition::Empty => return "",
        Condition::Damaged { reason: Damage::TooLarge { .. } } => return "too_large",
        other => other,
    };
    DAMAGES.iter().find(|(_, known)| known == seen).map_or("bad_structure", |(word, _)| word)
}

/// The sentence for a damage word; empty for a whole photo.
pub(crate) fn damage_sentence(word: &str, language: &str) -> String {
    let found =
        DAMAGES.iter().find(|(known, _)| *known == word).and_then(|(_, condition)| condition.notice());
    found.map_or_else(String::new, |n| if language.starts_with("en") { n.en } else { n.zh }.to_owned())
}

fn not_there() -> AppError {
    Words::new(
        "没有找到照片文件，这张没有存下来。之前的照片和内容都在。再拍一次。",
        "The photo's file is not there, so it was not kept. What was taken before is safe. Take it again.",
    )
    .invalid("photo")
}

fn empty() -> AppError {
    Words::new(
        "这张没有存下来：相机没有给出照片。前面的照片和内容都在。再拍一次。",
        "This one was not kept: the camera gave an empty file. What was taken before is safe. Take it again.",
    )
    .invalid("photo")
}

fn too_large() -> AppError {
    Words::new(
        "文件超过256 MB，不像照片，没有存下来。之前的照片和内容都在。换一张照片。",
        "The file is larger than 256 MB and was not taken. What was taken before is safe. Choose another photo.",
    )
    .invalid("photo")
}

#[cfg(test)]
mod tests;
