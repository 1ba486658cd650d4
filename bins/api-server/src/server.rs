//! Wiring: adapters to ports, then the server until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::{HttpServer, rt, web};
use http_api::{Api, Closing, Keys};
use logistics_domain::ports::StoreError;
use logistics_domain::recharge::EnergyCalculator;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use service_setup::{CalculationError, OpenError, SystemClock};

use crate::accounts::CommandError;
use crate::bootstrap::bootstrap;
use crate::config::Config;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(transparent)]
    Calculation(#[from] CalculationError),
    #[error("the database cannot be opened")]
    Open(#[from] OpenError),
    #[error("organizations and keys cannot be read or written")]
    Accounts(#[from] StoreError),
    #[error("{0}")]
    Command(#[from] CommandError),
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
    let (clock, closing) = (Arc::new(SystemClock), Closing::default());
    let protection = &config.protection;
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let keys = Arc::new(Keys::new(store.clone(), clock.clone(), protection.rate()));
    let api = web::Data::new(Api {
        calculator: calculator.clone(),
        repositories: store.clone(),
        intakes: store.clone(),
        jobs: store.clone(),
        dispatch: work.dispatch(),
        maps: store.clone(),
        hubs: store.clone(),
        trips: store.clone(),
        recharges: store.clone(),
        energy: EnergyCalculator::new(calculator.factors()),
        ledgers: store.clone(),
        accounts: store.clone(),
        sessions: store.clone(),
        uploads: store.clone(),
        keys: keys.clone(),
        cors_origins: protection.cors_origins.clone(),
        clock,
        metrics: metrics.clone(),
        limits: protection.limits(config.chunk_legs),
        closing: closing.clone(),
    });

    let bind = config.bind;
    let mut server = HttpServer::new(move || Api::app(api.clone()))
        .client_request_timeout(protection.client_timeout())
        .shutdown_timeout(30);
    if let Some(threads) = config.http_threads {
        server = server.workers(threads.into());
    }
    let server = server.bind(bind).map_err(|cause| ServerError::Bind { bind, cause })?;
    let bound = server.addrs().first().copied().unwrap_or(bind);
    bootstrap(&config, &*store, bound).await?;
    tracing::info!(bind = %bound, docs = %format_args!("http://{bound}/docs/"), "listening");
    let noting = rt::spawn(note_uses(keys.clone()));
    rt::spawn(sum_up(metrics));
    rt::spawn(close_when_told_to(closing));
    server.run().await.map_err(ServerError::Serve)?;
    noting.abort();
    keys.note_uses().await;
    work.stop();
    store.close();
    tracing::info!("stopped");
    Ok(())
}

/// Notes now and then when keys were last used.
async fn note_uses(keys: Arc<Keys>) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        keys.note_uses().await;
    }
}

/// Sums up what was measured: until then each single value is held in memory, also where nobody asks for metrics.
async fn sum_up(metrics: PrometheusHandle) {
    let mut seconds = tokio::time::interval(Duration::from_secs(5));
    loop {
        seconds.tick().await;
        metrics.run_upkeep();
    }
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
