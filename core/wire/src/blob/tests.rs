use proptest::prelude::*;

use super::*;

#[test]
fn the_name_is_the_sha256_of_the_bytes() {
    let id = BlobId::of(b"abc");
    assert_eq!(id.as_str(), "s2:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(id.as_str(), format!("s2:{}", id.digits()));
    assert_eq!(id.as_str().parse(), Ok(id));
}

#[test]
fn a_name_has_one_spelling_and_is_no_path() {
    let good = BlobId::of(b"abc").to_string();
    for bad in [
        good.to_uppercase(),
        good.replace("ba78", "BA78"),
        good.replace("s2:", "s3:"),
        good.replace("s2:", ""),
        format!("{good}0"),
        good.chars().take(66).collect(),
        good.replace("ba78", "+a78"),
        good.replace("ba78", "/../"),
        good.replace("ba78", "\0a78"),
        "s2:".to_owned(),
    ] {
        assert!(bad.parse::<BlobId>().is_err(), "{bad:?}");
        let json = serde_json::to_string(&bad).unwrap();
        assert!(serde_json::from_str::<BlobId>(&json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn names_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..100), junk in ".{0,80}") {
        let id = BlobId::of(&bytes);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        if let Ok(id) = junk.parse::<BlobId>() {
            prop_assert_eq!(id.as_str(), junk);
        }
    }
}
