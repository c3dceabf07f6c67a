//! `cargo xtask package`: the npm package of the client, built, packed, and held to its budget.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::budget::{self, Size};
use crate::page::{self, Tools};
use crate::process::{output, say, silently};
use crate::programs::{NPM, WASM_BINDGEN};
use crate::setup;
use crate::shrink;
use crate::toolchain::TARGET;
use crate::workspace::{Workspace, remove_dir};

/// The folder with everything that is the package's own.
const FOLDER: &str = "crates/js-package";
/// The crate in it.
pub const CRATE: &str = "registry-js-package";
/// The types are beside the class that they describe.
const TYPES: &str = "crates/js/js";
const WASM: &str = "webrtc-registry-client.wasm";
const SCRIPT: &str = "index.js";

/// A package as it would be published.
pub struct Package {
    /// What `npm install` takes.
    pub archive: PathBuf,
    /// Its sizes in a few words.
    pub sizes: String,
}

/// Builds the package and says where it is.
pub fn run(workspace: &Workspace) -> Result<()> {
    let tools = setup::page_tools(workspace, |_| Ok(()))?;
    let package = build(workspace, &tools)?;
    println!("{}\n{}", package.sizes, package.archive.display());
    Ok(())
}

/// Builds the package in `target/npm` and packs it; fails when it is larger than its budget.
pub fn build(workspace: &Workspace, tools: &Tools) -> Result<Package> {
    let mut cargo = tools.toolchain.release_cargo(workspace, "build");
    silently("compiling the package", cargo.args(["--package", CRATE, "--lib", "--profile", "wasm"]))?;
    let _lock = workspace.lock("package")?;
    let (folder, content) = (workspace.target.join("npm"), workspace.target.join("npm/content"));
    remove_dir(&folder)?;
    fs::create_dir_all(&content).context("cannot create the folder for the package")?;
    bind(workspace, tools, &content)?;
    copy_texts(workspace, &content)?;
    let size = measure(tools, &content)?;
    let archive = pack(&content, &folder)?;
    say(&format!("package: built in {}", folder.display()));
    if tools.toolchain.is_small(workspace) {
        budget::check(workspace, "package", size)?;
    }
    Ok(Package { archive, sizes: size.to_string() })
}

/// One script, one module of wasm.
fn bind(workspace: &Workspace, tools: &Tools, content: &Path) -> Result<()> {
    let build = workspace.wasm_target.join("package");
    remove_dir(&build)?;
    let glue = build.join("glue");
    let compiled = workspace.wasm_target.join(TARGET).join("wasm").join(format!("{}.wasm", CRATE.replace('-', "_")));
    let mut bindgen = WASM_BINDGEN.at(&tools.bindgen.bindgen);
    bindgen.args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name", "glue"]);
    silently("wasm-bindgen", bindgen.arg("--out-dir").arg(&glue).arg(compiled))?;
    let (wrapper, short) = (glue.join("glue.js"), glue.join("short.js"));
    shrink::shrink_both(workspace, tools, (&glue.join("glue_bg.wasm"), &content.join(WASM)), (&wrapper, &short))?;
    // The package's script loads the module itself, in fewer words than the glue would.
    let text = fs::read_to_string(&short)? + "export { __wbg_finalize_init, __wbg_get_imports };\n";
    fs::write(&wrapper, text).context("cannot put the glue in its place")?;
    fs::copy(workspace.root.join(FOLDER).join(SCRIPT), build.join(SCRIPT))
        .context("cannot copy the package's script")?;
    shrink::bundle(workspace, tools, &build.join(SCRIPT), &content.join(SCRIPT))
}

fn copy_texts(workspace: &Workspace, content: &Path) -> Result<()> {
    let manifest = workspace.read(&format!("{FOLDER}/package.json"))?;
    let version = workspace.locked_version(CRATE)?;
    fs::write(
        content.join("package.json"),
        manifest.replace(r#""version": "0.0.0""#, &format!("\"version\": {version:?}")),
    )?;
    fs::write(content.join("README.md"), workspace.read(&format!("{FOLDER}/README.md"))?)?;
    fs::write(content.join("LICENSE"), workspace.read("LICENSE")?)?;
    fs::create_dir_all(content.join("types"))?;
    for file in page::files_below(&workspace.root.join(TYPES))? {
        let name = file.file_name().unwrap_or_default();
        if name.to_string_lossy().ends_with(".d.ts") {
            fs::copy(&file, content.join("types").join(name)).context("cannot copy the types")?;
        }
    }
    Ok(())
}

/// Packs `content` as npm would to publish it; the result is the archive in `folder`.
fn pack(content: &Path, folder: &Path) -> Result<PathBuf> {
    let mut npm = NPM.at(NPM.path()?);
    npm.args(["pack", "--silent", "--pack-destination"]).arg(folder).current_dir(content);
    let name = output(&mut npm).context("npm could not pack the package")?;
    Ok(folder.join(name.lines().last().unwrap_or_default()))
}

/// What an application downloads, as it is and as a server sends it.
fn measure(tools: &Tools, content: &Path) -> Result<Size> {
    let mut node = tools.npm.node();
    node.args(["--input-type=commonjs", "--eval", MEASURE]).args([content.join(WASM), content.join(SCRIPT)]);
    let numbers = output(&mut node).context("the package could not be measured")?;
    match numbers.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?[..] {
        [raw, gzip, brotli] => Ok(Size { raw, gzip, brotli }),
        _ => bail!("the sizes of the package are not numbers: {numbers}"),
    }
}

const MEASURE: &str = r#"
const { readFileSync } = require("node:fs");
const { brotliCompressSync, gzipSync } = require("node:zlib");
const files = process.argv.slice(1).map((name) => readFileSync(name));
const sum = (pack) => files.reduce((total, file) => total + pack(file).length, 0);
console.log(sum((file) => file), sum((file) => gzipSync(file, { level: 9 })), sum((file) => brotliCompressSync(file)));
"#;
