//! Setting things up: once in a process, by whoever needs them first, and with a clear word about what cannot be had.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::sync::OnceLock;
use std::thread::{self, Scope};

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::part::{Need, Part};
use crate::process::say;

/// Something cannot be had on this machine, and why: there is no way to install it, or no permission to use it. Tests that
/// need it are skipped. Whatever else goes wrong in a set-up is an error of another type, and makes them fail.
#[derive(Clone, Debug)]
pub struct Unavailable(pub String);

impl Display for Unavailable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unavailable {}

/// Something that is set up at most once. What goes wrong is said at once, and to all who ask.
#[derive(Debug)]
pub struct Once<T>(OnceLock<Result<T>>);

impl<T> Once<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// What `set_up` made, if it was not made before. Others who ask meanwhile wait.
    pub fn get(&self, set_up: impl FnOnce() -> Result<T>) -> Result<&T> {
        let result = self.0.get_or_init(|| set_up().inspect_err(|error| say(&format!("set-up: {error:#}"))));
        result.as_ref().map_err(|error| match error.downcast_ref::<Unavailable>() {
            Some(unavailable) => unavailable.clone().into(),
            None => anyhow!("the set-up failed: {error:#}"),
        })
    }
}

/// Sets up what these parts need, and what they wish for, in the background.
pub fn prepare<'scope>(scope: &'scope Scope<'scope, '_>, parts: &[Part]) {
    for need in parts.iter().flat_map(|part| part.needs().iter().chain(part.wishes())) {
        scope.spawn(need);
    }
}

/// Whether all of it is there, after it was set up.
///
/// # Errors
/// Something is not: [`Unavailable`] only if nothing that should be there is missing as well.
pub fn require(needs: &[Need]) -> Result<()> {
    let (unavailable, failed): (Vec<_>, Vec<_>) =
        needs.iter().filter_map(|need| need().err()).partition(|error| error.is::<Unavailable>());
    failed.into_iter().chain(unavailable).next().map_or(Ok(()), Err)
}

/// Installs everything that any test needs, and says what is not to be had.
///
/// # Errors
/// Something should be to be had and is not.
pub fn everything() -> Result<()> {
    let parts = Part::value_variants();
    thread::scope(|scope| prepare(scope, parts));
    let needs: Vec<Need> = parts.iter().flat_map(|part| part.needs().iter().chain(part.wishes())).copied().collect();
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
    fn what_cannot_be_had_stays_so_when_it_is_told_again_and_what_failed_is_a_failure() {
        let missing = Once::<()>::new();
        let _ = missing.get(unavailable);
        let again = missing.get(|| panic!("it was tried before")).unwrap_err();
        assert_eq!(again.downcast::<Unavailable>().unwrap().0, "no permission");
        let failed = Once::<()>::new();
        assert!(!failed.get(|| Err(anyhow!("apt-get failed"))).unwrap_err().is::<Unavailable>());
    }

    #[test]
    fn what_cannot_be_had_does_not_hide_what_failed() {
        let error = require(&[|| Ok(()), unavailable, || Err(anyhow!("apt-get failed"))]).unwrap_err();
        assert_eq!(error.to_string(), "apt-get failed");
        assert!(require(&[unavailable, || Ok(())]).unwrap_err().is::<Unavailable>());
        assert!(require(&[|| Ok(())]).is_ok());
    }
}
