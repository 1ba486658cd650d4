//! A server that says what a test wants, well or badly.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Path and query.
    pub target: String,
    /// Header lines, as they came.
    pub headers: String,
    pub body: String,
}

/// What to answer.
#[derive(Debug, Clone)]
pub enum Reply {
    Json(u16, String),
    /// Status, header lines and body.
    Raw(u16, &'static str, String),
    /// JSON, after a while.
    Slow(Duration, String),
    /// Half of what was announced, then the end of the connection.
    Half(String),
    /// Nothing, ever.
    Hang,
    /// The end of the connection.
    HangUp,
}

pub fn json(body: impl Into<String>) -> Reply {
    Reply::Json(200, body.into())
}

#[derive(Default)]
struct Log {
    requests: Mutex<Vec<Received>>,
    under_way: AtomicUsize,
    peak: AtomicUsize,
}

pub struct Server {
    pub url: String,
    log: Arc<Log>,
}

impl Server {
    /// Starts a server. `handler` gets each request and its number, counted from 0.
    pub async fn start(handler: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Log::default());
        let (shared, handler) = (log.clone(), Arc::new(handler));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, shared.clone(), handler.clone()));
            }
        });
        Self { url, log }
    }

    /// A server that always says the same.
    pub async fn saying(reply: Reply) -> Self {
        Self::start(move |_, _| reply.clone()).await
    }

    pub fn requests(&self) -> Vec<Received> {
        self.log.requests.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.requests().len()
    }

    /// The most requests that were under way at once.
    pub fn peak(&self) -> usize {
        self.log.peak.load(Ordering::SeqCst)
    }
}

async fn answer(mut stream: TcpStream, log: Arc<Log>, handler: Arc<impl Fn(&Received, usize) -> Reply>) {
    let Some(request) = receive(&mut stream).await else { return };
    let number = {
        let mut requests = log.requests.lock().unwrap();
        requests.push(request.clone());
        requests.len() - 1
    };
    let now = log.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    log.peak.fetch_max(now, Ordering::SeqCst);
    // A client that hung up is its own business.
    let _ = send(&mut stream, handler(&request, number)).await;
    log.under_way.fetch_sub(1, Ordering::SeqCst);
}

async fn receive(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut body = bytes[end + 4..].to_vec();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
        .unwrap_or(0);
    while body.len() < length {
        stream.read_buf(&mut body).await.ok()?;
    }
    let (first, headers) = head.split_once("\r\n").unwrap();
    let target = first.split(' ').nth(1).unwrap().to_owned();
    Some(Received { target, headers: headers.to_owned(), body: String::from_utf8(body).unwrap() })
}

async fn send(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    const JSON: &str = "Content-Type: application/json; charset=utf-8\r\n";
    let (status, headers, body, announced) = match reply {
        Reply::Json(status, body) => (status, JSON, body.clone(), body.len()),
        Reply::Raw(status, headers, body) => (status, headers, body.clone(), body.len()),
        Reply::Slow(wait, body) => {
            tokio::time::sleep(wait).await;
            (200, JSON, body.clone(), body.len())
        }
        Reply::Half(body) => (200, JSON, body[..body.len() / 2].to_owned(), body.len()),
        Reply::Hang => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            return Ok(());
        }
        Reply::HangUp => return Ok(()),
    };
    let head =
        format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {announced}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
