//! The steps from a library crate to the WebAssembly of the npm package and the Worker: wasm-bindgen, wasm-opt, esbuild.
//! (For the page, Trunk runs the first two.)

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::step;
use crate::programs::{ESBUILD, WASM_BINDGEN, WASM_OPT};
use crate::setup::toolchain::{TARGET, toolchain};
use crate::workspace::workspace;

/// Compiles a library for release. The result is the path of the WebAssembly file.
pub fn compile(package: &str) -> Result<PathBuf> {
    let build = ["build", "--package", package, "--lib", "--profile", "wasm"];
    step(&format!("compiling {package}"), &mut toolchain()?.cargo(&build))?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(workspace().wasm_target.join(TARGET).join("wasm").join(file))
}

/// Generates the bindings in a folder, with names that begin with `name`. The script among them is changed.
pub fn bind(compiled: &Path, folder: &Path, name: &str, flags: &[&str], change: fn(String) -> String) -> Result<()> {
    let mut bindgen = WASM_BINDGEN.installed()?;
    bindgen.args(["--no-typescript", "--out-name", name, "--out-dir"]).arg(folder).args(flags).arg(compiled);
    step("wasm-bindgen", &mut bindgen)?;
    let glue = folder.join(format!("{name}.js"));
    let text = fs::read_to_string(&glue).context("wasm-bindgen made no glue")?;
    fs::write(&glue, change(text)).context("cannot change the glue")
}

/// Optimises WebAssembly for size, as Trunk does for the page. `features` enables features that the file does not name.
pub fn optimise(features: &[&str], from: &Path, to: &Path) -> Result<()> {
    let mut opt = WASM_OPT.installed()?;
    step("wasm-opt", opt.args(["-Oz", "--reorder-functions-by-name"]).args(features).arg(from).arg("--output").arg(to))
}

/// Bundles a script with everything it imports, and minifies it, as these flags of esbuild say.
pub fn bundle(from: &Path, to: &Path, flags: &[&str]) -> Result<()> {
    let mut esbuild = ESBUILD.installed()?;
    esbuild.args(["--bundle", "--minify", "--target=es2022", "--log-level=warning"]).args(flags);
    // The client has a `free` of its own, which takes the place of wasm-bindgen's.
    esbuild.arg("--log-override:duplicate-class-member=silent");
    esbuild.arg(format!("--outfile={}", to.display())).arg(from);
    step("esbuild", esbuild.current_dir(&workspace().root))
}
