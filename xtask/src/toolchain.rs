//! A compiler that can make WebAssembly.
//!
//! The usual one is rustup's with the target added. Where rustup cannot or may not download, Debian's own compiler
//! takes its place, with a standard library built once from Debian's source and kept in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::hash;
use crate::process::{command, output, quietly, say, which};
use crate::workspace::Workspace;

/// The target triple of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"];
/// The oldest compiler that builds the workspace; keep equal to `rust-version`.
const OLDEST: (u32, u32) = (1, 91);

/// How WebAssembly is built on this machine.
pub enum Toolchain {
    /// The compiler in `PATH` knows the target.
    Path,
    /// Debian's compiler, with the standard library in this sysroot.
    Debian {
        /// The folder that holds `lib/rustlib/wasm32-unknown-unknown`.
        sysroot: PathBuf,
    },
}

/// What is known about the machine before anything is installed.
#[derive(Clone, Copy, Debug, Default)]
struct Machine {
    target_present: bool,
    debian_ready: bool,
    sysroot_cached: bool,
    rustup: bool,
    rustup_may_install: bool,
    apt: bool,
}

/// A way to a toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Present,
    Rustup,
    Debian,
}

impl Toolchain {
    /// Finds a toolchain for the target, or installs one, and says which way it took.
    pub fn set_up(workspace: &Workspace) -> Result<Self> {
        let mut troubles = Vec::new();
        for way in ways(Machine::look(workspace)) {
            match Self::by(way, workspace) {
                Ok(toolchain) => return Ok(toolchain),
                Err(error) => {
                    say(&format!("wasm toolchain: {}", first_line(&error)));
                    troubles.push(format!("{error:#}"));
                }
            }
        }
        bail!(
            "no compiler for {TARGET}. Install one of:\n  \
             - rustup (rustup.rs), then: rustup target add {TARGET}\n  \
             - on Debian, as root: apt-get install {} and the lld that /usr/bin/rust-lld points to\n\
             What was tried:\n  {}",
            DEBIAN_PACKAGES.join(" "),
            troubles.join("\n  ")
        )
    }

    fn by(way: Way, workspace: &Workspace) -> Result<Self> {
        match way {
            Way::Present => {
                say("wasm toolchain: the compiler in PATH has the target");
                Ok(Self::Path)
            }
            Way::Rustup => {
                quietly("rustup target add", command("rustup").args(["target", "add", TARGET]))?;
                say("wasm toolchain: rustup added the target");
                Ok(Self::Path)
            }
            Way::Debian => {
                install_debian()?;
                let sysroot = sysroot(workspace)?;
                say(&format!("wasm toolchain: Debian's {} with its own sysroot", version(DEBIAN_RUSTC)?));
                Ok(Self::Debian { sysroot })
            }
        }
    }

    /// A cargo command for the target, such as `build` or `clippy`, in the folder for WebAssembly artifacts.
    pub fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Command {
        let mut cargo = match self {
            Self::Path => command("cargo"),
            Self::Debian { .. } => debian_cargo(subcommand),
        };
        cargo.arg(subcommand).args(["--target", TARGET]).current_dir(&workspace.root);
        cargo.env("CARGO_TARGET_DIR", &workspace.wasm_target);
        if let Self::Debian { sysroot } = self {
            let flags = format!("[\"--sysroot\", {:?}]", sysroot.to_string_lossy());
            for key in ["rustflags", "rustdocflags"] {
                cargo.args(["--config", &format!("target.{TARGET}.{key}={flags}")]);
            }
        }
        cargo
    }
}

impl Machine {
    fn look(workspace: &Workspace) -> Self {
        let debian_ready = Path::new(DEBIAN_RUSTC).exists() && debian_lld().is_none();
        Self {
            target_present: target_present("rustc"),
            debian_ready,
            sysroot_cached: debian_ready && sysroot_name().is_ok_and(|name| workspace.cache.join(name).is_dir()),
            rustup: which("rustup").is_some(),
            rustup_may_install: env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0"),
            apt: debian::has_apt(),
        }
    }
}

/// The ways to try, best first. `RUSTUP_AUTO_INSTALL=0` says that rustup must not download on its own, so it is left alone.
fn ways(machine: Machine) -> Vec<Way> {
    if machine.target_present {
        return vec![Way::Present];
    }
    if machine.sysroot_cached {
        return vec![Way::Debian];
    }
    let rustup = machine.rustup && machine.rustup_may_install;
    let debian = machine.apt || machine.debian_ready;
    [(rustup, Way::Rustup), (debian, Way::Debian)].into_iter().filter_map(|(can, way)| can.then_some(way)).collect()
}

