//! Transport operation categories as lists name them.

use emissions_core::ListedToc;
use uuid::Uuid;

/// The id of an entry of the list of TOCs. It is made of what the entry is, so it is the same on every server.
#[must_use]
pub fn toc_id(listed: &ListedToc<'_>) -> Uuid {
    let name = format!("{}/{}/{}", listed.id, listed.intensity.location, listed.intensity.min_km);
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}
