//! A compiler for WebAssembly.
//!
//! Usually this is rustup's, with the target added. Where rustup cannot or may not download, Debian's own compiler takes its
//! place, with a standard library that is built once from Debian's source and kept in the cache.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use anyhow::{Context, Result, anyhow};

use super::debian;
use super::once::{Unavailable, once};
use crate::process::{cargo_home, output, step};
use crate::programs::{CARGO, CLIPPY, Program, RUSTC, RUSTUP};
use crate::workspace::{cached, workspace};

/// The target triple of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How WebAssembly is compiled on this machine.
#[derive(Debug)]
pub enum Toolchain {
    /// With the compiler in `PATH`, which has the target.
    Path,
    /// With Debian's compiler and the standard library in this sysroot.
    Debian(PathBuf),
}

/// The compiler for the target, which is installed if it is missing; [`Unavailable`] if that is not permitted.
pub fn toolchain() -> Result<&'static Toolchain> {
    static TOOLCHAIN: OnceLock<Result<Toolchain>> = OnceLock::new();
    once(&TOOLCHAIN, Toolchain::find_or_install)
}

impl Toolchain {
    fn find_or_install() -> Result<Self> {
        if target_is_present() {
            return Ok(Self::Path);
        }
        let debian = || debian_sysroot().map(Self::Debian).context(HINT);
        let sysroot_is_cached = sysroot_name().is_ok_and(|name| workspace().cache.join(name).is_dir());
        if sysroot_is_cached || RUSTUP.find().is_none() || !may_download() {
            return debian();
        }
        match step("rustup target add", RUSTUP.command().args(["target", "add", TARGET])) {
            Ok(()) => Ok(Self::Path),
            // Then Debian's being unavailable does not excuse it.
            Err(error) => debian().map_err(|other| anyhow!("{error:#}\n{other:#}")),
        }
    }

    /// A cargo command for the target: a subcommand such as `build` or `clippy`, and its arguments.
    pub fn cargo<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let subcommand = arguments.first().map(AsRef::as_ref);
        let mut cargo = match self {
            // `cargo clippy` would run the one from rustup.
            Self::Debian(_) if subcommand == Some(OsStr::new("clippy")) => CLIPPY.at("/usr/bin/cargo-clippy"),
            Self::Debian(_) => CARGO.at(DEBIAN_CARGO),
            Self::Path => CARGO.command(),
        };
        self.configure(&mut cargo);
        cargo.args(subcommand).args(["--target", TARGET]).args(arguments.iter().skip(1)).current_dir(&workspace().root);
        cargo
    }

    /// Sets up the environment of a command, so that every cargo in it compiles for the target with this toolchain, into the
    /// workspace's `wasm_target`.
    pub fn configure(&self, command: &mut Command) {
        let mut flags = vec![without_home()];
        let mut doc_flags = vec!["-Dwarnings".to_owned()];
        if let Self::Debian(sysroot) = self {
            let sysroot = format!("--sysroot={}", sysroot.display());
            flags.push(sysroot.clone());
            doc_flags.push(sysroot);
            debian_environment(command);
        }
        // With `--target`, cargo uses these flags for the target only, not for build scripts.
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        command.env("CARGO_ENCODED_RUSTDOCFLAGS", doc_flags.join("\u{1f}"));
        command.env("CARGO_TARGET_DIR", &workspace().wasm_target);
        // No browser reads it, and without it the WebAssembly of tests has a tenth of the size.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    }
}

/// The compiler's flag for panic messages that name the source files of dependencies without the paths of this machine.
fn without_home() -> String {
    format!("--remap-path-prefix={}=", cargo_home().join("registry/src").display())
}

