//! The settings of the dispatch over NATS: servers, logins, TLS and the stream.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use async_nats::ServerAddr;
use percent_encoding::percent_decode_str;

/// How to use NATS.
#[derive(Debug, Clone)]
pub struct NatsOptions {
    /// Where it is, with user and password or a token if it asks for them.
    pub servers: NatsServers,
    /// A credentials file, as NATS's own tools write it, or one with the seed of an nkey.
    pub credentials: Option<PathBuf>,
    /// How its connections are made safe.
    pub tls: NatsTls,
    /// The name of the stream. Installations that share a NATS need different ones.
    pub stream: String,
    /// On how many servers of the cluster the stream is kept: 1, 3 or 5.
    pub replicas: usize,
    /// How long a worker may be silent before its word comes to another.
    pub lease: Duration,
}

/// TLS to NATS, beside what the servers' URLs and the servers themselves ask for.
#[derive(Debug, Clone, Default)]
pub struct NatsTls {
    /// Certificates to trust, in PEM; those of the system without it. With it nothing is sent without TLS.
    pub authorities: Option<PathBuf>,
    /// The certificate that is shown to the servers, and its key, in PEM.
    pub own: Option<OwnCertificate>,
}

/// What a client shows to servers that ask who it is.
#[derive(Debug, Clone)]
pub struct OwnCertificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Who a client says that it is.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Login {
    User { name: String, password: String },
    Token(String),
}

/// The servers of one NATS. User names and passwords in them are not shown.
#[derive(Clone)]
pub struct NatsServers {
    /// Without logins: the client writes their URLs to its log.
    pub(super) addresses: Vec<ServerAddr>,
    /// Who the URLs say that the client is: the same for all servers.
    pub(super) login: Option<Login>,
}

/// Why something is no list of servers. It does not repeat what was given, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "give one or more servers, separated by commas, as in `nats://user:password@host:4222`, with at most one user or token"
)]
pub struct WrongServers;

impl NatsServers {
    /// Whether a URL asks for TLS. Then no server is spoken to without it, also none that the others name.
    pub(super) fn ask_for_tls(&self) -> bool {
        self.addresses.iter().any(ServerAddr::tls_required)
    }
}

/// User and password of a URL, or the token that stands alone in their place. Special characters in them are `%XX`.
fn login(server: &ServerAddr) -> Option<Login> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let name = server.username().map(decoded)?;
    Some(match server.password().map(decoded) {
        Some(password) => Login::User { name, password },
        None => Login::Token(name),
    })
}

/// The server alone; nothing if it cannot be reached by TCP.
fn address(server: ServerAddr) -> Option<ServerAddr> {
    if server.host().is_empty() || server.is_websocket() {
        return None;
    }
    let mut url = server.into_inner();
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    ServerAddr::from_url(url).ok()
}

impl FromStr for NatsServers {
    type Err = WrongServers;

    fn from_str(text: &str) -> Result<Self, WrongServers> {
        let servers: Result<Vec<ServerAddr>, _> =
            text.split(',').map(|server| server.trim().parse()).collect();
        let servers = servers.map_err(|_not_shown| WrongServers)?;
        let mut logins = servers.iter().filter_map(login);
        let first = logins.next();
        if !logins.all(|login| Some(login) == first) {
            return Err(WrongServers);
        }
        drop(logins);
        let addresses: Option<Vec<ServerAddr>> = servers.into_iter().map(address).collect();
        Ok(Self { addresses: addresses.ok_or(WrongServers)?, login: first })
    }
}

impl fmt::Display for NatsServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, server) in self.addresses.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}://{}:{}", server.scheme(), server.host(), server.port())?;
        }
        Ok(())
    }
}

impl fmt::Debug for NatsServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        let servers: NatsServers = "nats://dray:secret@a.internal, tls://b.internal:4333".parse().unwrap();
        assert_eq!(servers.to_string(), "nats://a.internal:4222,tls://b.internal:4333");
        assert!(!format!("{servers:?} {:?}", servers.addresses).contains("secret"));
    }

    #[test]
    fn user_and_token_are_read_as_they_were_before_they_were_written_into_a_url() {
        let login = |text: &str| text.parse::<NatsServers>().unwrap().login;
        let user = Login::User { name: "dray".to_owned(), password: "p@ss,w/rd".to_owned() };
        assert!(login("nats://a,nats://dray:p%40ss%2Cw%2Frd@b") == Some(user));
        assert!(login("tls://s%3Acret@a") == Some(Login::Token("s:cret".to_owned())));
        assert!(login("nats://a").is_none());
    }

    #[test]
    fn one_url_with_tls_asks_for_it_everywhere() {
        let asks = |text: &str| text.parse::<NatsServers>().unwrap().ask_for_tls();
        assert!(asks("nats://a,tls://b") && !asks("nats://a,b"));
    }

    #[test]
    fn what_names_no_server_or_two_users_is_refused() {
        for wrong in ["", "http://a", "ws://a", "nats://a,,b", "nats://u:p@a,nats://u:q@b"] {
            assert_eq!(wrong.parse::<NatsServers>().err(), Some(WrongServers), "{wrong:?}");
        }
    }
}
