//! What is set up at most once in a run, when it is first needed.

use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use thiserror::Error;

use crate::process::say;

/// Something is unavailable on this machine, and why: it cannot be installed, or may not be used. Tests that need it are
/// skipped. Other errors of the setup make them fail.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// Calls `set_up` if it was not called for this cell before, and returns the result. Concurrent callers wait. An error is
/// printed once, and returned every time.
pub fn once<T>(cell: &OnceLock<Result<T>>, set_up: impl FnOnce() -> Result<T>) -> Result<&T> {
    let result = cell.get_or_init(|| set_up().inspect_err(|error| say(&format!("setup: {error:#}"))));
    result.as_ref().map_err(|error| match error.downcast_ref::<Unavailable>() {
        Some(unavailable) => unavailable.clone().into(),
        None => anyhow!("the setup failed: {error:#}"),
    })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn setup_runs_once_and_keeps_the_kind_of_error() {
        let missing = OnceLock::<Result<()>>::new();
        let _ = once(&missing, || Err(Unavailable("no permission".to_owned())).context("no browser"));
        let again = once(&missing, || panic!("called twice")).unwrap_err();
        assert_eq!(again.downcast::<Unavailable>().unwrap().0, "no permission");
        let failed = OnceLock::<Result<()>>::new();
        assert!(!once(&failed, || Err(anyhow!("apt-get failed"))).unwrap_err().is::<Unavailable>());
    }
}
