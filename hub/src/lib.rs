//! What phones sync to: API, console, ledger. Binary xuncha.