/// Installs a component of Rust: cargo's subcommand, rustup's name, and Debian's package. It is [`Unavailable`] if neither
/// rustup nor Debian may install it.
pub fn component(program: &Program, subcommand: &str, name: &str, package: &str) -> Result<()> {
    match RUSTUP.find() {
        _ if output(CARGO.command().args([subcommand, "--version"])).is_ok() => Ok(()),
        None => debian::install(&[package]),
        Some(_) if may_download() => step("rustup component add", RUSTUP.command().args(["component", "add", name])),
        Some(_) => Err(Unavailable(format!("cargo {subcommand} is missing: {}", program.source)).into()),
    }
}

/// Whether rustup may download on its own.
fn may_download() -> bool {
    env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0")
}

fn target_is_present() -> bool {
    let folder = output(RUSTC.command().args(["--print", "target-libdir", "--target", TARGET]));
    let files = folder.ok().and_then(|folder| fs::read_dir(folder).ok());
    files.is_some_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

const HINT: &str = "no compiler for wasm32-unknown-unknown. Install rustup (rustup.rs) and run `rustup target add \
    wasm32-unknown-unknown`, or on Debian as root `apt-get install rustc-web cargo-web rust-web-src rust-web-llvm \
    rust-web-clippy` and the lld that /usr/bin/rust-lld points to";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// The sysroot for Debian's compiler. The compiler, cargo, clippy, the linker and the source of the standard library are
/// installed first if they are missing.
fn debian_sysroot() -> Result<PathBuf> {
    let files = [DEBIAN_RUSTC, DEBIAN_CARGO, "/usr/bin/cargo-clippy", "/usr/lib/rustlib/src/rust"];
    if !files.iter().all(|file| Path::new(file).exists()) {
        debian::install(&["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"])?;
    }
    // The link names the package of the linker, whose version is that of the compiler's LLVM.
    let lld = Path::new("/usr/bin/rust-lld");
    if !lld.exists() {
        let target = fs::read_link(lld).unwrap_or_else(|_| "lld".into());
        debian::install(&[&target.file_name().unwrap_or_default().to_string_lossy()])?;
    }
    cached(&sysroot_name()?, build_sysroot)
}

/// Builds an empty crate with `-Zbuild-std` and keeps the libraries that are built on the way, so that `folder` becomes a
/// sysroot for the target, tests included.
fn build_sysroot(folder: &Path) -> Result<()> {
    let seed = folder.join("seed");
    fs::create_dir_all(seed.join("src"))?;
    fs::write(seed.join("Cargo.toml"), SEED)?;
    fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = CARGO.at(DEBIAN_CARGO);
    debian_environment(&mut cargo);
    cargo.args(["build", "--release", "--target", TARGET]).current_dir(&seed);
    cargo.arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test");
    cargo.arg("-Zbuild-std-features=panic-unwind,backtrace,optimize_for_size").env("RUSTC_BOOTSTRAP", "1");
    // Link-time optimisation needs the bitcode.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", ["-Cembed-bitcode=yes", &without_home()].join("\u{1f}"));
    cargo.env("CARGO_TARGET_DIR", seed.join("target"));
    step("building the standard library for wasm (about a minute, once)", &mut cargo)?;

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

const SEED: &str = r#"package = { name = "sysroot-seed", version = "0.0.0", edition = "2024" }
profile.release = { opt-level = "z", codegen-units = 1 }
workspace = {}
"#;

/// A sysroot fits exactly one compiler.
fn sysroot_name() -> Result<String> {
    let identity = output(RUSTC.at(DEBIAN_RUSTC).arg("-vV"))?;
    let field = |name| identity.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("unknown");
    Ok(format!("sysroot-remapped-{}-{:.9}", field("release: "), field("commit-hash: ")))
}

/// Puts Debian's compiler before rustup's proxies, and removes flags that are meant for another compiler.
fn debian_environment(command: &mut Command) {
    let path = env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("/usr/bin:/bin:{path}"));
    command.env("CARGO", DEBIAN_CARGO).env("RUSTC", DEBIAN_RUSTC).env("RUSTDOC", "/usr/bin/rustdoc");
    for name in ["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
        command.env_remove(name);
    }
}
