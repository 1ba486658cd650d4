//! The Dray worker.

mod config;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use logistics_domain::ports::StoreError;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};
use service_setup::{CalculationError, OpenError};
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Why the worker does not run.
#[derive(Debug, Error)]
enum WorkerError {
    #[error(transparent)]
    Calculation(#[from] CalculationError),
    #[error("the database cannot be opened")]
    Open(#[from] OpenError),
    #[error("the database cannot be read")]
    Store(#[from] StoreError),
    #[error("health and metrics cannot be shown; set DRAY_WORKER_BIND to another address")]
    Metrics(#[from] BuildError),
    #[error("the system gives the worker no thread or no signals")]
    System(#[from] std::io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    config.log.start();
    match run(&config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            service_setup::explain("calc-worker", &error);
            ExitCode::FAILURE
        }
    }
}

/// Works until it is told to stop; what is being calculated then is finished or returned.
async fn run(config: &Config) -> Result<(), WorkerError> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    if let Some(bind) = config.worker_bind {
        PrometheusBuilder::new().with_http_listener(bind).install()?;
    }
    let calculator = Arc::new(config.calculation.calculator()?);
    let store = config.database.open()?;
    store.ping().await?;
    let work = config.work.start(&store, Some(calculator))?;
    tracing::info!("working");
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tokio::task::block_in_place(|| {
        work.stop();
        store.close();
    });
    tracing::info!("stopped");
    Ok(())
}
