//! `cargo xtask package`: builds and packs the npm package of the client, and checks its size.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::budget::{self, Size};
use crate::process::{output, say};
use crate::programs::NPM;
use crate::wasm;
use crate::workspace::{lock, locked_version, read, remove_dir, workspace};

/// The folder with the package's script, manifest and README.
const FOLDER: &str = "crates/js-package";
/// The crate in that folder.
pub const CRATE: &str = "registry-js-package";
/// The folder with the types, beside the class they describe.
const TYPES: &str = "crates/js/js";
const WASM: &str = "webrtc-registry-client.wasm";
const SCRIPT: &str = "index.js";

/// The package as it would be published.
pub struct Package {
    /// The archive, for `npm install`.
    pub archive: PathBuf,
    /// The folder with its files.
    pub content: PathBuf,
    /// The size of what an application downloads.
    pub size: Size,
}

/// Builds the package in `target/npm`, packs it, and checks its size.
pub fn build() -> Result<Package> {
    let compiled = wasm::compile(CRATE)?;
    let _lock = lock("package")?;
    let (folder, content) = (workspace().target.join("npm"), workspace().target.join("npm/content"));
    remove_dir(&folder)?;
    fs::create_dir_all(&content).context("cannot create the folder for the package")?;
    bind(&compiled, &content)?;
    copy_texts(&content)?;
    let size = budget::measure(&[content.join(WASM), content.join(SCRIPT)])?;
    let archive = pack(&content, &folder)?;
    say(&format!("package: built in {}", folder.display()));
    Ok(Package { archive, content, size: budget::check("package", size)? })
}

/// Makes one script and one WebAssembly module.
fn bind(compiled: &Path, content: &Path) -> Result<()> {
    let build = workspace().wasm_target.join("package");
    remove_dir(&build)?;
    let glue = build.join("glue");
    // The package's script instantiates the module itself.
    let more = |script| script + "export { __wbg_finalize_init, __wbg_get_imports };\n";
    wasm::bind(compiled, &glue, "glue", &["--target", "web", "--omit-default-module-path"], more)?;
    wasm::optimise(&[], &glue.join("glue_bg.wasm"), &content.join(WASM))?;
    fs::copy(workspace().root.join(FOLDER).join(SCRIPT), build.join(SCRIPT))
        .context("cannot copy the package's script")?;
    wasm::bundle(&build.join(SCRIPT), &content.join(SCRIPT))
}

fn copy_texts(content: &Path) -> Result<()> {
    let version = format!("\"version\": {:?}", locked_version(CRATE)?);
    let manifest = read(&format!("{FOLDER}/package.json"))?.replace(r#""version": "0.0.0""#, &version);
    fs::write(content.join("package.json"), manifest)?;
    fs::write(content.join("README.md"), read(&format!("{FOLDER}/README.md"))?)?;
    fs::write(content.join("LICENSE"), read("LICENSE")?)?;
    fs::create_dir_all(content.join("types"))?;
    for entry in WalkDir::new(workspace().root.join(TYPES)) {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".d.ts") {
            fs::copy(entry.path(), content.join("types").join(entry.file_name())).context("cannot copy the types")?;
        }
    }
    Ok(())
}

/// Packs `content` as npm would for publishing; the result is the archive in `folder`.
fn pack(content: &Path, folder: &Path) -> Result<PathBuf> {
    let mut npm = NPM.installed()?;
    npm.args(["pack", "--silent", "--pack-destination"]).arg(folder).current_dir(content);
    let name = output(&mut npm).context("npm could not pack the package")?;
    Ok(folder.join(name.lines().last().unwrap_or_default()))
}
