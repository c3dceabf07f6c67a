//! Where things are: the checkout, its build folders, and the cache that outlives the checkout.

use std::env;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::process::say;

/// The folders that the commands work in.
#[derive(Debug)]
pub struct Workspace {
    /// The checkout.
    pub root: PathBuf,
    /// Native build artifacts.
    pub target: PathBuf,
    /// WebAssembly build artifacts: a folder of their own, since their compiler may be another one.
    pub wasm_target: PathBuf,
    /// The finished page.
    pub dist: PathBuf,
    /// Installed tools, each in a folder named after its version.
    pub cache: PathBuf,
}

/// The folders of this checkout.
pub fn workspace() -> &'static Workspace {
    static WORKSPACE: LazyLock<Workspace> = LazyLock::new(Workspace::locate);
    &WORKSPACE
}

impl Workspace {
    /// Finds the folders from the environment that cargo gives to `cargo xtask`.
    fn locate() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().unwrap_or(Path::new(".")).to_path_buf();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Self {
            wasm_target: target.join("wasm"),
            dist: root.join("dist"),
            cache: dirs::cache_dir().unwrap_or_else(|| target.clone()).join("registry-harness"),
            target,
            root,
        }
    }
}

/// The text of a file of the checkout.
pub fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace().root.join(path)).with_context(|| format!("cannot read {path}"))
}

/// The content of a TOML file of the checkout.
pub fn read_toml<T: DeserializeOwned>(path: &str) -> Result<T> {
    toml::from_str(&read(path)?).with_context(|| format!("cannot make sense of {path}"))
}

/// The version of a package in `Cargo.lock`.
pub fn locked_version(package: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        version: String,
    }
    let lock: Lock = read_toml("Cargo.lock")?;
    let found = lock.package.into_iter().find(|locked| locked.name == package);
    found.map(|locked| locked.version).with_context(|| format!("Cargo.lock holds no package {package}"))
}

/// Makes the folder `name` of the cache by calling `install` with a scratch folder that is renamed once it is complete, so
/// that an interrupted installation never passes for a finished one. Two processes do not install the same thing at once.
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

/// Keeps other commands in this checkout from making the named thing until the returned file is dropped.
pub fn lock(name: &str) -> Result<File> {
    lock_in(&workspace().target, name)
}

fn lock_in(folder: &Path, name: &str) -> Result<File> {
    let folder = folder.join("locks");
    let hint = || format!("cannot write to {}; for another cache, set XDG_CACHE_HOME", folder.display());
    fs::create_dir_all(&folder).with_context(hint)?;
    let file = File::create(folder.join(name)).with_context(hint)?;
    if file.try_lock().is_err() {
        say(&format!("waiting for another xtask that is making {name} …"));
        file.lock().with_context(|| format!("cannot take the lock {name}"))?;
    }
    Ok(file)
}

/// Removes a folder; that it is not there is fine.
pub fn remove_dir(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// A name for something that depends on `content`: 16 hexadecimal digits. Nothing secret depends on it.
pub fn fingerprint(content: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
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
    fn an_interrupted_installation_is_none() {
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
