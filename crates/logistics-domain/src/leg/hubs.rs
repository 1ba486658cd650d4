use emissions_core::{CountryCode, HubStay};
use serde::{Deserialize, Serialize};

use crate::ids::HubId;

/// What hubs have to do with a leg, settled before it is calculated: later changes of a hub do not touch it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LegHubs {
    /// Both ends as the client wrote them, where a hub's address took the place of one.
    pub written: Option<WrittenEnds>,
    /// The hub that handled the load.
    pub handled_by: Option<HandlingHub>,
}

/// The ends of a leg as its client wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WrittenEnds {
    /// Where it begins.
    pub origin: Option<String>,
    /// Where it ends.
    pub destination: Option<String>,
    /// The country of the hub that it begins at.
    pub origin_country: Option<CountryCode>,
}

/// The hub that handled a load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandlingHub {
    /// Its id.
    pub id: HubId,
    /// How the stay is calculated; nothing if nothing is known of the hub's emissions.
    pub stay: Option<HubStay>,
}

impl LegHubs {
    /// Whether hubs have nothing to do with the leg.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.written.is_none() && self.handled_by.is_none()
    }
}
