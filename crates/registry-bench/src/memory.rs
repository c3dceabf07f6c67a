use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::client::{Ask, Connection};
use crate::handshake::{CANDIDATES, Handshake, Step, candidate, sdp};
use crate::server::Server;

/// What is in the rooms that are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A guest, offer, answer and all candidates.
    Everything,
}

/// Connections that make the rooms.
const MAKERS: usize = 16;

/// Makes rooms.
pub async fn fill(address: SocketAddr, rooms: usize, content: Content) -> Result<()> {
    let makers = (0..MAKERS).map(|maker| {
        let share = rooms / MAKERS + usize::from(maker < rooms % MAKERS);
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let until = if content == Content::Nothing { Step::Public } else { Step::ReadAnswer };
            for _ in 0..share {
                Handshake::default().advance_to(until, &mut connection).await?;
            }
            anyhow::Ok(())
        })
    });
    for maker in makers.collect::<Vec<_>>() {
        maker.await??;
    }
    Ok(())
}

/// Memory of one room with everything in it, in bytes beyond those of its descriptions and candidates.
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

/// Memory of one request that waits, with its connection, in bytes.
pub async fn per_wait(program: &Path) -> Result<f64> {
    const WAITS: usize = 2000;
    let server = Server::start(program, &[]).await?;
    let mut rooms = Vec::new();
    let mut connection = Connection::open(server.address).await?;
    for _ in 0..WAITS {
        let mut handshake = Handshake::default();
        handshake.advance_to(Step::Public, &mut connection).await?;
        rooms.push(handshake);
    }
    let before = server.memory()?;
    let mut waiting = Vec::new();
    for room in &rooms {
        let path = format!("/rooms/{}?wait=25", room.code);
        let mut connection = Connection::open(server.address).await?;
        let since = Some(u64::MAX >> 11);
        let ask = Ask { method: "GET", path, token: room.host.clone(), since, body: String::new() };
        waiting.push(tokio::spawn(async move { connection.send(&ask).await.map(drop) }));
    }
    let metrics = Ask { method: "GET", path: "/metrics".into(), ..Ask::default() };
    let all = format!("registry_waiting {WAITS}\n");
    loop {
        let (_, body) = connection.send(&metrics).await?;
        if String::from_utf8_lossy(&body).contains(&all) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let grown = server.memory()?.saturating_sub(before);
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(grown as f64 / WAITS as f64)
}

/// Memory while many rooms come and go.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Growth {
    /// How many rooms were made and expired.
    pub rooms: usize,
    /// Memory after each tenth of them, in bytes.
    pub bytes: Vec<u64>,
}

/// Makes rooms that live for a second, and looks at the memory after each tenth of them.
pub async fn growth(program: &Path, rooms: usize) -> Result<Growth> {
    let server = Server::start(program, &["--ttl-open", "1s"]).await?;
    let mut bytes = Vec::new();
    for _ in 0..10 {
        fill(server.address, rooms / 10, Content::Nothing).await?;
        bytes.push(server.memory()?);
    }
    Ok(Growth { rooms, bytes })
}
