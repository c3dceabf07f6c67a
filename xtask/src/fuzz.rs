//! `cargo xtask fuzz`: libFuzzer looks for what breaks the Registry.
//!
//! It needs no more than the stable compiler and a C++ one: the targets hold no unsafe code, so there is nothing for a
//! sanitizer to find.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::process::{output, quietly, say};
use crate::programs::{CARGO, CARGO_FUZZ, CC, CXX};
use crate::workspace::Workspace;

/// The version of cargo-fuzz that is installed where there is none.
const VERSION: &str = "0.13.2";

/// How long to look if nobody says how long.
pub const MINUTES: NonZeroU64 = NonZeroU64::new(10).unwrap();

/// What to do.
pub enum Task {
    /// Look for new inputs, so many minutes for each target.
    Look { minutes: NonZeroU64 },
    /// Put those of the inputs found that reach something new into the repository.
    Keep,
}

/// Does it for the named targets, or for all if there is no name.
pub fn run(workspace: &Workspace, task: &Task, names: &[String]) -> Result<ExitCode> {
    debian::have(&[&CC, &CXX])?;
    let program = cargo_fuzz(workspace)?;
    let all = targets(workspace)?;
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        bail!("no target {unknown}; there are {}", all.join(", "));
    }
    for target in all.iter().filter(|target| names.is_empty() || names.contains(target)) {
        let found = workspace.target.join("fuzz-corpus").join(target);
        let kept = workspace.root.join("fuzz/corpus").join(target);
        fs::create_dir_all(&found)?;
        let mut cargo = CARGO_FUZZ.at(&program);
        cargo.args(["fuzz", "run", "--sanitizer", "none", "--target-dir"]).arg(&workspace.target);
        cargo.arg(target).current_dir(&workspace.root);
        match task {
            Task::Look { minutes } => {
                say(&format!("{target}: {minutes} min"));
                let limit = format!("-max_total_time={}", minutes.get() * 60);
                cargo.arg(&found).arg(&kept).args(["--", &limit, "-print_final_stats=1"]);
            }
            // Counters would keep ten times as many, for how often each place is reached.
            Task::Keep => {
                cargo.arg(&kept).arg(&found).args(["--", "-set_cover_merge=1", "-use_counters=0"]);
            }
        }
        if !cargo.status()?.success() {
            say(&format!("{target} failed; what is above says with which input and how to try it again"));
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A target has a folder with what is kept for it.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root.join("fuzz/corpus");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into()).collect();
    names.sort();
    Ok(names)
}

fn cargo_fuzz(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(found) = CARGO_FUZZ.find().filter(|found| output(CARGO_FUZZ.at(found).arg("--version")).is_ok()) {
        return Ok(found);
    }
    let name = format!("cargo-fuzz-{VERSION}");
    let folder = workspace.cached(&name, |folder| {
        let mut cargo = CARGO.command();
        cargo.args(["install", "cargo-fuzz", "--version", VERSION, "--root"]).arg(folder);
        cargo.env("CARGO_TARGET_DIR", folder.join("build")).current_dir(&workspace.cache);
        quietly(&format!("building cargo-fuzz {VERSION} (a minute, once)"), &mut cargo)
            .context("cargo-fuzz could not be built; is the crate registry reachable?")?;
        fs::remove_dir_all(folder.join("build")).context("cannot remove the build folder of cargo-fuzz")
    })?;
    Ok(folder.join("bin").join(format!("cargo-fuzz{}", env::consts::EXE_SUFFIX)))
}
