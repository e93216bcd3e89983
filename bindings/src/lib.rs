//! The UniFFI surface over `xuncha-device`: one-line delegates, no logic.
