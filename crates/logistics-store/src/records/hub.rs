//! Hubs, as rows.

use diesel::prelude::*;
use emissions_core::{CountryCode, HubCategory, KgCo2e, Tonnes};
use logistics_domain::hub::{Hub, HubKey, HubKind, HubProfile, HubStatus};
use logistics_domain::ids::{HubId, OrganizationId};

use super::{RecordError, impossible};
use crate::columns::{InstantValue, UidValue};
use crate::schema::hubs;

/// A hub, to write or as it was read.
#[derive(Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = hubs, primary_key(organization_id, id), treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct HubRow {
    organization_id: UidValue,
    id: UidValue,
    created_at: InstantValue,
    updated_at: Option<InstantValue>,
    name: String,
    name_key: String,
    external_code: Option<String>,
    external_code_key: Option<String>,
    kind: String,
    category: Option<String>,
    address: Option<String>,
    country: Option<String>,
    status: String,
    supercharger: bool,
    facility_id: Option<UidValue>,
    annual_co2e_kg: Option<f64>,
    annual_throughput_t: Option<f64>,
}

impl HubRow {
    /// The row of a hub.
    pub fn new(organization: OrganizationId, hub: &Hub) -> Result<Self, RecordError> {
        let profile = &hub.profile;
        let name_key = HubKey::of(&profile.name).ok_or_else(|| impossible("name", "nothing but blanks"))?;
        let external_code_key = profile.external_code.as_deref().and_then(HubKey::of);
        Ok(Self {
            organization_id: UidValue(organization.0),
            id: UidValue(hub.id.0),
            created_at: InstantValue::new(hub.created_at),
            updated_at: hub.updated_at.map(InstantValue::new),
            name: profile.name.clone(),
            name_key: name_key.as_str().to_owned(),
            external_code: profile.external_code.clone(),
            external_code_key: external_code_key.map(|key| key.as_str().to_owned()),
            kind: profile.kind.as_str().to_owned(),
            category: profile.category.map(|category| category.as_str().to_owned()),
            address: profile.address.clone(),
            country: profile.country.map(|country| country.to_string()),
            status: profile.status.as_str().to_owned(),
            supercharger: profile.supercharger,
            facility_id: profile.facility_id.map(UidValue),
            annual_co2e_kg: profile.annual_co2e.map(KgCo2e::get),
            annual_throughput_t: profile.annual_throughput.map(Tonnes::get),
        })
    }

    /// The name as names are compared.
    pub fn name_key(&self) -> &str {
        &self.name_key
    }

    /// The external code as codes are compared.
    pub fn external_code_key(&self) -> Option<&str> {
        self.external_code_key.as_deref()
    }

    pub fn into_hub(self) -> Result<Hub, RecordError> {
        let kind = HubKind::from_name(&self.kind).ok_or_else(|| impossible("kind", &self.kind))?;
        let status = HubStatus::from_name(&self.status).ok_or_else(|| impossible("status", &self.status))?;
        let category =
            |name: String| HubCategory::from_name(&name).ok_or_else(|| impossible("category", name));
        let country = self.country.map(CountryCode::try_from).transpose();
        Ok(Hub {
            id: HubId(self.id.0),
            created_at: self.created_at.get(),
            updated_at: self.updated_at.map(InstantValue::get),
            profile: HubProfile {
                name: self.name,
                external_code: self.external_code,
                kind,
                category: self.category.map(category).transpose()?,
                address: self.address,
                country: country.map_err(|unknown| impossible("country", unknown.0))?,
                status,
                supercharger: self.supercharger,
                facility_id: self.facility_id.map(|id| id.0),
                annual_co2e: self.annual_co2e_kg.map(KgCo2e::new).transpose()?,
                annual_throughput: self.annual_throughput_t.map(Tonnes::new).transpose()?,
            },
        })
    }
}
