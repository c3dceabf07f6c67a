//! From the application's wasm to the finished page in `dist/`: glue, optimiser, minifier, hashed names, compression.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::hash;
use crate::html::{Asset, render};
use crate::process::{say, silently};
use crate::programs::WASM_BINDGEN;
use crate::shrink::{bundle, shrink_both};
use crate::toolchain::{TARGET, Toolchain};
use crate::tools::{Npm, WasmBindgen};
use crate::workspace::{Workspace, remove_dir};

/// The application's package and binary.
pub const APP: &str = "registry-harness";

/// How much work goes into the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Small: optimised, minified, compressed.
    Release,
    /// Quickly there.
    Dev,
}

/// Everything a page is built with.
pub struct Tools {
    /// The compiler.
    pub toolchain: Toolchain,
    /// The glue's maker.
    pub bindgen: WasmBindgen,
    /// wasm-opt and esbuild.
    pub npm: Npm,
}

/// The two files that the application becomes.
struct App {
    js: Vec<u8>,
    wasm: Vec<u8>,
}

/// Compiles the application; the result is the wasm that cargo made.
pub fn compile(workspace: &Workspace, toolchain: &Toolchain, quality: Quality) -> Result<PathBuf> {
    let (profile, folder) = match quality {
        Quality::Release => ("wasm", "wasm"),
        Quality::Dev => ("dev", "debug"),
    };
    let mut cargo = match quality {
        Quality::Release => toolchain.release_cargo(workspace, "build"),
        Quality::Dev => toolchain.cargo(workspace, "build"),
    };
    cargo.args(["--package", APP, "--bin", APP, "--profile", profile]);
    silently("compiling the page", &mut cargo)?;
    Ok(workspace.wasm_target.join(TARGET).join(folder).join(format!("{APP}.wasm")))
}

/// Makes `dist/` from the compiled application, unless it is already made from the same input.
pub fn assemble(workspace: &Workspace, tools: &Tools, compiled: &Path, quality: Quality) -> Result<()> {
    let stamp = workspace.wasm_target.join("page.stamp");
    let identity = identity(workspace, compiled, quality)?;
    if workspace.dist.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|old| old == identity) {
        say("page: nothing changed");
        return Ok(());
    }
    let _lock = workspace.lock("page")?;
    let app = match quality {
        Quality::Release => optimised(workspace, tools, &bound(workspace, tools, compiled)?)?,
        Quality::Dev => read_app(&bound(workspace, tools, compiled)?)?,
    };
    let staging = workspace.root.join("dist.partial");
    remove_dir(&staging)?;
    fs::create_dir_all(&staging).context("cannot create the folder for the page")?;
    write_page(workspace, &staging, &app)?;
    if quality == Quality::Release {
        compress(tools, &staging)?;
    }
    remove_dir(&workspace.dist)?;
    fs::rename(&staging, &workspace.dist).context("cannot put the page into dist")?;
    fs::write(stamp, identity)?;
    say(&format!("page: built in dist ({} kB of wasm, {} kB of glue)", app.wasm.len() / 1000, app.js.len() / 1000));
    Ok(())
}

/// Compiles and assembles.
pub fn build(workspace: &Workspace, tools: &Tools, quality: Quality) -> Result<()> {
    let compiled = compile(workspace, &tools.toolchain, quality)?;
    assemble(workspace, tools, &compiled, quality)
}

/// Changes when anything that goes into the page does.
fn identity(workspace: &Workspace, compiled: &Path, quality: Quality) -> Result<String> {
    let mut parts = vec![format!("{quality:?} {}", hash::hex(&read(compiled)?))];
    let mut files: Vec<_> = ["index.html", "Trunk.toml", "package-lock.json"].map(|f| workspace.root.join(f)).into();
    files.extend(files_below(&workspace.root.join("static"))?);
    for file in files {
        parts.push(format!("{} {}", file.display(), hash::hex(&read(&file)?)));
    }
    Ok(hash::hex(parts.join("\n").as_bytes()))
}

/// Runs wasm-bindgen; the result is the folder with the glue and the wasm.
fn bound(workspace: &Workspace, tools: &Tools, compiled: &Path) -> Result<PathBuf> {
    let folder = workspace.wasm_target.join("page");
    remove_dir(&folder)?;
    let mut bindgen = WASM_BINDGEN.at(&tools.bindgen.bindgen);
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", APP, "--out-dir"]).arg(&folder).arg(compiled);
    silently("wasm-bindgen", &mut bindgen)?;
    Ok(folder)
}

fn read_app(folder: &Path) -> Result<App> {
    let (js, wasm) = (folder.join(format!("{APP}.js")), folder.join(format!("{APP}_bg.wasm")));
    Ok(App { js: read(&js)?, wasm: read(&wasm)? })
}

fn optimised(workspace: &Workspace, tools: &Tools, folder: &Path) -> Result<App> {
    let (glue, short, js, wasm) = (
        folder.join(format!("{APP}.js")),
        folder.join("short.js"),
        folder.join("bundled.js"),
        folder.join("small.wasm"),
    );
    shrink_both(workspace, tools, (&folder.join(format!("{APP}_bg.wasm")), &wasm), (&glue, &short))?;
    bundle(workspace, tools, &short, &js)?;
    Ok(App { js: read(&js)?, wasm: read(&wasm)? })
}

