//! What visitors download, and how much that may be: `budget.toml`.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use walkdir::WalkDir;

use crate::process::output;
use crate::programs::NODE;
use crate::workspace::{read_toml, workspace};

/// Bytes as they are, and as a server sends them.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Size {
    /// As they are.
    pub raw: u64,
    /// Packed with gzip.
    pub gzip: u64,
    /// Packed with brotli.
    pub brotli: u64,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(|bytes| bytes as f64 / 1000.0);
        write!(f, "{raw:.1} kB, gzip {gzip:.1} kB, brotli {brotli:.1} kB")
    }
}

/// Prints what a visitor of the page downloads: a line for the wasm, one for the JavaScript, and one for all.
pub fn print() -> Result<()> {
    println!("{:<6} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip", "brotli");
    for (name, endings) in [("wasm", &["wasm"][..]), ("js", &["js"]), ("all", &["wasm", "js", "css", "html", "svg"])] {
        let Size { raw, gzip, brotli } = of_the_page(endings)?;
        println!("{name:<6} {raw:>10} {gzip:>10} {brotli:>10}");
    }
    Ok(())
}

/// Holds the page to its budget: its wasm and its JavaScript together. The result is what they weigh.
///
/// # Errors
/// By how much the page is too large, and what to do.
pub fn check_page() -> Result<Size> {
    let size = of_the_page(&["wasm", "js"])?;
    check("page", size).map(|()| size)
}

/// Compares with the limits that `budget.toml` has in the section `[of]`.
///
/// # Errors
/// By how much it is too large, and what to do.
pub fn check(of: &str, size: Size) -> Result<()> {
    let limits: HashMap<String, Size> = read_toml("budget.toml")?;
    let limit = limits.get(of).with_context(|| format!("budget.toml has no [{of}]"))?;
    complaint(of, size, *limit).map_or(Ok(()), |complaint| bail!(complaint))
}

/// Measures files as a server would send them.
pub fn measure(files: &[PathBuf]) -> Result<Size> {
    let numbers = output(NODE.installed()?.args(["--input-type=commonjs", "--eval", MEASURE]).args(files))?;
    match numbers.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?[..] {
        [raw, gzip, brotli] => Ok(Size { raw, gzip, brotli }),
        _ => bail!("sizes that are no numbers: {numbers}"),
    }
}

const MEASURE: &str = r#"
const { readFileSync } = require("node:fs");
const { brotliCompressSync, gzipSync } = require("node:zlib");
const files = process.argv.slice(1).map((name) => readFileSync(name));
const sum = (pack) => files.reduce((total, file) => total + pack(file).length, 0);
console.log(sum((file) => file), sum((file) => gzipSync(file, { level: 9 })), sum((file) => brotliCompressSync(file)));
"#;

/// Adds up the files of the page with these endings, and what the build has packed beside them.
fn of_the_page(endings: &[&str]) -> Result<Size> {
    let mut sum = Size::default();
    for entry in WalkDir::new(&workspace().dist) {
        let entry = entry.context("there is no page yet; run cargo xtask build-page")?;
        let path = entry.path();
        let is_wanted = path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted));
        if is_wanted && belongs_to_the_page(path.strip_prefix(&workspace().dist)?) {
            let raw = fs::metadata(path)?.len();
            let packed = |ending| fs::metadata(format!("{}.{ending}", path.display())).map_or(raw, |data| data.len());
            sum = Size { raw: sum.raw + raw, gzip: sum.gzip + packed("gz"), brotli: sum.brotli + packed("br") };
        }
    }
    if sum == Size::default() {
        bail!("there is no page in dist; run cargo xtask build-page");
    }
    Ok(sum)
}

/// Whether the page loads the file of that path in `dist`. What Trunk merely copies, by its own name, is for pages that embed
/// this one.
fn belongs_to_the_page(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    name == "index.html" || path.starts_with("snippets") || name.split(['-', '_', '.']).any(is_hash)
}

fn complaint(of: &str, size: Size, most: Size) -> Option<String> {
    let kinds =
        [("as it is", size.raw, most.raw), ("as gzip", size.gzip, most.gzip), ("as brotli", size.brotli, most.brotli)];
    let over: Vec<String> = kinds
        .into_iter()
        .filter(|(_, size, most)| size > most)
        .map(|(name, size, most)| format!("{} bytes too large {name} ({size} of {most})", size - most))
        .collect();
    (!over.is_empty()).then(|| {
        format!(
            "the {of} is {}. Look at what has grown: a dependency, a generic function that is made many times over. If it is \
             worth its bytes, raise the limit in budget.toml",
            over.join(" and ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_limits_for_the_page_and_the_package() {
        for of in ["page", "package"] {
            check(of, Size { raw: 1, gzip: 1, brotli: 1 }).unwrap();
            assert!(check(of, Size { raw: 1, gzip: 1, brotli: u64::MAX }).is_err());
        }
        assert!(check("none", Size::default()).is_err());
    }

    #[test]
    fn what_is_too_large_is_told_with_the_number_of_bytes() {
        let limit = Size { raw: 500, gzip: 200, brotli: 100 };
        assert_eq!(complaint("page", limit, limit), None);
        let told = complaint("page", Size { raw: 501, gzip: 200, brotli: 107 }, limit).unwrap();
        assert!(told.contains("1 bytes too large as it is (501 of 500) and 7 bytes too large as brotli"), "{told}");
    }

    #[test]
    fn what_is_for_other_pages_is_not_weighed() {
        for path in ["index.html", "app-1a2b3c4d5e6f7a8b_bg.wasm", "snippets/js-0a/error.js"] {
            assert!(belongs_to_the_page(Path::new(path)), "{path}");
        }
        for path in ["embed.js", "demo.html", "demo.css"] {
            assert!(!belongs_to_the_page(Path::new(path)), "{path}");
        }
    }
}
