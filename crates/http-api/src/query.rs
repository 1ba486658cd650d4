//! Query strings, and what is wrong with them.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use crate::dcycle::{DcycleError, Fault};

/// The parameters of a query string. Faults are collected while it is read, so that a client hears of all of them.
#[derive(Clone)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl FromRequest for Query {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.query_string())))
    }
}

impl Query {
    /// The parameters of a query string.
    pub fn of(query: &str) -> Self {
        let pairs = web::Query::from_query(query);
        Self { pairs: pairs.map(web::Query::into_inner).unwrap_or_default(), faults: Vec::new() }
    }

    /// The values of a list, written `name=a&name=b` or `name[]=a&name[]=b`, each as it was named and without surrounding
    /// blanks. Blank ones are left out.
    pub fn all(&self, names: &[&str]) -> Vec<(String, String)> {
        let named =
            self.pairs.iter().filter(|(key, _)| names.contains(&key.strip_suffix("[]").unwrap_or(key)));
        let values = named.map(|(key, value)| (key.clone(), value.trim().to_owned()));
        values.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The names of all parameters that are there.
    pub fn names(&self) -> Vec<String> {
        self.pairs.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The query as it is, but for one parameter: `?name=value` and so on.
    pub fn with(&self, name: &str, value: &str) -> String {
        self.with_all(&[(name, value)])
    }

    /// The query as it is, but for some parameters.
    pub fn with_all(&self, set: &[(&str, &str)]) -> String {
        let is_kept = |(key, _): &&(String, String)| set.iter().all(|(name, _)| name != key);
        let kept = self.pairs.iter().filter(is_kept).map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs: Vec<(&str, &str)> =
            kept.filter(|(_, value)| !value.is_empty()).chain(set.iter().copied()).collect();
        format!("?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    /// A parameter's value without surrounding blanks; of several, the last; nothing where it is blank.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty()).map(ToOwned::to_owned)
    }

    /// A parameter that must be there.
    pub fn required(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_else(|| {
            self.fault(name, format!("{name} is missing; add it to the query"));
            String::new()
        })
    }

    /// A parameter that must be one of some values.
    pub fn parsed<T>(&mut self, name: &str, expected: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.text(name)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.fault(name, format!("{name} is '{value}'; give {expected}"));
        }
        parsed
    }

    /// Every value of a parameter, written as `name` or `name[]`, each of which must be one of some values.
    pub fn parsed_list<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let is_named = |key: &str| key.strip_suffix("[]").unwrap_or(key) == name;
        let values = self.pairs.iter().filter(|(key, _)| is_named(key)).map(|(_, value)| value.trim());
        let values: Vec<String> = values.filter(|value| !value.is_empty()).map(ToOwned::to_owned).collect();
        let mut list = Vec::with_capacity(values.len());
        for value in values {
            match parse(&value) {
                Some(parsed) => list.push(parsed),
                None => self.fault(name, format!("{name} is '{value}'; give {expected}")),
            }
        }
        list
    }

    pub fn fault(&mut self, name: &str, msg: String) {
        self.faults.push(Fault { loc: vec!["query".into(), name.into()], msg, kind: "value_error" });
    }

    /// Ends the reading.
    pub fn finish(self) -> Result<(), DcycleError> {
        if self.faults.is_empty() { Ok(()) } else { Err(DcycleError::Invalid(self.faults)) }
    }
}
