//! Whether the server keeps to its own description: schemathesis makes requests of it, good ones and bad ones.

use crate::counts::Counts;
use crate::outcome::Report;
use crate::page::Quality;
use crate::programs::{PYTHON, SERVER};
use crate::python;
use crate::running::Running;
use crate::serve::build_server;
use crate::test::counted;
use crate::workspace::workspace;

/// How schemathesis is to go about it.
const SETTINGS: &str = "crates/registry-server/tests/schemathesis";
/// How long it looks for faults.
const SECONDS: &str = "60";
/// No limit is to come between schemathesis and the calls.
const FLAGS: [&str; 8] =
    ["--listen", "127.0.0.1:0", "--rate-limits", "off", "--max-rooms", "1000000", "--log-level", "warn"];

/// Tests a server that was started for it.
pub fn run() -> Report {
    let mut server = SERVER.at(build_server(Quality::Dev)?);
    let (_server, address) = Running::listening(server.args(FLAGS))?;
    let mut schemathesis = PYTHON.at(python::schemathesis()?);
    schemathesis
        .args(["-m", "schemathesis.cli", "run", &format!("{address}/openapi.json"), "--max-time", SECONDS])
        .current_dir(workspace().root.join(SETTINGS))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("HYPOTHESIS_STORAGE_DIRECTORY", workspace().target.join("hypothesis"));
    counted(&mut schemathesis, Counts::from_schemathesis)
}
