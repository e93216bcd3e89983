//! Encrypted submissions: what is made is read back with the private key, by the specification's steps.

use crate::scenario::{FormText, form};
use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use num_bigint::BigUint;
use sha2::Sha256;
use xuncha_forms::{Answer, Encrypted, EncryptionError};

/// A key made for this test, by `openssl genrsa 2048`.
const PUBLIC: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuHL4BHBwpbJiF6HbuAOyhDDexj+9mXUnQDA4jB1gPBdUzXwOQAqNywzH3Y40aN1MBxE83kRed/wWrK9wd5/Hg97km0f3ojbmmRAqaD0omJwEpY4X8APQs1PqAvG5UnqJ7cfZPdy4ds2ZF+voIHIfGyNA1ioRLuIuQe+nqOmq8ki2CF2m6kvZ7x/1BXinwkToyqPucImUE51AaJjg89eDYw1vS6YXVMZxSs6FHCsXWR0HCXMeB59DUk9RBRvwUviodQHyrW+U3IM87bJzhkMjqgNVS+kfA5CY0YZ/MyKNZH3yDuf+e5IxLu58gEDWbsOYzFJBKUAbmGxJEdyQwmZC3wIDAQAB";
const MODULUS: &[u8] = b"b872f8047070a5b26217a1dbb803b28430dec63fbd9975274030388c1d603c1754cd7c0e400a8dcb0cc7dd8e3468dd4c07113cde445e77fc16acaf70779fc783dee49b47f7a236e699102a683d28989c04a58e17f003d0b353ea02f1b9527a89edc7d93ddcb876cd9917ebe820721f1b2340d62a112ee22e41efa7a8e9aaf248b6085da6ea4bd9ef1ff50578a7c244e8caa3ee708994139d406898e0f3d783630d6f4ba61754c6714ace851c2b17591d0709731e079f43524f51051bf052f8a87501f2ad6f94dc833cedb273864323aa03554be91f039098d1867f33228d647df20ee7fe7b92312eee7c8040d66ec398cc524129401b986c4911dc90c26642df";
const EXPONENT: &[u8] = b"06fc626a0ca0d4edc22b01f832952a998e1e49e4ed21ec497dc9606d921e9722b7c0069efae1a0c8317b8fbd21e80785a878ddd4cf4318094609e94fcf00100c4310bbd4332158dca2ac759162cb9afd6c6c4c2044f8bd5aa566d0bb6603a53227283166ac9441fa51d3919d9b93a6f0f35a07cd2a69c655992d620212ee3a0f381f85fcba93feb82239291c976f319ee1729043334af29cf039c6bf0496aea3c50488658770fcce2f1219bf062de55f3c159b7416b1f773fb35bd87051bafd6ccddd88c9e94b7feb116b92005b661ca1be7972cc3a0826ce114cb75a5343d4fb2341adebc603393aa326442ae6f2e5de3d639c8566365feea983c3086716fc9";

fn secret() -> FormText {
    form("<name/><photo/>")
        .model(&format!("<submission base64RsaPublicKey=\"{PUBLIC}\" orx:auto-send=\"true\"/>"))
        .bind("photo", "type=\"binary\"")
        .input("name")
        .body("<upload ref=\"/data/photo\" mediatype=\"image/*\"/>")
}

fn mask(bytes: &[u8], seed: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    for counter in 0u32..8 {
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update(counter.to_be_bytes());
        stream.extend(hash.finalize());
    }
    bytes.iter().zip(stream).map(|(byte, mask)| byte ^ mask).collect()
}

/// RSA with the private key, and the padding taken off.
fn open(cipher: &str) -> Vec<u8> {
    let number = |hex: &[u8]| BigUint::parse_bytes(hex, 16).unwrap();
    let cipher = BigUint::from_bytes_be(&STANDARD.decode(cipher).unwrap());
    let number = cipher.modpow(&number(EXPONENT), &number(MODULUS)).to_bytes_be();
    // As long as the modulus, with a zero byte before the rest.
    let mut plain = vec![0; 256 - number.len()];
    plain.extend(number);
    assert_eq!(plain[0], 0);
    let (seed, block) = plain[1..].split_at(32);
    let seed = mask(seed, block);
    let block = mask(block, &seed);
    assert_eq!(block[..32], *Sha256::digest(b""));
    let message = block[32..].iter().position(|byte| *byte == 1).unwrap() + 33;
    block[message..].to_vec()
}

fn decrypted(key: &[u8], vector: &[u8], cipher: &[u8]) -> Vec<u8> {
    let aes = Aes256::new_from_slice(key).unwrap();
    let mut before: [u8; 16] = vector.try_into().unwrap();
    let mut out = Vec::new();
    for block in cipher.chunks(16) {
        let mut stream = aes::Block::from(before);
        aes.encrypt_block(&mut stream);
        out.extend(block.iter().zip(stream).map(|(byte, stream)| byte ^ stream));
        before = block.try_into().unwrap();
    }
    let padding = *out.last().unwrap() as usize;
    assert!((1..=16).contains(&padding) && out.ends_with(&vec![padding as u8; padding]));
    out.truncate(out.len() - padding);
    out
}

