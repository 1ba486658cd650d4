//! One request and its answer.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};

use super::{Answer, Failure, Request};
use crate::config::{ConfigError, ServiceConfig};

/// Who asks. Public servers want to know.
const USER_AGENT: &str = concat!("dray/", env!("CARGO_PKG_VERSION"));

/// For how long a connection is kept without use: OSRM closes it after five seconds.
const IDLE: Duration = Duration::from_secs(4);

pub(super) struct Exchange {
    client: Client,
    url: Url,
    max_answer_bytes: usize,
}

impl Exchange {
    pub fn new(config: &ServiceConfig) -> Result<Self, ConfigError> {
        let mut headers = HeaderMap::new();
        if let Some(auth) = &config.auth {
            headers.insert(auth.name.clone(), auth.value.clone());
        }
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(headers)
            .timeout(config.timeout)
            .connect_timeout(config.connect_timeout)
            .pool_max_idle_per_host(config.concurrency.get())
            .pool_idle_timeout(IDLE)
            // A redirection would carry the header for this server to another one.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never());
        #[cfg(feature = "tls")]
        let client = super::tls::configure(client, config.url.0.scheme() == "https")?;
        let client = client.build().map_err(|error| ConfigError::Client(chain(&error)))?;
        Ok(Self { client, url: config.url.0.clone(), max_answer_bytes: config.max_answer_bytes })
    }

    pub async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let url = self.address(request);
        let builder = match &request.body {
            Some(body) => self.client.post(url).header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => self.client.get(url),
        };
        let response =
            builder.header(ACCEPT, "application/json").send().await.map_err(|error| broken(&error))?;
        let ok = judge(&response)?;
        is_json(&response)?;
        let body = self.read(response).await?;
        Ok(Answer { ok, body })
    }

    fn address(&self, request: &Request) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{}", self.url.path().trim_end_matches('/'), request.path));
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        url
    }

    /// The whole body. A connection that ends before the announced length is an error of the client library.
    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| broken(&error))? {
            if body.len() + part.len() > self.max_answer_bytes {
                let reason = format!("the answer is longer than {} bytes", self.max_answer_bytes);
                return Err(Failure::Lasting { reason });
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }
}

/// True for an answer, false for one of the refusals that some servers put "no route" in.
fn judge(response: &Response) -> Result<bool, Failure> {
    let status = response.status();
    let passing = |reason| Failure::Passing { reason, retry_after: retry_after(response.headers()) };
    match status {
        StatusCode::OK => Ok(true),
        StatusCode::BAD_REQUEST => Ok(false),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Err(passing(format!("HTTP {status}")))
        }
        StatusCode::URI_TOO_LONG | StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Failure::Refused { reason: format!("HTTP {status}") })
        }
        _ if status.is_server_error() => Err(passing(format!("HTTP {status}"))),
        _ if status.is_redirection() => Err(Failure::Lasting {
            reason: format!("HTTP {status}: redirections are not followed, set the final address"),
        }),
        _ => Err(Failure::Lasting { reason: format!("HTTP {status}") }),
    }
}

fn is_json(response: &Response) -> Result<(), Failure> {
    let kind =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("nothing");
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let reason = format!("HTTP {}: the content type is `{essence}`, not JSON", response.status());
    Err(Failure::Passing { reason, retry_after: None })
}

/// `Retry-After` in seconds. The form with a date is not used by these servers.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn broken(error: &reqwest::Error) -> Failure {
    let reason = if error.is_timeout() { "timed out".to_owned() } else { chain(error) };
    Failure::Passing { reason, retry_after: None }
}

/// The innermost cause says most. The library's own text would repeat the address, with what was asked.
fn chain(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    if error.is_connect() { format!("cannot connect: {text}") } else { text }
}
