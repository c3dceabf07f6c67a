//! Programs from the crate registry: taken from `PATH`, or else installed into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use semver::Version;

use crate::process::{output, say, step};
use crate::programs::{BINSTALL, CARGO, Program, Wanted};
use crate::workspace::{cached, locked_version, workspace};

/// The path of the program. The package is installed if there is no accepted version.
pub fn program(program: &Program, package: &str, wanted: Wanted, flags: &[&str]) -> Result<PathBuf> {
    if let Some(chosen) = program.chosen() {
        return Ok(chosen);
    }
    let version = match wanted {
        Wanted::OfLibrary(library) => locked_version(library)?,
        Wanted::AtLeast(version) | Wanted::OrAny(version) => version.to_owned(),
    };
    let version = Version::parse(&version)?;
    let is_accepted = |path: &PathBuf| {
        let Ok(line) = output(program.at(path).arg("--version")) else { return false };
        let found = line.split_whitespace().find_map(|word| Version::parse(word).ok());
        match wanted {
            Wanted::OfLibrary(_) => found.as_ref() == Some(&version),
            Wanted::AtLeast(_) => found.is_some_and(|found| found >= version),
            Wanted::OrAny(_) => true,
        }
    };
    if let Some(found) = program.found().find(is_accepted) {
        return Ok(found);
    }
    let folder = cached(&format!("{package}-{version}"), |folder| {
        let ready_made = BINSTALL.find().is_some() && download(package, &version, folder).is_ok();
        if ready_made { Ok(()) } else { build(package, &version, flags, folder) }
    })?;
    Ok(folder.join("bin").join(program.file_name()))
}

fn download(package: &str, version: &Version, folder: &Path) -> Result<()> {
    let mut binstall = BINSTALL.command();
    binstall.args(["--no-confirm", "--disable-telemetry", "--disable-strategies", "compile", "--root"]).arg(folder);
    binstall.arg(format!("{package}@{version}"));
    let done = step(&format!("downloading {package} {version}"), &mut binstall);
    done.inspect_err(|error| say(&format!("{error:#}")))
}

/// Builds the programs without optimisation, which takes a third of the time; they only run for moments.
fn build(package: &str, version: &Version, flags: &[&str], folder: &Path) -> Result<()> {
    // Each build uses all processors.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let cache = &workspace().cache;
    let build = cache.join(format!("build-{package}-{version}"));
    let mut cargo = CARGO.command();
    cargo.args(["install", package, "--version", &version.to_string()]).args(flags).arg("--root").arg(folder);
    cargo.env("CARGO_TARGET_DIR", &build).current_dir(cache);
    for (key, value) in [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0"), ("STRIP", "true")]
    {
        cargo.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
    }
    step(&format!("building {package} {version} (some minutes, once)"), &mut cargo)
        .with_context(|| format!("{package} could not be built; is the crate registry reachable?"))?;
    fs::remove_dir_all(build).with_context(|| format!("cannot remove the build folder of {package}"))
}
