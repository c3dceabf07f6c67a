//! The `registry-server` program.

use std::io::Write;

use std::process::ExitCode;

use registry_server::{Given, Options, Server, init_logging};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let (options, given) = Options::of_process();
    let log = init_logging(options.log_format, options.log_level);
    let outcome = run(&options, &given).await;
    log.end();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // stderr may be closed.
            let _ = writeln!(std::io::stderr(), "registry-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options, given: &Given) -> Result<(), Box<dyn std::error::Error>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    for name in &given.unknown_variables {
        tracing::warn!(event = "settings", "no such variable: {name}");
    }
    let server = Server::bind(options).await?;
    tracing::info!(event = "start", version = env!("CARGO_PKG_VERSION"), settings = given.settings);
    // stdout may be closed; that is no reason to exit.
    let _ = writeln!(std::io::stdout(), "listening on {}", server.origin());
    if let Some(address) = server.admin_address() {
        let _ = writeln!(std::io::stdout(), "listening for operators on http://{address}");
    }
    server
        .run(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
        .await;
    Ok(())
}

/// Gives memory back to the system when a rush is over, and does not let it be cut into pieces by rooms that live long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
