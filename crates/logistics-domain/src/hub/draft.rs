use emissions_core::{HubCategory, KgCo2e, KgCo2ePerTonne, Kilograms, Tonnes};
use uuid::Uuid;

use super::{HubKind, HubProfile, HubStatus};
use crate::leg::{Faults, FieldError, Problem, shortened};

/// What a field of a draft does.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Patch<T> {
    /// It leaves the value as it is.
    #[default]
    Keep,
    /// It takes the value away.
    Clear,
    /// It sets the value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the patch, which may not be valid.
    fn over<U>(self, former: Option<U>, parse: impl FnOnce(T) -> Option<U>) -> Option<U> {
        match self {
            Self::Keep => former,
            Self::Clear => None,
            Self::Set(value) => parse(value),
        }
    }
}

/// A value that is not there keeps the former.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// A hub as a client states it, or what a client wants to change about one. A blank text clears its field.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the fields are those of `HubProfile`, documented there")]
pub struct HubDraft {
    pub name: Patch<String>,
    pub kind: Patch<String>,
    pub category: Patch<String>,
    pub address: Patch<String>,
    pub country: Patch<String>,
    pub status: Patch<String>,
    pub supercharger: Patch<bool>,
    pub facility_id: Patch<String>,
    pub external_code: Patch<String>,
    pub annual_co2e_kg: Patch<f64>,
    pub annual_throughput_t: Patch<f64>,
}

impl HubDraft {
    /// Checks the draft of a new hub.
    ///
    /// What only own hubs have, their facility and their measured figures, is dropped for others.
    ///
    /// # Errors
    /// Every field at fault, in the order of the documentation.
    pub fn create(self) -> Result<HubProfile, Vec<FieldError>> {
        self.settle(None, None)
    }

    /// Checks the draft of a change and applies it. A hub that becomes an own one without a facility gets a new one, with
    /// the id `facility`, if it has an address.
    ///
    /// # Errors
    /// Every field at fault, in the order of the documentation.
    pub fn change(self, former: &HubProfile, facility: Uuid) -> Result<HubProfile, Vec<FieldError>> {
        self.settle(Some(former), Some(facility))
    }

    /// Whether the draft says which country the hub is in.
    #[must_use]
    pub const fn names_country(&self) -> bool {
        matches!(self.country, Patch::Set(_))
    }

    fn settle(
        self,
        former: Option<&HubProfile>,
        new_facility: Option<Uuid>,
    ) -> Result<HubProfile, Vec<FieldError>> {
        let mut faults = Faults::default();
        let name = self.name.over(former.map(|hub| hub.name.clone()), |name| faults.name("name", Some(name)));
        if name.is_none() && faults.0.is_empty() {
            faults.add("name", Problem::Missing, "Please provide a name");
        }
        let kind = kind(&mut faults, self.kind, former);
        let category = self.category.over(former.and_then(|hub| hub.category), |category| {
            let category = faults.text("category", Some(category));
            let permitted = HubCategory::ALL.map(HubCategory::as_str);
            faults.choice("category", category, HubCategory::from_name, &permitted)
        });
        let address = self.address.over(former.and_then(|hub| hub.address.clone()), |address| {
            faults.text("address", Some(address))
        });
        let country = self
            .country
            .over(former.and_then(|hub| hub.country), |country| faults.country("country", Some(country)));
        let status = self.status.over(former.map(|hub| hub.status), |status| {
            let permitted = HubStatus::ALL.map(HubStatus::as_str);
            faults.choice("status", Some(status), HubStatus::from_name, &permitted)
        });
        let supercharger = self.supercharger.over(former.map(|hub| hub.supercharger), Some);
        let new_facility = new_facility.filter(|_| address.is_some());
        let stated = self
            .facility_id
            .over(former.and_then(|hub| hub.facility_id), |id| facility(&mut faults, kind, id));
        let facility_id = needed_facility(&mut faults, kind, stated.or(new_facility));
        let external_code =
            self.external_code.over(former.and_then(|hub| hub.external_code.clone()), |code| {
                faults.name("external_code", Some(code))
            });
        let (annual_co2e, annual_throughput) =
            figures(&mut faults, former, self.annual_co2e_kg, self.annual_throughput_t);
        let is_owned = kind == Some(HubKind::Owned);
        let profile = name.zip(kind).map(|(name, kind)| HubProfile {
            name,
            external_code,
            kind,
            category,
            address,
            country,
            status: status.unwrap_or_default(),
            supercharger: supercharger.unwrap_or(false),
            facility_id: facility_id.filter(|_| is_owned),
            annual_co2e: annual_co2e.filter(|_| is_owned),
            annual_throughput: annual_throughput.filter(|_| is_owned),
        });
        match (profile, faults.0) {
            (Some(profile), faults) if faults.is_empty() => Ok(profile),
            (_, faults) => Err(faults),
        }
    }
}

