//! Identifiers, one type for each kind of thing.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub Uuid);

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }
        )*
    };
}

ids!(
    /// An organization: the owner of all that is stored.
    OrganizationId,
    /// A leg of a shipment; the APIs call it a request.
    LegId,
    /// A package that legs belong to.
    PackageId,
    /// A job: the legs of a call that are calculated after the answer.
    JobId,
    /// An API key.
    ApiKeyId,
    /// A logistics hub.
    HubId,
    /// A record of fuel that was filled in, or of electricity that was charged.
    RechargeId,
    /// A fuel of the catalogue, as it is sold in one region.
    FuelId,
    /// A project at the client.
    ProjectId,
    /// What records were sent in together.
    FileId,
    /// A file that somebody uploaded by hand.
    UploadId,
);
