//! The first start: an organization, a key, and what to do with them.

use std::net::SocketAddr;

use chrono::Utc;
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::{Accounts, NewOrganization, StoreError};
use rand::RngExt;
use rand::distr::Alphanumeric;
use uuid::Uuid;

use crate::config::Config;

/// How many characters of a key are kept to tell keys apart.
const PREFIX: usize = 10;

/// Creates the first organization and its key, if there is none yet, and says so once.
pub async fn bootstrap(
    config: &Config,
    accounts: &dyn Accounts,
    bound: SocketAddr,
) -> Result<(), StoreError> {
    let key = config.bootstrap_api_key.clone().unwrap_or_else(random_key);
    let id = OrganizationId(config.bootstrap_organization_id.unwrap_or_else(Uuid::now_v7));
    let organization = NewOrganization {
        id,
        name: "First organization".to_owned(),
        key_hash: http_api::hash_key(&key),
        key_prefix: key.chars().take(PREFIX).collect(),
    };
    if accounts.bootstrap(&organization, Utc::now()).await? {
        let shown = if config.bootstrap_api_key.is_some() { "$DRAY_BOOTSTRAP_API_KEY" } else { &key };
        println!("{}", welcome(bound, shown, id));
    }
    Ok(())
}

/// 32 random letters and digits: 190 bits.
fn random_key() -> String {
    let random = rand::rng().sample_iter(Alphanumeric).take(32).map(char::from);
    "dray_".chars().chain(random).collect()
}

fn welcome(bound: SocketAddr, key: &str, organization: OrganizationId) -> String {
    let url = format!("http://{bound}");
    format!(
        r#"
Dray is ready. This is shown once; keep the key.

  API key       {key}
  organization  {organization}
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
