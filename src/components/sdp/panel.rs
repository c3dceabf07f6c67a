use std::rc::Rc;

use registry_analysis::Tracks;
use registry_analysis::sdp::{Check, checks};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::checks::Checks;
use super::choice::{Choice, choices, usual};
use super::description::Description;
use super::difference::Differences;
use super::select::Select;
use crate::components::Button;

/// Properties of [`Sdp`].
#[derive(Properties, PartialEq)]
pub struct SdpProps {
    /// The tracks to show.
    pub tracks: Tracks,
}

/// Offer and answer: whether they stayed what they were on their way, how any two of them differ, and each line explained.
#[component]
pub fn Sdp(props: &SdpProps) -> Html {
    let choices = use_memo(props.tracks.clone(), choices);
    let chosen = use_state_eq(|| [None::<usize>; 2]);
    let shown = use_state_eq(|| false);
    let ontoggle = use_callback(shown.clone(), |_: MouseEvent, shown| shown.set(!**shown));
    let checked = use_checks(&props.tracks, &choices);
    if choices.is_empty() {
        return html! {
            <section class={classes!("card", style())} data-testid="sdp">
                <p class="note">{ "No descriptions yet. The host makes an offer when it starts the connection, and the guest answers." }</p>
            </section>
        };
    }
    let usual = usual(&choices);
    let at = |place: usize| chosen[place].filter(|index| *index < choices.len()).unwrap_or(usual[place]);
    let onchoose = |place: usize| {
        let chosen = chosen.clone();
        Callback::from(move |index| {
            let mut next = *chosen;
            next[place] = Some(index);
            chosen.set(next);
        })
    };
    let options: Vec<AttrValue> = choices.iter().map(|choice| choice.name.clone().into()).collect();
    let both = [at(0), at(1)].map(|index| Rc::new(choices[index].clone()));
    let [first, second] = both.clone();
    html! {
        <div class={style()} data-testid="sdp">
            <section class="card"><Checks checks={checked} /></section>
            <section class="card">
                <div class="row tools">
                    <Select testid="sdp-first" label="First description" options={options.clone()} chosen={at(0)} onchoose={onchoose(0)} />
                    <span class="note">{ "and" }</span>
                    <Select testid="sdp-second" label="Second description" {options} chosen={at(1)} onchoose={onchoose(1)} />
                    <Button testid="show-secrets" class="small" expanded={*shown} onclick={ontoggle}>
                        { if *shown { "Hide passwords" } else { "Show passwords" } }
                    </Button>
                </div>
                if at(0) != at(1) {
                    <Differences first={first.clone()} second={second.clone()} />
                }
            </section>
            <div class="both">
                <Description choice={first} exposed={*shown} />
                if at(0) != at(1) {
                    <Description choice={second} exposed={*shown} />
                }
            </div>
        </div>
    }
}

/// The checks, done anew only when there is another description or step.
#[hook]
fn use_checks(tracks: &Tracks, choices: &Rc<Vec<Choice>>) -> Rc<Vec<Check>> {
    let tracks = tracks.clone();
    use_memo(Rc::clone(choices), move |_| checks(&tracks))
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-width: 0;
        container-type: inline-size;

        h3 { margin-bottom: 6px; }
        h4 { margin: 0 0 2px; }
        .card > ul { font-size: 13.5px; }
        .note { font-size: 12.5px; color: var(--muted); }
        .mono { overflow-wrap: anywhere; }
        .tools { margin-bottom: 10px; }
        .both { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; align-items: start; }
        .badge {
            display: inline-block;
            padding: 0 7px;
            border: 1px solid color-mix(in srgb, var(--tone) 55%, transparent);
            border-radius: 99px;
            background: color-mix(in srgb, var(--tone) 9%, transparent);
            color: var(--tone);
            font-size: 12px;
            font-weight: 600;
            white-space: nowrap;
        }
        @container (min-width: 720px) {
            .both { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
        }
        "#
    )
}
