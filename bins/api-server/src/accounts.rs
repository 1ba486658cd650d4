//! `api-server organizations` and `api-server keys`: accounts from the command line, beside servers that run.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use http_api::KeyText;
use logistics_domain::accounts::{Access, Accounts, ApiKey, KeyMade, Label, Organization};
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::config::Config;
use crate::server::ServerError;

/// What can be done beside serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create and list organizations.
    #[command(subcommand)]
    Organizations(OrganizationsCommand),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Keys(KeysCommand),
}

#[derive(Debug, Subcommand)]
pub enum OrganizationsCommand {
    /// Create an organization.
    Create {
        /// Its name.
        #[arg(value_parser = label)]
        name: Label,
        /// Its id; a random one without it.
        #[arg(long)]
        id: Option<Uuid>,
        #[command(flatten)]
        output: Output,
    },
    /// List the organizations, oldest first.
    List {
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Create a key. It is shown once.
    Create {
        /// An organization that the key works for; more than once for several.
        #[arg(long = "organization", value_name = "ID", required = true)]
        organizations: Vec<Uuid>,
        /// Its name, to tell it from others.
        #[arg(long, value_parser = label)]
        name: Label,
        /// What it may do: `read`, `write`, or `admin`, which is to write and to manage the keys of its organizations.
        #[arg(long, default_value = "write", value_parser = access)]
        access: Access,
        /// After how many days it ceases to hold; never without it.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        expires_in_days: Option<u16>,
        #[command(flatten)]
        output: Output,
    },
    /// List the keys, oldest first, also those that hold no longer.
    List {
        /// Only those that work for this organization.
        #[arg(long, value_name = "ID")]
        organization: Option<Uuid>,
        #[command(flatten)]
        output: Output,
    },
    /// Revoke a key for good. Servers that run refuse it within seconds.
    Revoke {
        /// Its id, as the list shows it.
        id: Uuid,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("an organization with the id {0} already exists")]
    OrganizationExists(Uuid),
    #[error(
        "there is no organization with the id {0}; `api-server organizations list` shows those that there are"
    )]
    NoOrganization(OrganizationId),
    #[error("there is no key with the id {0}; `api-server keys list` shows those that there are")]
    NoKey(Uuid),
}

/// Carries a command out on the configured database and prints what came of it.
pub async fn run(command: Command, config: &Config) -> Result<(), ServerError> {
    let store = config.database.open()?;
    let said = match command {
        Command::Organizations(command) => organizations(command, &*store).await,
        Command::Keys(command) => keys(command, &*store).await,
    };
    store.close();
    println!("{}", said?.trim_end());
    Ok(())
}

async fn organizations(
    command: OrganizationsCommand,
    accounts: &dyn Accounts,
) -> Result<String, ServerError> {
    match command {
        OrganizationsCommand::Create { name, id, output } => {
            let id = id.unwrap_or_else(Uuid::now_v7);
            let name = name.as_str().to_owned();
            let organization = Organization { id: OrganizationId(id), name, created_at: Utc::now() };
            if !accounts.create_organization(&organization).await? {
                return Err(CommandError::OrganizationExists(id).into());
            }
            Ok(output.show(&organization_json(&organization), || id.to_string()))
        }
        OrganizationsCommand::List { output } => {
            let all = accounts.organizations().await?;
            let items: Vec<Value> = all.iter().map(organization_json).collect();
            Ok(output.show(&json!(items), || {
                table(
                    &["id", "name", "created"],
                    all.iter().map(|organization| {
                        let Organization { id, name, created_at } = organization;
                        vec![id.to_string(), name.clone(), day(*created_at)]
                    }),
                )
            }))
        }
    }
}

async fn keys(command: KeysCommand, accounts: &dyn Accounts) -> Result<String, ServerError> {
    let now = Utc::now();
    match command {
        KeysCommand::Create { organizations, name, access, expires_in_days, output } => {
            let text = KeyText::random();
            let mut organizations: Vec<_> = organizations.into_iter().map(OrganizationId).collect();
            let own = organizations.remove(0);
            organizations.sort_unstable();
            organizations.dedup();
            organizations.retain(|other| *other != own);
            let mut key = text.new_key(name, own, access);
            key.others = organizations;
            key.expires_at = expires_in_days.map(|days| now + TimeDelta::days(days.into()));
            match accounts.create_key(&key, now).await? {
                KeyMade::Made(made) => {
                    let mut shown = key_json(&made, now);
                    shown["key"] = json!(text.as_str());
                    Ok(output.show(&shown, || text.as_str().to_owned()))
                }
                KeyMade::NoOrganization(id) => Err(CommandError::NoOrganization(id).into()),
            }
        }
        KeysCommand::List { organization, output } => {
            let keys = accounts.keys(organization.map(OrganizationId)).await?;
            let items: Vec<Value> = keys.iter().map(|key| key_json(key, now)).collect();
            let columns = ["id", "key", "name", "access", "status", "expires", "last used", "organizations"];
            Ok(output.show(&json!(items), || table(&columns, keys.iter().map(|key| key_row(key, now)))))
        }
        KeysCommand::Revoke { id, output } => {
            if !accounts.revoke(ApiKeyId(id), now).await? {
                return Err(CommandError::NoKey(id).into());
            }
            Ok(output.show(&json!({"id": id, "status": "revoked"}), || format!("{id} is revoked")))
        }
    }
}

impl Output {
    fn show(self, json: &Value, text: impl FnOnce() -> String) -> String {
        if self.json { format!("{json:#}") } else { text() }
    }
}

fn organization_json(organization: &Organization) -> Value {
    let Organization { id, name, created_at } = organization;
    json!({"id": id, "name": name, "created_at": created_at})
}

fn key_json(key: &ApiKey, now: DateTime<Utc>) -> Value {
    json!({
        "id": key.id, "name": key.name, "prefix": key.prefix, "access": key.access.as_str(),
        "status": key.status(now), "organization_ids": key.organizations, "created_at": key.created_at,
        "expires_at": key.expires_at, "last_used_at": key.last_used_at, "revoked_at": key.revoked_at,
    })
}

fn key_row(key: &ApiKey, now: DateTime<Utc>) -> Vec<String> {
    let organizations: Vec<String> = key.organizations.iter().map(ToString::to_string).collect();
    let or_never = |at: Option<DateTime<Utc>>| at.map_or_else(|| "never".to_owned(), day);
    vec![
        key.id.to_string(),
        format!("{}…", key.prefix),
        key.name.clone(),
        key.access.to_string(),
        key.status(now).to_owned(),
        or_never(key.expires_at),
        or_never(key.last_used_at),
        organizations.join(" "),
    ]
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// Rows under their heads, in columns as wide as their widest cell.
fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut lines = vec![heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>()];
    lines.extend(rows);
    let width =
        |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<String> =
            line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}

fn label(text: &str) -> Result<Label, String> {
    Label::parse(text).map_err(|error| error.to_string())
}

fn access(text: &str) -> Result<Access, String> {
    Access::from_name(text).ok_or_else(|| "give one of read, write, admin".to_owned())
}
