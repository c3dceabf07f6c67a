//! Programs that run in the background and are stopped, with all their children, when they go out of scope.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
#[cfg(unix)]
use nix::sys::signal::{self, Signal};
#[cfg(unix)]
use nix::unistd::Pid;

/// How long a program may take to stop; the server gives its own connections three seconds.
const STOP: Duration = Duration::from_secs(5);

/// A running program. It leads a process group of its own, so that Ctrl-C in the terminal does not reach it directly.
pub struct Running(Child);

impl Running {
    /// Starts the program.
    pub fn start(program: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(program, 0);
        let name = program.get_program().to_string_lossy().into_owned();
        program.spawn().map(Self).with_context(|| format!("cannot start {name}"))
    }

    /// Starts a server that prints `listening on ADDRESS`. The result includes that address.
    pub fn listening(server: &mut Command) -> Result<(Self, String)> {
        let (running, mut lines) = Self::with_lines(server)?;
        let line = lines.next().unwrap_or_default();
        let address = line.trim().strip_prefix("listening on ").context("the server did not start")?;
        Ok((running, address.to_owned()))
    }

    /// Starts the program. The result includes the lines of its output, as they come.
    pub fn with_lines(program: &mut Command) -> Result<(Self, impl Iterator<Item = String> + Send + use<>)> {
        let mut running = Self::start(program.stdout(Stdio::piped()))?;
        let stdout = running.0.stdout.take().context("the program has no output")?;
        Ok((running, BufReader::new(stdout).lines().map_while(Result::ok)))
    }

    /// Checks that it is still running.
    pub fn check(&mut self, name: &str) -> Result<()> {
        match self.0.try_wait().with_context(|| format!("lost track of {name}"))? {
            Some(status) => bail!("{name} ended by itself ({status}); its message is above"),
            None => Ok(()),
        }
    }

    /// Asks the program to stop, and kills what is left of its group.
    pub fn stop(&mut self) {
        #[cfg(unix)]
        {
            let asked = Instant::now();
            if let Ok(None) = self.0.try_wait() {
                let _ = signal::kill(id(&self.0), Signal::SIGTERM);
            }
            while asked.elapsed() < STOP && matches!(self.0.try_wait(), Ok(None)) {
                thread::sleep(Duration::from_millis(20));
            }
            let _ = signal::killpg(id(&self.0), Signal::SIGKILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(unix)]
fn id(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// Calls `check` several times a second, until it fails or xtask is interrupted by Ctrl-C or SIGTERM. Then the caller can stop
/// its background programs by dropping them.
pub fn until_interrupted(mut check: impl FnMut() -> Result<()>) -> Result<ExitCode> {
    let (interrupt, interrupted) = mpsc::channel();
    ctrlc::set_handler(move || _ = interrupt.send(())).context("cannot listen for Ctrl-C")?;
    while let Err(RecvTimeoutError::Timeout) = interrupted.recv_timeout(Duration::from_millis(200)) {
        check()?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::programs::SH;

    #[test]
    fn what_a_program_started_is_stopped_with_it() {
        let mut running = Running::start(SH.command().args(["-c", "sleep 1000 & wait"])).unwrap();
        let group = id(&running.0);
        running.stop();
        let stopped = Instant::now();
        // A process that has ended is there until its new parent takes notice.
        while signal::killpg(group, None).is_ok() {
            assert!(stopped.elapsed() < STOP, "something still runs");
            thread::sleep(Duration::from_millis(20));
        }
    }
}
