//! Those who abuse the server, each kind in a way of its own, all of them at bounded rates.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{LARGE_FILE, address, every};
use crate::client::{ApiRequest, Connection, connect};
use crate::handshake::{Handshake, Step, candidate, sdp};

/// The networks of the abusers.
const WAITING: u8 = 64;
const IDLE: u8 = 72;
const GUESSING: u8 = 80;
const STALLING: u8 = 88;
const HOARDING: u8 = 96;
const READING: u8 = 104;
const DOWNLOADING: u8 = 112;

/// How many connections wait for news, idle, stall in a body, and do not read a file, and from how many addresses each.
const WAITERS: usize = 1500;
const IDLERS: usize = 2500;
const STALLERS: usize = 1000;
const DOWNLOADERS: usize = 500;
const ADDRESSES: usize = 50;
/// How many addresses hoard rooms.
const HOARDERS: usize = 40;
/// How soon somebody tries again who was cut off.
const AGAIN: Duration = Duration::from_secs(2);

/// The newest room of the honest pairs with its join code, for those who guess, and never guess right: once in a million times
/// somebody does, and no server can help that.
#[derive(Clone, Default)]
pub struct Rooms(Arc<Mutex<Option<(String, String)>>>);

impl Rooms {
    pub fn push(&self, code: String, join_code: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((code, join_code));
    }

    fn newest(&self) -> Option<(String, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Lets them loose. They end when the result is dropped.
pub fn begin(server: SocketAddr, rooms: &Rooms) -> JoinSet<()> {
    let mut abuse = JoinSet::new();
    for n in 0..WAITERS {
        abuse.spawn(again(n, move || wait(server, address(WAITING, n % ADDRESSES * 200 + n / ADDRESSES / 5))));
    }
    for n in 0..IDLERS {
        abuse.spawn(again(n, move || hold(server, address(IDLE, n % ADDRESSES), String::new())));
    }
    let unfinished = format!(
        "POST /rooms HTTP/1.1\r\nHost: x\r\nX-Registry-Version: 1\r\nContent-Length: 65536\r\n\r\n{}",
        "x".repeat(65_000)
    );
    for n in 0..STALLERS {
        let unfinished = unfinished.clone();
        abuse.spawn(again(n, move || hold(server, address(STALLING, n % ADDRESSES), unfinished.clone())));
    }
    for n in 0..DOWNLOADERS {
        abuse.spawn(again(n, move || ignore(server, address(DOWNLOADING, n % ADDRESSES))));
    }
    for n in 0..HOARDERS {
        abuse.spawn(again(n, move || hoard(server, address(HOARDING, n))));
    }
    abuse.spawn(guess(server, rooms.clone()));
    abuse.spawn(again(0, move || read(server, address(READING, 0))));
    abuse
}

/// Goes on for ever, whatever happens. They do not all begin at once.
async fn again<F: Future<Output = Result<()>>>(n: usize, act: impl Fn() -> F) {
    sleep(Duration::from_millis(n as u64 % 5000)).await;
    loop {
        let _ = act().await;
        sleep(AGAIN).await;
    }
}

/// Holds a connection on which nothing more comes, until it is cut off.
async fn hold(server: SocketAddr, source: IpAddr, start: String) -> Result<()> {
    let mut stream = connect(Some(source), server).await?;
    stream.write_all(start.as_bytes()).await?;
    let mut answer = [0; 1024];
    while stream.read(&mut answer).await? > 0 {}
    Ok(())
}

/// Asks for a large file, and does not read it.
async fn ignore(server: SocketAddr, source: IpAddr) -> Result<()> {
    let mut stream = connect(Some(source), server).await?;
    stream.write_all(format!("GET /{LARGE_FILE} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await?;
    sleep(Duration::from_secs(60)).await;
    Ok(())
}

/// Makes a room, and waits in it for news that never comes.
async fn wait(server: SocketAddr, source: IpAddr) -> Result<()> {
    let mut connection = Connection::open_from(Some(source), server).await?;
    let mut room = Handshake::default();
    room.advance_to(Step::Public, &mut connection).await?;
    for _ in 0..8 {
        connection.send(&room.exchange(&room.host, Some(u64::MAX))).await?;
    }
    Ok(())
}

/// Makes as many rooms as it may, and keeps them by posting the same offers again.
async fn hoard(server: SocketAddr, source: IpAddr) -> Result<()> {
    let mut connection = Connection::open_from(Some(source), server).await?;
    let mut rooms: Vec<Handshake> = Vec::new();
    let mut ticks = every(Duration::from_secs(2));
    for n in 0.. {
        ticks.tick().await;
        let mut room = Handshake::default();
        if room.advance_to(Step::Public, &mut connection).await.is_ok() {
            rooms.push(room);
        }
        let count = rooms.len().max(1);
        if let Some(room) = rooms.get(n % count) {
            let body = json!({"type": "offer", "sdp": sdp()}).to_string();
            let (path, token) = (format!("/rooms/{}/offer", room.code), room.host.clone());
            connection.send(&ApiRequest { method: "POST", path, token, body }).await?;
        }
    }
    Ok(())
}

/// Tries to lock the guests of honest pairs out of their rooms.
async fn guess(server: SocketAddr, rooms: Rooms) {
    let mut ticks = every(Duration::from_millis(100));
    for n in 0.. {
        ticks.tick().await;
        let Some((code, right)) = rooms.newest() else { continue };
        tokio::spawn(async move {
            let mut connection = Connection::open_from(Some(address(GUESSING, n % 400_000)), server).await?;
            for guess in (0..9).map(|guess| format!("{guess:06}")).filter(|guess| *guess != right).take(8) {
                let body = json!({"joinCode": guess, "guestUserName": "Eve"}).to_string();
                let path = format!("/rooms/{code}/join");
                connection.send(&ApiRequest { method: "POST", path, token: String::new(), body }).await?;
            }
            anyhow::Ok(())
        });
    }
}

/// Reads a full list of candidates as fast as it can be had, for a while.
async fn read(server: SocketAddr, source: IpAddr) -> Result<()> {
    let mut connection = Connection::open_from(Some(source), server).await?;
    let mut room = Handshake::default();
    room.advance_to(Step::Offer, &mut connection).await?;
    for n in 0..40 {
        let (path, token) = (format!("/rooms/{}/candidate", room.code), room.host.clone());
        let body = json!({"candidate": format!("{} {}", candidate(n), "x".repeat(900))}).to_string();
        connection.send(&ApiRequest { method: "POST", path, token, body }).await?;
    }
    let ask = ApiRequest {
        method: "GET",
        path: format!("/rooms/{}/candidates", room.code),
        token: room.guest.clone(),
        ..ApiRequest::default()
    };
    let reading = async {
        loop {
            connection.send(&ask).await?;
            // Bounded: two thousand a second.
            sleep(Duration::from_micros(500)).await;
        }
        #[allow(unreachable_code)]
        anyhow::Ok(())
    };
    let _ = timeout(Duration::from_secs(60), reading).await;
    Ok(())
}
