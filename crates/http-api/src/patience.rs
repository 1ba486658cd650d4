//! How long clients and handlers are waited for.

use std::io;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::{InternalError, PayloadError};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use futures_util::stream::{self, StreamExt};

use crate::Api;
use crate::dcycle::DcycleError;
use crate::{observe, routes};

/// Ends a request whose body stops coming, or that is not answered in time. What a handler began in the store is done
/// or not; an `Idempotency-Key` lets the client ask.
pub(crate) async fn bounded(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let Some(limits) = request.app_data::<web::Data<Api>>().map(|api| api.limits) else {
        return Err(DcycleError::Internal.into());
    };
    let payload = request.take_payload();
    request.set_payload(impatient(payload, limits.silence));
    // The request goes with the handler, and nothing of it may be held on to: what the answer needs is taken before.
    let (path, id) = (request.path().to_owned(), observe::id(&request));
    match tokio::time::timeout(limits.handler, next.call(request)).await {
        Ok(answered) => answered,
        Err(_elapsed) => {
            tracing::warn!("not answered in time");
            let error = DcycleError::TimedOut { seconds: limits.handler.as_secs() };
            let mut response = routes::in_the_familys_words(&path, error);
            if let Some(id) = id {
                response.headers_mut().insert(observe::REQUEST_ID, id);
            }
            Err(InternalError::from_response("not answered in time", response).into())
        }
    }
}

/// A body that fails where nothing of it comes for so long.
fn impatient(payload: Payload, silence: std::time::Duration) -> Payload {
    if matches!(payload, Payload::None) {
        return payload;
    }
    let chunks = stream::unfold(Some(payload), move |payload| async move {
        let mut payload = payload?;
        match tokio::time::timeout(silence, payload.next()).await {
            Ok(Some(chunk)) => Some((chunk, Some(payload))),
            Ok(None) => None,
            Err(_elapsed) => Some((Err(PayloadError::Io(io::ErrorKind::TimedOut.into())), None)),
        }
    });
    // Forms with files ask once more after the end.
    Payload::Stream { payload: Box::pin(chunks.fuse()) }
}
