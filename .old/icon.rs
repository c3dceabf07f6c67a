use yew::prelude::*;

use crate::markup::markup;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Something went wrong.
    Alert,
    /// Done.
    Check,
    /// Open or closed.
    Chevron,
    /// Copy.
    Copy,
    /// Away with it.
    Cross,
    /// To the newest.
    Down,
    /// An hourglass.
    Hourglass,
    /// A link.
    Link,
    /// The dark theme.
    Moon,
    /// Send.
    Send,
    /// The light theme.
    Sun,
    /// The system's theme.
    System,
    /// Delete.
    Trash,
}

impl Glyph {
    /// The strokes, in a square of 16.
    fn strokes(self) -> &'static str {
        match self {
            Self::Alert => "M8 2 15 14H1ZM8 6.5v3.5M8 12v.2",
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Chevron => "M4 6l4 4 4-4",
            Self::Copy => "M6 6h7.5v7.5H6ZM10 6V2.5H2.5V10H6",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Down => "M8 2.5v10M4 9l4 4 4-4",
            Self::Hourglass => "M4 2h8M4 14h8M5 2c0 4 6 5 6 12M11 2c0 4-6 5-6 12",
            Self::Link => {
                "M7 9.5a3 3 0 0 0 4.2 0l2-2A3 3 0 0 0 9 3.3l-.8.8M9 6.5a3 3 0 0 0-4.2 0l-2 2A3 3 0 0 0 7 12.7l.8-.8"
            }
            Self::Moon => "M13 10A5.8 5.8 0 1 1 6.5 2.6 4.8 4.8 0 0 0 13 10Z",
            Self::Send => "M2 8 14 2.5 10.5 14 7.5 9ZM7.5 9 14 2.5",
            Self::Sun => {
                "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"
            }
            Self::System => "M2 3h12v8H2ZM5.5 14h5M8 11v3",
            Self::Trash => "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.5v4.5M9.3 6.5v4.5",
        }
    }
}

/// A small picture that says nothing to a screen reader: a text stands beside it.
pub fn icon(glyph: Glyph) -> Html {
    markup! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={glyph.strokes()} />
        </svg>
    }
}
