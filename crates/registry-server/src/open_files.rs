//! How many connections fit the number of files that the system lets the process open.

/// What else is open: the log, the listeners, the connections of operators.
const OTHERS: u64 = 64;

/// Raises the limit as far as the system permits, and returns how many of `wanted` connections fit it. If `with_files`, as many
/// files of the page fit as well.
pub(crate) fn max_connections(wanted: usize, with_files: bool) -> usize {
    let per_connection = if with_files { 2 } else { 1 };
    let needed = (wanted as u64).saturating_mul(per_connection).saturating_add(OTHERS);
    let Ok(limit) = rlimit::increase_nofile_limit(needed) else { return wanted };
    let fit = usize::try_from(limit.saturating_sub(OTHERS) / per_connection).unwrap_or(usize::MAX).max(1);
    if fit < wanted {
        tracing::warn!(
            event = "open_files",
            limit,
            "only {fit} connections at a time, not {wanted}: raise the limit of open files (ulimit -n, LimitNOFILE) to {needed}",
        );
    }
    fit.min(wanted)
}
