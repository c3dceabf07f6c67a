//! The views of what has been recorded, one of which is shown at a time.

/// A view of what has been recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// State, facts and candidates.
    #[default]
    Overview,
    /// The sequence diagram.
    Diagram,
    /// The waterfall.
    Time,
    /// Candidates and pairs.
    Paths,
    /// Offer and answer.
    Sdp,
    /// Statistics over time.
    Statistics,
    /// The room and the calls.
    Registry,
    /// Faults on purpose.
    Faults,
    /// Traces as files.
    Traces,
}

impl View {
    /// All of them, in the order of their tabs.
    pub const ALL: [Self; 9] = [
        Self::Overview,
        Self::Diagram,
        Self::Time,
        Self::Paths,
        Self::Sdp,
        Self::Statistics,
        Self::Registry,
        Self::Faults,
        Self::Traces,
    ];

    /// Its name, for test ids and for storage.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Diagram => "diagram",
            Self::Time => "time",
            Self::Paths => "paths",
            Self::Sdp => "sdp",
            Self::Statistics => "statistics",
            Self::Registry => "registry",
            Self::Faults => "faults",
            Self::Traces => "traces",
        }
    }

    /// Its name on the tab.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Diagram => "Diagram",
            Self::Time => "Time",
            Self::Paths => "Paths",
            Self::Sdp => "SDP",
            Self::Statistics => "Statistics",
            Self::Registry => "Registry",
            Self::Faults => "Faults",
            Self::Traces => "Traces",
        }
    }

    /// The view of this name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.word() == word)
    }

    /// The view so many tabs further, from the end to the beginning.
    #[must_use]
    pub fn moved(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|view| *view == self).unwrap_or_default();
        let count = Self::ALL.len();
        Self::ALL[(at + count).wrapping_add_signed(by) % count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_view_is_found_by_its_word_and_tabs_go_round() {
        for view in View::ALL {
            assert_eq!(View::of_word(view.word()), Some(view));
        }
        assert_eq!(View::of_word("nothing"), None);
        assert_eq!((View::Overview.moved(-1), View::Traces.moved(1)), (View::Traces, View::Overview));
    }
}
