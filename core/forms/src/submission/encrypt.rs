//! Encrypted submissions (specification, "Encryption"): each record under a key of its own, which only
//! the holder of the form's private key can read.

use super::{attribute, escape};
use crate::answer::{Encrypted, Submission};
use crate::context::Context;
use crate::error::EncryptionError;
use crate::form::Form;
use crate::value::base64;
use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use md5::{Digest, Md5};

/// Bytes of an AES block.
const BLOCK: usize = 16;
const SUBMISSION: &str = "submission.xml";

/// The initialization vectors of one record, in the order of its files.
struct Vectors {
    seed: [u8; BLOCK],
    count: usize,
}

impl Vectors {
    fn next(&mut self) -> [u8; BLOCK] {
        if let Some(byte) = self.seed.get_mut(self.count % BLOCK) {
            *byte = byte.wrapping_add(1);
        }
        self.count += 1;
        self.seed
    }
}

/// AES-256 in cipher feedback mode over whole blocks, padded as PKCS#7 says.
fn cipher(key: &Aes256, vector: [u8; BLOCK], plain: &[u8]) -> Vec<u8> {
    let padding = BLOCK - plain.len() % BLOCK;
    let mut out = Vec::with_capacity(plain.len() + padding);
    out.extend_from_slice(plain);
    out.resize(plain.len() + padding, u8::try_from(padding).unwrap_or(0));
    let mut before = vector;
    for block in out.chunks_exact_mut(BLOCK) {
        let mut stream = aes::Block::from(before);
        key.encrypt_block(&mut stream);
        for ((byte, stream), before) in block.iter_mut().zip(stream).zip(&mut before) {
            *byte ^= stream;
            *before = *byte;
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Form {
    /// Encrypts a submission with its files, for a form that asks for it
    /// ([`SubmissionRules::encrypted`](crate::SubmissionRules)). `files` are the attachments with their
    /// bytes. The manifest is sent as the submission, the encrypted files beside it.
    ///
    /// # Errors
    /// The form has no key; the record has no id; an attachment is not among the files.
    pub fn encrypt(
        &self,
        submission: &Submission,
        files: &[(String, Vec<u8>)],
        cx: &mut dyn Context,
    ) -> Result<Encrypted, EncryptionError> {
        let public = self.key.as_ref().ok_or(EncryptionError::NoKey)?;
        if submission.instance_id.is_empty() {
            return Err(EncryptionError::NoInstanceId);
        }
        let lacking =
            submission.attachments.iter().find(|(_, name)| files.iter().all(|(known, _)| known != name));
        if let Some((at, _)) = lacking {
            return Err(EncryptionError::MissingFile(at.0.clone()));
        }
        let mut random = || -> [u8; 32] {
            let halves = [cx.entropy(), cx.entropy()];
            let mut out = [0; 32];
            out.iter_mut().zip(halves.iter().flatten()).for_each(|(byte, random)| *byte = *random);
            out
        };
        let (key, key_seed, signature_seed) = (random(), random(), random());
        let mut hash = Md5::new();
        hash.update(&submission.instance_id);
        hash.update(key);
        let mut vectors = Vectors { seed: hash.finalize().into(), count: 0 };
        let encrypted_key = base64::encode(&public.encrypt(&key, &key_seed));
        let mut signed = vec![self.id().to_owned()];
        signed.extend((!self.version().is_empty()).then(|| self.version().to_owned()));
        signed.extend([encrypted_key.clone(), submission.instance_id.clone()]);
        let aes = Aes256::new(&key.into());
        let last = (SUBMISSION.to_owned(), submission.xml.clone());
        let mut out = Vec::with_capacity(files.len() + 1);
        for (name, bytes) in files.iter().chain([&last]) {
            out.push((format!("{name}.enc"), cipher(&aes, vectors.next(), bytes)));
            signed.push(format!("{name}::{}", hex(&Md5::digest(bytes))));
        }
        let digest = Md5::digest(signed.join("\n") + "\n");
        let signature = base64::encode(&public.encrypt(&digest, &signature_seed));
        let manifest = self.manifest(&submission.instance_id, &encrypted_key, &out, &signature);
        Ok(Encrypted { manifest: manifest.into_bytes(), files: out })
    }

    fn manifest(&self, instance_id: &str, key: &str, files: &[(String, Vec<u8>)], signature: &str) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><data");
        attribute("xmlns", "http://opendatakit.org/submissions", &mut out);
        attribute("id", self.id(), &mut out);
        if !self.version().is_empty() {
            attribute("version", self.version(), &mut out);
        }
        attribute("encrypted", "yes", &mut out);
        out += &format!("><base64EncryptedKey>{key}</base64EncryptedKey>");
        out += "<meta xmlns=\"http://openrosa.org/xforms\"><instanceID>";
        escape(instance_id, false, &mut out);
        out += "</instanceID></meta>";
        for (name, _) in files.iter().take(files.len().saturating_sub(1)) {
            out += "<media><file>";
            escape(name, false, &mut out);
            out += "</file></media>";
        }
        out += &format!("<encryptedXmlFile>{SUBMISSION}.enc</encryptedXmlFile>");
        out +=
            &format!("<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature></data>");
        out
    }
}
