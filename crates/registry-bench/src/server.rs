use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server in a process of its own, ended when dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// The Registry's server, without rate limits and logs, and with these further flags.
    pub async fn start(program: &Path, flags: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--rate-limits", "off", "--log-level", "off"]);
        command.args(["--max-rooms", "2000000", "--max-connections", "15000"]).args(flags);
        Self::spawn(command).await
    }

    /// The one with the constant answer.
    pub async fn ceiling() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--ceiling");
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Result<Self> {
        let mut child =
            command.stdout(Stdio::piped()).kill_on_drop(true).spawn().context("the server does not start")?;
        let stdout = child.stdout.take().context("the server has no output")?;
        let line = BufReader::new(stdout).lines().next_line().await?.context("the server ended at once")?;
        let address = line.strip_prefix("listening on http://").context("the server says something else")?.parse()?;
        Ok(Self { address, child })
    }

    /// Memory that the process holds, in bytes.
    pub fn memory(&self) -> Result<u64> {
        let id = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS: is this Linux?")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }
}
