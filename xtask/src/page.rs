//! The page in `dist/`, built by Trunk as configured in `Trunk.toml` and `index.html`.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::process::{say, step};
use crate::programs::{TRUNK, WASM_BINDGEN};
use crate::setup::toolchain::toolchain;
use crate::setup::{npm, require};
use crate::workspace::{last_change, lock, workspace};

/// The package and binary of the page.
const APP: &str = "registry-harness";

/// How thoroughly to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Optimised and compressed.
    Release,
    /// As fast as possible.
    Dev,
}

/// Sets up the tools for the page, in parallel.
pub fn set_up() -> Result<()> {
    require(&[|| toolchain().map(drop), || npm::bin("").map(drop), || WASM_BINDGEN.set_up(), || TRUNK.set_up()])
}

/// Builds the page, unless there is a release build of the same sources.
pub fn build(quality: Quality) -> Result<()> {
    let _lock = lock("page")?;
    if quality == Quality::Release && is_up_to_date() {
        say("the page in dist is up to date");
        return Ok(());
    }
    set_up()?;
    let mut trunk = trunk()?;
    trunk.args(["build", "--offline"]);
    if quality == Quality::Release {
        trunk.arg("--release");
    }
    step("building the page", &mut trunk)
}

/// Everything that changes a release build of the page.
const INPUT: [&str; 13] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/analysis",
    "crates/client",
    "crates/js",
    "crates/protocol",
    "index.html",
    "package-lock.json",
    "src",
    "static",
    "xtask/finish-page.mjs",
];

/// Only release builds have compressed files. `EMBED_ORIGINS` changes the headers.
fn is_up_to_date() -> bool {
    let built = fs::metadata(workspace().dist.join("index.html.br")).and_then(|data| data.modified());
    env::var_os("EMBED_ORIGINS").is_none() && built.is_ok_and(|built| Some(built) > last_change(&INPUT))
}

/// Compiles the page as Trunk does, so that Trunk finds it compiled.
pub fn compile(quality: Quality) -> Result<()> {
    let profile = if quality == Quality::Release { "wasm" } else { "dev" };
    let build = ["build", "--package", APP, "--bin", APP, "--profile", profile];
    step("compiling the page", &mut toolchain()?.cargo(&build))
}

/// A command of Trunk with the compiler, wasm-bindgen and wasm-opt in its `PATH`.
pub fn trunk() -> Result<Command> {
    let mut trunk = TRUNK.installed()?;
    toolchain()?.configure(&mut trunk);
    let bindgen = WASM_BINDGEN.path()?.parent().map(Path::to_path_buf).context("wasm-bindgen is in no folder")?;
    let set = trunk.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path.map(ToOwned::to_owned));
    let path = set.or_else(|| env::var_os("PATH")).unwrap_or_default();
    let folders = [bindgen, npm::bin("")?].into_iter().chain(env::split_paths(&path));
    trunk.env("PATH", env::join_paths(folders)?).env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Its backtrace would hide the errors of the compiler.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    trunk.current_dir(&workspace().root);
    Ok(trunk)
}
