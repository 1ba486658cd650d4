//! What protects the server from its clients.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use http_api::{Limits, Rate};

/// What protects the server from its clients.
#[derive(Debug, Args)]
pub struct ProtectionConfig {
    /// The largest accepted request body, in bytes.
    #[arg(long, env = "DRAY_MAX_BODY_BYTES", default_value_t = 16 * 1024 * 1024, value_parser = body_bytes)]
    pub max_body_bytes: usize,

    /// How many requests each API key may make in a second, in the long run; any number by default. Each process counts
    /// for itself.
    #[arg(long, env = "DRAY_RATE_LIMIT")]
    pub rate_limit: Option<NonZeroU32>,

    /// How many requests each API key may make at once, where there is a rate limit; as many as in a second by default.
    #[arg(long, env = "DRAY_RATE_LIMIT_BURST", requires = "rate_limit")]
    pub rate_limit_burst: Option<NonZeroU32>,

    /// How long a client may take to send the head of a request, and how long its body may stop coming, in seconds.
    #[arg(long, env = "DRAY_CLIENT_TIMEOUT_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub client_timeout_seconds: u64,

    /// How long an answer may take, in seconds.
    #[arg(long, env = "DRAY_REQUEST_TIMEOUT_SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub request_timeout_seconds: u64,

    /// The origins whose pages may call from a browser, separated by commas, as in `https://tms.example.com`; `*` for all.
    #[arg(long, env = "DRAY_CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<String>,
}

impl ProtectionConfig {
    /// How many requests each key may make, if there is a limit.
    pub fn rate(&self) -> Option<Rate> {
        let rate = |per_second| Rate { per_second, burst: self.rate_limit_burst.unwrap_or(per_second) };
        self.rate_limit.map(rate)
    }

    /// How long the head of a request is waited for.
    pub fn client_timeout(&self) -> Duration {
        Duration::from_secs(self.client_timeout_seconds)
    }

    /// How much a client may ask for; jobs are cut into chunks of so many legs.
    pub fn limits(&self, chunk: u32) -> Limits {
        Limits {
            body_bytes: self.max_body_bytes,
            silence: self.client_timeout(),
            handler: Duration::from_secs(self.request_timeout_seconds),
            chunk,
        }
    }
}

fn body_bytes(text: &str) -> Result<usize, String> {
    const MAX: usize = 1024 * 1024 * 1024;
    match text.parse() {
        Ok(bytes) if (1024..=MAX).contains(&bytes) => Ok(bytes),
        _ => Err(format!("give a number of bytes from 1024 to {MAX}")),
    }
}

/// An origin as browsers send it: scheme, host and perhaps port, without a path.
fn origin(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let is_host = !host.is_empty() && !host.contains(['/', '?', '#', '@', '*', ' ']);
    if text == "*" || (is_host && text.is_ascii() && !text.contains(char::is_uppercase)) {
        Ok(text.to_owned())
    } else {
        Err("give an origin as browsers send it, as in https://tms.example.com or http://localhost:3000, or *".to_owned())
    }
}
