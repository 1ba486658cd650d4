//! The panel over plain HTTP: who gets in, where forms may come from, what pages carry. `panel_browser` looks at it in a
//! browser.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Answer, KEY, ORGANIZATION, Server, command};

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

/// Uploads a file as a browser does.
fn upload(server: &Server, cookie: &str, name: &str, text: &str) -> Answer {
    upload_to(server, "/upload", cookie, name, text)
}

fn upload_to(server: &Server, path: &str, cookie: &str, name: &str, text: &str) -> Answer {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--edge--\r\n"
    );
    let headers = [OWN, ("cookie", cookie), ("content-type", "multipart/form-data; boundary=edge")];
    server.send("POST", path, Some(&body), &headers)
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    header(answer, "location").unwrap().to_owned()
}

/// A file of shipments that become three jobs.
const MANY: usize = 10_500;

fn many() -> String {
    let rows = (0..MANY).map(|n| format!("M{n},van_diesel,100,{}\n", n % 900 + 1));
    "movement_id,toc,load,distance_km\n".to_owned() + &rows.collect::<String>()
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

/// The value of the field that tells one showing of a form from the next.
fn shown(page: &Answer) -> String {
    let (_, rest) = page.text.split_once(r#"name="shown" value=""#).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
pub fn a_form_that_is_sent_twice_has_one_effect() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let records = json!({ "records": [{ "toc": "no_such_toc", "distance_km": 1, "load": 1 }] });
    let taken = server.post("/v2/logistics/requests/bulk", &records.to_string());
    let record = format!("/jobs/{}/records/0", taken.body["job_id"].as_str().unwrap());
    let first = shown(&page(&server, &record, &cookie));
    let mend = |shown: &str, toc: &str| {
        let body = format!("toc={toc}&distance_km=1&load=1&shown={shown}");
        location(&form(&server, &record, &body, &[OWN, ("cookie", cookie.as_str())]))
    };
    let job = mend(&first, "van_diesel");
    assert_eq!(mend(&first, "van_diesel"), job);
    assert_eq!(server.count_rows("legs"), 1);
    assert_ne!(mend(&first, "truck_diesel"), job);
    assert_ne!(
        mend(&shown(&page(&server, &record, &cookie)), "van_diesel"),
        job,
        "shown anew, it is sent anew"
    );

    let form_of_keys = shown(&page(&server, "/keys", &cookie));
    let body = format!("name=nightly&access=read&expires=&shown={form_of_keys}");
    let headers = [OWN, ("cookie", cookie.as_str())];
    let (made, again) = (form(&server, "/keys", &body, &headers), form(&server, "/keys", &body, &headers));
    assert!(made.text.contains("It is shown once") && !made.text.contains("was made when"), "{}", made.text);
    assert!(
        again.text.contains("was made when") && !again.text.contains("It is shown once"),
        "{}",
        again.text
    );
    assert_eq!(server.get("/v1/api-keys").body["items"].as_array().unwrap().len(), 2);
}

#[test]
pub fn a_file_is_sent_once_however_often_it_is_sent() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let own = [OWN, ("cookie", cookie.as_str())];
    let file = location(&upload(&server, &cookie, "a <b>.csv", &many()));
    assert_eq!(location(&upload(&server, &cookie, "the same.csv", &many())), file);
    let shown = page(&server, &file, &cookie);
    assert!(shown.text.contains("a &lt;b&gt;.csv") && shown.text.contains("10,500"), "{}", shown.text);
    assert!(shown.text.contains("becomes 3 jobs"), "{}", shown.text);
    assert_eq!(server.count_rows("jobs"), 0, "nothing is sent before somebody says so");

    let send = || location(&form(&server, &format!("{file}/send"), "", &own));
    let sent: BTreeSet<String> = std::thread::scope(|scope| {
        let both = [scope.spawn(send), scope.spawn(send)];
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(sent, BTreeSet::from([file.clone()]));
    assert_eq!(location(&form(&server, &format!("{file}/send"), "", &own)), file);
    assert_eq!((server.count_rows("jobs"), server.count_rows("legs")), (3, MANY));
    let shown = page(&server, &file, &cookie).text;
    assert!(shown.contains("This file was sent") && shown.matches("<article").count() == 3, "{shown}");

    let anew = location(&form(&server, &format!("{file}/again"), "", &own));
    assert!(anew != file && page(&server, &file, &cookie).status == 404);
    assert!(page(&server, &anew, &cookie).text.contains(">Send<"));
    assert_eq!(location(&form(&server, &format!("{anew}/remove"), "", &own)), "/upload");
    assert_eq!((page(&server, &anew, &cookie).status, server.count_rows("uploads")), (404, 0));
}

#[test]
fn every_row_at_fault_says_why() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let bare = server.post("/v1/logistic-hubs", r#"{"name": "Bare Hub", "type": "subcontracted"}"#);
    assert_eq!(bare.status, 201, "{}", bare.text);
    let rows = "movement_id,origin,destination,load,category\nM1,Bare Hub,Madrid,1,road\n";
    let shown = page(&server, &location(&upload(&server, &cookie, "hubs.csv", rows)), &cookie);
    assert!(shown.text.contains("Origin hub has no address configured"), "{}", shown.text);
}

#[test]
pub fn sending_goes_on_where_it_was_interrupted() {
    let server = Server::start();
    let cookie = sign_in(&server);
    let file = location(&upload(&server, &cookie, "many.csv", &many()));
    let send = format!("{file}/send");
    // The server dies while it sends, after the first job at the earliest.
    let agent = ureq::Agent::new_with_defaults();
    let call = agent.post(format!("{}{send}", server.url)).header(OWN.0, OWN.1).header("cookie", &cookie);
    let calling = std::thread::spawn(move || call.send_empty().is_ok());
    let begun = Instant::now();
    while server.count_rows("jobs") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was sent");
        std::thread::sleep(Duration::from_millis(2));
    }
    let server = server.kill_and_restart();
    calling.join().unwrap();
    let (sent, shown) = (server.count_rows("jobs"), page(&server, &file, &cookie).text);
    assert!(sent == 3 || shown.contains(&format!("{sent} of 3 jobs")), "{sent}: {shown}");
    assert_eq!(location(&form(&server, &send, "", &[OWN, ("cookie", &cookie)])), file);
    assert_eq!((server.count_rows("jobs"), server.count_rows("legs")), (3, MANY));
}

#[test]
fn what_cannot_be_kept_is_said() {
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[("DRAY_MAX_BODY_BYTES", "100000")]);
    let cookie = sign_in(&server);
    for (name, text, said) in [
        ("names.csv", "toc,load\n", "has no rows"),
        ("nothing.csv", "", "nothing.csv"),
        ("other.csv", "a,b\n1,2\n", "other.csv"),
    ] {
        let answer = upload(&server, &cookie, name, text);
        assert!(answer.status == 422 && answer.text.contains(said), "{name}: {}", answer.text);
    }
    let long = upload(&server, &cookie, "long.csv", &many());
    assert!((400..500).contains(&long.status), "{}", long.text);
    assert_eq!(server.count_rows("uploads"), 0);
    for nothing in ["/upload/7", "/upload/a8315ef3-dd50-43f8-b7ce-d839e68d51fa"] {
        assert_eq!(page(&server, nothing, &cookie).status, 404);
    }
}

#[test]
fn a_key_for_several_organizations_shows_one_at_a_time() {
    let server = Server::start();
    let other = json!({ "name": "Transportes <Norte>" }).to_string();
    let other = server.post("/v1/organizations", &other).body["id"].as_str().unwrap().to_owned();
    server.create(&json!({ "category": "road", "distance_km": 7, "load": 1, "movement_id": "OF-THE-FIRST" }));
    let answer = form(&server, "/sign-in", &format!("key={KEY}&next=%2Fshipments"), &[OWN]);
    assert_eq!(location(&answer), "/organizations?next=%2Fshipments");
    let session = header(&answer, "set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let choice = page(&server, "/organizations?next=%2Fshipments", &session).text;
    assert!(choice.contains("Transportes &lt;Norte&gt;") && choice.contains(ORGANIZATION), "{choice}");
    assert!(page(&server, "/shipments", &session).text.contains("OF-THE-FIRST"));

    let choose = |headers: &[(&str, &str)], organization: &str| {
        form(&server, "/organizations", &format!("organization={organization}&next=%2Fshipments"), headers)
    };
    let own = [OWN, ("cookie", session.as_str())];
    let chosen = choose(&own, &other);
    assert_eq!(location(&chosen), "/shipments");
    let cookie = header(&chosen, "set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let both = format!("{session}; {}", cookie.split(';').next().unwrap());
    let shown = page(&server, "/shipments", &both).text;
    assert!(!shown.contains("OF-THE-FIRST") && shown.contains("Transportes &lt;Norte&gt;"), "{shown}");

    let nobodys = "11111111-1111-4111-8111-111111111111";
    assert_eq!(choose(&own, nobodys).status, 404);
    assert_eq!(choose(&[("cookie", session.as_str())], &other).status, 403);
    let forged = format!("{session}; dray_organization={nobodys}");
    assert!(page(&server, "/shipments", &forged).text.contains("OF-THE-FIRST"));

    let file =
        location(&upload(&server, &both, "of the other.csv", "toc,load,distance_km\nvan_diesel,1,1\n"));
    assert_eq!((page(&server, &file, &both).status, page(&server, &file, &session).status), (200, 404));
    // What a form makes comes to the organization that it was shown for, or nowhere.
    let stale = [OWN, ("cookie", both.as_str())];
    for shown in ["/hubs/new", "/keys", "/upload"] {
        let action = format!("{shown}?organization={ORGANIZATION}");
        assert!(page(&server, shown, &session).text.contains(&format!("action=\"{action}\"")), "{shown}");
        let answer = match shown {
            "/upload" => {
                upload_to(&server, &action, &both, "stale.csv", "toc,load,distance_km\nvan_diesel,1,1\n")
            }
            _ => form(&server, &action, "name=Stale&type=owned&status=active", &stale),
        };
        assert_eq!(answer.status, 409, "{}", answer.text);
        assert!(answer.text.contains("another organization"), "{}", answer.text);
    }
    let here = format!("/hubs/new?organization={ORGANIZATION}");
    let filled = "name=Here&type=subcontracted&category=warehouse_ambient&status=active";
    let made = form(&server, &here, filled, &[OWN, ("cookie", &session)]);
    assert_eq!(location(&made), "/hubs");
    // A key for one organization is not asked, and sees nothing of the other.
    let made = command(server.folder.path(), &[])
        .args(["keys", "create", "--organization", &other, "--name", "one", "--json"])
        .output()
        .unwrap();
    let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let answer =
        form(&server, "/sign-in", &format!("key={}&next=%2F", made["key"].as_str().unwrap()), &[OWN]);
    assert_eq!(location(&answer), "/");
    let session = header(&answer, "set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let forged = format!("{session}; dray_organization={ORGANIZATION}");
    assert!(!page(&server, "/shipments", &forged).text.contains("OF-THE-FIRST"));
}
