//! The filters of the list of requests, as a query writes them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use emissions_core::Factors;
use logistics_domain::Category;
use logistics_domain::ids::JobId;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::numbers::read_day;
use crate::query::{self, Query};

/// The filters that take several values, by the name that they are counted under, and the names that they go by. Each is
/// also known with `[]` behind it.
const LISTS: [(&str, &[&str]); 11] = [
    ("movement_id", &["movement_id"]),
    ("client", &["client", "clients"]),
    ("vehicle_type", &["vehicle_type"]),
    ("toc", &["toc"]),
    ("category", &["category"]),
    ("status", &["status"]),
    ("hub_id", &["hub_id"]),
    ("package_key", &["package_key"]),
    ("uploaded_by", &["uploaded_by"]),
    ("file_id", &["file_id"]),
    ("project_id", &["project_id"]),
];

/// The filters that take a day.
const DAYS: [(&str, &[&str]); 4] = [
    ("trip_date_from", &["trip_date_from"]),
    ("trip_date_until", &["trip_date_until"]),
    ("created_at_from", &["created_at_from"]),
    ("created_at_until", &["created_at_until", "created_at_to"]),
];

const SEARCH: &str = "search";

/// The filters of requests. A leg must fulfil all that are set; of one with several values, any. Lists are repeated, with or
/// without `[]` behind the name.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read by `Filters`")]
pub(super) struct FilterParams {
    /// Text in the movement, the stretch or the package key; case does not matter.
    search: Option<String>,
    /// Movements.
    #[param(rename = "movement_id[]")]
    movement_id: Option<Vec<String>>,
    /// A client.
    client: Option<String>,
    /// Clients.
    #[param(rename = "clients[]")]
    clients: Option<Vec<String>>,
    /// The first day of shipment.
    trip_date_from: Option<NaiveDate>,
    /// The last day of shipment.
    trip_date_until: Option<NaiveDate>,
    /// Vehicles, as the list of TOCs names them.
    #[param(rename = "vehicle_type[]")]
    vehicle_type: Option<Vec<String>>,
    /// TOCs.
    #[param(rename = "toc[]")]
    toc: Option<Vec<String>>,
    /// Of `road`, `rail`, `maritime`, `air`.
    #[param(rename = "category[]", value_type = Option<Vec<String>>)]
    category: Option<Vec<String>>,
    /// Of `pending`, `active`, `error`.
    #[param(rename = "status[]")]
    status: Option<Vec<String>>,
    /// Hubs, as the legs name them.
    #[param(rename = "hub_id[]")]
    hub_id: Option<Vec<String>>,
    /// Keys of packages.
    #[param(rename = "package_key[]")]
    package_key: Option<Vec<String>>,
    /// The first day of storing, in UTC.
    created_at_from: Option<NaiveDate>,
    /// The last day of storing, in UTC.
    created_at_to: Option<NaiveDate>,
    /// The same as `created_at_to`.
    created_at_until: Option<NaiveDate>,
    /// Users. Not recorded: selects nothing.
    #[param(rename = "uploaded_by[]")]
    uploaded_by: Option<Vec<Uuid>>,
    /// Files: the `file_id` that a bulk call of version 2 answers with.
    #[param(rename = "file_id[]")]
    file_id: Option<Vec<Uuid>>,
    /// A project. Not recorded: selects nothing.
    project_id: Option<Uuid>,
}

/// The filters of a query: those that are set, each with its values, evened out so that equal filters are equal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filters(BTreeMap<&'static str, BTreeSet<String>>);

impl Filters {
    /// Reads the filters. What is wrong with them is noted in the query.
    pub fn read(query: &mut Query) -> Self {
        let mut set: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        if let Some(search) = query.text(SEARCH) {
            set.insert(SEARCH, BTreeSet::from([search.to_lowercase()]));
        }
        for (name, spellings) in LISTS {
            let mut values = BTreeSet::new();
            for (spelling, value) in query.all(spellings) {
                values.extend(list_value(query, name, &spelling, value));
            }
            if !values.is_empty() {
                set.insert(name, values);
            }
        }
        for (name, spellings) in DAYS {
            for spelling in spellings {
                if let Some(day) = query.day(spelling) {
                    set.entry(name).or_default().insert(day.to_string());
                }
            }
        }
        Self(set)
    }

    /// Notes parameters that are no filter. Where the filters say what is to be deleted, one that is misspelt must not
    /// be passed over.
    pub fn refuse_others(query: &mut Query) {
        let filters = LISTS.iter().chain(&DAYS).flat_map(|(_, spellings)| *spellings);
        let known: BTreeSet<&str> = filters.copied().chain([SEARCH, "page", "size"]).collect();
        for name in query.names() {
            if !known.contains(query::plain(&name)) {
                query.fault(&name, format!("{name} is no filter of requests; remove or correct it"));
            }
        }
    }

