//! Whether a photo is whole. Damage is a flag and never a refusal.

use serde::{Deserialize, Serialize};

/// How the received bytes stand. Whatever it says, the bytes are kept, hashed and uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Condition {
    /// The file is complete as far as its structure tells. Flipped bits inside the picture data can only
    /// be found by the hash.
    Whole,
    /// A picture file with something wrong.
    Damaged {
        /// What is wrong.
        reason: Damage,
    },
    /// Not a picture file of a kind that we know.
    NotAPhoto {
        /// What it seems to be.
        reason: NotAPhoto,
    },
    /// No bytes at all.
    Empty,
}

/// What is wrong with a picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Damage {
    /// The file stops before its end mark.
    EndsEarly,
    /// The file breaks its format's structure.
    BadStructure,
    /// The file does not say its size in pixels, or says zero.
    NoSize,
    /// The header claims more pixels than any camera makes; nothing was allocated for it.
    TooLarge {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
    },
    /// A progressive JPEG with more scans than any camera writes: a way to burn processor time.
    TooManyScans,
}

/// What bytes that are no photo seem to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAPhoto {
    /// Readable text, such as an error page saved under a photo's name.
    Text,
    /// An unknown kind of file.
    UnknownFormat,
}

/// A sentence for people, in both languages: what happened, what is safe, what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Condition {
    /// Whether nothing is known to be wrong.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }

    /// What to tell the person, or `None` for a whole photo.
    #[must_use]
    pub const fn notice(&self) -> Option<Notice> {
        let (zh, en) = match self {
            Self::Whole => return None,
            Self::Damaged { reason: Damage::EndsEarly } => (
                "照片不完整，文件在中途结束。原文件已原样保存，会照常上传。能重拍时请再拍一张。",
                "The photo is incomplete: the file ends half-way. The original is kept as it is and will be \
                 uploaded. Take another one if you can.",
            ),
            Self::Damaged { reason: Damage::TooLarge { .. } } => (
                "照片标注的尺寸异常，无法显示。原文件已原样保存，会照常上传。能重拍时请再拍一张。",
                "The photo claims an impossible size and cannot be shown. The original is kept as it is and \
                 will be uploaded. Take another one if you can.",
            ),
            Self::Damaged { .. } => (
                "照片有损坏，可能无法显示。原文件已原样保存，会照常上传。能重拍时请再拍一张。",
                "The photo is damaged and may not show. The original is kept as it is and will be uploaded. \
                 Take another one if you can.",
            ),
            Self::NotAPhoto { .. } => (
                "这个文件不是照片。文件已原样保存。请重新拍照或另选一张照片。",
                "This file is not a photo. It is kept as it is. Take a photo or choose another one.",
            ),
            Self::Empty => (
                "照片是空文件，没有内容。表单其他内容不受影响。请重新拍照。",
                "The photo is an empty file. The rest of the form is not affected. Take the photo again.",
            ),
        };
        Some(Notice { zh, en })
    }
}
