//! Sentences about sync: what happened, what is safe, what to do (screens.md 4.14, 6.4).

use super::plan::{End, EndKind, Failure};
use crate::error::{AppError, Words};
use crate::view::SyncKind;

/// What waits on this phone, in words: `2条、12张`.
pub(crate) fn waiting(ops: u64, photos: u64) -> Words {
    match (ops, photos) {
        (0, 0) => Words::new("内容", "everything"),
        (0, p) => Words::new(format!("{}张", count(p)), some(p, "photo")),
        (o, 0) => Words::new(format!("{}条", count(o)), some(o, "item")),
        (o, p) => Words::new(
            format!("{}条、{}张", count(o), count(p)),
            format!("{}, {}", some(o, "item"), some(p, "photo")),
        ),
    }
}

/// So many of something in English: `1 photo`, `1,204 photos`.
pub(crate) fn some(number: u64, what: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{} {what}{many}", count(number))
}

/// A number for the screen: commas from 1,000.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What the next push says of work that waited, as docs/protocol.md (4) lists it; none if nothing hindered.
pub(crate) fn waiting_why(kind: EndKind) -> Option<&'static str> {
    match kind {
        EndKind::Done => None,
        EndKind::Partly => Some("partly"),
        EndKind::Unreachable => Some("no_network"),
        EndKind::Silent => Some("no_answer"),
        EndKind::Gate => Some("gate"),
        EndKind::Trouble => Some("hub_trouble"),
        EndKind::HubFull => Some("hub_full"),
        EndKind::Revoked => Some("unauthorized"),
        EndKind::Outdated => Some("outdated"),
    }
}

/// The word for a full disk of this phone.
pub(crate) const STORAGE: &str = "storage";

/// The sentence that ends a sync, with what still waits.
pub(crate) fn ended(end: &End, waits: (u64, u64), silence_s: u64) -> (SyncKind, Words) {
    let left = waiting(waits.0, waits.1);
    let (zh, en) = (&left.zh, &left.en);
    match end.kind {
        EndKind::Done if end.refused > 0 => (
            SyncKind::Done,
            Words::new(
                format!("平台收到了，但{}条没有采纳。内容平台和本机都有，看看怎么办。", end.refused),
                format!(
                    "The hub has everything, but {} had no effect. Both sides keep them; see what to do.",
                    end.refused
                ),
            ),
        ),
        EndKind::Done if end.quarantined > 0 => (
            SyncKind::Done,
            Words::new(
                format!(
                    "平台收到了，有{}条先代为保管，还没有生效。内容都没有丢。请到“同步”里看原因，等管理员处理。",
                    end.quarantined
                ),
                format!(
                    "The hub has everything and keeps {} without effect for now. Nothing is lost. See why under “Sync”; the administrator decides.",
                    end.quarantined
                ),
            ),
        ),
        EndKind::Done if end.forms_waiting > 0 => (
            SyncKind::Partly,
            Words::new(
                format!(
                    "有{}张表单的文件没有取完，先用原来的版本。你做的平台已全部收到，都完好。下次联网接着取，也可以再点一次。",
                    end.forms_waiting
                ),
                format!(
                    "Files of {} are still to come; the version before stays in use. The hub has everything you made. The next sync goes on, or sync again.",
                    some(end.forms_waiting, "form")
                ),
            ),
        ),
        EndKind::Done if !end.repulled.is_empty() => (
            SyncKind::Done,
            Words::new(
                "核对发现资料不一致，已重新取了一份。你做的不受影响。",
                "A check found the data differing, so it was fetched anew. Your work is not affected.",
            ),
        ),
        EndKind::Done if end.offered_again => (
            SyncKind::Done,
            Words::new(
                "平台恢复过数据，本机保留的已再交一遍，没有重复。",
                "The hub was restored; what this phone keeps was offered again. Nothing doubled.",
            ),
        ),
        EndKind::Done => {
            (SyncKind::Done, Words::new("平台已全部收到并核对。", "The hub has everything, checked."))
        }
        EndKind::Partly => (
            SyncKind::Partly,
            Words::new(
                format!("平台收到了一部分，还有{zh}在本机，内容都完好。有网会自动再传，也可以再点立即上传。"),
                format!(
                    "The hub has a part; {en} still on this phone, intact. It goes on by itself, or push again."
                ),
            ),
        ),
        EndKind::Unreachable => (
            SyncKind::Offline,
            Words::new(
                format!("现在没有网络。{zh}都完好存在本机，有网后自动上传，不用守着。"),
                format!(
                    "No network now. On this phone, intact: {en}. It goes up by itself later; no need to wait."
                ),
            ),
        ),
        EndKind::Silent => (
            SyncKind::Offline,
            Words::new(
                format!(
                    "平台没有回应（已等{silence_s}秒）。{zh}都在本机。有信号后自动再传，也可以立即上传。"
                ),
                format!(
                    "The hub did not answer ({silence_s} s). On this phone, intact: {en}. It goes up by itself later, or push again."
                ),
            ),
        ),
        EndKind::Gate => (
            SyncKind::GatePage,
            Words::new(
                format!(
                    "连上的Wi-Fi要先在网页登录，平台什么也没收到。{zh}都在本机。打开登录页，或改用流量。"
                ),
                format!(
                    "The Wi-Fi wants a sign-in page first; nothing reached the hub. On this phone, intact: {en}. Sign in, or use mobile data."
                ),
            ),
        ),
        EndKind::Trouble => (
            SyncKind::HubTrouble,
            Words::new(
                format!("平台现在出了故障，回答不对。{zh}都完好存在本机。过一会儿自动再传。"),
                format!(
                    "The hub has trouble and answers wrongly. On this phone, intact: {en}. It is tried again later."
                ),
            ),
        ),
        EndKind::HubFull => (
            SyncKind::HubTrouble,
            Words::new(
                format!("平台的空间满了，收不下。{zh}都完好存在本机。请告诉管理员。"),
                format!("The hub's disk is full. On this phone, intact: {en}. Tell the administrator."),
            ),
        ),
        EndKind::Revoked => (
            SyncKind::Revoked,
            Words::new(
                format!("这部手机已停用。{zh}都在本机，可以导出交接包交给管理员。"),
                format!(
                    "This phone was revoked. On it, intact: {en}. Hand them to the administrator in a bundle."
                ),
            ),
        ),
        EndKind::Outdated => (
            SyncKind::Outdated,
            Words::new(
                "你做的平台已收下。取新资料要先更新巡查。",
                "The hub took your work. Update the app to fetch new data.",
            ),
        ),
    }
}

