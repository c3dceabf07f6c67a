/// How to check a Registry.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The Registry has rate limits: stay within them, and check them.
    pub rate_limits: bool,
    /// Also check times to live, which takes minutes by the transport's clock.
    pub lifetimes: bool,
    /// An origin that the Registry allows.
    pub origin: Option<String>,
}

/// What a case needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing but a Registry.
    Nothing,
    /// An origin that the Registry allows.
    Origin,
    /// A Registry with rate limits.
    RateLimits,
    /// Time to wait for rooms to expire.
    Lifetimes,
    /// A Registry with the extended contract.
    Extended,
    /// A Registry with the extended contract and rate limits.
    ExtendedLimits,
}

impl Needs {
    /// Why the case is skipped, if it is.
    pub(crate) fn missing(self, options: &Options) -> Option<&'static str> {
        match self {
            Self::Origin if options.origin.is_none() => Some("only with --origin"),
            Self::RateLimits | Self::ExtendedLimits if !options.rate_limits => Some("rate limits are off"),
            Self::Lifetimes if !options.lifetimes => Some("only with --slow"),
            _ => None,
        }
    }
}
