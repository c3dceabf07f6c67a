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
/// The crate whose module has a world for tests besides.
pub const TESTING_CRATE: &str = "registry-js-testing";
/// The folder with the types, beside the class they describe.
const TYPE_SOURCES: &str = "crates/js/js";
const WASM: &str = "webrtc-registry-client.wasm";
/// The script that an application imports.
const SCRIPT: &str = "index.js";
/// The folders with the types, for the two kinds of modules: Node tells them apart by a manifest in the second.
const TYPES: &str = "types";
const TYPES_CJS: &str = "types-cjs";
/// Where a script of CommonJS is, in place of `import.meta.url`.
const CJS_ADDRESS: [&str; 2] = [
    "--define:import.meta.url=scriptAddress",
    r#"--banner:js=const scriptAddress="file://"+encodeURI("/"+__filename.replaceAll("\\","/")).replace(/^\/+/,"/").replace(/[?#]/g,encodeURIComponent);"#,
];

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
    let (compiled, testing) = (wasm::compile(CRATE)?, wasm::compile(TESTING_CRATE)?);
    let _lock = lock("package")?;
    let (folder, content) = (workspace().target.join("npm"), workspace().target.join("npm/content"));
    remove_dir(&folder)?;
    fs::create_dir_all(&content).context("cannot create the folder for the package")?;
    bind(&compiled, &content)?;
    bind_testing(&testing, &content)?;
    copy_texts(&content)?;
    let size = budget::measure(&[content.join(WASM), content.join(SCRIPT)])?;
    let archive = pack(&content, &folder)?;
    say(&format!("package: built in {}", folder.display()));
    Ok(Package { archive, content, size: budget::check("package", size)? })
}

/// Makes a WebAssembly module with its glue in a folder of its own, with the package's scripts beside it.
fn prepare(compiled: &Path, folder: &str) -> Result<PathBuf> {
    let build = workspace().wasm_target.join(folder);
    remove_dir(&build)?;
    let glue = build.join("glue");
    // The package's script instantiates the module itself.
    let more = |script| script + "export { RegistryClientError, __wbg_finalize_init, __wbg_get_imports };\n";
    wasm::bind(compiled, &glue, "glue", &["--target", "web", "--omit-default-module-path"], more)?;
    wasm::optimise(&[], &glue.join("glue_bg.wasm"), &build.join(WASM))?;
    for entry in WalkDir::new(workspace().root.join(FOLDER).join("js")).min_depth(1) {
        let entry = entry?;
        fs::copy(entry.path(), build.join(entry.file_name())).context("cannot copy the package's scripts")?;
    }
    Ok(build)
}

/// Makes the module of `webrtc-registry-client/testing`, in one script: nobody downloads it to a page.
fn bind_testing(compiled: &Path, content: &Path) -> Result<()> {
    let build = prepare(compiled, "package-testing")?;
    let inject = format!("--inject:{}", build.join("globals.js").display());
    for (to, flags) in
        [("testing.js", &["--format=esm"][..]), ("testing.cjs", &["--format=cjs", CJS_ADDRESS[0], CJS_ADDRESS[1]])]
    {
        let flags: Vec<&str> = flags.iter().copied().chain(["--loader:.wasm=binary", &inject]).collect();
        wasm::bundle(&build.join("testing.js"), &content.join(to), &flags)?;
    }
    Ok(())
}

/// Makes the WebAssembly module and the scripts.
fn bind(compiled: &Path, content: &Path) -> Result<()> {
    let build = prepare(compiled, "package")?;
    fs::copy(build.join(WASM), content.join(WASM)).context("cannot copy the module")?;
    let inject = format!("--inject:{}", build.join("globals.js").display());
    let bundle = |script: &str, to: &str, flags: &[&str]| wasm::bundle(&build.join(script), &content.join(to), flags);
    bundle(SCRIPT, SCRIPT, &["--format=esm", &inject])?;
    bundle(SCRIPT, "index.cjs", &["--format=cjs", &inject, CJS_ADDRESS[0], CJS_ADDRESS[1]])?;
    // These import the script above, so that there is one class however it is loaded.
    bundle("auto.js", "auto.js", &["--format=esm", "--external:./index.js"])?;
    let inline = ["--loader:.wasm=binary", "--external:./index.*"];
    bundle("inline.js", "inline.js", &["--format=esm", inline[0], inline[1]])?;
    let imports = fs::read_to_string(build.join("inline.js"))?.replace("./index.js", "./index.cjs");
    fs::write(build.join("inline-cjs.js"), imports)?;
    bundle("inline-cjs.js", "inline.cjs", &["--format=cjs", inline[0], inline[1]])
}

fn copy_texts(content: &Path) -> Result<()> {
    let version = format!("\"version\": {:?}", locked_version(CRATE)?);
    let manifest = read(&format!("{FOLDER}/package.json"))?.replace(r#""version": "0.0.0""#, &version);
    fs::write(content.join("package.json"), manifest)?;
    fs::write(content.join("README.md"), read(&format!("{FOLDER}/README.md"))?)?;
    fs::write(content.join("LICENSE"), read("LICENSE")?)?;
    for folder in [TYPES, TYPES_CJS] {
        fs::create_dir_all(content.join(folder))?;
    }
    for entry in WalkDir::new(workspace().root.join(TYPE_SOURCES)) {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy();
        if name.ends_with(".d.ts") {
            for folder in [TYPES, TYPES_CJS] {
                fs::copy(entry.path(), content.join(folder).join(&*name)).context("cannot copy the types")?;
            }
        }
    }
    fs::write(content.join(TYPES_CJS).join("package.json"), "{ \"type\": \"commonjs\" }\n")?;
    Ok(())
}

/// Packs `content` as npm would for publishing; the result is the archive in `folder`.
fn pack(content: &Path, folder: &Path) -> Result<PathBuf> {
    let mut npm = NPM.installed()?;
    npm.args(["pack", "--silent", "--pack-destination"]).arg(folder).current_dir(content);
    let name = output(&mut npm).context("npm could not pack the package")?;
    Ok(folder.join(name.lines().last().unwrap_or_default()))
}
