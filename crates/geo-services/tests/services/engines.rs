//! The adapters against real servers, on a map of Monaco.
//!
//! OSRM and Valhalla are taken from a Python with the packages `osrm-bindings` and `pyvalhalla`, named by
//! `DRAY_TEST_PYTHON` (`python3` by default). Nominatim is asked where `DRAY_TEST_NOMINATIM_URL` says, if it is set. What is
//! not there is skipped, unless `DRAY_REQUIRE_SERVICES=1` and `DRAY_TEST_ENGINES=1`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use logistics_domain::geography::{DistanceError, DistanceProvider, DistanceQuery, Place};

use crate::kit::{
    by_road, country, distance, find, monaco, nominatim, osrm, patient, place, service, valhalla,
};

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../freight-geo-index/tests/data/monaco.osm.pbf");

/// A running server that ends with the test, and its files.
struct Engine {
    child: Child,
    folder: PathBuf,
    url: String,
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Says loudly that an engine is not there, or fails where it must be.
fn skip(engine: &str, how: &str) {
    let set = |name| std::env::var(name).is_ok_and(|value| value == "1");
    assert!(
        !(set("DRAY_REQUIRE_SERVICES") && set("DRAY_TEST_ENGINES")),
        "{engine} is required but not there: {how}"
    );
    eprintln!("SKIPPED: {engine} is not there, its adapter is not tested against the real one; {how}");
}

fn python() -> String {
    std::env::var("DRAY_TEST_PYTHON").unwrap_or_else(|_unset| "python3".to_owned())
}

/// Where a Python package has its programs.
fn programs(package: &str) -> Option<PathBuf> {
    let code = format!("import {package}, pathlib; print(pathlib.Path({package}.__file__).parent)");
    let output = Command::new(python()).args(["-c", &code]).stderr(Stdio::null()).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    (output.status.success() && folder.join("bin").is_dir()).then_some(folder)
}

fn folder(engine: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dray-{engine}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(program: &Path, folder: &Path, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
}

fn start(program: &Path, folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn until_it_listens(port: u16) {
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing listens on port {port}");
}

async fn start_osrm() -> Option<Engine> {
    let package = programs("osrm")?;
    let (bin, folder, port) = (package.join("bin"), folder("osrm"), free_port());
    std::fs::copy(MAP, folder.join("map.osm.pbf")).unwrap();
    let profile = package.join("share/profiles/car.lua");
    run(&bin.join("osrm-extract"), &folder, &["-p", profile.to_str().unwrap(), "map.osm.pbf"]);
    run(&bin.join("osrm-contract"), &folder, &["map.osrm"]);
    let number = port.to_string();
    let child =
        start(&bin.join("osrm-routed"), &folder, &["--ip", "127.0.0.1", "--port", &number, "map.osrm"]);
    until_it_listens(port).await;
    Some(Engine { child, folder, url: format!("http://127.0.0.1:{port}") })
}

async fn start_valhalla() -> Option<Engine> {
    let package = programs("valhalla")?;
    let (bin, folder, port) = (package.join("bin"), folder("valhalla"), free_port());
    std::fs::create_dir_all(folder.join("tiles")).unwrap();
    let code = format!(
        "import json, valhalla; config = valhalla.get_config(tile_extract='', tile_dir='tiles'); \
         config['httpd']['service']['listen'] = 'tcp://127.0.0.1:{port}'; \
         config['mjolnir'].update(timezone='', admin=''); print(json.dumps(config))"
    );
    let output = Command::new(python()).args(["-c", &code]).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::write(folder.join("config.json"), output.stdout).unwrap();
    run(&bin.join("valhalla_build_tiles"), &folder, &["-c", "config.json", MAP]);
    let child = start(&bin.join("valhalla_service"), &folder, &["config.json", "1"]);
    until_it_listens(port).await;
    Some(Engine { child, folder, url: format!("http://127.0.0.1:{port}") })
}

/// What must be true of any router on the map of Monaco.
async fn check_router(provider: &dyn DistanceProvider, kilometres: std::ops::Range<f64>) {
    let found = distance(provider, &monaco()).await.unwrap();
    assert!(kilometres.contains(&found.km.get()), "{found:?}");

    let ends = monaco();
    let query = DistanceQuery { geometry: true, ..by_road(&ends) };
    let line = provider.distances(&[query]).await.remove(0).unwrap().geometry.unwrap().remove(0);
    assert!((line[0].lat() - 43.7311).abs() < 0.001, "{line:?}");

    let here = [monaco()[0].clone(), monaco()[0].clone()];
    assert_eq!(distance(provider, &here).await.unwrap().km.get(), 0.0);

    let off_the_map = [
        ("Paris", 48.85, 2.35),
        // 13 km from the coast, but near enough to be moved there by a careless question.
        ("At sea", 43.6, 7.3),
        ("Across an ocean", 43.73, -120.4),
    ];
    for (name, lat, lon) in off_the_map {
        let ends = [monaco()[0].clone(), place(name, "FR", lat, lon)];
        let answer = distance(provider, &ends).await;
        assert!(matches!(answer, Err(DistanceError::NoRoute { .. })), "{name}: {answer:?}");
    }
}

/// OSRM closes a connection after 512 requests, whether or not one is on its way.
async fn check_many(provider: &dyn DistanceProvider) {
    let from = |n: u16| place("West", "MC", 43.7311 + f64::from(n) * 2e-5, 7.4126);
    let pairs: Vec<[Place; 2]> = (0..500).map(|n| [from(n), monaco()[1].clone()]).collect();
    let back: Vec<[Place; 2]> = pairs.iter().map(|[from, to]| [to.clone(), from.clone()]).collect();
    for _ in 0..10 {
        let queries: Vec<_> = pairs.iter().chain(&back).map(by_road).collect();
        let failed: Vec<_> = provider.distances(&queries).await.into_iter().filter_map(Result::err).collect();
        assert!(failed.is_empty(), "{} of {}: {:?}", failed.len(), queries.len(), failed[0]);
    }
}

#[tokio::test]
async fn osrm_itself() {
    let Some(engine) = start_osrm().await else {
        return skip("OSRM", "pip install osrm-bindings (Python 3.12) and set DRAY_TEST_PYTHON");
    };
    let mut config = patient(&engine.url);
    config.cache.entries = 0;
    let osrm = osrm(config);
    check_router(&osrm, 3.5..4.5).await;
    check_many(&osrm).await;
}

#[tokio::test]
async fn valhalla_itself() {
    let Some(engine) = start_valhalla().await else {
        return skip("Valhalla", "pip install pyvalhalla (Python 3.12) and set DRAY_TEST_PYTHON");
    };
    check_router(&valhalla(service(&engine.url)), 4.0..5.5).await;
}

#[tokio::test]
async fn nominatim_itself() {
    let Ok(url) = std::env::var("DRAY_TEST_NOMINATIM_URL") else {
        return skip(
            "Nominatim",
            "import the map of Monaco, `nominatim serve`, and set DRAY_TEST_NOMINATIM_URL",
        );
    };
    let nominatim = nominatim(service(&url));
    for text in [
        "Monte Carlo, Monaco",
        "Mónaco",
        "Boulevard des Moulins 10, 98000 Monaco",
        "43.7384, 7.4246",
        "Fontvieille",
    ] {
        let found = find(&nominatim, text, Some("FR")).await.unwrap();
        let near = found.place.coordinates;
        assert_eq!(found.place.country, country("MC"), "{text}");
        assert!((near.lat() - 43.735).abs() < 0.02 && (near.lon() - 7.423).abs() < 0.02, "{text}: {near:?}");
    }
    assert!(find(&nominatim, "Atlantis", None).await.is_err());
}
