//! Where things are: the checkout, its build folders, and the cache that outlives the checkout.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::say;

/// The folders that the commands work in.
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

impl Workspace {
    /// Finds the folders from the environment that cargo gives to `cargo xtask`.
    pub fn locate() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?.to_path_buf();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Ok(Self {
            wasm_target: target.join("wasm"),
            dist: root.join("dist"),
            cache: cache_root(|name| env::var_os(name).map(PathBuf::from))?,
            target,
            root,
        })
    }

    /// The text of a file of the checkout.
    pub fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| format!("cannot read {path}"))
    }

    /// The version of a package in `Cargo.lock`.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        locked_version(&self.read("Cargo.lock")?, package)
            .with_context(|| format!("Cargo.lock holds no package {package}; run `cargo check` once"))
    }

    /// Makes `cache/name` by calling `install` with a scratch folder that is renamed once it is complete, so that an
    /// interrupted installation never passes for a finished one. Two processes do not install the same thing at once.
    pub fn cached(&self, name: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let finished = self.cache.join(name);
        if finished.is_dir() {
            return Ok(finished);
        }
        let _lock = self.lock(name)?;
        if finished.is_dir() {
            return Ok(finished);
        }
        let scratch = self.cache.join(format!("{name}.partial"));
        remove_dir(&scratch)?;
        fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
        install(&scratch)?;
        fs::rename(&scratch, &finished).with_context(|| format!("cannot create {}", finished.display()))?;
        Ok(finished)
    }

    /// Makes sure that tools can be kept.
    pub fn check_cache(&self) -> Result<()> {
        let hint = "set XDG_CACHE_HOME to a folder you may write to";
        fs::create_dir_all(self.cache.join("locks"))
            .with_context(|| format!("cannot create {}; {hint}", self.cache.display()))
    }

    /// Holds the named lock until the returned file is dropped.
    pub fn lock(&self, name: &str) -> Result<File> {
        self.check_cache()?;
        let folder = self.cache.join("locks");
        let file = File::create(folder.join(name)).with_context(|| format!("cannot create the lock {name}"))?;
        if file.try_lock().is_err() {
            say(&format!("waiting for another xtask that is installing {name} …"));
            file.lock().with_context(|| format!("cannot take the lock {name}"))?;
        }
        Ok(file)
    }
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

fn cache_root(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let set = |name: &str| variable(name).filter(|path| path.is_absolute());
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .or_else(|| set("LOCALAPPDATA"))
        .map(|cache| cache.join("registry-harness"))
        .context("no folder for the tools: set XDG_CACHE_HOME (or HOME) to a folder you may write to")
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    Some(lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";

    #[test]
    fn the_exact_package_is_looked_up_in_the_lock_file() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-futures").as_deref(), Some("0.4.80"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }

    #[test]
    fn the_cache_follows_the_xdg_rules() {
        let environment = |set: &'static [(&str, &str)]| {
            move |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value))
        };
        let both = environment(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]);
        assert_eq!(cache_root(both).unwrap(), Path::new("/c/registry-harness"));
        let relative = environment(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]);
        assert_eq!(cache_root(relative).unwrap(), Path::new("/h/.cache/registry-harness"));
        assert!(cache_root(environment(&[])).is_err());
    }
}
