use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server in its own process, killed on drop.
pub struct Server {
    /// The address that it is listening on.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts the Registry server without rate limits and logs, with these additional flags.
    pub async fn start(program: &Path, flags: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--rate-limits", "off", "--log-level", "off"]);
        command.args(["--max-rooms", "2000000", "--max-rooms-per-client", "2000000", "--max-connections", "15000"]);
        command.args(flags);
        Self::spawn(command).await
    }

    /// Starts the Registry server with its limits, and with these flags.
    pub async fn with_limits(program: &Path, flags: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--log-level", "warn"]).args(flags);
        Self::spawn(command).await
    }

    /// Starts the server with the constant response.
    pub async fn ceiling() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--ceiling");
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Result<Self> {
        let mut child =
            command.stdout(Stdio::piped()).kill_on_drop(true).spawn().context("the server did not start")?;
        let stdout = child.stdout.take().context("the server's output is not captured")?;
        let line = BufReader::new(stdout).lines().next_line().await?.context("the server exited at once")?;
        let address =
            line.strip_prefix("listening on http://").context("unexpected output from the server")?.parse()?;
        Ok(Self { address, child })
    }

    /// Resident memory of the process, in bytes.
    pub fn memory(&self) -> Result<u64> {
        let id = self.child.id().context("the server has exited")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS: is this Linux?")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }
}
