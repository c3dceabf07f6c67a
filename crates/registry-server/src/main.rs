//! The `registry-server` program.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use registry_server::{Options, Server, init_logging};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    init_logging(options.log_format, options.log_level);
    match run(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("registry-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let server = Server::bind(options).await?;
    // stdout may be closed; that is no reason to exit.
    let _ = writeln!(std::io::stdout(), "listening on http://{}", server.address());
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
