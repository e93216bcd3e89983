//! What travels between phone and hub: ids, messages, error codes, feed and cursor rules. Pure.
