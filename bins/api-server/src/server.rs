//! Wiring: adapters to ports, then the server until it is told to stop.

use std::sync::Arc;

use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::{HttpServer, rt, web};
use http_api::{Api, Closing, Limits};
use logistics_domain::ports::StoreError;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};
use service_setup::{CalculationError, OpenError, SystemClock};

use crate::bootstrap::bootstrap;
use crate::config::Config;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(transparent)]
    Calculation(#[from] CalculationError),
    #[error("the database cannot be opened")]
    Open(#[from] OpenError),
    #[error("the first organization cannot be created")]
    Bootstrap(#[from] StoreError),
    #[error("the metrics cannot be collected")]
    Metrics(#[from] BuildError),
    #[error("{bind} cannot be listened on; set DRAY_BIND to another address")]
    Bind {
        bind: std::net::SocketAddr,
        #[source]
        cause: std::io::Error,
    },
    #[error("the worker cannot be started")]
    Worker(#[from] std::io::Error),
    #[error("the server failed")]
    Serve(#[source] std::io::Error),
}

/// Runs the server until it is interrupted; requests under way are answered first.
pub async fn run(config: Config) -> Result<(), ServerError> {
    let calculator = Arc::new(config.calculation.calculator()?);
    let store = config.database.open()?;
    let work = config.work.start(&store, config.works().then(|| calculator.clone()))?;
    let closing = Closing::default();
    let api = web::Data::new(Api {
        calculator,
        repositories: store.clone(),
        intakes: store.clone(),
        jobs: store.clone(),
        dispatch: work.dispatch(),
        maps: store.clone(),
        hubs: store.clone(),
        trips: store.clone(),
        accounts: store.clone(),
        sessions: store.clone(),
        clock: Arc::new(SystemClock),
        metrics: PrometheusBuilder::new().install_recorder()?,
        limits: Limits { body_bytes: config.max_body_bytes, chunk: config.chunk_legs },
        closing: closing.clone(),
    });

    let bind = config.bind;
    let mut server = HttpServer::new(move || Api::app(api.clone())).shutdown_timeout(30);
    if let Some(threads) = config.http_threads {
        server = server.workers(threads.into());
    }
    let server = server.bind(bind).map_err(|cause| ServerError::Bind { bind, cause })?;
    let bound = server.addrs().first().copied().unwrap_or(bind);
    bootstrap(&config, &*store, bound).await?;
    tracing::info!(bind = %bound, docs = %format_args!("http://{bound}/docs/"), "listening");
    rt::spawn(close_when_told_to(closing));
    server.run().await.map_err(ServerError::Serve)?;
    work.stop();
    store.close();
    tracing::info!("stopped");
    Ok(())
}

/// The server itself ends at these signals; this ends the streams that it would wait for.
async fn close_when_told_to(closing: Closing) {
    if let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        closing.close();
    }
}
