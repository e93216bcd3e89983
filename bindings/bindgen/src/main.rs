//! Runs uniffi-bindgen at the version the bindings are pinned to.

fn main() {
    uniffi::uniffi_bindgen_main();
}
