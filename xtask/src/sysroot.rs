//! Standard libraries for WebAssembly, built from a compiler's own source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::hash;
use crate::process::{output, quietly};
use crate::toolchain::TARGET;
use crate::workspace::Workspace;

/// What a library is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// Tests, and whatever else there is: panics unwind or abort, with their message.
    Whole,
    /// What visitors download: a panic is a trap and nothing else. In a browser nobody hears its message, and without the
    /// machinery for it the client is a tenth smaller.
    Small,
}

/// A compiler with the source of its standard library.
pub struct Compiler {
    /// Makes a command of its cargo.
    pub cargo: fn(&str) -> Command,
    /// Its `rustc`.
    pub rustc: fn() -> Command,
}

impl Library {
    /// Built for this compiler; made at the first use and kept in the cache.
    pub fn sysroot(self, workspace: &Workspace, compiler: &Compiler) -> Result<PathBuf> {
        workspace.cached(&self.name(compiler)?, |folder| self.build(compiler, folder))
    }

    /// Whether it was built before.
    pub fn is_ready(self, workspace: &Workspace, compiler: &Compiler) -> bool {
        self.name(compiler).is_ok_and(|name| workspace.cache.join(name).is_dir())
    }

    /// What a crate must be compiled with to be linked with it, besides the sysroot.
    pub fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &[],
            Self::Small => &["-Zunstable-options", "-Cpanic=immediate-abort"],
        }
    }

    /// A sysroot fits exactly one compiler, hence its name.
    fn name(self, compiler: &Compiler) -> Result<String> {
        let identity = output((compiler.rustc)().arg("-vV"))?;
        let kind = match self {
            Self::Whole => "sysroot",
            Self::Small => "sysroot-small",
        };
        Ok(format!("{kind}-{}", hash::hex(identity.as_bytes())))
    }

    /// Builds a crate of nothing with `-Zbuild-std` and keeps the libraries that it made on the way.
    fn build(self, compiler: &Compiler, folder: &Path) -> Result<()> {
        let (crates, features) = match self {
            Self::Whole => ("std,panic_abort,panic_unwind,proc_macro,test", "panic-unwind,backtrace,optimize_for_size"),
            Self::Small => ("std,panic_abort", "optimize_for_size"),
        };
        let seed = folder.join("seed");
        fs::create_dir_all(seed.join("src"))?;
        fs::write(seed.join("Cargo.toml"), SEED_MANIFEST)?;
        fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
        let flags = [&["-Cembed-bitcode=yes"], self.flags()].concat();
        let mut build = (compiler.cargo)("build");
        build
            .args(["build", "--release", "--target", TARGET])
            .arg(format!("-Zbuild-std={crates}"))
            .arg(format!("-Zbuild-std-features={features}"))
            .args(["--config", &format!("target.{TARGET}.rustflags={flags:?}")])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", seed.join("target"))
            .current_dir(&seed);
        quietly("building the standard library for wasm (about a minute, once)", &mut build)?;

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
