use stylist::{StyleSource, css};
use yew::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A warning.
    Alert,
    /// Done.
    Check,
    /// Expand or collapse.
    Chevron,
    /// Copy.
    Copy,
    /// Close or dismiss.
    Cross,
    /// Down to the newest.
    Down,
    /// Save as a file.
    Download,
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
    /// The strokes as path data, in a square of 16 units.
    fn strokes(self) -> &'static str {
        match self {
            Self::Alert => "M8 2 15 14H1ZM8 6.5v3.5M8 12v.2",
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Chevron => "M4 6l4 4 4-4",
            Self::Copy => "M6 6h7.5v7.5H6ZM10 6V2.5H2.5V10H6",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Down => "M8 2.5v10M4 9l4 4 4-4",
            Self::Download => "M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11",
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

/// Properties of [`Icon`].
#[derive(Properties, PartialEq)]
pub struct IconProps {
    /// What it shows.
    pub glyph: Glyph,
}

/// A small picture beside a text or in a labelled control; hidden from screen readers.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class={classes!("icon", style())} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={props.glyph.strokes()} />
        </svg>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        width: 1em;
        height: 1em;
        flex: none;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.6;
        stroke-linecap: round;
        stroke-linejoin: round;
        "#
    )
}
