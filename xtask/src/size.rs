//! `cargo xtask size`: what a visitor downloads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::page::files_below;
use crate::workspace::Workspace;

/// Bytes as they are, and as a server sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

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

/// The sizes in a few words.
pub fn one_line(workspace: &Workspace) -> Result<String> {
    let (wasm, js) = (sum(workspace, &[".wasm"])?, sum(workspace, &[".js"])?);
    let words = |name: &str, size: Size| format!("{name} {} kB, brotli {} kB", size.raw / 1000, size.brotli / 1000);
    Ok(format!("{}; {}", words("wasm", wasm), words("js", js)))
}

fn sum(workspace: &Workspace, endings: &[&str]) -> Result<Size> {
    let mut sum = Size::default();
    let files = files_below(&workspace.dist).context("there is no page yet; run cargo xtask build-page")?;
    for file in files.iter().filter(|file| endings.iter().any(|ending| file.to_string_lossy().ends_with(ending))) {
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
