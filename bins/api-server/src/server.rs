//! Wiring: adapters to ports, then the server until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpServer, web};
use chrono::{DateTime, Utc};
use http_api::{Api, Keys};
use job_dispatch::{LocalDispatch, Worker, WorkerOptions, WorkerThread};
use logistics_domain::Calculator;
use logistics_domain::ports::{Clock, StoreError};
use logistics_domain::recharge::EnergyCalculator;
use logistics_store::postgres::PostgresOptions;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};

use crate::accounts::CommandError;
use crate::bootstrap::bootstrap;
use crate::config::Config;
use crate::factors::{self, FactorsError};
use crate::geography::GeographyError;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("the factors cannot be used")]
    Factors(#[from] FactorsError),
    #[error("places and distances cannot be found as configured")]
    Geography(#[from] GeographyError),
    #[error("the database cannot be opened")]
    Open(#[from] logistics_store::OpenError),
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
    Worker(#[source] std::io::Error),
    #[error("the server failed")]
    Serve(#[source] std::io::Error),
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Runs the server until it is interrupted; requests under way are answered first.
pub async fn run(config: Config) -> Result<(), ServerError> {
    let factors = factors::load(&config.factor_packs, config.pallet_kg)?;
    let calculator = Arc::new(Calculator::new(
        Arc::new(factors),
        config.geography.geocoder()?,
        config.geography.distances()?,
        config.avoid_passages.iter().copied().collect(),
    ));
    let store = logistics_store::open(&config.database_url, postgres_options(&config))?;
    let (clock, dispatch) = (Arc::new(SystemClock), LocalDispatch::default());
    let protection = &config.protection;
    let keys = Arc::new(Keys::new(store.clone(), clock.clone(), protection.rate()));
    let api = web::Data::new(Api {
        calculator: calculator.clone(),
        repositories: store.clone(),
        intakes: store.clone(),
        jobs: store.clone(),
        dispatch: Arc::new(dispatch.clone()),
        maps: store.clone(),
        hubs: store.clone(),
        trips: store.clone(),
        recharges: store.clone(),
        energy: EnergyCalculator::new(calculator.factors()),
        ledgers: store.clone(),
        accounts: store.clone(),
        sessions: store.clone(),
        keys: keys.clone(),
        cors_origins: protection.cors_origins.clone(),
        clock: clock.clone(),
        metrics: PrometheusBuilder::new().install_recorder()?,
        limits: protection.limits(config.chunk_legs),
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
    let worker = match config.worker && !config.no_worker {
        true => {
            let queue = store.clone();
            let worker =
                Worker::new(queue, store.clone(), calculator, clock, worker_options(&config), &dispatch);
            Some(WorkerThread::start(worker).map_err(ServerError::Worker)?)
        }
        false => None,
    };
    tracing::info!(bind = %bound, docs = %format_args!("http://{bound}/docs/"), "listening");
    let noting = actix_web::rt::spawn(note_uses(keys.clone()));
    server.run().await.map_err(ServerError::Serve)?;
    noting.abort();
    keys.note_uses().await;
    if let Some(worker) = worker {
        worker.stop();
    }
    store.close();
    tracing::info!("stopped");
    Ok(())
}

/// How PostgreSQL is used.
pub fn postgres_options(config: &Config) -> PostgresOptions {
    PostgresOptions { connections: config.database_connections, ..PostgresOptions::default() }
}

/// Notes now and then when keys were last used.
async fn note_uses(keys: Arc<Keys>) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        keys.note_uses().await;
    }
}

fn worker_options(config: &Config) -> WorkerOptions {
    WorkerOptions {
        lease: Duration::from_secs(config.lease_seconds),
        attempts: config.worker_attempts,
        ..WorkerOptions::default()
    }
}
