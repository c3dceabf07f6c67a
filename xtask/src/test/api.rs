//! Tests the server against its OpenAPI description, with valid and invalid requests from schemathesis, which has a Python
//! environment of its own.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use super::counts::{Report, check};
use crate::page::Quality;
use crate::process::{output, step};
use crate::programs::{PYTHON, SERVER};
use crate::running::Running;
use crate::serve::build_server;
use crate::setup::{debian, once};
use crate::workspace::{cached, read, workspace};

/// The folder with the configuration of schemathesis.
const SETTINGS: &str = "crates/registry-server/tests/schemathesis";
/// The packages to install, with their versions.
const REQUIREMENTS: &str = "crates/registry-server/tests/schemathesis/requirements.txt";
const HINT: &str = "install Python 3.10 or newer with its modules venv and pip (python.org)";
/// How long it tests.
const SECONDS: &str = "60";
/// Flags of the server: no limits.
const FLAGS: [&str; 10] = [
    "--listen",
    "127.0.0.1:0",
    "--rate-limits",
    "off",
    "--max-rooms",
    "1000000",
    "--max-rooms-per-client",
    "1000000",
    "--log-level",
    "warn",
];

/// Starts a server and tests it.
pub fn run() -> Report {
    let mut server = SERVER.at(build_server(Quality::Dev)?);
    let (_server, address) = Running::listening(server.args(FLAGS))?;
    let mut schemathesis = PYTHON.at(schemathesis()?);
    schemathesis.args(["-m", "schemathesis.cli", "run", &format!("{address}/openapi.json"), "--max-time", SECONDS]);
    schemathesis.current_dir(workspace().root.join(SETTINGS)).env("PYTHONDONTWRITEBYTECODE", "1");
    schemathesis.env("HYPOTHESIS_STORAGE_DIRECTORY", workspace().target.join("hypothesis"));
    check(&mut schemathesis)
}

/// A Python that has schemathesis, which is installed if it is missing.
pub fn schemathesis() -> Result<&'static Path> {
    static INSTALLED: OnceLock<Result<PathBuf>> = OnceLock::new();
    let set_up = || {
        let name = read(REQUIREMENTS)?.split_whitespace().collect::<Vec<_>>().join("-");
        let folder = cached(&name, |scratch| install(&workspace().root.join(REQUIREMENTS), scratch))?;
        Ok(python_in(&folder))
    };
    once(&INSTALLED, set_up).map(PathBuf::as_path)
}

/// The environment is moved when it is complete. Its Python still works then, though the scripts beside it do not.
fn install(requirements: &Path, folder: &Path) -> Result<()> {
    let mut venv = PYTHON.at(system_python()?);
    step("creating a Python environment", venv.args(["-m", "venv"]).arg(folder)).context(HINT)?;
    let mut pip = PYTHON.at(python_in(folder));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--requirement"]).arg(requirements);
    step("installing schemathesis", &mut pip).context("pip could not install it; is its package index reachable?")
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// A Python that can create environments; Debian has a package for that.
fn system_python() -> Result<PathBuf> {
    if complete_python().is_none() {
        debian::install(&["python3-venv"]).context(HINT)?;
    }
    complete_python().with_context(|| format!("there is no Python that can create environments; {HINT}"))
}

fn complete_python() -> Option<PathBuf> {
    let complete = |python: &PathBuf| output(PYTHON.at(python).args(["-c", "import ensurepip, venv"])).is_ok();
    PYTHON.found().find(complete)
}
