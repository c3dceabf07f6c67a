//! `cargo xtask fuzz`: fuzzing the Registry with libFuzzer.
//!
//! The stable compiler and a C++ compiler are enough: the targets have no unsafe code, so sanitizers would find nothing.

use std::fs;
use std::num::NonZeroU64;
use std::process::ExitCode;

use anyhow::{Result, bail};
use walkdir::WalkDir;

use crate::process::say;
use crate::programs::{CARGO_FUZZ, CC, CXX};
use crate::workspace::workspace;

/// Fuzzes the named targets, or all, for that many minutes each. Without `minutes`, copies the inputs found so far that reach
/// new code into the repository.
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
            // Counting how often code is reached would keep ten times as many.
            None => {
                cargo.arg(&kept).arg(&found).args(["--", "-set_cover_merge=1", "-use_counters=0"]);
            }
        }
        if !cargo.status()?.success() {
            say(&format!("{target} failed; the output above has the input and how to run it again"));
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Each target has a folder with inputs.
fn targets() -> Result<Vec<String>> {
    let folders = WalkDir::new(workspace().root.join("fuzz/corpus")).min_depth(1).max_depth(1).sort_by_file_name();
    folders.into_iter().map(|folder| Ok(folder?.file_name().to_string_lossy().into_owned())).collect()
}
