//! Setup on demand: everything is found or installed once per run, when it is first needed.

use std::sync::OnceLock;
use std::thread::{self, Scope};

use anyhow::{Result, anyhow};
use thiserror::Error;

use crate::part::{PARTS, Part};
use crate::process::say;

/// Something is unavailable on this machine, and why: it cannot be installed, or may not be used. Tests that need it are
/// skipped. Other errors of the setup make them fail.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// Something that is set up at most once. An error is printed once, and returned every time.
#[derive(Debug)]
pub struct Once<T>(OnceLock<Result<T>>);

impl<T> Once<T> {
    /// Not set up yet.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Calls `set_up` if it was not called before, and returns the result. Concurrent callers wait.
    pub fn get(&self, set_up: impl FnOnce() -> Result<T>) -> Result<&T> {
        let result = self.0.get_or_init(|| set_up().inspect_err(|error| say(&format!("setup: {error:#}"))));
        result.as_ref().map_err(|error| match error.downcast_ref::<Unavailable>() {
            Some(unavailable) => unavailable.clone().into(),
            None => anyhow!("the setup failed: {error:#}"),
        })
    }
}

/// Finds or installs something.
pub type Need = fn() -> Result<()>;

/// Sets up in the background what these parts need or can use.
pub fn prepare<'scope>(scope: &'scope Scope<'scope, '_>, parts: &[&'static Part]) {
    for need in parts.iter().flat_map(|part| part.needs.iter().chain(part.wishes)) {
        scope.spawn(need);
    }
}

/// Sets up what is needed.
///
/// # Errors
/// [`Unavailable`] if something is unavailable and everything else was set up; another error if that failed.
pub fn require(needs: &[Need]) -> Result<()> {
    let (unavailable, failed): (Vec<_>, Vec<_>) =
        needs.iter().filter_map(|need| need().err()).partition(|error| error.is::<Unavailable>());
    failed.into_iter().chain(unavailable).next().map_or(Ok(()), Err)
}

/// Sets up everything for all parts of the tests. What is unavailable is printed.
///
/// # Errors
/// Something failed.
pub fn everything() -> Result<()> {
    let parts: Vec<&Part> = PARTS.iter().collect();
    thread::scope(|scope| prepare(scope, &parts));
    let needs: Vec<Need> = parts.iter().flat_map(|part| part.needs.iter().chain(part.wishes)).copied().collect();
    require(&needs).or_else(|error| if error.is::<Unavailable>() { Ok(()) } else { Err(error) })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    fn unavailable<T>() -> Result<T> {
        Err(Unavailable("no permission".to_owned())).context("no browser")
    }

    #[test]
    fn setup_runs_once_and_keeps_the_kind_of_error() {
        let missing = Once::<()>::new();
        let _ = missing.get(unavailable);
        let again = missing.get(|| panic!("called twice")).unwrap_err();
        assert_eq!(again.downcast::<Unavailable>().unwrap().0, "no permission");
        let failed = Once::<()>::new();
        assert!(!failed.get(|| Err(anyhow!("apt-get failed"))).unwrap_err().is::<Unavailable>());
    }

    #[test]
    fn failures_take_precedence_over_what_is_unavailable() {
        let error = require(&[|| Ok(()), unavailable, || Err(anyhow!("apt-get failed"))]).unwrap_err();
        assert_eq!(error.to_string(), "apt-get failed");
        assert!(require(&[unavailable, || Ok(())]).unwrap_err().is::<Unavailable>());
        assert!(require(&[|| Ok(())]).is_ok());
    }
}
