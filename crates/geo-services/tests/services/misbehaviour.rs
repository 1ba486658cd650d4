//! Servers that hang, lie, send half an answer, or are away.

use std::time::{Duration, Instant};

use geo_services::{AuthHeader, CachePolicy, RetryPolicy, ServiceConfig};
use logistics_domain::geography::{DistanceError, DistanceProvider, Place};

use crate::kit::{
    REST, breaking, by_road, distance, find, monaco, nominatim, osrm, patient, photon, place, recorded,
    service, valhalla,
};
use crate::server::{Reply, Server, json};

/// Why the server's answer was of no use.
async fn complaint(provider: &dyn DistanceProvider) -> String {
    match distance(provider, &monaco()).await {
        Err(DistanceError::Unavailable { reason }) => reason,
        other => panic!("unexpected: {other:?}"),
    }
}

fn flaky(failures: usize, reply: Reply) -> impl Fn(&crate::server::Received, usize) -> Reply + Send + Sync {
    move |_, number| if number < failures { reply.clone() } else { json(recorded("osrm_route")) }
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let passing = [
        Reply::Json(500, "{}".to_owned()),
        Reply::Json(503, "{}".to_owned()),
        Reply::Json(429, "{}".to_owned()),
        Reply::Raw(429, "Retry-After: 0\r\n", String::new()),
        Reply::Hang,
        Reply::HangUp,
        Reply::Half(recorded("osrm_route")),
        json(&recorded("osrm_route")[..100]),
        json("{}"),
        json(r#"{"code":"Ok","routes":[],"waypoints":[]}"#),
        Reply::Raw(200, "Content-Type: text/html\r\n", "<html>a proxy's error page</html>".to_owned()),
        Reply::Raw(200, "", recorded("osrm_route")),
    ];
    for reply in passing {
        let patient = |url| match reply {
            Reply::Hang => ServiceConfig { timeout: Duration::from_millis(400), ..patient(url) },
            _ => patient(url),
        };
        let server = Server::start(flaky(2, reply.clone())).await;
        let answer = distance(&osrm(patient(&server.url)), &monaco()).await;
        assert!(answer.is_ok() && server.count() == 3, "{reply:?}: {answer:?}");

        let server = Server::start(flaky(3, reply.clone())).await;
        let answer = distance(&osrm(patient(&server.url)), &monaco()).await;
        assert!(matches!(answer, Err(DistanceError::Unavailable { .. })) && server.count() == 3, "{reply:?}");
    }
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    let lasting = [
        (Reply::Json(401, "{}".to_owned()), "401"),
        (Reply::Json(403, "{}".to_owned()), "403"),
        (Reply::Json(404, "{}".to_owned()), "404"),
        (
            Reply::Raw(302, "Location: http://127.0.0.1:1/\r\n", String::new()),
            "redirections are not followed",
        ),
        (Reply::Json(400, recorded("osrm_invalid_query")), "InvalidQuery"),
    ];
    for (reply, reason) in lasting {
        let server = Server::saying(reply).await;
        let complaint = complaint(&osrm(patient(&server.url))).await;
        assert!(complaint.contains(reason) && complaint.contains(&server.url), "{complaint}");
        assert_eq!(server.count(), 1, "{reason}");
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it_within_limits() {
    let server = Server::start(flaky(1, Reply::Raw(429, "Retry-After: 1\r\n", String::new()))).await;
    let config = patient(&server.url);
    let retry = RetryPolicy { max_delay: Duration::from_secs(2), ..config.retry };
    let asked = Instant::now();
    assert!(distance(&osrm(ServiceConfig { retry, ..config }), &monaco()).await.is_ok());
    assert!(asked.elapsed() >= Duration::from_secs(1));

    let server = Server::start(flaky(1, Reply::Raw(429, "Retry-After: 3600\r\n", String::new()))).await;
    assert!(complaint(&osrm(patient(&server.url))).await.contains("429"));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn nobody_listening_is_said_plainly() {
    let complaint = complaint(&osrm(service("http://127.0.0.1:1"))).await;
    assert!(complaint.starts_with("osrm http://127.0.0.1:1: cannot connect: "), "{complaint}");
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn https_is_not_spoken_with_somebody_who_cannot() {
    use tokio::io::AsyncWriteExt;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 plain\r\n\r\n").await.unwrap();
    });
    let complaint = complaint(&osrm(service(&url))).await;
    assert!(complaint.contains("cannot connect"), "{complaint}");
}

#[tokio::test]
async fn lies_are_not_believed() {
    let honest = recorded("osrm_route");
    let lies = [
        ("\"distance\":3957", "\"distance\":-3957", "a road of -3.957 km"),
        ("\"distance\":3957", "\"distance\":1e300", "a road of"),
        ("\"distance\":3957", "\"distance\":1200", "a road of 1.2 km between points 2.9 km apart"),
        ("[7.412611,43.731194]", "[7.412611,943.7]", "not a point on Earth"),
        ("\"distance\":3957", "\"distance\":null", "cannot be read"),
        ("\"distance\":3957", "\"distance\":NaN", "cannot be read"),
        ("\"code\":\"Ok\"", "\"code\":\"Okay\"", "OSRM says `Okay`"),
    ];
    for (truth, lie, reason) in lies {
        let server = Server::saying(json(honest.replace(truth, lie))).await;
        let complaint = complaint(&osrm(service(&server.url))).await;
        assert!(complaint.contains(reason), "{lie}: {complaint}");
    }
    let honest = recorded("valhalla_route");
    let lies = [
        ("\"units\":\"kilometers\"", "\"units\":\"miles\"", "a length in miles"),
        ("\"status\":0", "\"status\":442", "status 442"),
        ("\"length\":4.628", "\"length\":0.4", "a road of 0.4 km"),
        ("snclrAewlcM", "snclrA\\u0001", "not an encoded polyline"),
        ("\"legs\":[", "\"legs\":[],\"gels\":[", "0 legs"),
    ];
    for (truth, lie, reason) in lies {
        let server = Server::saying(json(honest.replace(truth, lie))).await;
        let complaint = complaint(&valhalla(service(&server.url))).await;
        assert!(complaint.contains(reason), "{lie}: {complaint}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let server = Server::saying(json(" ".repeat(100_000))).await;
    let config = ServiceConfig { max_answer_bytes: 50_000, ..patient(&server.url) };
    assert!(complaint(&osrm(config)).await.contains("longer than 50000 bytes"));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_breaker_opens_tries_and_closes() {
    let server = Server::start(flaky(3, Reply::Json(500, "{}".to_owned()))).await;
    let osrm = osrm(breaking(&server.url, 2));
    for _ in 0..2 {
        assert!(complaint(&osrm).await.contains("500"));
    }
    assert!(complaint(&osrm).await.contains("left alone"));
    assert_eq!(server.count(), 2, "open: nobody was asked");

    tokio::time::sleep(REST + Duration::from_millis(10)).await;
    assert!(complaint(&osrm).await.contains("500"));
    assert!(complaint(&osrm).await.contains("left alone"));
    assert_eq!(server.count(), 3, "one trial, and open again");

    tokio::time::sleep(REST + Duration::from_millis(10)).await;
    assert!(distance(&osrm, &monaco()).await.is_ok());
    assert_eq!(server.count(), 4, "closed");
}

#[tokio::test]
async fn no_route_is_an_answer_and_opens_nothing() {
    let server = Server::saying(Reply::Json(400, recorded("osrm_no_segment"))).await;
    let config = ServiceConfig {
        cache: CachePolicy { entries: 0, ..CachePolicy::default() },
        ..breaking(&server.url, 2)
    };
    let osrm = osrm(config);
    for _ in 0..5 {
        assert!(matches!(distance(&osrm, &monaco()).await, Err(DistanceError::NoRoute { .. })));
    }
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn questions_that_are_refused_do_not_take_the_server_from_others() {
    for refusal in [Reply::Json(400, recorded("nominatim_bad_request")), Reply::Json(414, String::new())] {
        let server = Server::saying(refusal).await;
        let nominatim = nominatim(breaking(&server.url, 2));
        for number in 0..5 {
            assert!(find(&nominatim, &format!("{number} wrong"), None).await.is_err());
        }
        assert_eq!(server.count(), 5);
    }
}

/// Pairs of places that differ by a few metres.
fn pairs(count: u32) -> Vec<[Place; 2]> {
    let pair = |n| [place("West", "MC", 43.7311 + f64::from(n) * 1e-4, 7.4126), monaco()[1].clone()];
    (0..count).map(pair).collect()
}

#[tokio::test]
async fn no_more_calls_are_under_way_than_allowed() {
    let server = Server::saying(Reply::Slow(Duration::from_millis(20), recorded("osrm_route"))).await;
    let config = ServiceConfig { concurrency: 3.try_into().unwrap(), ..service(&server.url) };
    let (osrm, pairs) = (osrm(config), pairs(12));
    let queries: Vec<_> = pairs.iter().map(by_road).collect();
    let (a, b) = tokio::join!(osrm.distances(&queries[..6]), osrm.distances(&queries[6..]));
    assert!(a.iter().chain(&b).all(Result::is_ok));
    assert_eq!((server.count(), server.peak()), (12, 3));
}

#[tokio::test]
async fn calls_keep_their_pace() {
    let server = Server::saying(json(recorded("osrm_route"))).await;
    let config = ServiceConfig { requests_per_second: Some(50.0), ..service(&server.url) };
    let (osrm, pairs) = (osrm(config), pairs(6));
    let queries: Vec<_> = pairs.iter().map(by_road).collect();
    let asked = Instant::now();
    assert!(osrm.distances(&queries).await.iter().all(Result::is_ok));
    assert!(asked.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn a_batch_ends_in_its_time() {
    let server = Server::saying(Reply::Hang).await;
    let config = ServiceConfig { timeout: Duration::from_secs(60), ..service(&server.url) };
    let config = ServiceConfig { batch_timeout: Duration::from_millis(100), ..config };
    let (osrm, pairs) = (osrm(config), pairs(50));
    let queries: Vec<_> = pairs.iter().map(by_road).collect();
    let answers = osrm.distances(&queries).await;
    assert_eq!(answers.len(), 50);
    for answer in answers {
        assert!(
            matches!(answer, Err(DistanceError::Unavailable { reason }) if reason.contains("the batch took longer"))
        );
    }
}

#[tokio::test]
async fn the_key_is_sent_and_never_told() {
    let server = Server::saying(Reply::Json(403, "{}".to_owned())).await;
    let auth: Option<AuthHeader> = Some("X-Key: hush-hush".parse().unwrap());
    let osrm = osrm(ServiceConfig { auth, ..service(&server.url) });
    let complaint = complaint(&osrm).await;
    assert!(server.requests()[0].headers.to_lowercase().contains("x-key: hush-hush"));
    assert!(server.requests()[0].headers.contains("dray/"));
    assert!(!complaint.contains("hush") && !format!("{osrm:?}").contains("hush"));
}

#[tokio::test]
async fn geocoders_misbehave_alike() {
    for reply in
        [Reply::Json(500, String::new()), Reply::HangUp, json("[{}]"), json("{\"features\":[{}]}"), json("[")]
    {
        let server = Server::saying(reply.clone()).await;
        for geocoder in [nominatim(patient(&server.url)), photon(patient(&server.url))] {
            let answer = find(&geocoder, "Monaco", None).await;
            let away = matches!(answer, Err(logistics_domain::geography::GeocodeError::Unavailable { .. }));
            assert!(away, "{reply:?}: {answer:?}");
        }
        assert_eq!(server.count(), 6, "{reply:?}");
    }
}
