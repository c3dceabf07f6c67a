//! The crates that are published.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::process::{cargo_home, output};
use crate::workspace::{cargo, workspace};

/// In the order in which they are published.
const PUBLISHED: [&str; 3] = ["registry-protocol", "registry-core", "registry-client"];

/// The command for a dry run of publishing them.
///
/// In a dry run cargo creates a registry in the target folder and builds each crate against the earlier ones from there. It
/// assumes that a version never changes, and neither unpacks nor compiles it twice. So leftovers of earlier runs are removed
/// first; otherwise a crate would be built against old versions of the others.
pub fn publish_dry_run() -> Result<Command> {
    let target = workspace().target.join("crates");
    let cargo = |subcommand| {
        let mut cargo = cargo(subcommand);
        cargo.arg("--target-dir").arg(&target).args(PUBLISHED.iter().flat_map(|name| ["--package", name]));
        cargo
    };
    remove_unpacked(&cargo_home())?;
    output(&mut cargo("clean"))?;
    let mut publish = cargo("publish");
    publish.args(["--dry-run", "--allow-dirty"]);
    Ok(publish)
}

/// Removes these crates from where cargo has unpacked them. The name of the folder of a local registry starts with `-`.
fn remove_unpacked(cargo_home: &Path) -> Result<()> {
    for entry in WalkDir::new(cargo_home.join("registry/src")).min_depth(2).max_depth(2).into_iter().flatten() {
        let registry = entry.path().parent().and_then(Path::file_name).unwrap_or_default();
        let (registry, name) = (registry.to_string_lossy(), entry.file_name().to_string_lossy());
        if registry.starts_with('-') && PUBLISHED.iter().any(|package| is_version_of(&name, package)) {
            fs::remove_dir_all(entry.path()).with_context(|| format!("cannot remove {name}"))?;
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
    fn only_our_crates_from_a_local_registry_are_removed() {
        let home = std::env::temp_dir().join(format!("xtask-crates-{}", std::process::id()));
        let stale = ["-1a2b/registry-protocol-0.1.0", "-3c4d/registry-client-2.0.0-rc.1"];
        let kept = ["-1a2b/registry-protocol-tools-0.1.0", "-1a2b/serde-1.0.0", "host-5e6f/registry-protocol-0.1.0"];
        let folder = |path: &str| home.join("registry/src").join(path);
        stale.iter().chain(&kept).for_each(|path| fs::create_dir_all(folder(path)).unwrap());
        let removed = remove_unpacked(&home.join("never used")).and(remove_unpacked(&home));
        let (stale, kept) = (stale.map(|path| folder(path).exists()), kept.map(|path| folder(path).exists()));
        fs::remove_dir_all(&home).unwrap();
        removed.unwrap();
        assert_eq!((stale, kept), ([false; 2], [true; 3]));
    }
}