    /// Whether no filter is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands for the filters in responses: 16 hexadecimal digits, the same for the same filters however they are
    /// written.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (name, values) in &self.0 {
            hasher.update([0]);
            hasher.update(name);
            for value in values {
                hasher.update([1]);
                hasher.update(value);
            }
        }
        HEXLOWER.encode(&hasher.finalize()[..8])
    }

    /// The filter that they amount to. Vehicles are those of the factors in force.
    pub fn leg_filter(&self, factors: &Factors) -> LegFilter {
        LegFilter {
            search: self.values(SEARCH).next(),
            movements: self.any_of("movement_id"),
            clients: self.any_of("client"),
            tocs: self.tocs(factors),
            categories: self.named("category", Category::from_name),
            statuses: self.statuses(),
            hubs: self.any_of("hub_id"),
            packages: self.any_of("package_key"),
            files: self.named("file_id", |id| Uuid::parse_str(id).ok().map(JobId)),
            shipped: self.days("trip_date_from", "trip_date_until"),
            created: self.days("created_at_from", "created_at_until"),
        }
    }

    fn values(&self, name: &str) -> impl Iterator<Item = String> {
        self.0.get(name).into_iter().flatten().cloned()
    }

    fn any_of(&self, name: &str) -> AnyOf<String> {
        self.named(name, |value| Some(value.to_owned()))
    }

    fn named<T>(&self, name: &str, value: impl Fn(&str) -> Option<T>) -> AnyOf<T> {
        let set = self.0.get(name);
        set.map_or_else(AnyOf::default, |values| {
            AnyOf::these(values.iter().filter_map(|text| value(text)).collect())
        })
    }

    /// The TOCs that are named, as far as a vehicle that is asked for goes by them.
    fn tocs(&self, factors: &Factors) -> AnyOf<String> {
        let Some(vehicles) = self.0.get("vehicle_type") else { return self.any_of("toc") };
        let named = self.0.get("toc");
        let listed = factors.list();
        let of_vehicle = listed.iter().filter(|listed| vehicles.contains(&*listed.toc.vehicle));
        let ids: BTreeSet<&str> = of_vehicle.map(|listed| listed.id).collect();
        let wanted = ids.into_iter().filter(|id| named.is_none_or(|named| named.contains(*id)));
        AnyOf::these(wanted.map(str::to_owned).collect())
    }

    /// Statuses; none will do where a leg is asked for by what Dray does not record of legs: who uploaded it, its project.
    fn statuses(&self) -> AnyOf<LegStatus> {
        let unrecorded = ["uploaded_by", "project_id"];
        if unrecorded.iter().any(|name| self.0.contains_key(name)) {
            return AnyOf::these(Vec::new());
        }
        self.named("status", LegStatus::from_name)
    }

    /// Days; of several firsts the latest, of several lasts the earliest.
    fn days(&self, from: &str, until: &str) -> Days {
        let set = |name| self.values(name).filter_map(|value| read_day(&value));
        Days { from: set(from).max(), until: set(until).min() }
    }
}

/// One value of a filter that takes several, evened out; nothing, and a fault, if it cannot be one.
fn list_value(query: &mut Query, name: &str, spelling: &str, value: String) -> Option<String> {
    let (known, expected) = match name {
        "category" => (Category::from_name(&value).is_some(), "one of road, rail, maritime, air"),
        "status" => (LegStatus::from_name(&value).is_some(), "one of pending, active, error"),
        "uploaded_by" | "file_id" | "project_id" => (Uuid::parse_str(&value).is_ok(), "a UUID"),
        "toc" => return Some(value.to_ascii_lowercase()),
        _ => return Some(value),
    };
    if !known {
        query.refuse(spelling, &value, expected);
    }
    known.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(query: &str) -> Filters {
        let mut query = Query::of(query);
        let filters = Filters::read(&mut query);
        query.finish().unwrap();
        filters
    }

    fn refused(query: &str) -> bool {
        let mut query = Query::of(query);
        Filters::read(&mut query);
        query.finish().is_err()
    }

    #[test]
    fn both_spellings_are_the_same_filter() {
        let written = filters("clients[]=A&clients[]=B&created_at_to=2025-01-02&toc=VAN_diesel");
        let otherwise = filters("toc[]=van_diesel&client=B&clients=A&client=A&created_at_until[]=2025-01-02");
        assert_eq!(written, otherwise);
        assert_eq!(written.hash(), otherwise.hash());
    }

    #[test]
    fn hashes_are_sixteen_digits_that_tell_filters_apart() {
        let queries =
            ["", "client=A", "client=B", "client=A&client=B", "movement_id=A", "search=A", "status=active"];
        let hashes: BTreeSet<String> = queries.iter().map(|query| filters(query).hash()).collect();
        assert_eq!(hashes.len(), queries.len());
        assert!(
            hashes.iter().all(|hash| hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()))
        );
        assert_eq!(filters("client=A&page=2&size=5").hash(), filters("client=A").hash());
    }

    #[test]
    fn blank_values_are_no_filter() {
        assert!(filters("client=&search=%20&trip_date_from=").is_empty());
    }

    #[test]
    fn wrong_values_are_refused() {
        for query in [
            "status=done",
            "status[]=active&status[]=done",
            "category=ship",
            "trip_date_from=yesterday",
            "trip_date_until=2025-02-30",
            "created_at_from=20250101",
            "created_at_to=+12025-01-01",
            "file_id[]=7",
            "uploaded_by=me",
            "project_id=x",
        ] {
            assert!(refused(query), "{query}");
        }
    }

    #[test]
    fn what_is_not_recorded_admits_nothing() {
        let nil = Uuid::nil();
        for name in ["uploaded_by", "project_id"] {
            let filters = filters(&format!("{name}={nil}&status=active"));
            assert_eq!(filters.statuses(), AnyOf::these(Vec::new()), "{name}");
        }
    }

    #[test]
    fn misspelt_filters_are_named() {
        let mut query = Query::of("client=A&movmentid=M&page=1&status[]=active");
        Filters::refuse_others(&mut query);
        let refused = format!("{:?}", query.finish().unwrap_err());
        assert!(refused.contains("movmentid") && !refused.contains("status"), "{refused}");
    }
}