fn kind(faults: &mut Faults, given: Patch<String>, former: Option<&HubProfile>) -> Option<HubKind> {
    let before = faults.0.len();
    let permitted = HubKind::ALL.map(HubKind::as_str);
    let kind = given.over(former.map(|hub| hub.kind), |kind| {
        let kind = faults.text("type", Some(kind));
        faults.choice("type", kind, HubKind::from_name, &permitted)
    });
    if kind.is_none() && faults.0.len() == before {
        faults.add("type", Problem::Missing, "Please provide a type: owned or subcontracted");
    }
    kind
}

/// The facility that a client names; what is named for another company's hub does not matter.
fn facility(faults: &mut Faults, kind: Option<HubKind>, id: String) -> Option<Uuid> {
    if kind == Some(HubKind::Subcontracted) {
        return None;
    }
    let id = faults.text("facility_id", Some(id))?;
    let uuid = Uuid::parse_str(&id).ok();
    if uuid.is_none() {
        faults.add(
            "facility_id",
            Problem::OutOfRange,
            format!("facility_id is '{}'; give a UUID", shortened(&id)),
        );
    }
    uuid
}

fn needed_facility(faults: &mut Faults, kind: Option<HubKind>, id: Option<Uuid>) -> Option<Uuid> {
    let is_named = faults.0.iter().any(|fault| fault.field == "facility_id");
    if kind == Some(HubKind::Owned) && id.is_none() && !is_named {
        faults.add("facility_id", Problem::Missing, "Please provide a facility_id if type is owned");
    }
    id
}

/// What an own hub measured: each figure by itself, and both together.
fn figures(
    faults: &mut Faults,
    former: Option<&HubProfile>,
    co2e: Patch<f64>,
    throughput: Patch<f64>,
) -> (Option<KgCo2e>, Option<Tonnes>) {
    let co2e = co2e.over(former.and_then(|hub| hub.annual_co2e), |kg| {
        let bounded = |kg| Kilograms::new(kg).and_then(|kg| KgCo2e::new(kg.get()));
        faults.quantity("annual_co2e_kg", Some(kg), bounded)
    });
    let throughput = throughput.over(former.and_then(|hub| hub.annual_throughput), |tonnes| {
        faults.quantity("annual_throughput_t", Some(tonnes), Tonnes::new)
    });
    if let Some(tonnes) = throughput.map(Tonnes::get) {
        let per_tonne = co2e.unwrap_or_default().get() / tonnes;
        if tonnes <= 0.0 || KgCo2ePerTonne::new(per_tonne).is_err() {
            let message = format!(
                "annual_throughput_t is {tonnes}; give the tonnes that leave the hub in a year, more than 0 and enough for \
                 annual_co2e_kg to be at most {} kg per tonne",
                KgCo2ePerTonne::MAX.get()
            );
            faults.add("annual_throughput_t", Problem::OutOfRange, message);
        }
    }
    (co2e, throughput)
}
