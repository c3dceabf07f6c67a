//! `cargo xtask fuzz`: libFuzzer looks for what breaks the Registry.
//!
//! It needs no more than the stable compiler and a C++ one: the targets hold no unsafe code, so there is nothing for a
//! sanitizer to find.

use std::fs;
use std::num::NonZeroU64;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::process::say;
use crate::programs::{CARGO_FUZZ, CC, CXX};
use crate::workspace::workspace;

/// Looks for new inputs, so many minutes for each of the named targets, or for all if there is no name. Without minutes, those
/// of the inputs found that reach something new are put into the repository.
pub fn run(minutes: Option<NonZeroU64>, names: &[String]) -> Result<ExitCode> {
    CC.set_up()?;
    CXX.set_up()?;
    let all = targets()?;
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        bail!("no target {unknown}; there are {}", all.join(", "));
    }
    for target in all.iter().filter(|target| names.is_empty() || names.contains(target)) {
        let found = workspace().target.join("fuzz-corpus").join(target);
        let kept = workspace().root.join("fuzz/corpus").join(target);
        fs::create_dir_all(&found)?;
        let mut cargo = CARGO_FUZZ.installed()?;
        cargo.args(["fuzz", "run", "--sanitizer", "none", "--target-dir"]).arg(&workspace().target);
        cargo.arg(target).current_dir(&workspace().root);
        match minutes {
            Some(minutes) => {
                say(&format!("{target}: {minutes} min"));
                let limit = format!("-max_total_time={}", minutes.get() * 60);
                cargo.arg(&found).arg(&kept).args(["--", &limit, "-print_final_stats=1"]);
            }
            // Counters would keep ten times as many, for how often each place is reached.
            None => {
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
fn targets() -> Result<Vec<String>> {
    let folder = workspace().root.join("fuzz/corpus");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into()).collect();
    names.sort();
    Ok(names)
}