fn target_present(rustc: &str) -> bool {
    let folder = output(command(rustc).args(["--print", "target-libdir", "--target", TARGET]));
    let files = folder.ok().and_then(|folder| fs::read_dir(folder).ok());
    files.is_some_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

fn version(rustc: &str) -> Result<String> {
    output(command(rustc).arg("--version"))
}

fn install_debian() -> Result<()> {
    let tools = [DEBIAN_RUSTC, "/usr/bin/cargo", "/usr/bin/cargo-clippy", "/usr/lib/rustlib/src/rust"];
    if !tools.iter().all(|tool| Path::new(tool).exists()) {
        debian::install(&DEBIAN_PACKAGES)?;
    }
    if let Some(lld) = debian_lld() {
        debian::install(&[&lld])?;
    }
    let version = version(DEBIAN_RUSTC)?;
    match parse_version(&version) {
        Some(found) if found >= OLDEST => Ok(()),
        _ => bail!("{DEBIAN_RUSTC} is {version}; {}.{} or newer is needed", OLDEST.0, OLDEST.1),
    }
}

/// The package with the linker that Debian's compiler calls, if it is missing.
fn debian_lld() -> Option<String> {
    let link = Path::new("/usr/bin/rust-lld");
    if link.exists() {
        return None;
    }
    let target = fs::read_link(link).unwrap_or_else(|_| "lld".into());
    Some(target.file_name()?.to_string_lossy().into_owned())
}

/// Debian's cargo with Debian's compiler, out of reach of rustup's proxies and of flags meant for another compiler.
fn debian_cargo(subcommand: &str) -> Command {
    let program = if subcommand == "clippy" { "/usr/bin/cargo-clippy" } else { "/usr/bin/cargo" };
    let mut cargo = command(program);
    let path = env::var("PATH").unwrap_or_default();
    cargo.env("PATH", format!("/usr/bin:/bin:{path}"));
    cargo.env("CARGO", "/usr/bin/cargo").env("RUSTC", DEBIAN_RUSTC).env("RUSTDOC", "/usr/bin/rustdoc");
    for name in ["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
        cargo.env_remove(name);
    }
    cargo
}

/// The standard library for the target, built from Debian's source.
fn sysroot(workspace: &Workspace) -> Result<PathBuf> {
    workspace.cached(&sysroot_name()?, build_sysroot)
}

/// A sysroot fits exactly one compiler, hence its name.
fn sysroot_name() -> Result<String> {
    let identity = output(command(DEBIAN_RUSTC).arg("-vV"))?;
    Ok(format!("sysroot-{}", hash::hex(identity.as_bytes())))
}

/// Builds a crate of nothing with `-Zbuild-std` and keeps the libraries that it made on the way.
fn build_sysroot(folder: &Path) -> Result<()> {
    let seed = folder.join("seed");
    fs::create_dir_all(seed.join("src"))?;
    fs::write(seed.join("Cargo.toml"), SEED_MANIFEST)?;
    fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = debian_cargo("build");
    cargo
        .args(["build", "--release", "--target", TARGET])
        .args(["-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test"])
        .args(["-Zbuild-std-features=panic-unwind,backtrace,optimize_for_size"])
        .args(["--config", &format!("target.{TARGET}.rustflags=[\"-Cembed-bitcode=yes\"]")])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", seed.join("target"))
        .current_dir(&seed);
    quietly("building the standard library for wasm (about a minute, once)", &mut cargo)?;

    let libraries = folder.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    let built = seed.join("target").join(TARGET).join("release/deps");
    for file in fs::read_dir(&built).with_context(|| format!("no libraries in {}", built.display()))?.flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libsysroot_seed") {
            fs::copy(file.path(), libraries.join(&name))?;
        }
    }
    fs::remove_dir_all(seed)?;
    Ok(())
}

const SEED_MANIFEST: &str = r#"[package]
name = "sysroot-seed"
version = "0.0.0"
edition = "2024"

[profile.release]
opt-level = "z"
codegen-units = 1

[workspace]
"#;

fn parse_version(line: &str) -> Option<(u32, u32)> {
    let mut parts = line.split_whitespace().nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn first_line(error: &anyhow::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_present_target_needs_no_other_way() {
        let machine = Machine { target_present: true, rustup: true, rustup_may_install: true, ..Machine::default() };
        assert_eq!(ways(machine), [Way::Present]);
    }

    #[test]
    fn rustup_goes_before_debian() {
        let machine = Machine { rustup: true, rustup_may_install: true, apt: true, ..Machine::default() };
        assert_eq!(ways(machine), [Way::Rustup, Way::Debian]);
    }

    #[test]
    fn rustup_is_left_alone_when_told_not_to_install() {
        let machine = Machine { rustup: true, apt: true, ..Machine::default() };
        assert_eq!(ways(machine), [Way::Debian]);
    }

    #[test]
    fn a_sysroot_that_was_built_before_is_used_at_once() {
        let machine = Machine { sysroot_cached: true, rustup: true, rustup_may_install: true, ..Machine::default() };
        assert_eq!(ways(machine), [Way::Debian]);
    }

    #[test]
    fn what_was_installed_before_serves_without_apt() {
        let machine = Machine { debian_ready: true, ..Machine::default() };
        assert_eq!(ways(machine), [Way::Debian]);
    }

    #[test]
    fn a_bare_machine_has_no_way() {
        assert!(ways(Machine::default()).is_empty());
    }

    #[test]
    fn versions_are_read_from_what_rustc_says() {
        assert_eq!(parse_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some((1, 96)));
        assert_eq!(parse_version("rustc"), None);
    }
}
