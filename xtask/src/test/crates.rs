//! The crates that are published.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use regex_lite::Regex;
use walkdir::WalkDir;

use crate::process::{cargo_home, output};
use crate::workspace::{cargo, remove_dir, workspace};

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

/// Removes these crates, in any version, from where cargo has unpacked them. The name of the folder of a local registry starts
/// with `-`.
fn remove_unpacked(cargo_home: &Path) -> Result<()> {
    let source = cargo_home.join("registry/src");
    let ours = Regex::new(&format!("^-[^/]*/({})-[0-9][^/]*$", PUBLISHED.join("|")))?;
    for entry in WalkDir::new(&source).min_depth(2).max_depth(2).into_iter().flatten() {
        let name = entry.path().strip_prefix(&source)?.to_string_lossy().replace('\\', "/");
        if ours.is_match(&name) {
            remove_dir(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

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
