//! `cargo xtask size`: what a visitor downloads, and whether that is within `budget.toml`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::headers::is_hashed;
use crate::page::files_below;
use crate::workspace::Workspace;

/// Bytes as they are, and as a server sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// The most that the page may weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Budget(Size);

impl Budget {
    /// Reads the three limits, each on a line of its own.
    fn read(toml: &str) -> Result<Self> {
        let limit = |name: &str| {
            let line = toml.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
            let number = line.and_then(|line| line.split('#').next()?.trim().replace('_', "").parse().ok());
            number.with_context(|| format!("budget.toml: no {name} = BYTES on a line of its own"))
        };
        Ok(Self(Size { raw: limit("raw")?, gzip: limit("gzip")?, brotli: limit("brotli")? }))
    }

    /// What to tell about a page of this size, if it is too large.
    fn complaint(self, size: Size) -> Option<String> {
        let Self(most) = self;
        let over: Vec<String> = [
            ("as it is", size.raw, most.raw),
            ("as gzip", size.gzip, most.gzip),
            ("as brotli", size.brotli, most.brotli),
        ]
        .into_iter()
        .filter(|(_, size, most)| size > most)
        .map(|(name, size, most)| format!("{} bytes too large {name} ({size} of {most})", size - most))
        .collect();
        (!over.is_empty()).then(|| {
            format!(
                "the page is {}. Look at what has grown (`cargo xtask size`): a dependency, a component that could be a \
                 function, a generic function that is made many times over. If it is worth its bytes, raise the limit \
                 in budget.toml",
                over.join(" and ")
            )
        })
    }
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

/// Measures the page against `budget.toml`: its wasm and its JavaScript together.
///
/// # Errors
/// By how much the page is too large, and what to do.
pub fn check(workspace: &Workspace) -> Result<()> {
    let budget = Budget::read(&workspace.read("budget.toml")?)?;
    match budget.complaint(sum(workspace, &[".wasm", ".js"])?) {
        Some(complaint) => bail!(complaint),
        None => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget(Size { raw: 500, gzip: 200, brotli: 100 });

    #[test]
    fn the_limits_are_read() {
        let toml = "# raw = 1\n[page]\nraw = 5_00 # of all\ngzip=200\nbrotli = 100\n";
        assert_eq!(Budget::read(toml).unwrap(), BUDGET);
        assert!(Budget::read("raw = 1\ngzip = 1\n").unwrap_err().to_string().contains("brotli"));
        assert!(Budget::read("raw = x\ngzip = 1\nbrotli = 1\n").is_err());
        assert!(Budget::read(include_str!("../../budget.toml")).is_ok());
    }

    #[test]
    fn a_page_within_the_limits_is_not_complained_about() {
        assert_eq!(BUDGET.complaint(Size { raw: 500, gzip: 200, brotli: 100 }), None);
    }

    #[test]
    fn a_page_that_is_too_large_is_told_by_how_much_and_what_to_do() {
        let words = BUDGET.complaint(Size { raw: 500, gzip: 201, brotli: 130 }).unwrap();
        assert!(words.contains("1 bytes too large as gzip (201 of 200) and 30 bytes too large as brotli (130 of 100)"));
        assert!(!words.contains("as it is") && words.contains("budget.toml"), "{words}");
    }
}
