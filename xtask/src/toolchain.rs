//! A compiler that can make WebAssembly.
//!
//! The usual one is rustup's with the target added. Where rustup cannot or may not download, Debian's own compiler
//! takes its place, with a standard library built once from Debian's source and kept in the cache.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use semver::Version;

use crate::debian;
use crate::process::{cargo_home, output, quietly, say};
use crate::programs::{CARGO, CLIPPY, Program, RUSTC, RUSTUP, Source};
use crate::setup::{Once, Unavailable};
use crate::sysroot;
use crate::workspace::{cached, workspace};

/// The target triple of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How WebAssembly is built on this machine.
#[derive(Debug)]
pub enum Toolchain {
    /// The compiler in `PATH` knows the target.
    Path,
    /// Debian's compiler, with the standard library in this sysroot.
    Debian {
        /// The folder that holds `lib/rustlib/wasm32-unknown-unknown`.
        sysroot: PathBuf,
    },
}

/// Finds a compiler for the target, or installs one.
///
/// # Errors
/// [`Unavailable`] where nothing may be installed.
pub fn set_up() -> Result<()> {
    toolchain().map(drop)
}

/// The compiler for the target, which is installed if it is missing.
pub fn toolchain() -> Result<&'static Toolchain> {
    static TOOLCHAIN: Once<Toolchain> = Once::new();
    TOOLCHAIN.get(Toolchain::find_or_install)
}

impl Toolchain {
    fn find_or_install() -> Result<Self> {
        if target_is_present() {
            say("wasm toolchain: the compiler in PATH has the target");
            return Ok(Self::Path);
        }
        let mut tried = Vec::new();
        if !debian_is_ready() && RUSTUP.find().is_some() && rustup_may_install() {
            match quietly("rustup target add", RUSTUP.command().args(["target", "add", TARGET])) {
                Ok(()) => return Ok(Self::Path),
                Err(error) => tried.push(error),
            }
        }
        match debian_toolchain() {
            Ok(toolchain) => return Ok(toolchain),
            Err(error) => tried.push(error),
        }
        let reasons: Vec<String> = tried.iter().map(|error| format!("{error:#}")).collect();
        let message = format!(
            "no compiler for {TARGET}. Install one of:\n  \
             - rustup (rustup.rs), then: rustup target add {TARGET}\n  \
             - on Debian, as root: apt-get install {} and the lld that {RUST_LLD} points to\n\
             What was tried:\n  {}",
            PACKAGES.join(" "),
            reasons.join("\n  ")
        );
        // A way that may be taken and leads nowhere is a failure.
        if tried.iter().all(|error| error.is::<Unavailable>()) {
            return Err(Unavailable(message).into());
        }
        bail!(message)
    }

    /// A cargo command for the target, such as `build` or `clippy`, with what follows the subcommand.
    pub fn cargo<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let subcommand = arguments.first().map(AsRef::as_ref);
        // `cargo clippy` would run the one that rustup has.
        let mut cargo = match self {
            Self::Debian { .. } if subcommand == Some(OsStr::new("clippy")) => CLIPPY.at("/usr/bin/cargo-clippy"),
            Self::Debian { .. } => CARGO.at(DEBIAN_CARGO),
            Self::Path => CARGO.command(),
        };
        self.configure(&mut cargo);
        cargo.args(subcommand).args(["--target", TARGET]).args(arguments.iter().skip(1)).current_dir(&workspace().root);
        cargo
    }

    /// Has whatever cargo the command is or starts compile for the target: with this toolchain, into
    /// the workspace's `wasm_target`.
    pub fn configure(&self, command: &mut Command) {
        // Messages of panics name source files; those of the crates shall say nothing about this machine.
        let mut flags = vec![format!("--remap-path-prefix={}=", cargo_home().join("registry/src").display())];
        let mut documentation = vec!["-Dwarnings".to_owned()];
        if let Self::Debian { sysroot } = self {
            let sysroot = format!("--sysroot={}", sysroot.display());
            flags.push(sysroot.clone());
            documentation.push(sysroot);
            debian_environment(command);
        }
        // Cargo gives them to the target's crates only, not to build scripts.
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        command.env("CARGO_ENCODED_RUSTDOCFLAGS", documentation.join("\u{1f}"));
        command.env("CARGO_TARGET_DIR", &workspace().wasm_target);
        // No browser reads it, and the tests' wasm is a tenth of the size without.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
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
    match RUSTUP.find() {
        Some(_) if rustup_may_install() => {
            return quietly("rustup component add", RUSTUP.command().args(["component", "add", component]));
        }
        Some(_) => {}
        None => debian::install(&[package])?,
    }
    match is_there() {
        true => Ok(()),
        false => Err(Unavailable(format!("cargo {subcommand} is missing: {}", program.source)).into()),
    }
}

