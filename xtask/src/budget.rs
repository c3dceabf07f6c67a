//! What visitors download, and how much that may be: `budget.toml`.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use walkdir::WalkDir;

use crate::process::output;
use crate::programs::NODE;
use crate::workspace::{read_toml, workspace};

/// Bytes as they are, and as a server sends them.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Size {
    /// As they are.
    pub raw: u64,
    /// Compressed with gzip.
    pub gzip: u64,
    /// Compressed with brotli.
    pub brotli: u64,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(|bytes| bytes as f64 / 1000.0);
        write!(f, "{raw:.1} kB, gzip {gzip:.1} kB, brotli {brotli:.1} kB")
    }
}

/// Prints what a visitor of the page downloads: a line for WebAssembly, one for JavaScript, and one for everything.
pub fn print() -> Result<()> {
    println!("{:<6} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip", "brotli");
    for (name, endings) in [("wasm", &["wasm"][..]), ("js", &["js"]), ("all", &["wasm", "js", "css", "html", "svg"])] {
        let Size { raw, gzip, brotli } = measure(&files_of_the_page(endings)?)?;
        println!("{name:<6} {raw:>10} {gzip:>10} {brotli:>10}");
    }
    Ok(())
}

/// Checks the page against its budget: WebAssembly and JavaScript together. The result is their size.
pub fn check_page() -> Result<Size> {
    check("page", measure(&files_of_the_page(&["wasm", "js"])?)?)
}

/// Checks a size against the section `[of]` of `budget.toml`.
pub fn check(of: &str, size: Size) -> Result<Size> {
    let limits: HashMap<String, Size> = read_toml("budget.toml")?;
    let limit = *limits.get(of).with_context(|| format!("budget.toml has no [{of}]"))?;
    if size.raw > limit.raw || size.gzip > limit.gzip || size.brotli > limit.brotli {
        bail!("the {of} is too large: {size}, of {limit}. If there is a reason, raise the limit in budget.toml");
    }
    Ok(size)
}

/// The size of these files together.
pub fn measure(files: &[PathBuf]) -> Result<Size> {
    let json = output(NODE.installed()?.args(["--input-type=commonjs", "--eval", MEASURE]).args(files))?;
    serde_json::from_str(&json).context("the sizes are not as expected")
}

const MEASURE: &str = r#"
const { readFileSync } = require("node:fs");
const { brotliCompressSync, gzipSync } = require("node:zlib");
const files = process.argv.slice(1).map((name) => readFileSync(name));
const sum = (pack) => files.reduce((total, file) => total + pack(file).length, 0);
const gzip = sum((file) => gzipSync(file, { level: 9 }));
console.log(JSON.stringify({ raw: sum((file) => file), gzip, brotli: sum((file) => brotliCompressSync(file)) }));
"#;

/// The files of the page with these endings.
fn files_of_the_page(endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(&workspace().dist) {
        let path = entry.context("there is no page yet; run cargo xtask build-page")?.into_path();
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        if endings.contains(&ending) && belongs_to_the_page(path.strip_prefix(&workspace().dist)?) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("there is no page in dist; run cargo xtask build-page");
    }
    Ok(files)
}

/// Whether the page loads the file with that path in `dist`. Files that keep their names are for pages that embed this one.
fn belongs_to_the_page(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    name == "index.html" || path.starts_with("snippets") || name.split(['-', '_', '.']).any(is_hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_of_the_page_and_the_package_is_checked() {
        let small = Size { raw: 1, gzip: 1, brotli: 1 };
        for of in ["page", "package"] {
            check(of, small).unwrap();
            for large in
                [Size { raw: u64::MAX, ..small }, Size { gzip: u64::MAX, ..small }, Size { brotli: u64::MAX, ..small }]
            {
                assert!(check(of, large).unwrap_err().to_string().contains("too large"));
            }
        }
        assert!(check("none", small).is_err());
    }

    #[test]
    fn files_for_other_pages_do_not_count() {
        for path in ["index.html", "app-1a2b3c4d5e6f7a8b_bg.wasm", "snippets/js-0a/error.js"] {
            assert!(belongs_to_the_page(Path::new(path)), "{path}");
        }
        for path in ["embed.js", "demo.html", "demo.css"] {
            assert!(!belongs_to_the_page(Path::new(path)), "{path}");
        }
    }
}
