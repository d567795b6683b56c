//! A small web server on loopback that plays all ten outlets, told apart by the `Host` header.
//!
//! It answers from the world as it stood at the demonstration's own clock. Nothing outside this machine
//! can reach it, and it understands just what the crawl sends: `GET`, keep-alive.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use super::{pages, world};
use crate::clock::Clock;

/// A connection that says nothing for this long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// Starts answering; the threads end with the process.
pub fn start(outlets: Vec<world::Outlet>, clock: Arc<Clock>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let outlets = Arc::new(outlets);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (outlets, clock) = (Arc::clone(&outlets), Arc::clone(&clock));
            // A connection that breaks is the client's to notice.
            std::thread::spawn(move || serve(stream, &outlets, &clock).ok());
        }
    });
    Ok(address)
}

fn serve(stream: TcpStream, outlets: &[world::Outlet], clock: &Clock) -> io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
        let mut host = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                host = value.trim().split(':').next().unwrap_or_default().to_owned();
            }
        }
        writer.write_all(&reply(outlets, &host, &path, clock))?;
    }
}

fn reply(outlets: &[world::Outlet], host: &str, path: &str, clock: &Clock) -> Vec<u8> {
    let now = clock.now();
    let Some(outlet) = outlets.iter().find(|outlet| outlet.host == host) else {
        return status("404 Not Found");
    };
    if outlet.down_from.is_some_and(|from| now >= from) {
        return status("503 Service Unavailable");
    }
    match pages::answer(outlet, path, now) {
        Some((content_type, body)) => {
            let mut out = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )
            .into_bytes();
            out.extend(body);
            out
        }
        None => status("404 Not Found"),
    }
}

fn status(line: &str) -> Vec<u8> {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}
