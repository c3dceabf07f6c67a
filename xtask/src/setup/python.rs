//! schemathesis, in a Python environment of its own.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use super::debian;
use super::once::once;
use crate::process::{output, step};
use crate::programs::PYTHON;
use crate::workspace::{cached, read, workspace};

/// The packages to install, with their versions.
const REQUIREMENTS: &str = "crates/registry-server/tests/schemathesis/requirements.txt";
const HINT: &str = "install Python 3.10 or newer with its modules venv and pip (python.org)";

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
