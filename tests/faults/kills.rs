//! Processes that die, hang, or are told to stop.

use std::time::{Duration, Instant};

use rand::RngExt;

use crate::plant::{PATIENCE, Plant, Process, rounds};

const LEGS: usize = 600;

/// Kills a server or one of two workers in each round, at a random moment between the begin of a call and the end of its job.
/// The client sends its call again, which it must do where it got no answer.
fn kill_one_after_the_other(mut plant: Plant) {
    let mut random = rand::rng();
    let mut server = plant.server();
    let (mut first, mut second) = (plant.worker(), plant.worker());
    let mut unanswered = 0;
    for round in 0..rounds() {
        let key = format!("S{round}");
        let call = std::thread::spawn(plant.call(&server, LEGS, &key));
        std::thread::sleep(Duration::from_millis(random.random_range(0..250)));
        let victim = match round % 3 {
            0 => &mut server,
            1 => &mut first,
            _ => &mut second,
        };
        victim.kill();
        *victim = if round % 3 == 0 { plant.server() } else { plant.worker() };
        let answer = call.join().unwrap();
        plant.send_until_taken(&server, LEGS, &key);
        match answer {
            Some((200, body)) => assert!(plant.knows(&body), "the first answer counts: {body}"),
            other => {
                assert!(other.is_none_or(|(status, _)| status == 503));
                unanswered += 1;
            }
        }
    }
    println!("{unanswered} calls had no answer");
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

/// Sends legs until a worker was stopped while it holds a chunk that another could take from it.
fn stop_with_a_chunk(plant: &mut Plant, server: &Process, worker: &Process) {
    let (mut random, begun) = (rand::rng(), Instant::now());
    while begun.elapsed() < PATIENCE {
        plant.send(server, LEGS);
        while plant.count("jobs WHERE state <> 'COMPLETED'") > 0 {
            std::thread::sleep(Duration::from_millis(random.random_range(0..10)));
            worker.stop_for_now();
            // PostgreSQL may still do what the worker asked last, and hold the chunk for it.
            let free = || {
                std::thread::sleep(Duration::from_millis(50));
                plant.chunks_to_take_over() > 0
            };
            if plant.chunks_to_take_over() > 0 && free() {
                return;
            }
            worker.signal("CONT");
        }
    }
    panic!("the worker is never stopped with a chunk");
}

/// Stops a worker that holds a chunk until its lease ran out and another did its work, and lets it go on.
fn let_one_sleep_over_its_lease(mut plant: Plant) {
    const TOO_LATE: &str = "the chunk is another's now";
    // With a second chunk in the middle of a transaction it would keep what the other needs.
    plant.set("DRAY_WORKER_CHUNKS", "1");
    let server = plant.server();
    let sleeper = plant.worker();
    for round in 0..rounds() {
        stop_with_a_chunk(&mut plant, &server, &sleeper);
        let before = sleeper.said(TOO_LATE);
        let other = plant.worker();
        plant.check_jobs();
        sleeper.signal("CONT");
        let begun = Instant::now();
        while sleeper.said(TOO_LATE) == before {
            assert!(begun.elapsed() < PATIENCE, "it never noticed that it came too late in round {round}");
            std::thread::sleep(Duration::from_millis(5));
        }
        plant.check_jobs();
        assert!(other.stop());
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
