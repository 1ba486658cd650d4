use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, HttpRequest, HttpResponse, ResponseError, web};
use logistics_domain::Calculator;
use logistics_domain::hub::Hubs;
use logistics_domain::intake::Intakes;
use logistics_domain::jobs::{JobDispatch, Jobs};
use logistics_domain::ports::{Accounts, Clock, Maps, Repositories};
use logistics_domain::sessions::Sessions;
use logistics_domain::trip::Trips;
use metrics_exporter_prometheus::PrometheusHandle;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;

use crate::dcycle::DcycleError;
use crate::{climes_v3, dcycle_v1, dcycle_v2, docs, geography, observe, panel, system};

/// How much a client may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest accepted request body, in bytes, after decompression.
    pub body_bytes: usize,
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
    /// Organizations and keys.
    pub accounts: Arc<dyn Accounts>,
    /// Who is signed in to the panel.
    pub sessions: Arc<dyn Sessions>,
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
            .configure(geography::routes)
            .split_for_parts();
        docs::describe(&mut document);
        let limits = api.limits;
        app.configure(|config| docs::routes(config, document))
            .configure(|config| panel::routes(config, limits))
            .app_data(web::PayloadConfig::new(api.limits.body_bytes))
            .app_data(api)
            .default_service(web::to(no_such_route))
            .wrap(Compress::default())
            .wrap(from_fn(observe::observe))
            .wrap(TracingLogger::default())
    }
}

/// The answer where no route is, in the format of the API family that the path belongs to.
async fn no_such_route(request: HttpRequest) -> HttpResponse {
    if request.path().starts_with(climes_v3::PREFIX) {
        return climes_v3::no_such_route(&request).error_response();
    }
    DcycleError::NoSuchRoute.error_response()
}
