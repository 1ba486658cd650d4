//! The same batch, sent twice at once.

use crate::plant::{Plant, Process, rounds};

const LEGS: usize = 500;

fn at_once(plant: &mut Plant, servers: &[Process], key: &str) -> Vec<(u16, serde_json::Value)> {
    // Each call has the plant's bookkeeping to itself afterwards, so the calls go through copies of what they need.
    let calls: Vec<_> = servers.iter().map(|server| plant.call(server, LEGS, key)).collect();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = calls.into_iter().map(|call| scope.spawn(call)).collect();
        running.into_iter().map(|call| call.join().unwrap().unwrap()).collect()
    });
    answers.iter().for_each(|(status, body)| {
        assert_eq!(*status, 200, "{body}");
        plant.note(body, LEGS);
    });
    answers
}

fn send_twins(mut plant: Plant) {
    let servers = [plant.server(), plant.server()];
    let _workers = (plant.worker(), plant.worker());
    for round in 0..rounds() {
        let keyed = at_once(&mut plant, &servers, &format!("K{round}"));
        assert_eq!(keyed[0].1, keyed[1].1, "one effect, one answer");
    }
    plant.check();
    let before = plant.count("legs");
    for _ in 0..rounds() {
        let unkeyed = at_once(&mut plant, &servers, "");
        assert_ne!(unkeyed[0].1["job_id"], unkeyed[1].1["job_id"]);
        assert_eq!(unkeyed[0].1["results"][0]["id"], unkeyed[1].1["results"][0]["id"]);
    }
    plant.check_jobs();
    let rounds = usize::try_from(rounds()).unwrap();
    assert_eq!(plant.count("legs"), before + LEGS * rounds, "a movement that comes again takes its place");
    assert_eq!(plant.count("leg_results WHERE is_current"), plant.count("legs"), "one result counts");
}

#[test]
fn twins_on_sqlite() {
    send_twins(Plant::on_sqlite());
}

#[test]
fn twins_on_postgres() {
    let Some(plant) = Plant::on_postgres() else { return };
    send_twins(plant);
}
