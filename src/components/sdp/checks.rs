use std::rc::Rc;

use registry_analysis::sdp::Check;
use yew::prelude::*;

use super::difference::difference;
use crate::components::{Glyph, Icon};

/// Properties of [`Checks`].
#[derive(Properties, PartialEq)]
pub struct ChecksProps {
    /// The checks.
    pub checks: Rc<Vec<Check>>,
}

/// Whether each description stayed what it was at each of its steps.
#[component]
pub fn Checks(props: &ChecksProps) -> Html {
    html! {
        <>
            <h3 class="eyebrow">{ "The same on its way" }</h3>
            if props.checks.is_empty() {
                <p class="note">{ "Each description has taken only one step so far." }</p>
            }
            <ul>
                for check in props.checks.iter() {
                    <li key={check.words.clone()} data-testid="sdp-check" data-ok={check.ok.to_string()}>
                        <span class={classes!("badge", if check.ok { "tone-good" } else { "tone-bad" })}>
                            <Icon glyph={if check.ok { Glyph::Check } else { Glyph::Alert }} />
                            { if check.ok { " same" } else { " changed" } }
                        </span>
                        { format!(" {}", check.words) }
                        if !check.ok {
                            { how(check) }
                        }
                    </li>
                }
            </ul>
        </>
    }
}

fn how(check: &Check) -> Html {
    if check.differences.is_empty() {
        return html! { <p class="note">{ "Only the order of lines or the ends of lines differ." }</p> };
    }
    html! {
        <ul class="note">
            for (index, of) in check.differences.iter().enumerate() {
                { difference(index, of) }
            }
        </ul>
    }
}