fn write_page(workspace: &Workspace, staging: &Path, app: &App) -> Result<()> {
    let base = trunk_setting(&workspace.read("Trunk.toml")?, "public_url")?;
    let pattern = trunk_setting(&workspace.read("Trunk.toml")?, "pattern_preload")?;
    let hash = hash::hex(&[app.js.as_slice(), &app.wasm].concat());
    let (js, wasm) = (format!("{APP}-{hash}.js"), format!("{APP}-{hash}_bg.wasm"));
    fs::write(staging.join(&js), &app.js)?;
    fs::write(staging.join(&wasm), &app.wasm)?;
    copy_snippets(&workspace.wasm_target.join("page"), staging, app)?;
    let preload = pattern.replace("{base}", &base).replace("{js}", &js).replace("{wasm}", &wasm);
    let page = render(&workspace.read("index.html")?, &preload, |asset| {
        let hashed = |source: &str| copy_hashed(&workspace.root, staging, source).map(|name| format!("{base}{name}"));
        Ok(match asset {
            Asset::Rust => String::new(),
            Asset::Css(source) => format!("<link rel=\"stylesheet\" href=\"{}\" />", hashed(source)?),
            Asset::Script(source) => format!("<script type=\"module\" src=\"{}\"></script>", hashed(source)?),
            Asset::Icon(source, kind) => {
                let kind = kind.map(|kind| format!(" type=\"{kind}\"")).unwrap_or_default();
                format!("<link rel=\"icon\" href=\"{}\"{kind} />", hashed(source)?)
            }
            Asset::CopyFile(source) | Asset::CopyDir(source) => {
                copy_named(&workspace.root, staging, source)?;
                String::new()
            }
        })
    })?;
    fs::write(staging.join("index.html"), page).context("cannot write the page")
}

/// JavaScript that crates bring along is part of a bundled glue, but not of a plain one.
fn copy_snippets(folder: &Path, staging: &Path, app: &App) -> Result<()> {
    let snippets = folder.join("snippets");
    if !snippets.is_dir() || !String::from_utf8_lossy(&app.js).contains("./snippets/") {
        return Ok(());
    }
    copy_tree(&snippets, &staging.join("snippets"))
}

fn copy_hashed(root: &Path, staging: &Path, source: &str) -> Result<String> {
    let content = read(&root.join(source))?;
    let path = Path::new(source);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let name = format!("{stem}-{}.{extension}", hash::hex(&content));
    fs::write(staging.join(&name), content)?;
    Ok(name)
}

fn copy_named(root: &Path, staging: &Path, source: &str) -> Result<()> {
    let (from, name) = (root.join(source), Path::new(source).file_name());
    let Some(name) = name else { bail!("index.html: {source} has no name") };
    copy_tree(&from, &staging.join(name))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        let target = match file.strip_prefix(from) {
            Ok(inside) if file != from => to.join(inside),
            _ => to.to_path_buf(),
        };
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &target).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// Writes `.br` and `.gz` beside everything that shrinks, for servers that hand them out as they are.
fn compress(tools: &Tools, folder: &Path) -> Result<()> {
    let mut node = tools.npm.node();
    node.args(["--input-type=commonjs", "--eval", COMPRESS]).arg(folder);
    silently("compressing the page", &mut node)
}

const COMPRESS: &str = r#"
const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { brotliCompressSync, gzipSync, constants } = require("node:zlib");
const folder = process.argv.at(-1);
for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(html|js|css|svg|json|wasm|txt)$/.test(name)) continue;
  const path = join(folder, name);
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const packed = { br: brotliCompressSync(content, { params }), gz: gzipSync(content, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(packed)) {
    if (bytes.length < content.length) writeFileSync(`${path}.${ending}`, bytes);
  }
}
"#;

/// Every file in a folder and the folders in it, sorted; the path itself if it is a file.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut entries: Vec<_> =
        fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::path);
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_below(&entry.path())?);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A string setting of `Trunk.toml`, on one line, in single or double quotes.
fn trunk_setting(toml: &str, name: &str) -> Result<String> {
    let line = toml.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
    let value = line.map(str::trim).and_then(|value| {
        let quote = value.chars().next().filter(|quote| "\"'".contains(*quote))?;
        value.strip_prefix(quote)?.strip_suffix(quote)
    });
    value.map(str::to_owned).with_context(|| format!("Trunk.toml: no {name} = '…' on a line of its own"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_trunk_are_read() {
        let toml = "[build]\npublic_url = \"./\"\npattern_preload = '<link href=\"{js}\" />'\nport = 1\n";
        assert_eq!(trunk_setting(toml, "public_url").unwrap(), "./");
        assert_eq!(trunk_setting(toml, "pattern_preload").unwrap(), "<link href=\"{js}\" />");
        assert!(trunk_setting(toml, "port").is_err());
        assert!(trunk_setting(toml, "absent").is_err());
    }

    #[test]
    fn our_own_trunk_settings_name_both_files() {
        let toml = include_str!("../../Trunk.toml");
        let pattern = trunk_setting(toml, "pattern_preload").unwrap();
        assert!(pattern.contains("{base}{js}") && pattern.contains("{base}{wasm}"));
        assert_eq!(trunk_setting(toml, "pattern_script").unwrap(), "");
    }
}
