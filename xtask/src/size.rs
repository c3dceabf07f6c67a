//! `cargo xtask size`: what a visitor downloads, and whether that is within `budget.toml`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::budget::{self, Size};
use crate::headers::is_hashed;
use crate::page::files_below;
use crate::workspace::Workspace;

/// Prints a line for the wasm, one for the JavaScript, and one for all that is loaded.
pub fn run(workspace: &Workspace) -> Result<()> {
    let rows = [
        ("wasm", sum(workspace, &[".wasm"])?),
        ("js", sum(workspace, &[".js"])?),
        ("all", sum(workspace, &[".wasm", ".js", ".css", ".html", ".svg"])?),
    ];
    println!("{:<6} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip", "brotli");
    for (name, Size { raw, gzip, brotli }) in rows {
        println!("{name:<6} {raw:>10} {gzip:>10} {brotli:>10}");
    }
    Ok(())
}

/// Measures the page against `budget.toml`: its wasm and its JavaScript together.
///
/// # Errors
/// By how much the page is too large, and what to do.
pub fn check(workspace: &Workspace) -> Result<()> {
    budget::check(workspace, "page", sum(workspace, &[".wasm", ".js"])?)
}

/// The sizes in a few words.
pub fn one_line(workspace: &Workspace) -> Result<String> {
    let (wasm, js) = (sum(workspace, &[".wasm"])?, sum(workspace, &[".js"])?);
    let words = |name: &str, size: Size| format!("{name} {} kB, brotli {} kB", size.raw / 1000, size.brotli / 1000);
    Ok(format!("{}; {}", words("wasm", wasm), words("js", js)))
}

fn sum(workspace: &Workspace, endings: &[&str]) -> Result<Size> {
    let mut sum = Size::default();
    let files = files_below(&workspace.dist).context("there is no page yet; run cargo xtask build-page")?;
    // What keeps its name is for pages that embed this one.
    let of_page = |file: &str| file == "index.html" || is_hashed(file);
    for file in files.iter().filter(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        of_page(&name) && endings.iter().any(|ending| name.ends_with(ending))
    }) {
        let raw = length(file).with_context(|| format!("cannot read {}", file.display()))?;
        let packed = |ending: &str| length(format!("{}.{ending}", file.display())).unwrap_or(raw);
        sum.raw += raw;
        sum.gzip += packed("gz");
        sum.brotli += packed("br");
    }
    if sum == Size::default() {
        bail!("there is no page in dist; run cargo xtask build-page");
    }
    Ok(sum)
}

fn length(path: impl AsRef<Path>) -> Option<u64> {
    fs::metadata(path).ok().map(|data| data.len())
}
