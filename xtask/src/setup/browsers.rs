//! Browsers and their drivers: Debian's packages, or elsewhere Chrome for Testing and Firefox, downloaded into the cache.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::debian;
use crate::process::output;
use crate::programs::{NPX, Program};
use crate::workspace::cached;

/// The npm package that downloads them.
const INSTALLER: &str = "@puppeteer/browsers@2.10.5";

/// The path of the program, which the download calls `name`. If it is missing, it is installed, `together` with the others.
pub fn program(program: &Program, name: &str, together: &[&str]) -> Result<PathBuf> {
    if let Some(found) = program.chosen().or_else(|| program.find()) {
        return Ok(found);
    }
    if debian::is_debian() {
        return debian::program(program);
    }
    let folder = cached(&together.join("-"), |folder| together.iter().try_for_each(|name| download(name, folder)))?;
    let inside = fs::read_to_string(folder.join(format!("{name}.path"))).context("incomplete download")?;
    Ok(folder.join(inside))
}

/// Downloads a program into the folder, beside a file with its path.
fn download(name: &str, folder: &Path) -> Result<()> {
    let mut npx = NPX.at(debian::path(&NPX)?);
    npx.args(["--yes", INSTALLER, "install", &format!("{name}@stable"), "--format", "{{path}}", "--path"]).arg(folder);
    let path = output(&mut npx)
        .with_context(|| format!("{name} could not be downloaded; name your own in the environment"))?;
    let path = path.lines().last().unwrap_or_default();
    let inside = Path::new(path).strip_prefix(folder).context("the download went elsewhere")?;
    Ok(fs::write(folder.join(format!("{name}.path")), inside.to_string_lossy().as_bytes())?)
}
