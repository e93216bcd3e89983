//! The one function that builds an HTTP client, with our rules of trust.
//!
//! Public roots only, or the pins of the enrolment code; user-installed CAs are never trusted. Plain HTTP only on
//! loopback. No proxy, no redirects. With a pin, a wrong phone clock does not stop sync.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};

use crate::core::lock;
use crate::error::{AppError, Words, internal};

/// How long a connection is kept for the next sync: shorter than a walk out of a network's reach.
const IDLE: Duration = Duration::from_secs(20);

/// The client that is kept from one sync to the next, with its open connections: the roots are read once, and a sync
/// that follows shortly needs no new handshake.
#[derive(Default)]
pub(crate) struct KeptClient(Mutex<Option<(String, Vec<String>, reqwest::Client)>>);

impl KeptClient {
    /// The kept one if it is for this hub and these pins, else a new one that is kept.
    ///
    /// # Errors
    /// As [`client`].
    pub(crate) fn of(
        &self,
        hub: &str,
        pins: &[String],
        silence: Duration,
    ) -> Result<reqwest::Client, AppError> {
        let mut kept = lock(&self.0);
        if let Some((of, by, client)) = kept.as_ref()
            && of == hub
            && by == pins
        {
            return Ok(client.clone());
        }
        let fresh = client(hub, pins, silence)?;
        *kept = Some((hub.to_owned(), pins.to_owned(), fresh.clone()));
        Ok(fresh)
    }

    /// Lets go of it: what went wrong may lie with its connections.
    pub(crate) fn forget(&self) {
        lock(&self.0).take();
    }
}

/// A client for this hub.
///
/// # Errors
/// [`AppError::Invalid`] if the address is neither HTTPS nor plain HTTP on loopback.
#[allow(clippy::disallowed_methods, reason = "this is the one place that builds a client")]
pub(crate) fn client(hub: &str, pins: &[String], silence: Duration) -> Result<reqwest::Client, AppError> {
    let url = reqwest::Url::parse(hub).map_err(|_| bad_address())?;
    let plain = url.scheme() == "http" && is_loopback(&url);
    if url.scheme() != "https" && !plain {
        return Err(bad_address());
    }
    let provider = rustls::crypto::ring::default_provider();
    // The unpinned client takes the process's provider; a second call changes nothing.
    let _ = provider.clone().install_default();
    let builder = reqwest::Client::builder()
        .https_only(!plain)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(silence.min(Duration::from_secs(15)))
        .read_timeout(silence)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .user_agent(concat!("xuncha/", env!("CARGO_PKG_VERSION")));
    let builder = if pins.is_empty() {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        let roots =
            roots.iter().map(|der| reqwest::Certificate::from_der(der)).collect::<Result<Vec<_>, _>>();
        builder.tls_certs_only(roots.map_err(|_| internal(&"public roots"))?)
    } else {
        let pins = pins
            .iter()
            .map(|pin| URL_SAFE_NO_PAD.decode(pin.trim_end_matches('=')))
            .collect::<Result<_, _>>();
        let pinned = Pinned { pins: pins.map_err(|_| bad_address())?, provider: Arc::new(provider) };
        let config = rustls::ClientConfig::builder_with_provider(pinned.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|_| internal(&"TLS versions"))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pinned))
            .with_no_client_auth();
        builder.tls_backend_preconfigured(config)
    };
    builder.build().map_err(|_| internal(&"HTTP client"))
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn bad_address() -> AppError {
    Words::new(
        "登记码里的平台地址不安全，没有做任何事。请管理员重新发码。",
        "The hub's address in the code is not safe to use. Nothing was done. Ask the administrator for a new code.",
    )
    .invalid("code")
}

/// Trusts the keys that the enrolment code named, and only them: the leaf's own, or a CA's in its chain.
#[derive(Debug)]
struct Pinned {
    pins: Vec<Vec<u8>>,
    provider: Arc<CryptoProvider>,
}

impl Pinned {
    fn is_pinned(&self, certificate: &ParsedCertificate<'_>) -> bool {
        let hash = Sha256::digest(certificate.subject_public_key_info().as_ref());
        self.pins.iter().any(|pin| pin.as_slice() == hash.as_slice())
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let parsed = ParsedCertificate::try_from(leaf)?;
        verify_server_name(&parsed, name)?;
        if self.is_pinned(&parsed) {
            return Ok(ServerCertVerified::assertion());
        }
        let mut roots = RootCertStore::empty();
        for certificate in chain {
            if ParsedCertificate::try_from(certificate).is_ok_and(|ca| self.is_pinned(&ca)) {
                roots.add(certificate.clone().into_owned())?;
            }
        }
        if roots.is_empty() {
            return Err(Error::InvalidCertificate(CertificateError::UnknownIssuer));
        }
        let algorithms = self.provider.signature_verification_algorithms.all;
        let check = |at| verify_server_cert_signed_by_trust_anchor(&parsed, &roots, chain, at, algorithms);
        match check(now) {
            // The phone's clock may be years off: with a pin, the key decides and not the calendar.
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
                check(not_after)
            }
            Err(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
                check(not_before)
            }
            other => other,
        }?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENCE: Duration = Duration::from_secs(1);

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in
            ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:1", "https://hub.example"]
        {
            assert!(client(good, &[], SILENCE).is_ok(), "{good}");
        }
        for bad in [
            "http://hub.example",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "hub.example",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(client(bad, &[], SILENCE).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pin_that_is_none_is_refused() {
        assert!(client("https://hub.example", &["not base64!".into()], SILENCE).is_err());
        assert!(client("https://hub.example", &[URL_SAFE_NO_PAD.encode([7; 32])], SILENCE).is_ok());
    }
}
