//! `page` and `size`, as every list takes them.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use logistics_domain::ports::Page;

use crate::dcycle::{DcycleError, Fault};

/// The part of a list that a query asks for: `page` from 1 (1 without it), `size` from 1 to 100 (10 without it).
pub(crate) struct Paging(pub Page);

impl FromRequest for Paging {
    type Error = DcycleError;
    type Future = Ready<Result<Self, DcycleError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(paging(request.query_string()))
    }
}

fn paging(query: &str) -> Result<Paging, DcycleError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query);
    let pairs = pairs.map(web::Query::into_inner).unwrap_or_default();
    let mut faults = Vec::new();
    let mut number = |name: &str, default: u32, max: u32| {
        let given = pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
        let Some(given) = given else { return default };
        match given.trim().parse::<u32>() {
            Ok(number) if (1..=max).contains(&number) => number,
            _ => {
                let msg = format!("{name} is '{given}'; give a whole number from 1 to {max}");
                faults.push(Fault { loc: vec!["query".into(), name.into()], msg, kind: "value_error" });
                default
            }
        }
    };
    let page = Page { number: number("page", 1, u32::MAX), size: number("size", 10, 100) };
    if faults.is_empty() { Ok(Paging(page)) } else { Err(DcycleError::Invalid(faults)) }
}
