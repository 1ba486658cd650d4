//! The panel over plain HTTP: who gets in, where forms may come from, what pages carry. `panel_browser` looks at it in a
//! browser.

use serde_json::json;

use crate::support::{Answer, KEY, Server};

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn form(server: &Server, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
    all.extend(headers);
    server.send("POST", path, Some(body), &all)
}

const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Signs in; answers with the cookie to send.
fn sign_in(server: &Server) -> String {
    let answer = form(server, "/sign-in", &format!("key={KEY}&next=%2F"), &[OWN]);
    assert_eq!((answer.status, header(&answer, "location")), (303, Some("/")), "{}", answer.text);
    let cookie = header(&answer, "set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains(KEY), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

fn page(server: &Server, path: &str, cookie: &str) -> Answer {
    server.send("GET", path, None, &[("cookie", cookie)])
}

#[test]
fn only_who_signed_in_sees_pages() {
    let server = Server::start();
    let sent_away = server.send("GET", "/jobs/7?search=a", None, &[]);
    assert_eq!(sent_away.status, 303);
    assert_eq!(header(&sent_away, "location"), Some("/sign-in?next=%2Fjobs%2F7%3Fsearch%3Da"));
    let wrong = form(&server, "/sign-in", "key=dray_wrong_wrong_wrong&next=%2F", &[OWN]);
    assert_eq!((wrong.status, header(&wrong, "set-cookie")), (401, None));
    assert!(wrong.text.contains("This key is not known"), "{}", wrong.text);

    let cookie = sign_in(&server);
    assert_eq!(page(&server, "/", &cookie).status, 200);
    assert_eq!(page(&server, "/sign-in?next=%2F%2Fevil.example", &cookie).status, 303);
    let out = form(&server, "/sign-out", "", &[OWN, ("cookie", &cookie)]);
    assert_eq!((out.status, header(&out, "location")), (303, Some("/sign-in")));
    assert!(header(&out, "set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(page(&server, "/", &cookie).status, 303, "the session itself is over, not only the cookie");
}

#[test]
fn sessions_are_known_to_whoever_opens_the_store() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let server = server.kill_and_restart();
    assert_eq!(page(&server, "/", &cookie).status, 200);
}

#[test]
fn behind_https_the_cookie_is_secure() {
    let server = Server::start();
    let headers = [OWN, ("x-forwarded-proto", "https")];
    let answer = form(&server, "/sign-in", &format!("key={KEY}"), &headers);
    assert!(header(&answer, "set-cookie").unwrap().contains("Secure"), "{answer:?}");
}

#[test]
fn forms_of_other_sites_are_refused() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let elsewhere = [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")];
    let nobody = "/jobs/a8315ef3-dd50-43f8-b7ce-d839e68d51fa/cancel";
    for path in ["/sign-out", "/sign-in", nobody] {
        for other in elsewhere {
            let answer = form(&server, path, "key=k", &[other, ("cookie", &cookie)]);
            assert_eq!(answer.status, 403, "{path} {other:?}");
        }
        assert_eq!(
            form(&server, path, "key=k", &[("cookie", &cookie)]).status,
            403,
            "{path}: nobody says where from"
        );
    }
    assert_eq!(form(&server, nobody, "", &[OWN, ("cookie", &cookie)]).status, 404);
    assert_eq!(page(&server, "/", &cookie).status, 200, "nobody was signed out");
}

#[test]
fn what_clients_send_is_only_text() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let evil = "<script>alert(1)</script>\"'&";
    let record = json!({ "category": "road", "origin": evil, "destination": evil, "movement_id": evil });
    let unknown = json!({ "toc": evil, "distance_km": 1 });
    let taken =
        server.post("/v2/logistics/requests/bulk", &json!({ "records": [record, unknown] }).to_string());
    let job = format!("/jobs/{}", taken.body["job_id"].as_str().unwrap());
    let answer = page(&server, &format!("{job}?search=%3Cscript%3E"), &cookie);
    assert_eq!(answer.status, 200);
    let answers = [page(&server, &job, &cookie), answer, page(&server, "/", &cookie)];
    for answer in &answers {
        assert!(!answer.text.contains("<script>alert"), "{}", answer.text);
        let policy = header(answer, "content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(!answer.text.contains(" style=") && !answer.text.contains(" onclick="));
        assert_eq!(header(answer, "cache-control"), Some("no-store"));
    }
    assert!(answers[0].text.contains("&lt;script&gt;alert(1)"), "{}", answers[0].text);
}

#[test]
fn the_files_are_the_programs_own() {
    let server = Server::start();
    for (name, kind) in
        [("panel.css", "text/css"), ("panel.js", "text/javascript"), ("icon.svg", "image/svg+xml")]
    {
        let path = format!("/assets/{name}");
        let answer = server.send("GET", &path, None, &[]);
        assert!(
            answer.status == 200 && header(&answer, "content-type").unwrap().starts_with(kind),
            "{answer:?}"
        );
        let tag = header(&answer, "etag").unwrap();
        assert_eq!(server.send("GET", &path, None, &[("if-none-match", tag)]).status, 304);
    }
    assert_eq!(server.send("GET", "/assets/other.js", None, &[]).status, 404);
}
