//! Node, and the programs of npm packages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use semver::Version;

use crate::process::{output, quietly};
use crate::programs::{NODE, NPM};
use crate::workspace::{fingerprint, lock, workspace};

/// The oldest Node that the packages work with; keep equal to `engines` in package.json.
const OLDEST: Version = Version::new(20, 19, 0);

/// The program of that name among the packages that a folder of the checkout names.
pub fn program(folder: &str, name: &str) -> Result<PathBuf> {
    Ok(bin(folder)?.join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() }))
}

/// The folder with the programs of the packages that a folder of the checkout names. They are installed if the lock file
/// changed since they were.
pub fn bin(folder: &str) -> Result<PathBuf> {
    check_node()?;
    let folder = workspace().root.join(folder);
    let modules = folder.join("node_modules");
    let lock_file = fs::read(folder.join("package-lock.json")).context("cannot read package-lock.json")?;
    let wanted = fingerprint(lock_file);
    let stamp = modules.join(".xtask-stamp");
    let _lock = lock("npm")?;
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        let mut install = NPM.installed()?;
        install.args(["ci", "--no-audit", "--no-fund", "--loglevel=warn"]).current_dir(&folder);
        quietly("npm ci", &mut install).context("npm could not install the packages; is its registry reachable?")?;
        fs::write(&stamp, wanted).context("cannot write to node_modules")?;
    }
    Ok(modules.join(".bin"))
}

/// Node is the person's to have, so that its absence is no reason to skip anything.
fn check_node() -> Result<()> {
    let hint = || format!("install Node {OLDEST} or newer (nodejs.org)");
    for program in [&NODE, &NPM] {
        if let Err(error) = program.path() {
            bail!("{} is missing; {}. {error:#}", program.name(), hint());
        }
    }
    let version = output(NODE.command().arg("--version"))?;
    match Version::parse(version.trim_start_matches('v')) {
        Ok(found) if found < OLDEST => bail!("Node {version} is too old; {}", hint()),
        _ => Ok(()),
    }
}
