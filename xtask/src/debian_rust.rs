//! Debian's own compiler, and a standard library for wasm built from Debian's source.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{Result, bail};

use crate::debian;
use crate::process::output;
use crate::programs::{CARGO, CLIPPY, RUSTC};
use crate::sysroot::{Compiler, Library};
use crate::workspace::Workspace;

const RUSTC_PATH: &str = "/usr/bin/rustc";
/// The packages, besides the linker's.
pub const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"];
/// The oldest compiler that builds the workspace; keep equal to `rust-version`.
const OLDEST: (u32, u32) = (1, 91);

/// Whether the compiler and its linker are there.
pub fn is_installed() -> bool {
    Path::new(RUSTC_PATH).exists() && missing_lld().is_none()
}

/// Whether the library was built before, for the very compiler that is there.
pub fn is_ready(workspace: &Workspace) -> bool {
    is_installed() && Library::Whole.is_ready(workspace, &COMPILER)
}

/// Installs the compiler, cargo, clippy, the library's source and the linker, as far as they are missing.
pub fn install() -> Result<()> {
    let tools = [RUSTC_PATH, "/usr/bin/cargo", "/usr/bin/cargo-clippy", "/usr/lib/rustlib/src/rust"];
    if !tools.iter().all(|tool| Path::new(tool).exists()) {
        debian::install(&PACKAGES)?;
    }
    if let Some(lld) = missing_lld() {
        debian::install(&[&lld])?;
    }
    let version = version()?;
    match parse_version(&version) {
        Some(found) if found >= OLDEST => Ok(()),
        _ => bail!("{RUSTC_PATH} is {version}; {}.{} or newer is needed", OLDEST.0, OLDEST.1),
    }
}

/// The package with the linker that Debian's compiler calls, if it is missing.
fn missing_lld() -> Option<String> {
    let link = Path::new("/usr/bin/rust-lld");
    if link.exists() {
        return None;
    }
    let target = fs::read_link(link).unwrap_or_else(|_| "lld".into());
    Some(target.file_name()?.to_string_lossy().into_owned())
}

/// Debian's cargo with Debian's compiler, out of reach of rustup's proxies and of flags meant for another compiler.
pub fn cargo(subcommand: &str) -> Command {
    let (tool, program) =
        if subcommand == "clippy" { (&CLIPPY, "/usr/bin/cargo-clippy") } else { (&CARGO, "/usr/bin/cargo") };
    let mut cargo = tool.at(program);
    let path = env::var("PATH").unwrap_or_default();
    cargo.env("PATH", format!("/usr/bin:/bin:{path}"));
    cargo.env("CARGO", "/usr/bin/cargo").env("RUSTC", RUSTC_PATH).env("RUSTDOC", "/usr/bin/rustdoc");
    for name in ["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Debian's compiler, with Debian's source of the standard library.
pub const COMPILER: Compiler = Compiler { cargo, rustc: || RUSTC.at(RUSTC_PATH) };

/// What the compiler calls itself.
pub fn version() -> Result<String> {
    output(RUSTC.at(RUSTC_PATH).arg("--version"))
}

fn parse_version(line: &str) -> Option<(u32, u32)> {
    let mut parts = line.split_whitespace().nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_rustc_says() {
        assert_eq!(parse_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some((1, 96)));
        assert_eq!(parse_version("rustc"), None);
    }
}
