//! Programs from PyPI, in an environment of their own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::debian;
use crate::process::{output, quietly};
use crate::programs::PYTHON;
use crate::setup::Once;
use crate::workspace::{cached, fingerprint, read, workspace};

/// What is to be installed, with versions.
const REQUIREMENTS: &str = "crates/registry-server/tests/schemathesis/requirements.txt";
const HINT: &str = "install Python 3.10 or newer with its modules venv and pip (python.org)";

/// Installs schemathesis if it is missing.
pub fn set_up() -> Result<()> {
    schemathesis().map(drop)
}

/// A Python that knows schemathesis.
pub fn schemathesis() -> Result<&'static Path> {
    static PYTHON: Once<PathBuf> = Once::new();
    let set_up = || {
        let name = format!("schemathesis-{}", fingerprint(read(REQUIREMENTS)?));
        let folder = cached(&name, |scratch| install(&workspace().root.join(REQUIREMENTS), scratch))?;
        Ok(python_in(&folder))
    };
    PYTHON.get(set_up).map(PathBuf::as_path)
}

/// The environment is moved when it is complete. That its Python bears, unlike the programs beside it.
fn install(requirements: &Path, folder: &Path) -> Result<()> {
    let mut venv = PYTHON.at(system_python()?);
    quietly("making a Python environment", venv.args(["-m", "venv"]).arg(folder)).context(HINT)?;
    let mut pip = PYTHON.at(python_in(folder));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--requirement"]).arg(requirements);
    quietly("installing schemathesis", &mut pip).context("pip could not install it; is its package index reachable?")
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// A Python that can make environments. Debian has that in a package of its own.
fn system_python() -> Result<PathBuf> {
    if let Some(python) = complete_python() {
        return Ok(python);
    }
    debian::install(&["python3-venv"]).context(HINT)?;
    complete_python().with_context(|| format!("there is no Python that can make environments; {HINT}"))
}

fn complete_python() -> Option<PathBuf> {
    let complete = |python: &PathBuf| output(PYTHON.at(python).args(["-c", "import ensurepip, venv"])).is_ok();
    PYTHON.found().find(complete)
}
