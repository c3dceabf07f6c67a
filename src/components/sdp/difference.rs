use std::borrow::Cow;
use std::rc::Rc;

use registry_analysis::sdp::{self, Difference, differences};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::choice::Choice;
use crate::components::Line;
use crate::foreign::isolated;
use crate::format::counted;

/// Properties of [`Differences`].
#[derive(Properties, PartialEq)]
pub struct DifferencesProps {
    /// The first description.
    pub first: Rc<Choice>,
    /// The second one.
    pub second: Rc<Choice>,
}

/// How two descriptions differ: first what matters, and folded away what always differs.
#[component]
pub fn Differences(props: &DifferencesProps) -> Html {
    let deps = (Rc::clone(&props.first), Rc::clone(&props.second));
    let found = use_memo(deps, |(first, second)| {
        let of = |choice: &Choice| (choice.life.kind, choice.life.sdp());
        let ((kind, first), (other, second)) = (of(first), of(second));
        differences((kind, first.expose()), (other, second.expose()))
    });
    let (matter, rest): (Vec<_>, Vec<_>) = found.iter().partition(|of| of.matters);
    let headline = match matter.len() {
        0 => "They differ in nothing that matters.".to_owned(),
        count => format!("{} that may matter.", counted(count, "difference")),
    };
    html! {
        <div class={style()} data-testid="sdp-diff" data-matters={matter.len().to_string()}>
            <p>{ headline }</p>
            <ul>
                for (index, of) in matter.iter().enumerate() {
                    { difference(index, of) }
                }
            </ul>
            if !rest.is_empty() {
                <details>
                    <summary class="note">{ format!("{} that always differ or change nothing", counted(rest.len(), "line")) }</summary>
                    <ul>
                        for (index, of) in rest.iter().enumerate() {
                            { difference(index, of) }
                        }
                    </ul>
                </details>
            }
        </div>
    }
}

/// One difference.
pub(super) fn difference(index: usize, of: &sdp::Difference) -> Html {
    let Difference { section, name, first, second, matters, words } = of;
    html! {
        <li key={index} class={if *matters { "tone-warn" } else { "tone-idle" }} data-testid="sdp-difference" data-name={name.clone()}>
            <span class="badge"><Line text={isolated(name).into_owned()} /></span>
            <span class="note"><Line text={format!(" {}", isolated(section))} /></span>
            <p class="mono values"><Line text={format!("{} → {}", said(first.as_deref()), said(second.as_deref()))} /></p>
            <p class="note">{ *words }</p>
        </li>
    }
}

fn said(value: Option<&str>) -> Cow<'_, str> {
    match value {
        None => "nothing".into(),
        Some("") => "present".into(),
        Some(value) => isolated(value),
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        li { padding: 6px 0; border-bottom: 1px dotted var(--line); }
        li:last-child { border-bottom: 0; }
        .values { font-size: 12.5px; }
        summary { cursor: pointer; padding: 4px 0; }
        "#
    )
}
