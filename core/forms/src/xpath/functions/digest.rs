//! Digests, base64 and signed text.

use super::super::eval::{Eval, Here, Value};
use super::super::expr::Expr;
use super::{Function, borrowed, operand};
use crate::value::base64;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::borrow::Cow;

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    let text = |n: usize| operand(eval, arguments, n, here);
    Some(match function {
        Function::Digest => {
            let encoding = if arguments.len() > 2 { text(2) } else { Cow::Borrowed("base64") };
            borrowed(digest(&text(0), &text(1), &encoding))
        }
        Function::Base64Decode => borrowed(
            base64::decode(&text(0)).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default(),
        ),
        Function::ExtractSigned => borrowed(signed(&text(0), &text(1)).unwrap_or_default()),
        _ => return None,
    })
}

/// Empty for an algorithm or an encoding that XForms 1.1 does not name; in any case (Collect).
fn digest(source: &str, algorithm: &str, encoding: &str) -> String {
    let bytes: Vec<u8> = match algorithm.to_ascii_uppercase().as_str() {
        "MD5" => Md5::digest(source).to_vec(),
        "SHA-1" => Sha1::digest(source).to_vec(),
        "SHA-256" => Sha256::digest(source).to_vec(),
        "SHA-384" => Sha384::digest(source).to_vec(),
        "SHA-512" => Sha512::digest(source).to_vec(),
        _ => return String::new(),
    };
    match encoding.to_ascii_lowercase().as_str() {
        "hex" => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        "base64" => base64::encode(&bytes),
        _ => String::new(),
    }
}

/// The text behind an Ed25519 signature of 64 bytes, where the key made it; both are base64.
fn signed(contents: &str, key: &str) -> Option<String> {
    let contents = base64::decode(contents)?;
    let (signature, message) = contents.split_at_checked(64)?;
    let key = ed25519_compact::PublicKey::from_slice(&base64::decode(key)?).ok()?;
    let signature = ed25519_compact::Signature::from_slice(signature).ok()?;
    key.verify(message, &signature).ok()?;
    String::from_utf8(message.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        for (algorithm, hex) in [
            ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
            ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            assert_eq!(digest("abc", algorithm, "hex"), hex, "{algorithm}");
        }
        assert_eq!(digest("abc", "SHA-256", "base64"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert_eq!(digest("abc", "sha-256", "Base64"), digest("abc", "SHA-256", "base64"));
        assert_eq!(digest("abc", "CRC", "hex") + &digest("abc", "MD5", "octal"), "");
    }

    #[test]
    fn a_signed_text_is_given_only_where_the_signature_holds() {
        let seed = ed25519_compact::Seed::new([7; 32]);
        let pair = ed25519_compact::KeyPair::from_seed(seed);
        let mut contents = pair.sk.sign("巡查", None).to_vec();
        contents.extend("巡查".as_bytes());
        let key = base64::encode(&*pair.pk);
        assert_eq!(signed(&base64::encode(&contents), &key).as_deref(), Some("巡查"));
        contents[0] ^= 1;
        assert_eq!(signed(&base64::encode(&contents), &key), None);
        assert_eq!(signed("AAAA", &key), None);
    }

    #[test]
    fn a_signature_of_the_standard_is_taken() {
        // RFC 8032, section 7.1, test 2.
        let bytes = |hex: &str| -> Vec<u8> {
            let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
            digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
        };
        let key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let mut contents = bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        contents.push(b'r');
        assert_eq!(signed(&base64::encode(&contents), &base64::encode(&key)).as_deref(), Some("r"));
    }
}
