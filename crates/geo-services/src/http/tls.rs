//! https with the certificates that the operating system trusts.

use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::config::ConfigError;

/// Gives the client what it needs for https. A client that won't use it gets one that trusts nobody, and needs no
/// certificates on the machine.
pub(super) fn configure(client: ClientBuilder, needed: bool) -> Result<ClientBuilder, ConfigError> {
    let refused = |error: rustls::Error| ConfigError::Client(error.to_string());
    let versions = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(refused)?;
    let verified = if needed {
        versions.with_platform_verifier().map_err(refused)?
    } else {
        versions.with_root_certificates(RootCertStore::empty())
    };
    Ok(client.tls_backend_preconfigured(verified.with_no_client_auth()))
}
