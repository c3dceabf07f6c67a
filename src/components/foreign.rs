use yew::prelude::*;

use crate::foreign;

/// Properties of [`Foreign`] and [`Line`].
#[derive(Properties, PartialEq)]
pub struct TextProps {
    /// The text.
    pub text: AttrValue,
}

/// Text from elsewhere (a peer, a Registry, a browser) on a single line: nothing in it is hidden, and it cannot change
/// the direction of the text around it.
#[component]
pub fn Foreign(props: &TextProps) -> Html {
    html! { <bdi>{ foreign::shown(&props.text).into_owned() }</bdi> }
}

/// A line whose parts from elsewhere are [`foreign::isolated`].
#[component]
pub fn Line(props: &TextProps) -> Html {
    line(&props.text)
}

/// The same as a part of a component that is drawn many times.
pub fn line(text: &str) -> Html {
    html! {
        for (part, foreign) in foreign::parts(text) {
            if foreign {
                <bdi>{ part.to_owned() }</bdi>
            } else {
                { part.to_owned() }
            }
        }
    }
}
