use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::client::{ApiRequest, Connection};
use crate::handshake::{CANDIDATES, Handshake, Step, candidate, sdp};
use crate::server::Server;

/// What to put into the rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A guest, offer, answer and all candidates.
    Everything,
}

/// The number of connections that create rooms.
const CONNECTIONS: usize = 16;

/// Creates rooms.
pub async fn fill(address: SocketAddr, rooms: usize, content: Content) -> Result<()> {
    let tasks = (0..CONNECTIONS).map(|task| {
        let share = rooms / CONNECTIONS + usize::from(task < rooms % CONNECTIONS);
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let until = if content == Content::Nothing { Step::Public } else { Step::ReadAnswer };
            for _ in 0..share {
                Handshake::default().advance_to(until, &mut connection).await?;
            }
            anyhow::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(())
}

/// Memory per full room, in bytes beyond the size of its descriptions and candidates.
pub async fn per_room(program: &Path) -> Result<f64> {
    const ROOMS: usize = 10_000;
    let server = Server::start(program, &[]).await?;
    fill(server.address, 500, Content::Everything).await?;
    let before = server.memory()?;
    fill(server.address, ROOMS, Content::Everything).await?;
    let grown = server.memory()?.saturating_sub(before) as f64 / ROOMS as f64;
    let candidates: usize = (0..2 * CANDIDATES).map(|n| candidate(n).len() + 1).sum();
    Ok(grown - (2 * sdp().len() + candidates) as f64)
}

/// Memory per pending long poll, including its connection, in bytes.
pub async fn per_poll(program: &Path) -> Result<f64> {
    const POLLS: usize = 2000;
    let server = Server::start(program, &[]).await?;
    let mut rooms = Vec::new();
    let mut connection = Connection::open(server.address).await?;
    for _ in 0..POLLS {
        let mut handshake = Handshake::default();
        handshake.advance_to(Step::Public, &mut connection).await?;
        rooms.push(handshake);
    }
    let before = server.memory()?;
    let mut waiting = Vec::new();
    for room in &rooms {
        let mut connection = Connection::open(server.address).await?;
        let request = room.exchange(&room.host, Some(u64::MAX));
        waiting.push(tokio::spawn(async move { connection.send(&request).await.map(drop) }));
    }
    let metrics = ApiRequest { method: "GET", path: "/metrics".into(), ..ApiRequest::default() };
    let all = format!("registry_waiting {POLLS}\n");
    loop {
        let (_, body) = connection.send(&metrics).await?;
        if String::from_utf8_lossy(&body).contains(&all) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let grown = server.memory()?.saturating_sub(before);
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(grown as f64 / POLLS as f64)
}

/// Memory while many rooms are created and expire.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Growth {
    /// The number of rooms.
    pub rooms: usize,
    /// Memory after each tenth of them, in bytes.
    pub bytes: Vec<u64>,
}

/// Creates rooms that live for a second, and measures memory after each tenth of them.
pub async fn growth(program: &Path, rooms: usize) -> Result<Growth> {
    let server = Server::start(program, &["--ttl-open", "1s"]).await?;
    let mut bytes = Vec::new();
    for _ in 0..10 {
        fill(server.address, rooms / 10, Content::Nothing).await?;
        bytes.push(server.memory()?);
    }
    Ok(Growth { rooms, bytes })
}
