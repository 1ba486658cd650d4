use std::error::Error;
use std::io::IsTerminal;

use clap::{Args, ValueEnum};

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
    /// How log lines are written. Which lines is set by `DRAY_LOG`, as in `info` or `http_api=debug`.
    #[arg(long, env = "DRAY_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
}

impl LogConfig {
    /// Starts the log, on the standard error.
    pub fn start(&self) {
        use tracing_subscriber::EnvFilter;
        let filter = EnvFilter::try_from_env("DRAY_LOG").unwrap_or_else(|_unset| EnvFilter::new("info"));
        let colours = std::io::stderr().is_terminal();
        let log =
            tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => log.init(),
            LogFormat::Json => log.json().flatten_event(true).init(),
        }
    }
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
