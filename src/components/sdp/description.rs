use std::rc::Rc;

use registry_analysis::sdp::{self, sections};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::choice::Choice;
use super::explanation::Explanation;
use crate::components::{CopyButton, Foreign, Line};
use crate::foreign::isolated;
use crate::format;
use crate::services;

/// Properties of [`Description`].
#[derive(Properties, PartialEq)]
pub struct DescriptionProps {
    /// The description.
    pub choice: Rc<Choice>,
    /// Whether its passwords are shown.
    pub exposed: bool,
}

/// A description by section; a click on a line explains it.
#[component]
pub fn Description(props: &DescriptionProps) -> Html {
    let DescriptionProps { choice, exposed } = props;
    let life = &choice.life;
    let explained = use_state_eq(|| None::<usize>);
    let onexplain = use_callback(explained.clone(), |number: usize, explained| {
        explained.set(Some(number).filter(|number| **explained != Some(*number)));
    });
    let sdp = life.sdp();
    let text: Rc<str> = if *exposed { sdp.expose().into() } else { sdp.masked().into() };
    let copied = use_callback(Rc::clone(&text), |(), text| text.to_string());
    let offset = services::local_offset_minutes();
    html! {
        <section
            class={classes!("card", style())}
            data-testid="sdp-description"
            data-kind={life.kind.word()}
            data-side={life.side.word()}
        >
            <div class="row">
                <h3>{ &choice.name }</h3>
                <CopyButton testid="copy-sdp" what="the description" text={copied} />
            </div>
            <p class="note">
                for passed in life.steps.iter() {
                    <span key={passed.step.as_str()} class="step">
                        { format!("{} {}", passed.step.as_str(), format::time_of_day(passed.epoch_ms, offset)) }
                    </span>
                }
                { format::bytes(sdp.bytes()) }
            </p>
            for (index, section) in sections(&text).iter().enumerate() {
                <div key={index} class="section">
                    <h4 class="eyebrow"><Line text={isolated(&section.title()).into_owned()} /></h4>
                    for line in section.lines.iter() {
                        { one_line(line, *explained == Some(line.number), &onexplain) }
                    }
                </div>
            }
        </section>
    }
}

fn one_line(line: &sdp::Line<'_>, is_explained: bool, onexplain: &Callback<usize>) -> Html {
    let number = line.number;
    let onclick = onexplain.reform(move |_: MouseEvent| number);
    html! {
        <div key={number}>
            <button
                type="button"
                class="line mono"
                data-testid="sdp-line"
                data-name={line.name.to_owned()}
                aria-expanded={is_explained.to_string()}
                {onclick}
            >
                <Foreign text={line.text.to_owned()} />
            </button>
            if is_explained {
                <Explanation text={line.text.to_owned()} />
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        min-width: 0;

        .row { justify-content: space-between; margin-bottom: 4px; }
        h3 { font-size: 14px; font-weight: 650; margin: 0; }
        h3::first-letter { text-transform: uppercase; }
        .step { margin-right: 10px; white-space: nowrap; }
        .section { margin-top: 10px; }
        .line {
            display: block;
            width: 100%;
            padding: 1px 4px;
            border: 0;
            border-radius: 3px;
            background: none;
            text-align: left;
            font-size: 12.5px;
            cursor: pointer;
        }
        .line:hover { background: var(--accent-soft); }
        .line[aria-expanded="true"] { background: var(--accent-soft); font-weight: 600; }
        .line:focus-visible { outline-offset: -2px; }
        "#
    )
}