/// The sync that the shell stopped.
pub(crate) fn cancelled(waits: (u64, u64)) -> Words {
    let left = waiting(waits.0, waits.1);
    Words::new(
        format!("已停止。{}在本机，内容都完好，下次接着传。", left.zh),
        format!("Stopped. On this phone, intact: {}. The next sync goes on from here.", left.en),
    )
}

/// What a failed enrolment says.
pub(crate) fn enrolment(failure: &Failure, code: Option<xuncha_wire::ErrorCode>, silence_s: u64) -> AppError {
    use xuncha_wire::ErrorCode as E;
    let words = match (code, failure) {
        (Some(E::CodeUsed), _) => Words::new(
            "这个码已登记过另一部手机，没有做任何事。若是换手机，请让管理员重新发码。",
            "This code was used for another phone. Nothing was done. For a new phone, ask the administrator for a new code.",
        ),
        (Some(E::CodeExpired), _) => Words::new(
            "这个码已过期，没有做任何事。请管理员再发一个。",
            "This code has run out. Nothing was done. Ask the administrator for another.",
        ),
        (Some(E::CodeUnknown | E::BadSignature | E::NotFound), _) => Words::new(
            "平台不认识这个码，没有做任何事。请扫管理员刚发的码。",
            "The hub does not know this code. Nothing was done. Scan the one the administrator gave you just now.",
        ),
        (_, Failure::Gate) => return AppError::Offline {
            zh: "连上的Wi-Fi要先在网页登录。码还没有用掉。登录后再试，或改用流量。".into(),
            en: "The Wi-Fi wants a sign-in page first. The code is not spent. Sign in, or use mobile data.".into(),
        },
        (_, Failure::Silent) => return AppError::Offline {
            zh: format!("平台没有回应（已等{silence_s}秒）。在本机的内容都在。到有信号处再试。"),
            en: format!("The hub did not answer ({silence_s} s). What is on the phone is safe. Try again with a signal."),
        },
        (_, Failure::Unreachable) => return AppError::Offline {
            zh: "扫到了。登记要联网一次，现在没有网络。请到有信号处再试。".into(),
            en: "The code was read. Enrolling needs the network once, and there is none. Try again with a signal.".into(),
        },
        (_, Failure::SlowDown(_)) => Words::new(
            "试得太多了，没有做任何事。过几分钟再试。",
            "Too many attempts. Nothing was done. Try again in some minutes.",
        ),
        _ => return AppError::Offline {
            zh: "平台现在出了故障，没有登记成。在本机的内容都在。过一会儿再试。".into(),
            en: "The hub has trouble; the phone was not enrolled. What is on it is safe. Try again later.".into(),
        },
    };
    words.invalid("code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_is_safe() {
        let end = End { kind: EndKind::Silent, ..End::default() };
        let (kind, words) = ended(&end, (1, 2), 60);
        assert_eq!(kind, SyncKind::Offline);
        assert_eq!(
            words.zh,
            "平台没有回应（已等60秒）。1条、2张都在本机。有信号后自动再传，也可以立即上传。"
        );
        assert_eq!((waiting(1, 1).en, waiting(2, 0).en), ("1 item, 1 photo".into(), "2 items".into()));
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
    }
}
