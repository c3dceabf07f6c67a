use serde_json::Value;

use crate::check::{Checked, Failure, ensure};

/// An HTTP response from the Registry under test.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The elements of a comma-separated header, lower-cased and sorted.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let lines = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let words = lines.flat_map(|(_, value)| value.split(','));
        let mut words: Vec<String> = words.map(|word| word.trim().to_ascii_lowercase()).collect();
        words.sort();
        words
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        serde_json::from_slice(&self.body)
            .map_err(|_| Failure::new(format!("the body of the {} response is not JSON", self.status)))
    }

    /// Checks the status.
    pub(crate) fn expect_status(&self, expected: u16) -> Result<&Self, Failure> {
        ensure(self.status == expected, || format!("status {}, expected {expected}{}", self.status, self.code_text()))?;
        Ok(self)
    }

    /// Checks that this is an error with one of these statuses and codes.
    pub(crate) fn expect_error(&self, expected: &[(u16, &str)]) -> Checked {
        let got = (self.status, self.code().unwrap_or_default());
        ensure(expected.iter().any(|(status, code)| *status == got.0 && *code == got.1), || {
            let wanted: Vec<String> = expected.iter().map(|(status, code)| format!("{status} {code}")).collect();
            format!("{} {}, expected {}", got.0, got.1, wanted.join(" or "))
        })
    }

    /// The error code in the body.
    pub(crate) fn code(&self) -> Option<String> {
        Some(self.json().ok()?["error"]["code"].as_str()?.to_owned())
    }

    fn code_text(&self) -> String {
        self.code().map(|code| format!(" ({code})")).unwrap_or_default()
    }
}
