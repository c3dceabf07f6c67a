use std::sync::{OnceLock, mpsc};
use std::time::Duration;
use std::{io, thread};

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};

/// How many lines wait for a log that does not keep up, before lines are lost.
const WAITING_LINES: usize = 16_384;

/// Counts the lines that were lost.
static LOST: OnceLock<ErrorCounter> = OnceLock::new();

/// The log format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Human-readable lines
    Text,
    /// One JSON object per line
    Json,
}

/// How long writing the last lines may take.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The log of this process, which ends with it.
pub struct Log {
    guard: WorkerGuard,
}

impl Log {
    /// Writes the lines that are waiting, unless that takes long.
    pub fn end(self) {
        let (done, ended) = mpsc::channel();
        thread::spawn(move || {
            drop(self.guard);
            let _ = done.send(());
        });
        let _ = ended.recv_timeout(LAST_LINES);
    }
}

/// Sends this process's logs to stderr, until they are [ended](Log::end). Only the first call has an effect.
///
/// A log that fails, because its disk is full or nobody reads it, never reaches a request: a thread of its own writes the
/// lines, and those that it cannot keep up with are lost and counted (`registry_log_lines_lost_total`).
#[must_use = "dropping it ends the log"]
pub fn init(format: LogFormat, level: LevelFilter) -> Log {
    let (writer, guard) =
        NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES).finish(io::stderr());
    let _ = LOST.set(writer.error_counter());
    let builder = tracing_subscriber::fmt().with_max_level(level).with_writer(writer).with_target(false);
    let _ = match format {
        LogFormat::Text => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Log { guard }
}

/// How many lines the log has lost because it did not keep up.
pub(crate) fn lost_lines() -> usize {
    LOST.get().map_or(0, ErrorCounter::dropped_lines)
}
