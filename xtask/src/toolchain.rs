//! A compiler that can make WebAssembly.
//!
//! The usual one is rustup's with the target added. Where rustup cannot or may not download, Debian's own compiler
//! takes its place, with a standard library built once from Debian's source and kept in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Result, bail};

use crate::debian;
use crate::debian_rust;
use crate::process::{cargo_home, output, quietly, say};
use crate::programs::{CARGO, Program, RUSTC, RUSTUP, Source};
use crate::setup::Unavailable;
use crate::sysroot::{Compiler, Library};
use crate::workspace::Workspace;

/// The target triple of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

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
    debian_installed: bool,
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
                    troubles.push(error);
                }
            }
        }
        let tried: Vec<String> = troubles.iter().map(|error| format!("{error:#}")).collect();
        let message = format!(
            "no compiler for {TARGET}. Install one of:\n  \
             - rustup (rustup.rs), then: rustup target add {TARGET}\n  \
             - on Debian, as root: apt-get install {} and the lld that /usr/bin/rust-lld points to\n\
             What was tried:\n  {}",
            debian_rust::PACKAGES.join(" "),
            tried.join("\n  ")
        );
        // A way that may be taken and leads nowhere is a failure.
        if troubles.iter().all(|error| error.is::<Unavailable>()) {
            return Err(Unavailable(message).into());
        }
        bail!(message)
    }

    fn by(way: Way, workspace: &Workspace) -> Result<Self> {
        match way {
            Way::Present => {
                say("wasm toolchain: the compiler in PATH has the target");
                Ok(Self::Path)
            }
            Way::Rustup => {
                quietly("rustup target add", RUSTUP.command().args(["target", "add", TARGET]))?;
                say("wasm toolchain: rustup added the target");
                Ok(Self::Path)
            }
            Way::Debian => {
                debian_rust::install()?;
                let sysroot = Library::Whole.sysroot(workspace, &debian_rust::COMPILER)?;
                say(&format!("wasm toolchain: Debian's {} with its own sysroot", debian_rust::version()?));
                Ok(Self::Debian { sysroot })
            }
        }
    }

    /// A cargo command for the target, such as `build` or `clippy`, in the folder for WebAssembly artifacts.
    pub fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Command {
        let sysroot = match self {
            Self::Path => None,
            Self::Debian { sysroot } => Some(sysroot.as_path()),
        };
        self.cargo_with(workspace, subcommand, sysroot, Library::Whole)
    }

    /// The same for what visitors download: with the small standard library where its source is at hand, and with the
    /// usual one elsewhere.
    pub fn release_cargo(&self, workspace: &Workspace, subcommand: &str) -> Command {
        match Library::Small.sysroot(workspace, &self.compiler()) {
            Ok(sysroot) => {
                let mut cargo = self.cargo_with(workspace, subcommand, Some(&sysroot), Library::Small);
                cargo.env("RUSTC_BOOTSTRAP", "1");
                cargo
            }
            Err(error) => {
                say(&format!(
                    "wasm toolchain: no small standard library, so it will be larger ({})",
                    first_line(&error)
                ));
                self.cargo(workspace, subcommand)
            }
        }
    }

    /// Whether [`release_cargo`](Self::release_cargo) has the small standard library.
    pub fn is_small(&self, workspace: &Workspace) -> bool {
        Library::Small.is_ready(workspace, &self.compiler())
    }

    fn compiler(&self) -> Compiler {
        match self {
            // Its source comes with `rustup component add rust-src`.
            Self::Path => Compiler { cargo: |_| CARGO.command(), rustc: || RUSTC.command() },
            Self::Debian { .. } => debian_rust::COMPILER,
        }
    }

    fn cargo_with(&self, workspace: &Workspace, subcommand: &str, sysroot: Option<&Path>, library: Library) -> Command {
        let mut cargo = (self.compiler().cargo)(subcommand);
        cargo.arg(subcommand).args(["--target", TARGET]).current_dir(&workspace.root);
        cargo.env("CARGO_TARGET_DIR", &workspace.wasm_target);
        // No browser reads it, and the tests' wasm is a tenth of the size without.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        let sysroot = sysroot.map(|sysroot| ["--sysroot".to_owned(), sysroot.to_string_lossy().into_owned()]);
        let sysroot = sysroot.map_or_else(Vec::new, Vec::from);
        let flags = library.flags().iter().map(|flag| (*flag).to_owned());
        let compiler: Vec<String> = sysroot.iter().cloned().chain([remap()]).chain(flags).collect();
        for (key, flags) in [("rustflags", &compiler), ("rustdocflags", &sysroot)] {
            cargo.args(["--config", &format!("target.{TARGET}.{key}={flags:?}")]);
        }
        cargo
    }
}

/// Sees to it that Rust has one of its components.
///
/// # Errors
/// [`Unavailable`] where neither rustup nor Debian may install it.
pub fn component(program: &Program) -> Result<()> {
    let Source::Component(subcommand, component, package) = program.source else { return Ok(()) };
    let is_there = || output(CARGO.command().args([subcommand, "--version"])).is_ok();
    if is_there() {
        return Ok(());
    }
    if RUSTUP.find().is_some() && may_add() {
        return quietly("rustup component add", RUSTUP.command().args(["component", "add", component]));
    }
    if RUSTUP.find().is_none() {
        debian::install(&[package])?;
    }
    if is_there() {
        Ok(())
    } else {
        Err(Unavailable(format!("cargo {subcommand} is missing: {}", program.source)).into())
    }
}

/// Whether rustup may download on its own.
fn may_add() -> bool {
    env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0")
}

/// Messages of panics name source files; those of the crates shall say nothing about this machine.
fn remap() -> String {
    format!("--remap-path-prefix={}=", cargo_home().join("registry/src").display())
}

impl Machine {
    fn look(workspace: &Workspace) -> Self {
        Self {
            target_present: target_present(),
            debian_installed: debian_rust::is_installed(),
            sysroot_cached: debian_rust::is_ready(workspace),
            rustup: RUSTUP.find().is_some(),
            rustup_may_install: may_add(),
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
    let debian = machine.apt || machine.debian_installed;
    [(rustup, Way::Rustup), (debian, Way::Debian)].into_iter().filter_map(|(can, way)| can.then_some(way)).collect()
}

fn target_present() -> bool {
    let folder = output(RUSTC.command().args(["--print", "target-libdir", "--target", TARGET]));
    let files = folder.ok().and_then(|folder| fs::read_dir(folder).ok());
    files.is_some_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
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
        let machine = Machine { debian_installed: true, ..Machine::default() };
        assert_eq!(ways(machine), [Way::Debian]);
    }

    #[test]
    fn a_bare_machine_has_no_way() {
        assert!(ways(Machine::default()).is_empty());
    }
}
