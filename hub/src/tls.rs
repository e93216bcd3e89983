//! TLS by rustls with ring: a certificate from files, or one of our own whose pin stands in enrolment codes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::PublicKeyData;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

use crate::config::{HubConfig, Tls};
use crate::error::HubError;

/// What the listener needs, and the pins for enrolment codes.
#[derive(Clone)]
pub(crate) struct Material {
    pub(crate) server: Arc<ServerConfig>,
    pub(crate) pins: Vec<String>,
}

fn tls(e: impl std::fmt::Display) -> HubError {
    HubError::Tls(e.to_string())
}

/// Certificate and key as configured; none for plain HTTP.
pub(crate) fn material(config: &HubConfig) -> Result<Option<Material>, HubError> {
    let (cert, key, pins) = match &config.tls {
        Tls::None => return Ok(None),
        Tls::Files { cert, key } => (cert.clone(), key.clone(), Vec::new()),
        Tls::SelfSigned => {
            let folder = config.data.join("tls");
            let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
            if !key.exists() {
                make(&folder, config.public_url.as_deref())?;
            }
            let pin = pin_of(&key)?;
            (cert, key, vec![pin])
        }
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(&cert).map_err(tls)?.collect();
    let chain = chain.map_err(tls)?;
    let key = PrivateKeyDer::from_pem_file(&key).map_err(tls)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(tls)?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(Material { server: Arc::new(server), pins }))
}

/// A key and certificate of our own, made once. Phones trust the key by its pin, whatever the certificate says.
fn make(folder: &Path, public_url: Option<&str>) -> Result<(), HubError> {
    fs::create_dir_all(folder).map_err(HubError::io(folder.display()))?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let host =
        public_url.and_then(|url| url.split("//").nth(1)).and_then(|rest| rest.split([':', '/']).next());
    names.extend(host.filter(|h| !h.is_empty()).map(str::to_owned));
    let made = rcgen::generate_simple_self_signed(names).map_err(tls)?;
    let cert = folder.join("cert.pem");
    fs::write(&cert, made.cert.pem()).map_err(HubError::io(cert.display()))?;
    let key = folder.join("key.pem");
    write_secret(&key, made.signing_key.serialize_pem().as_bytes()).map_err(HubError::io(key.display()))
}

/// A file that only its owner reads, from its first byte on.
fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// SHA-256 of the key's SPKI, base64url, as enrolment codes carry it.
fn pin_of(key: &Path) -> Result<String, HubError> {
    let pem = fs::read_to_string(key).map_err(HubError::io(key.display()))?;
    let pair = rcgen::KeyPair::from_pem(&pem).map_err(tls)?;
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(pair.subject_public_key_info())))
}
