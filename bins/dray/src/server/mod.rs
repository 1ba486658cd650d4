//! A server, as the commands that need one speak to it.

pub mod jobs;
pub mod report;

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use ureq::http::{Response, StatusCode};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body};

use crate::Failure;

/// How often a call is tried that finds the server away or busy.
const ATTEMPTS: u32 = 8;
/// The first pause before another try; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// How long one call may take; 5,000 legs over the map may take a while.
const TIMEOUT: Duration = Duration::from_secs(600);
/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: u64 = 1 << 30;

/// Which server, and who asks.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// The server.
    #[arg(long, env = "DRAY_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    server: String,

    /// The API key.
    #[arg(long, env = "DRAY_API_KEY", hide_env_values = true, value_name = "KEY")]
    api_key: String,

    /// The organization's UUID.
    #[arg(long, env = "DRAY_ORGANIZATION_ID", value_name = "UUID")]
    organization: String,
}

/// A server with the caller's identity.
pub struct Server {
    agent: Agent,
    url: String,
    api_key: String,
    organization: String,
}

impl ServerArgs {
    pub fn connect(self) -> Server {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("dray/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let url = self.server.trim_end_matches('/').to_owned();
        Server { agent, url, api_key: self.api_key, organization: self.organization }
    }
}

impl Server {
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn organization(&self) -> &str {
        &self.organization
    }

    /// Reads an answer as JSON.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        Ok(serde_json::from_str(&self.get_text(path)?)?)
    }

    /// Reads an answer as text.
    pub fn get_text(&self, path: &str) -> Result<String, Failure> {
        self.call(path, || {
            let request = self.agent.get(format!("{}{path}", self.url));
            request.header("x-api-key", &self.api_key).header("x-organization-id", &self.organization).call()
        })
    }

    /// Sends JSON under a key that keeps a second try from having a second effect.
    pub fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &str,
        idempotency_key: &str,
    ) -> Result<T, Failure> {
        let text = self.call(path, || {
            let request = self.agent.post(format!("{}{path}", self.url)).content_type("application/json");
            let request =
                request.header("x-api-key", &self.api_key).header("x-organization-id", &self.organization);
            request.header("idempotency-key", idempotency_key).send(body)
        })?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Calls until the server is there, and answers with the body of a success.
    fn call(
        &self,
        path: &str,
        call: impl Fn() -> Result<Response<Body>, ureq::Error>,
    ) -> Result<String, Failure> {
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let outcome = call();
            let is_transient = match &outcome {
                Ok(answer) => matches!(
                    answer.status(),
                    StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE
                ),
                Err(error) => is_transient(error),
            };
            if is_transient && attempt < ATTEMPTS {
                std::thread::sleep(pause);
                pause *= 2;
                continue;
            }
            let mut answer = outcome.map_err(|error| format!("{} cannot be reached: {error}", self.url))?;
            let text = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_to_string()?;
            return match answer.status() {
                status if status.is_success() => Ok(text),
                status => Err(refused(path, status, &text).into()),
            };
        }
        Err(format!("{} cannot be reached", self.url).into())
    }
}

fn is_transient(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::Io(_)
            | ureq::Error::ConnectionFailed
            | ureq::Error::Timeout(_)
            | ureq::Error::HostNotFound
    )
}

/// What a refusal says, with the remedy where the server alone would not give one.
fn refused(path: &str, status: StatusCode, text: &str) -> String {
    let said = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(body) => match &body["detail"] {
            serde_json::Value::String(detail) => detail.clone(),
            serde_json::Value::Array(faults) => {
                let messages = faults.iter().filter_map(|fault| fault["msg"].as_str());
                messages.collect::<Vec<_>>().join("; ")
            }
            _ => text.to_owned(),
        },
        Err(_no_json) => text.chars().take(200).collect(),
    };
    let remedy = match status {
        StatusCode::UNAUTHORIZED => "; set DRAY_API_KEY",
        StatusCode::NOT_FOUND if said.contains("Organization") => "; set DRAY_ORGANIZATION_ID",
        _ => "",
    };
    format!("the server refused {path} with {}: {said}{remedy}", status.as_u16())
}

/// What may not stand as it is in a path or query: all but letters, digits and four characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A value as part of a path or query.
pub fn encoded(value: &str) -> impl Display {
    utf8_percent_encode(value, ENCODED)
}
