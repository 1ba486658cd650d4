//! Routes, each kept once for an organization: the legs of a batch mostly share few.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::RouteFound;
use logistics_domain::ids::OrganizationId;
use sha2::{Digest, Sha256};

use super::backend::{self, Connection};
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::records::{RecordError, from_json, to_json};
use crate::schema::routes;

/// What errors call the column that holds a route.
const COLUMN: &str = "routes.json";

/// The first half of a SHA-256 hash of a route's JSON.
pub type RouteId = [u8; 16];

/// The distinct routes of a batch.
pub struct BatchRoutes {
    /// By the address of the route in memory: routes do not move while the batch is written.
    ids: HashMap<usize, RouteId>,
    json: Vec<(RouteId, String)>,
}

impl BatchRoutes {
    pub fn new<'r>(routes: impl Iterator<Item = &'r Arc<RouteFound>>) -> Result<Self, RecordError> {
        let (mut ids, mut json) = (HashMap::new(), Vec::new());
        let mut seen = HashSet::new();
        for route in routes {
            if ids.contains_key(&Arc::as_ptr(route).addr()) {
                continue;
            }
            let text = to_json(COLUMN, route.as_ref())?;
            let id = id(&text);
            ids.insert(Arc::as_ptr(route).addr(), id);
            if seen.insert(id) {
                json.push((id, text));
            }
        }
        json.sort_unstable_by_key(|(id, _)| *id);
        Ok(Self { ids, json })
    }

    /// The id of a route of the batch.
    pub fn id(&self, route: &Arc<RouteFound>) -> Option<&RouteId> {
        self.ids.get(&Arc::as_ptr(route).addr())
    }

    /// Writes those that are not there yet.
    pub fn write(&self, connection: &mut Connection, organization: OrganizationId) -> QueryResult<()> {
        backend::insert_routes(connection, organization, &self.json)
    }
}

/// Reads routes by their ids.
pub fn read(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &HashSet<RouteId>,
) -> Result<HashMap<RouteId, Arc<RouteFound>>, WorkError> {
    let ids: Vec<&[u8]> = ids.iter().map(<[u8; 16]>::as_slice).collect();
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(backend::KEYS) {
        let rows: Vec<String> = routes::table
            .filter(routes::organization_id.eq(UidValue(organization.0)))
            .filter(routes::id.eq_any(ids))
            .select(routes::json)
            .load(connection)?;
        for json in rows {
            found.insert(id(&json), Arc::new(from_json(COLUMN, &json)?));
        }
    }
    Ok(found)
}

fn id(json: &str) -> RouteId {
    let hash = Sha256::digest(json.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}
