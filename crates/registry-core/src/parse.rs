//! Parsers for configuration values, shared by the server and the Worker.

use std::time::Duration;

use registry_protocol::limits::Rate;

use crate::AllowedOrigins;

/// The longest duration: a year. Far longer ones cannot be added to a time.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Parses a duration such as `180`, `180s`, `500ms`, `3m` or `1h`, of at most a year. Without a unit it is in seconds.
///
/// # Errors
/// The expected format.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("expected a duration such as 180, 180s, 500ms, 3m or 1h".to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| "a duration must start with a number".to_owned())?;
    let duration = Duration::try_from_secs_f64(number * seconds).ok();
    duration.filter(|duration| *duration <= LONGEST).ok_or_else(|| "expected at most a year".to_owned())
}

/// Parses a duration of at least a millisecond.
///
/// # Errors
/// The expected format, or that it is too short.
pub fn some_time(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| match millis(duration) {
        0 => Err("expected more than no time".to_owned()),
        _ => Ok(duration),
    })
}

/// Parses a rate such as `5/60s`: at most 5 in any 60 seconds.
///
/// # Errors
/// The expected format.
pub fn rate(text: &str) -> Result<Rate, String> {
    let (count, window) = text.split_once('/').ok_or("expected a rate such as 5/60s (at most 5 in any 60 seconds)")?;
    let count = count.parse().map_err(|_| "a rate must start with an integer".to_owned())?;
    Ok(Rate::new(count, millis(duration(window)?)))
}

/// Parses `*` or a comma-separated list of origins.
///
/// # Errors
/// The expected format.
pub fn origins(text: &str) -> Result<AllowedOrigins, String> {
    let list: Vec<&str> = text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).collect();
    if list == ["*"] {
        return Ok(AllowedOrigins::Any);
    }
    list.into_iter().map(origin).collect::<Result<_, _>>().map(AllowedOrigins::List)
}

/// An origin as browsers write it in the header `Origin` (RFC 6454, section 6.1): in lower case, without the port that its scheme
/// has by default. Applications and extensions have schemes of their own, such as `capacitor://localhost`.
fn origin(text: &str) -> Result<String, String> {
    let origin = text.to_ascii_lowercase();
    let (scheme, host) = origin.split_once("://").unwrap_or_default();
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !is_scheme || host.is_empty() || host.contains(['/', '*', '?', '#', '@', ' ', ';', '\'', '"']) {
        return Err(format!("{text} is not an origin: expected something like https://example.org, without a path"));
    }
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    Ok(origin.strip_suffix(port).unwrap_or(&origin).to_owned())
}

/// A duration in whole milliseconds.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, ms) in [("180", 180_000), ("2s", 2_000), ("500ms", 500), ("1.5m", 90_000), ("1h", 3_600_000)] {
            assert_eq!(duration(text).map(millis), Ok(ms), "{text}");
        }
        for bad in ["", "s", "1d", "-1", "1.2.3", "99999999999999999999999"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn some_time_is_more_than_none() {
        assert_eq!(some_time("1ms").map(millis), Ok(1));
        for bad in ["0", "0s", "0.1ms", "x"] {
            assert!(some_time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_are_counts_per_window() {
        assert_eq!(rate("5/60s"), Ok(Rate::new(5, 60_000)));
        for bad in ["5", "/60", "x/60", "5/x"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn origins_are_any_or_a_list() {
        assert_eq!(origins("*"), Ok(AllowedOrigins::Any));
        assert_eq!(origins(""), Ok(AllowedOrigins::List(vec![])));
        let list = vec!["https://a.example".to_owned(), "http://localhost:8080".to_owned()];
        assert_eq!(origins("https://A.example, http://localhost:8080"), Ok(AllowedOrigins::List(list)));
        for (text, origin) in [
            ("https://a.example:443", "https://a.example"),
            ("http://a.example:80", "http://a.example"),
            ("http://a.example:443", "http://a.example:443"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("tauri://localhost", "tauri://localhost"),
            ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"),
        ] {
            assert_eq!(origins(text), Ok(AllowedOrigins::List(vec![origin.to_owned()])), "{text}");
        }
        for bad in [
            "a.example",
            "://a.example",
            "1x://a",
            "https://",
            "https://a.example/",
            "https://*.example",
            "*,https://a.example",
            "https://a;x",
        ] {
            assert!(origins(bad).is_err(), "{bad}");
        }
    }
}
