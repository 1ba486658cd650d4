//! Query strings, and what is wrong with them.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::NaiveDate;
use logistics_domain::leg::shortened;

use crate::dcycle::{DcycleError, Fault};
use crate::numbers::read_day;

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
    /// The parameters of a query string. A value with a NUL character, which no text of ours has, is at fault and left out.
    pub fn of(query: &str) -> Self {
        let pairs: Vec<(String, String)> =
            web::Query::from_query(query).map(web::Query::into_inner).unwrap_or_default();
        let (at_fault, pairs) = pairs.into_iter().partition(|(_, value)| value.contains('\0'));
        let mut query = Self { pairs, faults: Vec::new() };
        for (name, value) in at_fault {
            query.refuse(&name, &value, "a value without a NUL character");
        }
        query
    }

    /// The values of a list, written `name=a&name=b` or `name[]=a&name[]=b`, each as it was named and without surrounding
    /// blanks. Blank ones are left out.
    pub fn all(&self, names: &[&str]) -> Vec<(String, String)> {
        let named = self.pairs.iter().filter(|(key, _)| names.contains(&plain(key)));
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
        let is_kept = |(key, _): &&(String, String)| set.iter().all(|(name, _)| *name != plain(key));
        let kept = self.pairs.iter().filter(is_kept).map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs: Vec<(&str, &str)> =
            kept.filter(|(_, value)| !value.is_empty()).chain(set.iter().copied()).collect();
        format!("?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    /// A parameter's value, written as `name` or `name[]`, without surrounding blanks; of several, the last; nothing where it
    /// is blank.
    pub fn text(&self, name: &str) -> Option<String> {
        let value =
            self.pairs.iter().rev().find(|(key, _)| plain(key) == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty()).map(ToOwned::to_owned)
    }

    /// A parameter that must be there.
    pub fn required(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_else(|| {
            self.missing(name, "add it to the query");
            String::new()
        })
    }

    /// Notes a parameter that must be there, unless something is wrong with it already.
    pub fn missing(&mut self, name: &str, remedy: &str) {
        if self.faults.iter().all(|fault| fault.loc.last().is_none_or(|at_fault| plain(at_fault) != name)) {
            self.fault(name, format!("{name} is missing; {remedy}"));
        }
    }

    /// A parameter that must be one of some values.
    pub fn parsed<T>(&mut self, name: &str, expected: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.text(name)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.refuse(name, &value, expected);
        }
        parsed
    }

    /// Every value of a parameter, each of which must be one of some values.
    pub fn parsed_list<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let values = self.all(&[name]);
        let mut list = Vec::with_capacity(values.len());
        for (name, value) in values {
            match parse(&value) {
                Some(parsed) => list.push(parsed),
                None => self.refuse(&name, &value, expected),
            }
        }
        list
    }

    /// A day.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        self.parsed(name, "a day as YYYY-MM-DD", read_day)
    }

    /// Notes a value that is none of those that are possible.
    pub fn refuse(&mut self, name: &str, value: &str, expected: &str) {
        self.fault(name, format!("{name} is '{}'; give {expected}", shortened(value)));
    }

    pub fn fault(&mut self, name: &str, msg: String) {
        self.faults.push(Fault { loc: vec!["query".into(), name.into()], msg, kind: "value_error" });
    }

    /// Ends the reading.
    pub fn finish(self) -> Result<(), DcycleError> {
        if self.faults.is_empty() { Ok(()) } else { Err(DcycleError::Invalid(self.faults)) }
    }
}

/// A parameter's name without the brackets that clients may write behind it.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_suffix("[]").unwrap_or(name)
}
