//! The boundary error: one variant for each thing a shell, or a person, can do about it.

mod names;
#[cfg(test)]
mod tests;

/// What a call of this crate can fail with. Holds no answer, name or coordinate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
pub enum AppError {
    /// Not on this phone (any more): query again.
    #[error("no {what} {id} on this phone")]
    NotFound {
        /// What kind of thing: `form`, `draft`, `case`, …
        what: String,
        /// Its id.
        id: String,
    },
    /// What was given breaks a rule: show the sentence at the question or field.
    #[error("not valid at {at}: {en}")]
    Invalid {
        /// Which question or field.
        at: String,
        /// The sentence in Chinese.
        zh: String,
        /// The sentence in English.
        en: String,
    },
    /// A form uses what this version can't do: name it.
    #[error("not supported: {feature} {place}")]
    Unsupported {
        /// The feature, by its name in the form's standard; [`Self::sentence`] has it in words.
        feature: String,
        /// Where in the form it stands, for who wrote it; empty where the form as a whole asks for it.
        place: String,
    },
    /// The hub could not be reached or did not answer sensibly: no dialog, the work is on the phone.
    #[error("offline: {en}")]
    Offline {
        /// What happened, what is safe, what to do, in Chinese.
        zh: String,
        /// The same in English.
        en: String,
    },
    /// This phone is not enrolled, or was revoked: enrol (again). Own work stays.
    #[error("not enrolled or revoked (revoked: {revoked})")]
    Unauthorized {
        /// Was the phone enrolled once, and then revoked by the office?
        revoked: bool,
    },
    /// The data was written by a newer version, or the hub wants a newer one: offer the update.
    #[error("a newer version is needed: {minimum}")]
    Outdated {
        /// The oldest version that can go on.
        minimum: String,
    },
    /// The disk is full: offer to free space. Nothing that was kept before is lost; the call can be repeated.
    #[error("the disk is full")]
    StorageFull,
    /// A file is damaged and was moved aside, not deleted: explain, offer the rescue bundle.
    #[error("a data file was damaged and moved aside")]
    Damaged {
        /// Where the damaged file is kept; empty if only one stored body is damaged and stays where it is.
        kept_at: String,
    },
    /// The app was closed: open it again.
    #[error("the app is closed")]
    Closed,
    /// A bug or a failing system call: apologise, offer a report.
    #[error("internal error {report}: {detail}")]
    Internal {
        /// A number under which the log has it.
        report: String,
        /// Chain of causes, for logs.
        detail: String,
    },
}

impl AppError {
    /// The sentence for a person: what happened, what is safe, what to do. `language` is `zh` or `en`.
    pub fn sentence(&self, language: &str) -> String {
        let (zh, en) = self.words();
        if language.starts_with("en") { en } else { zh }
    }

    fn words(&self) -> (String, String) {
        let pair = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        match self {
            Self::NotFound { what, .. } => {
                let what = names::thing(what);
                (
                    format!("本机已没有这一项（{}）。其他内容都在。回到列表再看一次。", what.zh),
                    format!(
                        "This is no longer on the phone ({}). Everything else is. Go back to the list.",
                        what.en
                    ),
                )
            }
            Self::Invalid { zh, en, .. } | Self::Offline { zh, en } => (zh.clone(), en.clone()),
            Self::Unsupported { feature, .. } => {
                let feature = names::feature(feature);
                (
                    format!(
                        "这张表单要用{}，这个版本还做不到。已填内容都在。更新巡查后再试；还是不行，请管理员改表单。",
                        feature.zh
                    ),
                    format!(
                        "This form needs {}, which this version does not do. What was filled is kept. Update and try again, or ask the administrator to change the form.",
                        feature.en
                    ),
                )
            }
            Self::Unauthorized { revoked: true } => pair(
                "这部手机已停用。在本机的内容都还在，可以照常记录。请联系管理员重新发码。",
                "This phone was revoked. What is on it stays, and you can go on recording. Ask the administrator for a new code.",
            ),
            Self::Unauthorized { revoked: false } => pair(
                "这部手机还没有登记。在本机的内容都在。扫描单位发的二维码就能登记。",
                "This phone is not enrolled. What is on it stays. Scan the code that your office gave you.",
            ),
            Self::Outdated { .. } => pair(
                "这部手机的数据由更新的版本写过。数据完好。先更新巡查。",
                "The data on this phone was written by a newer version. It is intact. Update the app first.",
            ),
            Self::StorageFull => pair(
                "手机空间满了，这一步还没存下。之前的内容都完好。腾出空间后再试一次。",
                "The phone's storage is full, and this step was not saved. All before it is intact. Free some space and try again.",
            ),
            Self::Damaged { .. } => pair(
                "有一个数据文件损坏，已原样另存，其余完好。可以继续使用，也可以导出抢救包。",
                "A data file was damaged and kept aside unchanged; the rest is intact. You can go on, or export a rescue bundle.",
            ),
            Self::Closed => pair(
                "巡查已关闭。内容都在本机。重新打开就能继续。",
                "The app was closed. Everything is on the phone. Open it again to go on.",
            ),
            Self::Internal { report, .. } => (
                format!(
                    "这一步没有做成，是程序的问题。已保存的内容都在。再试一次；不行就把编号{report}告诉管理员。"
                ),
                format!(
                    "This step failed because of a fault in the app. What was saved is safe. Try again, or tell the administrator number {report}."
                ),
            ),
        }
    }
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Words {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Words {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    pub(crate) fn in_language(&self, language: &str) -> String {
        if language.starts_with("en") { self.en.clone() } else { self.zh.clone() }
    }

    /// As the refusal of what stands at `at`.
    pub(crate) fn invalid(self, at: impl Into<String>) -> AppError {
        AppError::Invalid { at: at.into(), zh: self.zh, en: self.en }
    }
}

/// An internal error under a number that the log has too. `error` must hold no answer, name or coordinate.
pub fn internal(error: &dyn std::fmt::Display) -> AppError {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let report = format!("U-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let detail = error.to_string();
    tracing::error!(report, detail, "internal error");
    AppError::Internal { report, detail }
}
