//! What is answered where there is no route: 404, or 405 with the methods that the path has.

use std::collections::HashMap;

use actix_web::body::MessageBody;
use actix_web::dev::{ResourceDef, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError, web};
use utoipa::openapi::{OpenApi, PathItem};

use crate::climes_v3::{self, ClimesError};
use crate::dcycle::DcycleError;

/// The paths of the document, and the methods that each has.
pub(crate) struct Routes {
    patterns: Vec<(ResourceDef, Methods)>,
    /// The paths without variables that a pattern with variables matches too: `requests/bulk` could be a request's.
    literal: HashMap<String, Methods>,
}

type Methods = Vec<&'static str>;

impl Routes {
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        let patterns: Vec<_> =
            paths.map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect();
        let is_also_another =
            |path: &str| patterns.iter().filter(|(other, _)| other.is_match(path)).count() > 1;
        let literal = document.paths.paths.iter().filter(|(path, _)| is_also_another(path));
        let literal = literal.map(|(path, item)| (path.clone(), methods(item))).collect();
        Self { patterns, literal }
    }

    /// The methods of a path; of several patterns, the most particular, which is that with the fewest variables.
    fn allowed(&self, path: &str) -> Option<&Methods> {
        let matching = self.patterns.iter().filter(|(pattern, _)| pattern.is_match(path));
        let variables = |pattern: &ResourceDef| pattern.pattern().map_or(0, |text| text.matches('{').count());
        matching.min_by_key(|(pattern, _)| variables(pattern)).map(|(_, methods)| methods)
    }
}

fn methods(item: &PathItem) -> Methods {
    let methods = [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    methods.into_iter().filter_map(|(name, there)| there.then_some(name)).collect()
}

/// Refuses methods that a path without variables does not have, where a pattern with variables would take them.
pub(crate) async fn refuse_other_methods(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let routes = request.app_data::<web::Data<Routes>>();
    let literal = routes.and_then(|routes| routes.literal.get(request.path()));
    let refused = literal.filter(|methods| !methods.contains(&request.method().as_str())).map(no_such_method);
    match refused {
        Some(error) => {
            let response = in_the_familys_words(request.path(), error);
            Ok(request.into_response(response).map_into_right_body())
        }
        None => next.call(request).await.map(ServiceResponse::map_into_left_body),
    }
}

fn no_such_method(allowed: &Methods) -> DcycleError {
    DcycleError::NoSuchMethod { allowed: allowed.join(", ") }
}

/// The answer where no handler is.
pub(crate) async fn no_handler(request: HttpRequest, routes: web::Data<Routes>) -> HttpResponse {
    let error = match routes.allowed(request.path()) {
        Some(allowed) => no_such_method(allowed),
        None => DcycleError::NoSuchRoute,
    };
    in_the_familys_words(request.path(), error)
}

/// An error that is found before a handler is, in the format of the API family that the path belongs to.
pub(crate) fn in_the_familys_words(path: &str, error: DcycleError) -> HttpResponse {
    if path.starts_with(climes_v3::PREFIX) {
        return ClimesError::from(error).error_response();
    }
    error.error_response()
}
