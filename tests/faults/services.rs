//! Databases and NATS servers that go away in the middle of jobs and come back.

use std::time::Duration;

use logistics_testkit::nats::NatsServers;
use logistics_testkit::postgres::PrivateServer;

use crate::plant::{Plant, rounds};

const LEGS: usize = 1000;

#[test]
fn postgres_is_restarted_in_the_middle_of_jobs() {
    let Some(mut postgres) = PrivateServer::start() else {
        let required = std::env::var("DRAY_REQUIRE_SERVICES").is_ok_and(|required| required == "1");
        assert!(!required, "DRAY_REQUIRE_SERVICES is 1 and PostgreSQL is not installed");
        eprintln!("SKIPPED: PostgreSQL is not installed");
        return;
    };
    let mut plant = Plant::at(postgres.url("postgres"));
    let server = plant.server();
    let _workers = (plant.worker(), plant.worker());
    for round in 0..rounds() {
        let key = format!("P{round}");
        // In the middle of the call in one round, in the middle of the job in the next.
        let call = std::thread::spawn(plant.call(&server, LEGS, &key));
        if round % 2 == 1 {
            plant.send_until_taken(&server, LEGS, &key);
        }
        std::thread::sleep(Duration::from_millis(29 * round % 300));
        postgres.crash();
        let first = call.join().unwrap().unwrap();
        plant.send_until_taken(&server, LEGS, &key);
        match first {
            (200, body) => assert!(plant.knows(&body), "the first answer counts: {body}"),
            (status, body) => assert_eq!(status, 503, "{body}"),
        }
    }
    plant.check();
}

#[test]
fn nats_is_away_and_comes_back_and_forgets() {
    let Some(mut nats) = NatsServers::start(1) else { return };
    let mut plant = Plant::on_sqlite().with_nats(&nats.url(), 1);
    let server = plant.server();
    let _workers = (plant.worker(), plant.worker());
    plant.await_nats(&server);
    for round in 0..rounds() {
        plant.send(&server, LEGS);
        std::thread::sleep(Duration::from_millis(23 * round % 100));
        nats.kill(0);
        plant.send(&server, LEGS);
        if round % 2 == 1 {
            nats.forget(0);
        }
        nats.restart(0);
    }
    plant.check();
    plant.await_nats(&server);
}

#[test]
fn workers_start_without_nats_and_find_it_later() {
    let Some(mut nats) = NatsServers::start(1) else { return };
    nats.kill(0);
    let mut plant = Plant::on_sqlite().with_nats(&nats.url(), 1);
    let server = plant.server();
    let _worker = plant.worker();
    plant.send(&server, LEGS);
    plant.check();
    nats.restart(0);
    plant.await_nats(&server);
}

/// One of three NATS servers or one of the workers is killed in each round, in the middle of a job.
#[test]
fn a_cluster_of_three_loses_nodes_and_workers() {
    let Some(mut nats) = NatsServers::start(3) else { return };
    let Some(plant) = Plant::on_postgres() else { return };
    let mut plant = plant.with_nats(&nats.url(), 3);
    let server = plant.server();
    let mut workers = [plant.worker(), plant.worker()].map(Some);
    plant.await_nats(&server);
    let mut down = None;
    for round in 0..usize::try_from(rounds()).unwrap() {
        plant.send(&server, LEGS);
        std::thread::sleep(Duration::from_millis(41 * round as u64 % 200));
        if let Some(node) = down.take() {
            nats.restart(node);
        }
        match round % 2 {
            0 => {
                nats.kill(round % 3);
                down = Some(round % 3);
            }
            _ => {
                let place = &mut workers[round / 2 % 2];
                place.take().unwrap().kill();
                *place = Some(plant.worker());
            }
        }
    }
    plant.check();
    plant.await_nats(&server);
}
