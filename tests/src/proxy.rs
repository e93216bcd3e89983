//! A bad network: a TCP proxy on loopback that cuts, falls silent, or answers in the hub's place.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What happens to connections from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weather {
    /// All goes through.
    Fair,
    /// Each connection ends, without goodbye, after about so many bytes in either direction.
    CutAfter(u64),
    /// The hub can't be reached.
    Down,
    /// Connections open and nothing ever comes back.
    Silent,
    /// Every request is answered with these bytes.
    Answers(Vec<u8>),
}

impl Weather {
    /// A hotel's sign-in page.
    pub fn gate_page() -> Self {
        let page = "<!doctype html><title>Sign in</title><p>Welcome to our Wi-Fi";
        Self::Answers(answer("200 OK", "text/html", page, page.len()))
    }

    /// A server that failed.
    pub fn status_500() -> Self {
        Self::Answers(answer("500 Internal Server Error", "text/plain", "oops", 4))
    }

    /// An answer that promises more than it holds.
    pub fn half_a_body() -> Self {
        Self::Answers(answer("200 OK", "application/json", "{\"epoch\":\"0199", 4096))
    }
}

fn answer(status: &str, kind: &str, body: &str, length: usize) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A proxy in front of one address.
#[derive(Debug)]
pub struct Proxy {
    /// Where phones connect.
    pub address: SocketAddr,
    weather: Arc<Mutex<Weather>>,
    open: Arc<Mutex<Vec<AbortHandle>>>,
    carried: Arc<AtomicU64>,
    asked: Arc<Mutex<String>>,
}

impl Proxy {
    /// Stands in front of `hub`. Runs until the runtime ends.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn before(hub: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let weather = Arc::new(Mutex::new(Weather::Fair));
        let carried = Arc::new(AtomicU64::new(0));
        let open: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let asked: Arc<Mutex<String>> = Arc::default();
        let (sky, connections) = (weather.clone(), open.clone());
        let seen = Seen { carried: carried.clone(), asked: asked.clone() };
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let now = sky.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let connection = tokio::spawn(serve(phone, hub, now, seen.clone())).abort_handle();
                connections.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
        });
        Ok(Self { address, weather, open, carried, asked })
    }

    /// Changes the weather: what is open ends, and connections from now on have it.
    pub fn set(&self, weather: Weather) {
        for connection in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            connection.abort();
        }
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// Where the last request went: `POST /v1/push`; empty if there was none since the last time this was taken.
    pub fn take_asked(&self) -> String {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same, left where it is.
    pub fn asked(&self) -> String {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bytes carried so far, both ways.
    pub fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }
}

/// What the proxy notices.
#[derive(Clone)]
struct Seen {
    carried: Arc<AtomicU64>,
    asked: Arc<Mutex<String>>,
}

impl Seen {
    /// Bytes on their way to the hub: a request begins in a piece of its own, since a phone waits for its answers.
    fn request(&self, bytes: &[u8]) {
        let begins = ["GET /", "HEAD /", "POST /", "PATCH /", "PUT /"];
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default());
        if begins.iter().any(|begin| head.starts_with(begin)) {
            let line = head.split(['?', '\r']).next().unwrap_or_default().to_owned();
            *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = line;
        }
    }
}

async fn serve(mut phone: TcpStream, hub: SocketAddr, weather: Weather, seen: Seen) {
    let budget = match weather {
        Weather::Fair => u64::MAX,
        Weather::CutAfter(bytes) => bytes,
        Weather::Down => return,
        Weather::Silent => {
            let mut sink = [0_u8; 4096];
            while matches!(phone.read(&mut sink).await, Ok(n) if n > 0) {}
            return;
        }
        Weather::Answers(bytes) => {
            let mut request = [0_u8; 65536];
            let _ = phone.read(&mut request).await;
            let _ = phone.write_all(&bytes).await;
            let _ = phone.shutdown().await;
            return;
        }
    };
    let Ok(server) = TcpStream::connect(hub).await else { return };
    let left = Arc::new(AtomicU64::new(budget));
    let (phone_in, phone_out) = phone.into_split();
    let (hub_in, hub_out) = server.into_split();
    // Whichever way ends first ends both: a cut does not say goodbye.
    tokio::select! {
        () = carry(phone_in, hub_out, left.clone(), &seen, true) => {}
        () = carry(hub_in, phone_out, left, &seen, false) => {}
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    left: Arc<AtomicU64>,
    seen: &Seen,
    requests: bool,
) {
    let mut buffer = vec![0_u8; 16 * 1024];
    loop {
        let Ok(n) = from.read(&mut buffer).await else { return };
        if n == 0 {
            let _ = to.shutdown().await;
            // The other direction may still have an answer under way.
            tokio::time::sleep(Duration::from_millis(200)).await;
            return;
        }
        let may = usize::try_from(left.load(Ordering::Relaxed)).unwrap_or(usize::MAX).min(n);
        let Some(bytes) = buffer.get(..may) else { return };
        if requests {
            seen.request(bytes);
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
        seen.carried.fetch_add(may as u64, Ordering::Relaxed);
        if left.load(Ordering::Relaxed) != u64::MAX {
            left.fetch_sub(may as u64, Ordering::Relaxed);
        }
        if may < n {
            return;
        }
    }
}
