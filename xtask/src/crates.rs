//! The crates that are for others too.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::process::{cargo_home, output};
use crate::programs::CARGO;
use crate::workspace::workspace;

/// In the order in which they are published.
const PUBLISHED: [&str; 3] = ["registry-protocol", "registry-core", "registry-client"];

/// The command that does all of publishing them but the upload.
///
/// For a dry run, cargo makes a registry in the target folder, and builds each crate against the earlier ones as found
/// there. It takes a version for something that never changes, and neither unpacks nor compiles it twice. So what is
/// left of earlier runs goes first; else a crate would meet the others as they once were.
///
/// # Errors
/// What is left of earlier runs cannot be removed.
pub fn publish_dry_run() -> Result<Command> {
    let target = workspace().target.join("crates");
    let cargo = |subcommand: &str| {
        let mut cargo = CARGO.command();
        cargo.arg(subcommand).current_dir(&workspace().root).arg("--target-dir").arg(&target);
        cargo.args(PUBLISHED.iter().flat_map(|name| ["--package", name]));
        cargo
    };
    forget_unpacked(&cargo_home())?;
    output(&mut cargo("clean"))?;
    let mut publish = cargo("publish");
    publish.args(["--dry-run", "--allow-dirty"]);
    Ok(publish)
}

/// Removes what cargo unpacked into its home of these crates from registries in folders, whose names begin with no host.
fn forget_unpacked(cargo_home: &Path) -> Result<()> {
    let all = WalkDir::new(cargo_home.join("registry/src")).min_depth(1).max_depth(2).into_iter();
    let local = all.filter_entry(|entry| entry.depth() > 1 || entry.file_name().to_string_lossy().starts_with('-'));
    for folder in local.flatten().filter(|entry| entry.depth() == 2) {
        let name = folder.file_name().to_string_lossy();
        if PUBLISHED.iter().any(|package| is_version_of(&name, package)) {
            fs::remove_dir_all(folder.path()).with_context(|| format!("{name} is out of date"))?;
        }
    }
    Ok(())
}

/// Whether a folder is named as `package` with a version.
fn is_version_of(folder: &str, package: &str) -> bool {
    let version = folder.strip_prefix(package).and_then(|rest| rest.strip_prefix('-'));
    version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_crates_from_a_local_registry_are_forgotten() {
        let home = std::env::temp_dir().join(format!("xtask-crates-{}", std::process::id()));
        let unpacked = |path: &str| {
            let folder = home.join("registry/src").join(path);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("lib.rs"), "").unwrap();
            folder
        };
        let stale = ["-1a2b/registry-protocol-0.1.0", "-3c4d/registry-client-2.0.0-rc.1"].map(unpacked);
        let kept = ["-1a2b/registry-protocol-tools-0.1.0", "-1a2b/serde-1.0.0", "host-5e6f/registry-protocol-0.1.0"];
        let kept = kept.map(unpacked);

        let nothing_there = forget_unpacked(&home.join("never used"));
        let forgotten = forget_unpacked(&home);
        let there = |folder: &std::path::PathBuf| folder.join("lib.rs").exists();
        let (stale, kept) = (stale.each_ref().map(there), kept.each_ref().map(there));
        fs::remove_dir_all(&home).unwrap();

        nothing_there.and(forgotten).unwrap();
        assert_eq!((stale, kept), ([false; 2], [true; 3]));
    }
}
