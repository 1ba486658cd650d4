//! NATS servers that want to know who it is, and that speak TLS.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use job_dispatch::{NatsDispatch, NatsOptions, NatsTls, OwnCertificate, WorkerOptions};
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{ChunkName, Deliveries, Heard, LeaseTerms, Outbox, Word};
use logistics_domain::ports::{Clock, StoreError};
use logistics_testkit::nats::NatsServers;
use nkeys::KeyPair;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

const CHUNK: ChunkName =
    ChunkName { organization: OrganizationId(Uuid::from_u128(7)), job: JobId(Uuid::from_u128(8)), number: 9 };

/// An outbox with word of one chunk, over and over.
struct OneWord;

#[async_trait]
impl Outbox for OneWord {
    async fn to_send(&self, _most: u32, _terms: LeaseTerms) -> Result<Vec<Word>, StoreError> {
        Ok(vec![Word { chunk: CHUNK, turn: 1 }])
    }

    async fn sent(&self, _words: Vec<Word>) -> Result<(), StoreError> {
        Ok(())
    }
}

struct Now;

impl Clock for Now {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Whether word goes over NATS to a worker.
async fn is_heard(options: NatsOptions) -> bool {
    let dispatch = Arc::new(NatsDispatch::new(options));
    let (stop, stopped) = watch::channel(false);
    let sender = dispatch.clone();
    let sending = tokio::spawn(async move {
        let work = WorkerOptions { poll: Duration::from_millis(200), ..WorkerOptions::default() };
        sender.send_out(&OneWord, &Now, work, stopped).await;
    });
    let mut heard = false;
    for _ in 0..20 {
        if let Heard::Chunk(delivery) = dispatch.next(Duration::from_millis(200)).await {
            assert_eq!(delivery.chunk(), CHUNK);
            heard = true;
            break;
        }
    }
    stop.send(true).unwrap();
    sending.await.unwrap();
    heard
}

fn options(url: &str) -> NatsOptions {
    NatsOptions {
        servers: url.parse().unwrap(),
        credentials: None,
        tls: NatsTls::default(),
        stream: "access".to_owned(),
        replicas: 1,
        lease: Duration::from_secs(30),
    }
}

/// The URL of a server with somebody in it.
fn url_of(servers: &NatsServers, login: &str) -> String {
    servers.url().replace("nats://", &format!("nats://{login}@"))
}

#[tokio::test(flavor = "multi_thread")]
async fn user_and_password_or_a_token_stand_in_the_url() {
    let user = r#"authorization { user: dray, password: "p@ss/w:rd" }"#;
    let token = r#"authorization { token: "t0ken%" }"#;
    for (configuration, right, wrong) in
        [(user, "dray:p%40ss%2Fw%3Ard", "dray:password"), (token, "t0ken%25", "dray:t0ken%25")]
    {
        let Some(servers) = NatsServers::start_with(configuration) else { return };
        assert!(is_heard(options(&url_of(&servers, right))).await, "{right}");
        assert!(!is_heard(options(&url_of(&servers, wrong))).await, "{wrong}");
        assert!(!is_heard(options(&servers.url())).await, "nobody");
    }
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seed_of_an_nkey_stands_in_a_file() {
    let (known, stranger) = (KeyPair::new_user(), KeyPair::new_user());
    let configuration = format!("authorization {{ users = [ {{ nkey: {} }} ] }}", known.public_key());
    let Some(servers) = NatsServers::start_with(&configuration) else { return };
    let folder = tempfile::tempdir().unwrap();
    for (key, expected) in [(known, true), (stranger, false)] {
        let text = format!("# seed of the user\n{}\n", key.seed().unwrap());
        let credentials = Some(write(folder.path(), "user.nk", &text));
        let heard = is_heard(NatsOptions { credentials, ..options(&servers.url()) }).await;
        assert_eq!(heard, expected);
    }
}

/// A signed statement of NATS's about who somebody is.
fn token(issuer: &KeyPair, subject: &KeyPair, claims: &Value) -> String {
    let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let now = Utc::now().timestamp();
    let id = BASE32_NOPAD.encode(subject.public_key().as_bytes());
    let (issuer_name, subject_name) = (issuer.public_key(), subject.public_key());
    let body = json!({
        "jti": id, "iat": now, "iss": issuer_name, "name": "dray", "sub": subject_name, "nats": claims,
    });
    let signed = format!("{}.{}", encode(&json!({"typ": "JWT", "alg": "ed25519-nkey"})), encode(&body));
    let signature = issuer.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_files_open_accounts() {
    let (operator, account, system) =
        (KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_account());
    let (user, stranger) = (KeyPair::new_user(), KeyPair::new_account());
    let limits = json!({
        "subs": -1, "conn": -1, "leaf": -1, "imports": -1, "exports": -1, "data": -1, "payload": -1, "wildcards": true,
        "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1,
    });
    let of_account = json!({"limits": limits, "type": "account", "version": 2});
    let configuration = format!(
        "operator: {}\nsystem_account: {}\nresolver: MEMORY\nresolver_preload: {{ {}: {}, {}: {} }}\n",
        token(&operator, &operator, &json!({"type": "operator", "version": 2})),
        system.public_key(),
        account.public_key(),
        token(&operator, &account, &of_account),
        system.public_key(),
        token(
            &operator,
            &system,
            &json!({"limits": {"subs": -1, "conn": -1}, "type": "account", "version": 2})
        ),
    );
    let Some(servers) = NatsServers::start_with(&configuration) else { return };
    let folder = tempfile::tempdir().unwrap();
    for (issuer, expected) in [(&account, true), (&stranger, false)] {
        let of_user = json!({"subs": -1, "data": -1, "payload": -1, "type": "user", "version": 2});
        let text = format!(
            "-----BEGIN NATS USER JWT-----\n{}\n------END NATS USER JWT------\n\n\
             -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
            token(issuer, &user, &of_user),
            user.seed().unwrap()
        );
        let credentials = Some(write(folder.path(), "user.creds", &text));
        let heard = is_heard(NatsOptions { credentials, ..options(&servers.url()) }).await;
        assert_eq!(heard, expected);
    }
}

/// An authority with the files of a certificate for a server and of one for a client.
struct Authority {
    certificate: PathBuf,
    server: OwnCertificate,
    client: OwnCertificate,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let mut of_authority = CertificateParams::default();
        of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(of_authority, rcgen::KeyPair::generate().unwrap()).unwrap();
        let issue = |of: &str, usage| {
            let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
            params.extended_key_usages = vec![usage];
            let key = rcgen::KeyPair::generate().unwrap();
            let certificate = params.signed_by(&key, &issuer).unwrap();
            OwnCertificate {
                certificate: write(folder, &format!("{name}-{of}.pem"), &certificate.pem()),
                key: write(folder, &format!("{name}-{of}.key"), &key.serialize_pem()),
            }
        };
        Self {
            certificate: write(folder, &format!("{name}.pem"), &issuer.pem()),
            server: issue("server", ExtendedKeyUsagePurpose::ServerAuth),
            client: issue("client", ExtendedKeyUsagePurpose::ClientAuth),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_made_by_tls_with_servers_and_clients_that_are_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (Authority::new(folder.path(), "ours"), Authority::new(folder.path(), "theirs"));
    let tls = |authority: &Authority, verify: bool| {
        let (certificate, key) = (authority.server.certificate.display(), authority.server.key.display());
        let ca = ours.certificate.display();
        format!(
            "tls {{ cert_file: '{certificate}', key_file: '{key}', ca_file: '{ca}', verify: {verify} }}\n"
        )
    };
    let trusting = NatsTls { authorities: Some(ours.certificate.clone()), own: None };
    let showing = |own: &OwnCertificate| NatsTls { own: Some(own.clone()), ..trusting.clone() };
    let user = "authorization { user: dray, password: secret }\n";
    for (configuration, tls, expected, case) in [
        (tls(&ours, false), trusting.clone(), true, "a server of the authority's"),
        (tls(&ours, false), NatsTls::default(), false, "the system knows no such authority"),
        (tls(&theirs, false), trusting.clone(), false, "a server of another authority's"),
        (tls(&ours, true), trusting.clone(), false, "no certificate to show"),
        (tls(&ours, true), showing(&ours.client), true, "a client of the authority's"),
        (tls(&ours, true), showing(&theirs.client), false, "a client of another authority's"),
        (String::new(), trusting.clone(), false, "a server without TLS"),
    ] {
        let Some(servers) = NatsServers::start_with(&format!("{user}{configuration}")) else { return };
        let heard = is_heard(NatsOptions { tls, ..options(&url_of(&servers, "dray:secret")) }).await;
        assert_eq!(heard, expected, "{case}");
    }
}
