//! Parsers for configuration values, shared by the server and the Worker.

use std::time::Duration;

use registry_protocol::limits::Rate;

use crate::AllowedOrigins;

/// Parses a duration such as `180`, `180s`, `500ms` or `3m`. Without a unit it is in seconds.
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
        _ => return Err("expected a duration such as 180, 180s, 500ms or 3m".to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| "a duration must start with a number".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
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

fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(['/', '*', '?', '#', '@', ' ', ';', '\'', '"']) {
        return Err(format!("{text} is not an origin: expected something like https://example.org, without a path"));
    }
    Ok(text.to_ascii_lowercase())
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
        for (text, ms) in [("180", 180_000), ("2s", 2_000), ("500ms", 500), ("1.5m", 90_000)] {
            assert_eq!(duration(text).map(millis), Ok(ms), "{text}");
        }
        for bad in ["", "s", "1h", "-1", "1.2.3", "99999999999999999999999"] {
            assert!(duration(bad).is_err(), "{bad}");
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
        for bad in ["a.example", "https://a.example/", "https://*.example", "*,https://a.example", "https://a;x"] {
            assert!(origins(bad).is_err(), "{bad}");
        }
    }
}
