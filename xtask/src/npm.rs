//! Node, and the npm packages of a `package-lock.json`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use semver::Version;

use crate::debian;
use crate::process::{output, quietly};
use crate::programs::{NODE, NPM, Program};
use crate::workspace::{Workspace, fingerprint};

/// The oldest Node that the packages work with; keep equal to `engines` in package.json.
const OLDEST: Version = Version::new(20, 19, 0);

/// The packages, with Node.
#[derive(Debug)]
pub struct Npm {
    node: PathBuf,
    modules: PathBuf,
}

impl Npm {
    /// Installs the packages that a folder of the checkout names, if its lock file changed since they were installed.
    pub fn set_up(workspace: &Workspace, folder: &str) -> Result<Self> {
        let node = node()?;
        let folder = workspace.root.join(folder);
        let modules = folder.join("node_modules");
        let lock_file = fs::read(folder.join("package-lock.json")).context("cannot read package-lock.json")?;
        let wanted = fingerprint(lock_file);
        let stamp = modules.join(".xtask-stamp");
        let _lock = workspace.lock("npm")?;
        if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            let mut install = NPM.at(NPM.path()?);
            install.args(["ci", "--no-audit", "--no-fund", "--loglevel=warn"]).current_dir(&folder);
            quietly("npm ci", &mut install)
                .context("npm could not install the packages; is its registry reachable?")?;
            fs::write(&stamp, wanted).context("cannot write to node_modules")?;
        }
        Ok(Self { node, modules })
    }

    /// The folder with the packages' programs.
    pub fn bin(&self) -> PathBuf {
        self.modules.join(".bin")
    }

    /// A command for a program of an npm package.
    pub fn program(&self, program: &Program) -> Command {
        let name = program.name();
        program.at(self.bin().join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() }))
    }

    /// A command for Node itself.
    pub fn node(&self) -> Command {
        NODE.at(&self.node)
    }
}

fn node() -> Result<PathBuf> {
    // Node is the person's to have, so that its absence is no reason to skip anything.
    if let Err(error) = debian::have(&[&NODE, &NPM]) {
        bail!("Node or npm is missing; install Node {OLDEST} or newer (nodejs.org). {error:#}");
    }
    let node = NODE.path()?;
    let version = output(NODE.at(&node).arg("--version"))?;
    if Version::parse(version.trim_start_matches('v')).is_ok_and(|found| found < OLDEST) {
        bail!("Node {version} is too old; install Node {OLDEST} or newer (nodejs.org)");
    }
    Ok(node)
}
