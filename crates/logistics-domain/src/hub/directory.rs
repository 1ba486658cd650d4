//! Which hubs legs mention, and what these have to do with a leg.

use std::collections::{BTreeSet, HashMap, HashSet};

use thiserror::Error;
use uuid::Uuid;

use super::{Hub, HubKey, HubStatus};
use crate::ids::HubId;
use crate::leg::{HandlingHub, NewLeg, WrittenEnds};

/// Whatever in legs may name a hub: their ends and their `hub_id`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubMentions {
    /// What may be a name.
    pub names: BTreeSet<HubKey>,
    /// What may be an external code.
    pub codes: BTreeSet<HubKey>,
    /// What may be an id.
    pub ids: BTreeSet<HubId>,
}

impl HubMentions {
    /// The mentions in some legs, each once.
    #[must_use]
    pub fn of<'l>(legs: impl IntoIterator<Item = &'l NewLeg>) -> Self {
        let (mut ends, mut handling) = (HashSet::new(), HashSet::new());
        for leg in legs {
            ends.extend(leg.origin.iter().chain(&leg.destination).map(String::as_str));
            handling.extend(leg.trace.hub_id.as_deref());
        }
        Self {
            names: ends.union(&handling).filter_map(|text| HubKey::of(text)).collect(),
            codes: handling.iter().filter_map(|text| HubKey::of(text)).collect(),
            ids: handling.iter().filter_map(|text| Uuid::parse_str(text).ok().map(HubId)).collect(),
        }
    }
}

/// Which end of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// Where it begins.
    Origin,
    /// Where it ends.
    Destination,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Origin => "Origin",
            Self::Destination => "Destination",
        })
    }
}

/// Why an end that names a hub is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HubFault {
    /// The hub is not active.
    #[error("{0} hub not found")]
    NotActive(End),
    /// The hub has no address.
    #[error("{0} hub has no address configured")]
    NoAddress(End),
}

/// The hubs that some legs may name.
#[derive(Debug, Default)]
pub struct HubDirectory {
    hubs: Vec<Hub>,
    names: HashMap<HubKey, usize>,
    codes: HashMap<HubKey, usize>,
    ids: HashMap<HubId, usize>,
}

impl HubDirectory {
    /// A directory of these hubs.
    #[must_use]
    pub fn new(hubs: Vec<Hub>) -> Self {
        let mut directory = Self::default();
        for (at, hub) in hubs.iter().enumerate() {
            directory.names.extend(HubKey::of(&hub.profile.name).map(|key| (key, at)));
            directory
                .codes
                .extend(hub.profile.external_code.as_deref().and_then(HubKey::of).map(|key| (key, at)));
            directory.ids.insert(hub.id, at);
        }
        directory.hubs = hubs;
        directory
    }

    /// Settles what hubs have to do with a leg.
    ///
    /// - An end that is the name of a hub becomes its address.
    /// - `hub_id` is an id, a name or an external code, in this order. If it is an active hub's, that hub handles the load,
    ///   and its address, if it has one, becomes the origin. If not, it has no effect.
    ///
    /// # Errors
    /// [`HubFault`] if an end is the name of a hub that is not active or has no address.
    pub fn settle(&self, mut leg: NewLeg) -> Result<NewLeg, HubFault> {
        if self.hubs.is_empty() {
            return Ok(leg);
        }
        let origin = self.at_end(leg.origin.as_deref(), End::Origin)?;
        let destination = self.at_end(leg.destination.as_deref(), End::Destination)?;
        let handling = leg.trace.hub_id.as_deref().and_then(|named| self.handling(named));
        let origin = handling.filter(|hub| hub.profile.address.is_some()).or(origin);
        if origin.is_some() || destination.is_some() {
            leg.hubs.written = Some(WrittenEnds {
                origin: leg.origin.clone(),
                destination: leg.destination.clone(),
                origin_country: origin.and_then(|hub| hub.profile.country),
            });
        }
        let address = |hub: Option<&Hub>| hub.and_then(|hub| hub.profile.address.clone());
        leg.origin = address(origin).or(leg.origin);
        leg.destination = address(destination).or(leg.destination);
        leg.hubs.handled_by = handling.map(|hub| HandlingHub { id: hub.id, stay: hub.profile.stay() });
        Ok(leg)
    }

    /// The hub that an end names.
    fn at_end(&self, text: Option<&str>, end: End) -> Result<Option<&Hub>, HubFault> {
        let Some(hub) = text.and_then(HubKey::of).and_then(|key| self.hub(self.names.get(&key))) else {
            return Ok(None);
        };
        if hub.profile.status != HubStatus::Active {
            return Err(HubFault::NotActive(end));
        }
        if hub.profile.address.is_none() {
            return Err(HubFault::NoAddress(end));
        }
        Ok(Some(hub))
    }

    /// The active hub that a `hub_id` names.
    fn handling(&self, named: &str) -> Option<&Hub> {
        let id = Uuid::parse_str(named).ok().map(HubId);
        let by_key =
            || HubKey::of(named).and_then(|key| self.names.get(&key).or_else(|| self.codes.get(&key)));
        let at = id.and_then(|id| self.ids.get(&id)).or_else(by_key);
        self.hub(at).filter(|hub| hub.profile.status == HubStatus::Active)
    }

    fn hub(&self, at: Option<&usize>) -> Option<&Hub> {
        self.hubs.get(*at?)
    }
}
