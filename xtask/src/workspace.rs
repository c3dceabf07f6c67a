//! The folders of the checkout, and the cache of tools outside it.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use toml::Value;
use walkdir::WalkDir;

use crate::process::say;
use crate::programs::CARGO;

/// The folders that the commands use.
#[derive(Debug)]
pub struct Workspace {
    /// The checkout.
    pub root: PathBuf,
    /// Native build artifacts.
    pub target: PathBuf,
    /// WebAssembly build artifacts, in a separate folder since the compiler may be a different one.
    pub wasm_target: PathBuf,
    /// The finished page.
    pub dist: PathBuf,
    /// Installed tools, each in a folder named after its version.
    pub cache: PathBuf,
}

/// The folders of this checkout, according to the environment that cargo gives to `cargo xtask`.
pub fn workspace() -> &'static Workspace {
    static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().unwrap_or(Path::new(".")).to_path_buf();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Workspace {
            wasm_target: target.join("wasm"),
            dist: root.join("dist"),
            cache: dirs::cache_dir().unwrap_or_else(|| target.clone()).join("registry-harness"),
            target,
            root,
        }
    });
    &WORKSPACE
}

/// A command of cargo for this checkout.
pub fn cargo(subcommand: &str) -> Command {
    let mut cargo = CARGO.command();
    cargo.arg(subcommand).current_dir(&workspace().root);
    cargo
}

/// The text of a file of the checkout.
pub fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace().root.join(path)).with_context(|| format!("cannot read {path}"))
}

/// The content of a TOML file of the checkout.
pub fn read_toml<T: DeserializeOwned>(path: &str) -> Result<T> {
    toml::from_str(&read(path)?).with_context(|| format!("cannot make sense of {path}"))
}

/// When any of these files and folders of the checkout last changed.
pub fn last_change(paths: &[&str]) -> Option<SystemTime> {
    let files = paths.iter().flat_map(|path| WalkDir::new(workspace().root.join(path))).flatten();
    files.filter_map(|file| file.metadata().ok()?.modified().ok()).max()
}

/// The version of a package in `Cargo.lock`.
pub fn locked_version(package: &str) -> Result<String> {
    let lock: toml::Table = read_toml("Cargo.lock")?;
    let mut packages = lock.get("package").and_then(Value::as_array).into_iter().flatten();
    let of = |package: &Value, key| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let found = packages.find(|locked| of(locked, "name").as_deref() == Some(package));
    found.and_then(|locked| of(locked, "version")).with_context(|| format!("Cargo.lock has no package {package}"))
}

/// The folder `name` of the cache. If it is missing, `install` is called with a scratch folder, which is renamed when it is
/// complete, so that an interrupted installation leaves no folder. Only one process installs it.
pub fn cached(name: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    cached_in(&workspace().cache, name, install)
}

fn cached_in(cache: &Path, name: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let finished = cache.join(name);
    if finished.is_dir() {
        return Ok(finished);
    }
    let _lock = lock_in(cache, name)?;
    if finished.is_dir() {
        return Ok(finished);
    }
    let scratch = cache.join(format!("{name}.partial"));
    remove_dir(&scratch)?;
    fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    install(&scratch)?;
    fs::rename(&scratch, &finished).with_context(|| format!("cannot create {}", finished.display()))?;
    Ok(finished)
}

/// Takes a lock of this checkout, which is held until the returned file is dropped.
pub fn lock(name: &str) -> Result<File> {
    lock_in(&workspace().target, name)
}

fn lock_in(folder: &Path, name: &str) -> Result<File> {
    let folder = folder.join("locks");
    let hint = || format!("cannot write to {}; for another cache, set XDG_CACHE_HOME", folder.display());
    fs::create_dir_all(&folder).with_context(hint)?;
    let file = File::create(folder.join(name)).with_context(hint)?;
    if file.try_lock().is_err() {
        say(&format!("waiting for another xtask: {name} …"));
        file.lock().with_context(|| format!("cannot take the lock {name}"))?;
    }
    Ok(file)
}

/// Removes a folder if it exists.
pub fn remove_dir(path: &Path) -> Result<()> {
    let removed = if path.exists() { fs::remove_dir_all(path) } else { Ok(()) };
    removed.with_context(|| format!("cannot remove {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_has_the_versions_of_packages() {
        assert_eq!(locked_version("xtask").unwrap(), env!("CARGO_PKG_VERSION"));
        assert!(locked_version("no-such-package").is_err());
    }

    #[test]
    fn an_interrupted_installation_is_repeated() {
        let cache = env::temp_dir().join(format!("xtask-cache-{}", std::process::id()));
        let failed = cached_in(&cache, "tool", |_| anyhow::bail!("interrupted"));
        let installed = cached_in(&cache, "tool", |folder| Ok(fs::write(folder.join("program"), "")?));
        let again = cached_in(&cache, "tool", |_| anyhow::bail!("installed twice"));
        let there = cache.join("tool/program").is_file();
        fs::remove_dir_all(cache).unwrap();
        assert!(failed.is_err() && there);
        assert_eq!(installed.unwrap(), again.unwrap());
    }
}
