use proptest::prelude::*;

use super::*;

#[test]
fn the_two_bytes_are_fixed_for_ever() {
    assert_eq!(wrap(b"body"), b"\x01\x00body");
    assert_eq!(open(b"\x01\x00"), Ok(&b""[..]));
    // Of a newer build, or sealed: told as such, never read as something else.
    assert_eq!(open(b"\x02\x00{}"), Err(WireError::UnknownEnvelope { version: 2, algorithm: 0 }));
    assert_eq!(open(b"\x01\x01{}"), Err(WireError::UnknownEnvelope { version: 1, algorithm: 1 }));
}

proptest! {
    #[test]
    fn a_body_comes_out_as_it_went_in(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let stored = wrap(&bytes);
        prop_assert_eq!(open(&stored), Ok(bytes.as_slice()));
        let _ = open(&bytes);
    }
}
