//! The standard library for WebAssembly, built from a compiler's own source.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::step;
use crate::toolchain::TARGET;

/// Builds an empty crate with `-Zbuild-std` and keeps the libraries that are built on the way, so that `folder` becomes a
/// sysroot for the target, tests included.
pub fn build(mut cargo: Command, folder: &Path) -> Result<()> {
    let seed = folder.join("seed");
    fs::create_dir_all(seed.join("src"))?;
    fs::write(seed.join("Cargo.toml"), SEED_MANIFEST)?;
    fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
    cargo
        .args(["build", "--release", "--target", TARGET])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test")
        .arg("-Zbuild-std-features=panic-unwind,backtrace,optimize_for_size")
        // Link-time optimisation needs it.
        .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", seed.join("target"))
        .current_dir(&seed);
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

const SEED_MANIFEST: &str = r#"[package]
name = "sysroot-seed"
version = "0.0.0"
edition = "2024"

[profile.release]
opt-level = "z"
codegen-units = 1

[workspace]
"#;
