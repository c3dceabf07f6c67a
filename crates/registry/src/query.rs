use registry_protocol::limits::MAX_WAIT_MS;

/// The part of a query that the Registry understands. The rest is ignored, and so is a value that is no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Only what is newer than this.
    pub(crate) since: Option<u64>,
    /// How long to wait for news, in milliseconds.
    pub(crate) wait_ms: Option<u64>,
}

impl Query {
    /// The query of a path.
    pub(crate) fn of(path: &str) -> Self {
        let mut query = Self::default();
        let text = path.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            let number = value.parse::<u64>().ok();
            match name {
                "since" => query.since = number,
                "wait" => query.wait_ms = number.map(|seconds| seconds.saturating_mul(1000).min(MAX_WAIT_MS)),
                _ => {}
            }
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_the_rest_is_ignored() {
        for (path, since, wait_ms) in [
            ("/rooms/X", None, None),
            ("/rooms/X?", None, None),
            ("/rooms/X?since=3&wait=2", Some(3), Some(2000)),
            ("/rooms/X?wait=0&unknown&x=1", None, Some(0)),
            ("/rooms/X?wait=99999999999999999999&since=-1", None, None),
            ("/rooms/X?wait=18446744073709551615", None, Some(MAX_WAIT_MS)),
            ("/rooms/X?wait=1.5&since=", None, None),
        ] {
            assert_eq!(Query::of(path), Query { since, wait_ms }, "{path}");
        }
    }
}
