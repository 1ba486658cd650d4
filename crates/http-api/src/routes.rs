//! What is answered where there is no route: 404, or 405 with the methods that the path has.

use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use utoipa::openapi::{OpenApi, PathItem};

use crate::climes_v3::{self, ClimesError};
use crate::dcycle::DcycleError;

/// The paths of the document, and the methods that each has.
pub(crate) struct Routes(Vec<(ResourceDef, String)>);

impl Routes {
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        Self(paths.map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect())
    }

    /// The methods of a path, as `Allow` names them; of several patterns, the most particular, which is that with the
    /// fewest variables.
    fn allowed(&self, path: &str) -> Option<&str> {
        let matching = self.0.iter().filter(|(pattern, _)| pattern.is_match(path));
        let variables = |pattern: &ResourceDef| pattern.pattern().map_or(0, |text| text.matches('{').count());
        matching.min_by_key(|(pattern, _)| variables(pattern)).map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &PathItem) -> String {
    let methods = [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    methods.into_iter().filter_map(|(name, there)| there.then_some(name)).collect::<Vec<_>>().join(", ")
}

/// The answer where no handler is.
pub(crate) async fn no_handler(request: HttpRequest, routes: web::Data<Routes>) -> HttpResponse {
    let error = match routes.allowed(request.path()) {
        Some(allowed) => DcycleError::NoSuchMethod { allowed: allowed.to_owned() },
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
