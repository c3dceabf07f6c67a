//! Node, and the programs of npm packages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use semver::Version;

use super::debian;
use crate::process::{output, step};
use crate::programs::{NODE, NPM};
use crate::workspace::{lock, workspace};

/// The oldest Node that the packages work with; keep equal to `engines` in package.json.
const OLDEST: Version = Version::new(20, 19, 0);

/// The program of that name from the npm packages of a folder of the checkout.
pub fn program(folder: &str, name: &str) -> Result<PathBuf> {
    Ok(bin(folder)?.join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() }))
}

/// The folder with the programs of the npm packages of a folder of the checkout. The packages are installed if its
/// `package-lock.json` has changed.
pub fn bin(folder: &str) -> Result<PathBuf> {
    check_node()?;
    let folder = workspace().root.join(folder);
    let modules = folder.join("node_modules");
    let lock_file = fs::read(folder.join("package-lock.json")).context("cannot read package-lock.json")?;
    let installed = modules.join(".xtask-lock.json");
    let _lock = lock("npm")?;
    if !fs::read(&installed).is_ok_and(|installed| installed == lock_file) {
        let mut install = NPM.at(debian::path(&NPM)?);
        install.args(["ci", "--no-audit", "--no-fund", "--loglevel=warn"]).current_dir(&folder);
        step("npm ci", &mut install).context("npm could not install the packages; is its registry reachable?")?;
        fs::write(&installed, lock_file).context("cannot write to node_modules")?;
    }
    Ok(modules.join(".bin"))
}

/// Checks Node and npm. They are a prerequisite, so if they are missing, nothing is skipped, but fails.
fn check_node() -> Result<()> {
    let hint = || format!("install Node {OLDEST} or newer (nodejs.org)");
    for program in [&NODE, &NPM] {
        if let Err(error) = debian::path(program) {
            bail!("{} is missing; {}. {error:#}", program.name(), hint());
        }
    }
    let version = output(NODE.command().arg("--version"))?;
    match Version::parse(version.trim_start_matches('v')) {
        Ok(found) if found < OLDEST => bail!("Node {version} is too old; {}", hint()),
        _ => Ok(()),
    }
}
