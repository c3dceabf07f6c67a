//! Tests the server against its OpenAPI description, with valid and invalid requests from schemathesis.

use super::counts::{Report, check};
use crate::page::Quality;
use crate::programs::{PYTHON, SERVER};
use crate::running::Running;
use crate::serve::build_server;
use crate::setup::python;
use crate::workspace::workspace;

/// The folder with the configuration of schemathesis.
const SETTINGS: &str = "crates/registry-server/tests/schemathesis";
/// How long it tests.
const SECONDS: &str = "60";
/// Flags of the server: no limits.
const FLAGS: [&str; 8] =
    ["--listen", "127.0.0.1:0", "--rate-limits", "off", "--max-rooms", "1000000", "--log-level", "warn"];

/// Starts a server and tests it.
pub fn run() -> Report {
    let mut server = SERVER.at(build_server(Quality::Dev)?);
    let (_server, address) = Running::listening(server.args(FLAGS))?;
    let mut schemathesis = PYTHON.at(python::schemathesis()?);
    schemathesis
        .args(["-m", "schemathesis.cli", "run", &format!("{address}/openapi.json"), "--max-time", SECONDS])
        .current_dir(workspace().root.join(SETTINGS))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("HYPOTHESIS_STORAGE_DIRECTORY", workspace().target.join("hypothesis"));
    check(&mut schemathesis)
}
