//! From compiled WebAssembly to what a package or a Worker ships: wasm-bindgen, wasm-opt, esbuild. (For the page, Trunk runs
//! the first two.)

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::quietly;
use crate::programs::{ESBUILD, WASM_BINDGEN, WASM_OPT};
use crate::toolchain::{TARGET, toolchain};
use crate::workspace::workspace;

/// Compiles a library for release; the result is the WebAssembly that cargo made.
pub fn compile(package: &str) -> Result<PathBuf> {
    let build = ["build", "--package", package, "--lib", "--profile", "wasm"];
    quietly(&format!("compiling {package}"), &mut toolchain()?.cargo(&build))?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(workspace().wasm_target.join(TARGET).join("wasm").join(file))
}

/// wasm-bindgen, which is to be told the target.
pub fn bindgen(compiled: &Path, name: &str, folder: &Path) -> Result<Command> {
    let mut bindgen = WASM_BINDGEN.installed()?;
    bindgen.args(["--no-typescript", "--out-name", name, "--out-dir"]).arg(folder).arg(compiled);
    Ok(bindgen)
}

/// Makes WebAssembly small, as `index.html` has Trunk do it; `features` are those that it does not name itself.
pub fn optimise(features: &[&str], from: &Path, to: &Path) -> Result<()> {
    let mut opt = WASM_OPT.installed()?;
    quietly("wasm-opt", opt.arg("-Oz").args(features).arg(from).arg("--output").arg(to))
}

/// Makes one small script of a script and all that it imports.
pub fn bundle(from: &Path, to: &Path) -> Result<()> {
    let mut esbuild = ESBUILD.installed()?;
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={}", to.display())).arg(from);
    quietly("esbuild", esbuild.current_dir(&workspace().root))
}
