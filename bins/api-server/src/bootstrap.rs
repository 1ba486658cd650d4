//! The first start: an organization, a key, and what to do with them.

use std::net::SocketAddr;

use chrono::Utc;
use http_api::KeyText;
use logistics_domain::accounts::{Accounts, NewOrganization};
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::StoreError;
use uuid::Uuid;

use crate::config::Config;

/// Creates the first organization and its key, if there is none yet, and says so once.
pub async fn bootstrap(
    config: &Config,
    accounts: &dyn Accounts,
    bound: SocketAddr,
) -> Result<(), StoreError> {
    let key = config.bootstrap_api_key.clone().map_or_else(KeyText::random, KeyText::chosen);
    let id = OrganizationId(config.bootstrap_organization_id.unwrap_or_else(Uuid::now_v7));
    let organization = NewOrganization {
        id,
        name: "First organization".to_owned(),
        key_hash: http_api::hash_key(key.as_str()),
        key_prefix: key.prefix(),
    };
    if accounts.bootstrap(&organization, Utc::now()).await? {
        let shown = if config.bootstrap_api_key.is_some() { "$DRAY_BOOTSTRAP_API_KEY" } else { key.as_str() };
        println!("{}", welcome(bound, shown, id));
    }
    Ok(())
}

fn welcome(bound: SocketAddr, key: &str, organization: OrganizationId) -> String {
    let url = format!("http://{bound}");
    format!(
        r#"
Dray is ready. This is shown once; keep the key.

  API key       {key}
  organization  {organization}
  panel         {url}/
  API docs      {url}/docs/

Try it:

  curl -X POST {url}/v1/logistics/requests \
    -H "x-api-key: {key}" \
    -H "x-organization-id: {organization}" \
    -H "Content-Type: application/json" \
    -d '{{"origin": "Madrid, Spain", "destination": "Barcelona, Spain", "load": 1000, "load_unit": "kg", "category": "road"}}'
"#
    )
}