/// Whether rustup may download on its own.
fn rustup_may_install() -> bool {
    env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0")
}

fn target_is_present() -> bool {
    let folder = output(RUSTC.command().args(["--print", "target-libdir", "--target", TARGET]));
    let files = folder.ok().and_then(|folder| fs::read_dir(folder).ok());
    files.is_some_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const RUST_LLD: &str = "/usr/bin/rust-lld";
/// Debian's compiler, cargo, clippy and the library's source; the linker's package depends on their version.
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"];
/// The oldest compiler that builds the workspace; keep equal to `rust-version`.
const OLDEST: Version = Version::new(1, 91, 0);

/// Debian's compiler and its standard library for the target, installed and built as far as they are missing.
fn debian_toolchain() -> Result<Toolchain> {
    let parts = [DEBIAN_RUSTC, DEBIAN_CARGO, "/usr/bin/cargo-clippy", "/usr/lib/rustlib/src/rust"];
    if !parts.iter().all(|part| Path::new(part).exists()) {
        debian::install(&PACKAGES)?;
    }
    if let Some(lld) = missing_lld() {
        debian::install(&[&lld])?;
    }
    let version = output(RUSTC.at(DEBIAN_RUSTC).arg("--version"))?;
    let number = version.split_whitespace().nth(1).and_then(|word| Version::parse(word).ok());
    if number.with_context(|| format!("cannot make sense of {version:?}"))? < OLDEST {
        bail!("{DEBIAN_RUSTC} is {version}; {OLDEST} or newer is needed");
    }
    let sysroot = cached(&sysroot_name()?, |folder| {
        let mut cargo = CARGO.at(DEBIAN_CARGO);
        debian_environment(&mut cargo);
        sysroot::build(cargo, folder)
    })?;
    say(&format!("wasm toolchain: Debian's {version} with its own sysroot"));
    Ok(Toolchain::Debian { sysroot })
}

/// Whether the library was built before, for the very compiler that is there.
fn debian_is_ready() -> bool {
    missing_lld().is_none() && sysroot_name().is_ok_and(|name| workspace().cache.join(name).is_dir())
}

/// A sysroot fits exactly one compiler.
fn sysroot_name() -> Result<String> {
    let identity = output(RUSTC.at(DEBIAN_RUSTC).arg("-vV"))?;
    let field = |name| identity.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("unknown");
    Ok(format!("sysroot-{}-{:.9}", field("release: "), field("commit-hash: ")))
}

/// The package with the linker that Debian's compiler calls, if it is missing.
fn missing_lld() -> Option<String> {
    let link = Path::new(RUST_LLD);
    if link.exists() {
        return None;
    }
    let target = fs::read_link(link).unwrap_or_else(|_| "lld".into());
    Some(target.file_name()?.to_string_lossy().into_owned())
}

/// Debian's compiler goes before rustup's proxies, and gets no flags that are meant for another compiler.
fn debian_environment(command: &mut Command) {
    let path = env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("/usr/bin:/bin:{path}"));
    command.env("CARGO", DEBIAN_CARGO).env("RUSTC", DEBIAN_RUSTC).env("RUSTDOC", "/usr/bin/rustdoc");
    for name in ["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
        command.env_remove(name);
    }
}
