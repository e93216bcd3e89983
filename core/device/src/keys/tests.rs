use super::*;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::Verifier;

#[test]
fn a_key_stays_the_same_over_restarts_and_signs() {
    let folder = tempfile::tempdir().unwrap();
    let made = SoftwareKeys::new(folder.path()).device_key("device".into()).unwrap();
    let again = SoftwareKeys::new(folder.path());
    assert_eq!(again.device_key("device".into()).unwrap(), made);
    let der = again.sign("device".into(), b"hello".to_vec()).unwrap();
    let key = VerifyingKey::from_sec1_bytes(&made.sec1_public).unwrap();
    key.verify(b"hello", &DerSignature::try_from(der.as_slice()).unwrap()).unwrap();
}

#[test]
fn signing_never_makes_a_key_and_a_damaged_key_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = SoftwareKeys::new(folder.path());
    assert_eq!(keys.sign("device".into(), vec![1]), Err(KeyError::Gone));
    std::fs::write(folder.path().join("device.key"), b"short").unwrap();
    assert_eq!(keys.device_key("device".into()), Err(KeyError::Gone));
}

#[cfg(unix)]
#[test]
fn the_file_is_only_the_owners() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    SoftwareKeys::new(folder.path()).device_key("device".into()).unwrap();
    let mode = std::fs::metadata(folder.path().join("device.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
