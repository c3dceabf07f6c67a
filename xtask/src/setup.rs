//! Setup on demand: everything is found or installed once per run, when it is first needed.
//!
//! The installers are below; each knows one source of programs, and only this file knows all of them.

mod browsers;
mod cargo_tools;
pub mod debian;
pub mod npm;
mod once;
pub mod toolchain;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow};

use crate::programs::{Program, Source};
pub use once::{Unavailable, once};

impl Program {
    /// Its path. It is installed if it is missing.
    pub fn path(&self) -> Result<&Path> {
        once(&self.place, || self.find_or_install()).map(PathBuf::as_path)
    }

    /// Installs it if it is missing.
    pub fn set_up(&self) -> Result<()> {
        self.path().map(drop)
    }

    /// A command for the program. It is installed if it is missing.
    pub fn installed(&self) -> Result<Command> {
        Ok(self.at(self.path()?))
    }

    fn find_or_install(&self) -> Result<PathBuf> {
        match self.source {
            Source::Npm(folder) => npm::program(folder, self.name()),
            Source::Crate(package, version, flags) => cargo_tools::program(self, package, version, flags),
            Source::Download(_, name, together) => browsers::program(self, name, together),
            Source::Component(subcommand, component, package) => {
                // rustup has proxies even for components that are not installed.
                toolchain::component(self, subcommand, component, package)?;
                debian::program(self)
            }
            _ => debian::program(self),
        }
    }
}

/// Finds or installs something.
pub type Need = fn() -> Result<()>;

/// Sets up what is needed, all at the same time.
/// The error is [`Unavailable`] if something is unavailable and everything else was set up, and another one if that failed.
pub fn require(needs: &[Need]) -> Result<()> {
    let results = thread::scope(|scope| {
        let threads: Vec<_> = needs.iter().map(|need| scope.spawn(need)).collect();
        let results = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("the setup panicked; its message is above"))));
        results.collect::<Vec<_>>()
    });
    let errors = results.into_iter().filter_map(Result::err);
    let (unavailable, failed): (Vec<_>, Vec<_>) = errors.partition(|error| error.is::<Unavailable>());
    failed.into_iter().chain(unavailable).next().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn failures_take_precedence_over_what_is_unavailable() {
        fn unavailable() -> Result<()> {
            Err(Unavailable("no permission".to_owned())).context("no browser")
        }
        let error = require(&[|| Ok(()), unavailable, || Err(anyhow!("apt-get failed"))]).unwrap_err();
        assert_eq!(error.to_string(), "apt-get failed");
        assert!(require(&[unavailable, || Ok(())]).unwrap_err().is::<Unavailable>());
        assert!(require(&[|| Ok(())]).is_ok());
    }
}
