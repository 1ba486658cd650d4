use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use async_nats::ServerAddr;

/// How to use NATS.
#[derive(Debug, Clone)]
pub struct NatsOptions {
    /// Where it is.
    pub servers: NatsServers,
    /// A credentials file, as NATS's own tools write it.
    pub credentials: Option<PathBuf>,
    /// The name of the stream. Installations that share a NATS need different ones.
    pub stream: String,
    /// On how many servers of the cluster the stream is kept: 1, 3 or 5.
    pub replicas: usize,
    /// How long a worker may be silent before its word comes to another.
    pub lease: Duration,
}

/// The servers of one NATS. User names and passwords in them are not shown.
#[derive(Clone)]
pub struct NatsServers(pub(super) Vec<ServerAddr>);

/// Why something is no list of servers. It does not repeat what was given, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("give one or more servers, separated by commas, as in `nats://user:password@host:4222`")]
pub struct WrongServers;

impl FromStr for NatsServers {
    type Err = WrongServers;

    fn from_str(text: &str) -> Result<Self, WrongServers> {
        let servers: Result<Vec<ServerAddr>, _> =
            text.split(',').map(|server| server.trim().parse()).collect();
        match servers {
            Ok(servers)
                if servers.iter().all(|server| !server.host().is_empty() && !server.is_websocket()) =>
            {
                Ok(Self(servers))
            }
            _ => Err(WrongServers),
        }
    }
}

impl fmt::Display for NatsServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, server) in self.0.iter().enumerate() {
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
        assert!(!format!("{servers:?}").contains("secret"));
    }

    #[test]
    fn what_names_no_server_is_refused() {
        for wrong in ["", "http://a", "ws://a", "nats://a,,b"] {
            assert_eq!(wrong.parse::<NatsServers>().err(), Some(WrongServers), "{wrong:?}");
        }
    }
}
