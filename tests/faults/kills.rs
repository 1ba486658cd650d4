//! Processes that die, hang, or are told to stop.

use std::time::Duration;

use rand::RngExt;

use crate::plant::{Plant, rounds};

const LEGS: usize = 600;

/// Kills a server and two workers, one of them in each round, at random moments of a job.
fn kill_one_after_the_other(mut plant: Plant) {
    let mut random = rand::rng();
    let mut server = plant.server();
    let (mut first, mut second) = (plant.worker(), plant.worker());
    for _ in 0..rounds() {
        plant.send(&server, LEGS);
        std::thread::sleep(Duration::from_millis(random.random_range(0..120)));
        match random.random_range(0..3) {
            0 => {
                server.kill();
                server = plant.server();
            }
            1 => {
                first.kill();
                first = plant.worker();
            }
            _ => {
                second.kill();
                second = plant.worker();
            }
        }
    }
    plant.check();
    assert!(server.stop() && first.stop() && second.stop(), "they stop when they are told to");
}

#[test]
fn nothing_is_lost_on_sqlite_whoever_is_killed() {
    kill_one_after_the_other(Plant::on_sqlite());
}

#[test]
fn nothing_is_lost_on_postgres_whoever_is_killed() {
    let Some(plant) = Plant::on_postgres() else { return };
    kill_one_after_the_other(plant);
}

/// Stops a worker in the middle of its chunk for longer than its lease, so that another has the same chunk, and lets it go on.
fn let_one_sleep_over_its_lease(mut plant: Plant) {
    let server = plant.server();
    let (sleeper, _other) = (plant.worker(), plant.worker());
    for round in 0..rounds() {
        plant.send(&server, LEGS);
        std::thread::sleep(Duration::from_millis(11 * round % 60));
        sleeper.signal("STOP");
        std::thread::sleep(Duration::from_millis(1300));
        sleeper.signal("CONT");
    }
    plant.check();
}

#[test]
fn two_workers_with_one_chunk_count_it_once_on_sqlite() {
    let_one_sleep_over_its_lease(Plant::on_sqlite());
}

#[test]
fn two_workers_with_one_chunk_count_it_once_on_postgres() {
    let Some(plant) = Plant::on_postgres() else { return };
    let_one_sleep_over_its_lease(plant);
}

#[test]
fn a_worker_that_is_told_to_stop_returns_what_it_holds() {
    let mut plant = Plant::on_sqlite();
    plant.set("DRAY_LEASE_SECONDS", "3600");
    let server = plant.server();
    for _ in 0..rounds() {
        let worker = plant.worker();
        plant.send(&server, LEGS);
        assert!(worker.stop());
        assert_eq!(plant.count("job_chunks WHERE state = 'leased'"), 0);
    }
    let _worker = plant.worker();
    plant.check();
}
