use yew::prelude::*;

use crate::foreign;
use crate::markup::markup;

/// A text that comes from others, where there is room for a line: all of it can be seen, and none of it turns the
/// direction of what stands around it.
pub fn foreign(text: &str) -> Html {
    bdi(&foreign::shown(text))
}

/// A line in which what comes from others is [`foreign::isolated`].
pub fn line(text: &str) -> Html {
    foreign::parts(text).map(|(part, foreign)| if foreign { bdi(part) } else { part.to_owned().into() }).collect()
}

fn bdi(text: &str) -> Html {
    markup! { <bdi>{ text.to_owned() }</bdi> }
}
