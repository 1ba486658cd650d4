use std::error::Error;
use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What the operator can set about the log.
#[derive(Debug, Args)]
pub struct LogConfig {
    /// Which log lines are written: a level, or levels of modules, as in `warn` or `info,http_api=debug`.
    #[arg(long, env = "DRAY_LOG", default_value = "info", value_parser = levels)]
    log: Targets,

    /// How log lines are written.
    #[arg(long, env = "DRAY_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
}

impl LogConfig {
    /// Starts the log, on the standard error.
    pub fn start(&self) {
        let colours = std::io::stderr().is_terminal();
        let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
        let log = tracing_subscriber::registry().with(self.log.clone());
        match self.log_format {
            LogFormat::Text => log.with(lines).init(),
            LogFormat::Json => log.with(lines.json().flatten_event(true)).init(),
        }
    }
}

/// A word alone is a level: `Targets` would take one that is misspelt for a module.
fn levels(text: &str) -> Result<Targets, String> {
    let words = || text.split(',').map(str::trim);
    if let Some(word) = words().find(|word| !word.contains('=') && word.parse::<LevelFilter>().is_err()) {
        return Err(format!("`{word}` is none of the levels off, error, warn, info, debug and trace"));
    }
    words().collect::<Vec<_>>().join(",").parse().map_err(|error| format!("{error}"))
}

/// Tells people why a program ended: the error, and beneath it each of its causes.
pub fn explain(program: &str, error: &dyn Error) {
    eprintln!("{program}: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_or_levels_of_modules_are_understood() {
        let understood = |text: &str| levels(text).map(|levels| levels.to_string());
        assert_eq!(understood("warn").unwrap(), "warn");
        assert_eq!(
            understood("info, http_api=debug").unwrap(),
            levels("info,http_api=debug").unwrap().to_string()
        );
        for wrong in ["wran", "http_api", "http_api=loud", "info,,warm", "a=b=info"] {
            assert!(understood(wrong).is_err(), "{wrong}");
        }
    }
}