fn between<'t>(text: &'t str, tag: &str) -> &'t str {
    let from = text.find(&format!("<{tag}>")).unwrap() + tag.len() + 2;
    &text[from..text[from..].find("</").unwrap() + from]
}

fn made() -> (Encrypted, Vec<u8>, String) {
    let mut visit = secret().begin();
    visit.answer("name", "张三");
    visit.try_answer("photo", Answer::File("p.jpg".into())).unwrap();
    let done = visit.finish();
    let files = [("p.jpg".to_owned(), b"sixteen bytes...".to_vec())];
    let form = std::sync::Arc::clone(visit.session.form());
    let encrypted = form.encrypt(&done, &files, &mut visit.desk).unwrap();
    (encrypted, done.xml, done.instance_id)
}

#[test]
fn only_the_holder_of_the_private_key_reads_a_record() {
    let (encrypted, xml, id) = made();
    let manifest = String::from_utf8(encrypted.manifest).unwrap();
    let key = open(between(&manifest, "base64EncryptedKey"));
    assert_eq!(key.len(), 32);
    let names: Vec<_> = encrypted.files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["p.jpg.enc", "submission.xml.enc"]);
    let mut hash = Md5::new();
    hash.update(&id);
    hash.update(&key);
    let mut seed = hash.finalize().to_vec();
    let plain: Vec<Vec<u8>> = encrypted
        .files
        .iter()
        .enumerate()
        .map(|(at, (_, bytes))| {
            seed[at % 16] = seed[at % 16].wrapping_add(1);
            decrypted(&key, &seed, bytes)
        })
        .collect();
    assert_eq!(plain, [b"sixteen bytes...".to_vec(), xml]);
    assert!(!encrypted.files.iter().any(|(_, bytes)| bytes.windows(6).any(|part| part == "张三".as_bytes())));
}

#[test]
fn the_manifest_says_what_a_server_needs_and_is_signed() {
    let (encrypted, xml, id) = made();
    let manifest = String::from_utf8(encrypted.manifest).unwrap();
    assert!(manifest.contains(
        "<data xmlns=\"http://opendatakit.org/submissions\" id=\"visit\" version=\"3\" encrypted=\"yes\">"
    ));
    assert_eq!(between(&manifest, "encryptedXmlFile"), "submission.xml.enc");
    assert_eq!((between(&manifest, "instanceID"), between(&manifest, "file")), (id.as_str(), "p.jpg.enc"));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let signed = [
        "visit".to_owned(),
        "3".to_owned(),
        between(&manifest, "base64EncryptedKey").to_owned(),
        id,
        format!("p.jpg::{}", hex(&Md5::digest(b"sixteen bytes..."))),
        format!("submission.xml::{}", hex(&Md5::digest(&xml))),
    ];
    let expected = Md5::digest(signed.join("\n") + "\n");
    assert_eq!(open(between(&manifest, "base64EncryptedElementSignature")), *expected);
}

#[test]
fn a_form_says_how_its_records_are_sent() {
    let visit = secret().begin();
    let rules = visit.session.form().submission_rules();
    assert_eq!((rules.encrypted, rules.auto_send, rules.auto_delete), (true, Some(true), None));
    assert_eq!(visit.session.form().needs(), ["base64RsaPublicKey"]);
    let place = "<odk:setgeopoint ref=\"/data/a\" event=\"odk-instance-load\"/>";
    assert_eq!(form("<a/>").model(place).begin().session.form().needs(), ["odk:setgeopoint"]);
    let model = "<submission action=\"https://example.org/s\" method=\"post\" orx:auto-delete=\"false\"/>";
    let plain = form("<a/>").model(model).begin();
    let rules = plain.session.form().submission_rules();
    assert_eq!((rules.encrypted, rules.auto_delete), (false, Some(false)));
    assert_eq!(
        (rules.action.as_deref(), rules.method.as_deref()),
        (Some("https://example.org/s"), Some("post"))
    );
}

#[test]
fn what_cannot_be_encrypted_says_why() {
    let mut open = form("<a/>").begin();
    let done = open.finish();
    let form = std::sync::Arc::clone(open.session.form());
    assert_eq!(form.encrypt(&done, &[], &mut open.desk), Err(EncryptionError::NoKey));
    let mut visit = secret().begin();
    visit.try_answer("photo", Answer::File("p.jpg".into())).unwrap();
    let done = visit.finish();
    let form = std::sync::Arc::clone(visit.session.form());
    let missing = form.encrypt(&done, &[], &mut visit.desk);
    assert_eq!(missing, Err(EncryptionError::MissingFile("/data/photo".into())));
}
