//! A web server for tests that does exactly what it is told: any number of invented hosts on one loopback port,
//! routes that can change while it runs, and every misbehaviour of [`Reply`].

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use vigie::clock::Clock;

use super::reply::{Act, Framing, Reply};

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The Host header without port, in lower case.
    pub host: String,
    /// Path and query.
    pub path: String,
    pub method: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Milliseconds since the server started.
    pub at_ms: u64,
    /// What the clock of the test showed, in milliseconds since the epoch; 0 where there is none.
    pub moment: i64,
}

impl Hit {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Runs in a thread of its own until it is dropped.
pub struct SiteServer {
    address: SocketAddr,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct World {
    started: Instant,
    clock: Option<Arc<Clock>>,
    routes: Mutex<HashMap<String, HashMap<String, Reply>>>,
    hits: Mutex<Vec<Hit>>,
    connections: Mutex<u64>,
}

impl SiteServer {
    pub fn start() -> SiteServer {
        SiteServer::begin(None)
    }

    /// Every hit then also says what this clock showed.
    pub fn start_at(clock: Arc<Clock>) -> SiteServer {
        SiteServer::begin(Some(clock))
    }

    fn begin(clock: Option<Arc<Clock>>) -> SiteServer {
        let world = Arc::new(World {
            started: Instant::now(),
            clock,
            routes: Mutex::default(),
            hits: Mutex::default(),
            connections: Mutex::default(),
        });
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port");
        listener.set_nonblocking(true).expect("a listener that does not block");
        let address = listener.local_addr().expect("a bound port");
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&world);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            // Connections that sleep or stay silent end with the runtime.
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    () = accept(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        SiteServer {
            address,
            world,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Sets or replaces what `http://host/path` answers; `path` includes the query.
    pub fn put(&self, host: &str, path: &str, reply: Reply) {
        let mut routes = lock(&self.world.routes);
        routes
            .entry(host.to_owned())
            .or_default()
            .insert(path.to_owned(), reply);
    }

    pub fn remove(&self, host: &str, path: &str) {
        if let Some(paths) = lock(&self.world.routes).get_mut(host) {
            paths.remove(path);
        }
    }

    /// Every request so far, in order of arrival.
    pub fn hits(&self) -> Vec<Hit> {
        lock(&self.world.hits).clone()
    }

    /// The requests so far, which are then forgotten.
    pub fn take_hits(&self) -> Vec<Hit> {
        std::mem::take(&mut *lock(&self.world.hits))
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        *lock(&self.world.connections)
    }
}

impl Drop for SiteServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, world: Arc<World>) {
    while let Ok((stream, _)) = listener.accept().await {
        *lock(&world.connections) += 1;
        let world = Arc::clone(&world);
        // A client that goes away in the middle is none of the server's errors.
        tokio::spawn(async move { serve(stream, &world).await.ok() });
    }
}

/// One connection: requests one after another, until either side has enough.
async fn serve(mut stream: TcpStream, world: &World) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::with_capacity(2048);
    let mut write = Vec::with_capacity(4096);
    loop {
        let Some(end) = head(&mut stream, &mut read).await? else {
            return Ok(());
        };
        let mut hit = parse(&read[..end], world.started);
        hit.moment = world.clock.as_ref().map_or(0, |clock| clock.now().as_millisecond());
        read.drain(..end);
        let reply = lock(&world.routes)
            .get(&hit.host)
            .and_then(|paths| paths.get(&hit.path))
            .cloned();
        let reply = reply.unwrap_or_else(|| Reply::new(404, "not here"));
        let reply = reply.conditional(&hit);
        let head_only = hit.method == "HEAD";
        lock(&world.hits).push(hit);
        if !answer(&mut stream, &reply, head_only, &mut write).await? {
            return Ok(());
        }
    }
}

/// Reads up to the blank line; `None` when the client closed.
async fn head(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<Option<usize>> {
    loop {
        if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            return Ok(Some(at + 4));
        }
        if stream.read_buf(read).await? == 0 {
            return Ok(None);
        }
        if read.first().is_some_and(|byte| !byte.is_ascii_alphabetic()) {
            // A TLS greeting, most likely: answered as nginx answers it.
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
                .await?;
            return Ok(None);
        }
    }
}

fn parse(head: &[u8], started: Instant) -> Hit {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.split("\r\n");
    let mut request = lines.next().unwrap_or_default().split(' ');
    let method = request.next().unwrap_or_default().to_owned();
    let target = request.next().unwrap_or_default();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let host = headers
        .iter()
        .find(|(name, _)| name == "host")
        .map_or("", |(_, value)| value);
    // A proxy is asked for the whole address.
    let path = target
        .strip_prefix("http://")
        .map_or(target, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    Hit {
        host: host
            .rsplit_once(':')
            .map_or(host, |(name, _)| name)
            .to_ascii_lowercase(),
        path: path.to_owned(),
        method,
        headers,
        at_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        moment: 0,
    }
}

impl Reply {
    /// A matching validator makes it a 304 (RFC 9110 §13.2.2: If-None-Match outweighs If-Modified-Since).
    fn conditional(self, hit: &Hit) -> Reply {
        let known = match (hit.header("if-none-match"), hit.header("if-modified-since")) {
            (Some(tag), _) => self
                .etag
                .as_deref()
                .is_some_and(|own| tag.trim_start_matches("W/") == own.trim_start_matches("W/")),
            (None, Some(date)) => self.last_modified.as_deref() == Some(date),
            (None, None) => false,
        };
        let mut reply = self;
        if known || reply.always_304 {
            reply.status = 304;
            reply.body = Arc::from(&b""[..]);
        }
        for (name, value) in [
            ("etag", reply.etag.clone()),
            ("last-modified", reply.last_modified.clone()),
        ] {
            if let Some(value) = value {
                reply = reply.header(name, value);
            }
        }
        reply
    }
}

/// Gives one answer. Tells whether the connection can carry another.
async fn answer(stream: &mut TcpStream, reply: &Reply, head_only: bool, write: &mut Vec<u8>) -> io::Result<bool> {
    if !reply.head_delay.is_zero() {
        tokio::time::sleep(reply.head_delay).await;
    }
    match &reply.act {
        Act::Answer => {}
        Act::Silence => {
            std::future::pending::<()>().await;
        }
        Act::Close => return Ok(false),
        Act::Reset => {
            stream.set_zero_linger()?;
            return Ok(false);
        }
        Act::Raw(bytes) => {
            stream.write_all(bytes).await?;
            stream.shutdown().await?;
            return Ok(false);
        }
        Act::Interim(Some(times)) => {
            for _ in 0..*times {
                stream
                    .write_all(b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n")
                    .await?;
            }
        }
        // As fast as a line of 20 Mbit/s carries them. Over loopback without a pause hyper never finds the socket
        // empty, and its loop over interim answers keeps a thread busy for as long as its budget of reads lasts.
        Act::Interim(None) => loop {
            stream.write_all(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100)).await?;
            tokio::time::sleep(Duration::from_millis(1)).await;
        },
        Act::EndlessHead => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x-more: and more and more and more\r\n").await?;
            }
        }
    }
    write.clear();
    head_bytes(reply, write);
    if head_only || reply.status == 304 || reply.status == 204 {
        stream.write_all(write).await?;
        return Ok(true);
    }
    let is_plain = matches!(reply.framing, Framing::Length) && reply.pace.is_none() && reply.cut_after.is_none();
    if is_plain {
        // The usual case in one write.
        write.extend_from_slice(&reply.body);
        stream.write_all(write).await?;
        return Ok(true);
    }
    stream.write_all(write).await?;
    misframed(stream, reply).await
}

async fn misframed(stream: &mut TcpStream, reply: &Reply) -> io::Result<bool> {
    let body = reply
        .cut_after
        .map_or(&reply.body[..], |at| &reply.body[..at.min(reply.body.len())]);
    match reply.framing {
        Framing::Length | Framing::WrongLength(_) | Framing::UntilClose => paced(stream, body, reply.pace).await?,
        Framing::Chunked(size) => {
            for piece in body.chunks(size.max(1)) {
                stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await?;
                paced(stream, piece, reply.pace).await?;
                stream.write_all(b"\r\n").await?;
            }
            if reply.cut_after.is_none() {
                stream.write_all(b"0\r\n\r\n").await?;
            }
        }
        Framing::BrokenChunks => {
            stream.write_all(format!("{:x}\r\n", body.len()).as_bytes()).await?;
            stream.write_all(body).await?;
            stream.write_all(b"\r\nnot a number\r\n").await?;
        }
        Framing::Endless => loop {
            paced(stream, body, reply.pace).await?;
        },
    }
    if reply.cut_after.is_some() {
        // Let what was written arrive before the reset overtakes it.
        tokio::time::sleep(Duration::from_millis(20)).await;
        stream.set_zero_linger()?;
        return Ok(false);
    }
    let goes_on = matches!(reply.framing, Framing::Length | Framing::Chunked(_));
    if !goes_on {
        stream.shutdown().await?;
    }
    Ok(goes_on)
}

/// Writes at so many bytes a second, in at most twenty pieces a second.
async fn paced(stream: &mut TcpStream, body: &[u8], pace: Option<u32>) -> io::Result<()> {
    let Some(pace) = pace else {
        return stream.write_all(body).await;
    };
    let piece = (pace / 20).max(1);
    let wait = Duration::from_secs_f64(f64::from(piece) / f64::from(pace.max(1)));
    for bytes in body.chunks(usize::try_from(piece).unwrap_or(1)) {
        stream.write_all(bytes).await?;
        tokio::time::sleep(wait).await;
    }
    Ok(())
}

fn head_bytes(reply: &Reply, write: &mut Vec<u8>) {
    write.extend_from_slice(format!("HTTP/1.1 {} {}\r\n", reply.status, reason(reply.status)).as_bytes());
    for (name, value) in &reply.headers {
        write.extend_from_slice(name.as_bytes());
        write.extend_from_slice(b": ");
        write.extend_from_slice(value);
        write.extend_from_slice(b"\r\n");
    }
    let framing = match reply.framing {
        Framing::Length if reply.status == 304 => String::new(),
        Framing::Length => format!("content-length: {}\r\n", reply.body.len()),
        Framing::WrongLength(length) => format!("content-length: {length}\r\n"),
        Framing::Chunked(_) | Framing::BrokenChunks => "transfer-encoding: chunked\r\n".to_owned(),
        Framing::UntilClose | Framing::Endless => "connection: close\r\n".to_owned(),
    };
    write.extend_from_slice(framing.as_bytes());
    write.extend_from_slice(b"\r\n");
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "As It Is",
    }
}
