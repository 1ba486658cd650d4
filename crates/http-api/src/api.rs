use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::{App, Error, web};
use logistics_domain::Calculator;
use logistics_domain::accounts::Accounts;
use logistics_domain::hub::Hubs;
use logistics_domain::intake::Intakes;
use logistics_domain::jobs::{JobDispatch, Jobs};
use logistics_domain::ports::{Clock, Maps, Repositories};
use logistics_domain::recharge::{EnergyCalculator, Recharges};
use logistics_domain::report::Ledgers;
use logistics_domain::sessions::Sessions;
use logistics_domain::trip::Trips;
use logistics_domain::uploads::Uploads;
use metrics_exporter_prometheus::PrometheusHandle;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;

use crate::auth::{self, Keys};
use crate::observe::{self, RequestSpan};
use crate::routes::{self, Routes};
use crate::{
    accounts, climes_v3, cross_origin, dcycle_legacy, dcycle_v1, dcycle_v2, docs, geography, panel, patience,
    system,
};

/// How much a client may ask for, and how long it is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest accepted request body, in bytes, after decompression.
    pub body_bytes: usize,
    /// How long a body may stop coming.
    pub silence: Duration,
    /// How long an answer may take.
    pub handler: Duration,
    /// How many legs of a job a worker takes at once.
    pub chunk: u32,
}

/// Whether the server is about to end: streams that would go on end then. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Closing(Arc<AtomicBool>);

impl Closing {
    /// The server is about to end.
    pub fn close(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the routes work with.
pub struct Api {
    /// Resolves and calculates legs.
    pub calculator: Arc<Calculator>,
    /// The organizations' data.
    pub repositories: Arc<dyn Repositories>,
    /// Where calls bring legs.
    pub intakes: Arc<dyn Intakes>,
    /// Legs that are calculated after the answer.
    pub jobs: Arc<dyn Jobs>,
    /// How workers hear of them.
    pub dispatch: Arc<dyn JobDispatch>,
    /// What the organizations know better about the map.
    pub maps: Arc<dyn Maps>,
    /// The organizations' hubs.
    pub hubs: Arc<dyn Hubs>,
    /// The organizations' trips.
    pub trips: Arc<dyn Trips>,
    /// What the organizations' vehicles filled in and charged.
    pub recharges: Arc<dyn Recharges>,
    /// Calculates it.
    pub energy: EnergyCalculator,
    /// What legs come to.
    pub ledgers: Arc<dyn Ledgers>,
    /// Organizations and keys.
    pub accounts: Arc<dyn Accounts>,
    /// Who is signed in to the panel.
    pub sessions: Arc<dyn Sessions>,
    /// Files that were uploaded in the panel.
    pub uploads: Arc<dyn Uploads>,
    /// The keys that requests present.
    pub keys: Arc<Keys>,
    /// The origins whose pages may call; none by default.
    pub cors_origins: Vec<String>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
    /// How much a client may ask for.
    pub limits: Limits,
    /// Whether the server is about to end.
    pub closing: Closing,
}

impl Api {
    /// The application: every route, its middleware, and the OpenAPI document of them all.
    pub fn app(
        api: web::Data<Self>,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody>,
            Error = Error,
            InitError = (),
        >,
    > {
        let (app, mut document) = App::new()
            .into_utoipa_app()
            .configure(system::routes)
            .configure(dcycle_v1::routes)
            .configure(dcycle_v2::routes)
            .configure(climes_v3::routes)
            .configure(dcycle_legacy::routes)
            .configure(geography::routes)
            .configure(accounts::routes)
            .split_for_parts();
        docs::describe(&mut document);
        let limits = api.limits;
        let routes = web::Data::new(Routes::of(&document));
        let crosses = !api.cors_origins.is_empty();
        let cors = Condition::new(crosses, cross_origin::allow(&api.cors_origins));
        app.configure(|config| docs::routes(config, document))
            .configure(|config| panel::routes(config, limits))
            .app_data(web::PayloadConfig::new(api.limits.body_bytes))
            .app_data(routes)
            .app_data(api)
            .default_service(web::to(routes::no_handler))
            .wrap(from_fn(routes::refuse_other_methods))
            .wrap(from_fn(auth::identify))
            .wrap(from_fn(patience::bounded))
            .wrap(Compress::default())
            .wrap(cors)
            .wrap(from_fn(observe::observe))
            .wrap(TracingLogger::<RequestSpan>::new())
    }
}
