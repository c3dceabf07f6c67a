use registry_protocol::limits::MAX_WAIT_MS;

/// The query parameters that the Registry understands. All others are ignored, and so are values that are not numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Return only what is newer than this cursor.
    pub(crate) since: Option<u64>,
    /// Long-poll timeout, in milliseconds.
    pub(crate) wait_ms: Option<u64>,
}

impl Query {
    /// Parses the query of a path and the parameters of the version header, such as `1;since=7`. A CORS preflight
    /// covers header names but not their values, so a cursor in the header does not need a new preflight for each
    /// request.
    pub(crate) fn parse(path: &str, version: &str) -> Self {
        let mut query = Self::default();
        let text = path.split_once('?').map_or("", |(_, query)| query).split('&').chain(version.split(';').skip(1));
        for (name, value) in text.filter_map(|pair| pair.trim().split_once('=')) {
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
    fn numbers_are_parsed_and_everything_else_is_ignored() {
        for (path, since, wait_ms) in [
            ("/rooms/X", None, None),
            ("/rooms/X?", None, None),
            ("/rooms/X?since=3&wait=2", Some(3), Some(2000)),
            ("/rooms/X?wait=0&unknown&x=1", None, Some(0)),
            ("/rooms/X?wait=99999999999999999999&since=-1", None, None),
            ("/rooms/X?wait=18446744073709551615", None, Some(MAX_WAIT_MS)),
            ("/rooms/X?wait=1.5&since=", None, None),
        ] {
            assert_eq!(Query::parse(path, "1"), Query { since, wait_ms }, "{path}");
        }
    }

    #[test]
    fn the_version_header_can_carry_a_cursor() {
        for (version, since) in [("1;since=7", Some(7)), ("1; since=7;x", Some(7)), ("1", None), ("since=7", None)] {
            let query = Query::parse("/rooms/X?wait=20", version);
            assert_eq!(query, Query { since, wait_ms: Some(20_000) }, "{version}");
        }
    }
}
