//! The page in `dist/`. Trunk makes it, as `Trunk.toml` and `index.html` say.

use std::env;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::quietly;
use crate::programs::TRUNK;
use crate::setup::Tools;

/// How much work goes into what is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Small: optimised and compressed.
    Release,
    /// Quickly there.
    Dev,
}

/// Builds the page.
pub fn build(tools: &Tools<'_>, quality: Quality) -> Result<()> {
    let _lock = tools.workspace.lock("page")?;
    let mut trunk = trunk(tools)?;
    trunk.args(["build", "--offline"]);
    if quality == Quality::Release {
        trunk.arg("--release");
    }
    quietly("building the page", &mut trunk)
}

/// Compiles the application as Trunk will, which then finds it compiled.
pub fn compile(tools: &Tools<'_>, quality: Quality) -> Result<()> {
    let profile = if quality == Quality::Release { "wasm" } else { "dev" };
    let build = ["build", "--package", APP, "--bin", APP, "--profile", profile];
    quietly("compiling the page", &mut tools.toolchain()?.cargo(tools.workspace, &build))
}

/// The application's package and binary.
const APP: &str = "registry-harness";

/// A command of Trunk that finds the compiler, wasm-bindgen and wasm-opt.
pub fn trunk(tools: &Tools<'_>) -> Result<Command> {
    let mut trunk = TRUNK.at(tools.trunk()?);
    tools.toolchain()?.configure(tools.workspace, &mut trunk);
    let bindgen = tools.wasm_bindgen()?.parent().context("wasm-bindgen is in no folder")?.to_path_buf();
    let set = trunk.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path.map(ToOwned::to_owned));
    let path = set.or_else(|| env::var_os("PATH")).unwrap_or_default();
    let folders = [bindgen, tools.npm()?.bin()].into_iter().chain(env::split_paths(&path));
    trunk.env("PATH", env::join_paths(folders)?).env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Its own call stack would hide what the compiler complains of.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    trunk.current_dir(&tools.workspace.root);
    Ok(trunk)
}
