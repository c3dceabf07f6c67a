use std::rc::Rc;

use registry_analysis::Tracks;
use registry_analysis::waterfall::{Waterfall as Analysis, waterfall};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::chart::Chart;
use crate::hooks::use_now;
use crate::services;

/// How often bars grow, in milliseconds.
const GROW_MS: u32 = 250;

/// Properties of [`Waterfall`].
#[derive(Properties, PartialEq)]
pub struct WaterfallProps {
    /// The tracks to show: of one peer, or of both.
    pub tracks: Tracks,
    /// Whether they are being recorded here and now; of others, what had not ended has ended with them.
    #[prop_or(true)]
    pub live: bool,
}

/// Where the time of the handshake went, and of each reconnect.
#[component]
pub fn Waterfall(props: &WaterfallProps) -> Html {
    let waterfall = use_memo(props.tracks.clone(), waterfall);
    let chosen = use_state_eq(|| None::<usize>);
    let last = waterfall.parts().len().saturating_sub(1);
    // The latest, unless another one was chosen.
    let part = chosen.unwrap_or(last).min(last);
    let goes_on = props.live && waterfall.goes_on(part);
    html! {
        <section class={classes!("card", style())} data-testid="waterfall" aria-label="Where the time went">
            <div class="bar">
                <h2 class="eyebrow">{ "Where the time went" }</h2>
                if waterfall.parts().len() > 1 {
                    <div class="parts" role="group" aria-label="Part">
                        for (index, of) in waterfall.parts().iter().enumerate() {
                            <button
                                key={index}
                                type="button"
                                data-testid="waterfall-part"
                                aria-pressed={(index == part).to_string()}
                                onclick={
                                    let chosen = chosen.clone();
                                    move |_: MouseEvent| chosen.set((index != last).then_some(index))
                                }
                            >
                                { of.words.clone() }
                            </button>
                        }
                    </div>
                }
            </div>
            if waterfall.parts().is_empty() {
                <p class="none">
                    { "Nothing yet. Create or join a room: each request, each wait and each step of the connection appears here as a bar." }
                </p>
            } else if goes_on {
                <Growing {waterfall} {part} />
            } else {
                <Chart now_ms={waterfall.end_ms} {waterfall} {part} />
            }
        </section>
    }
}

#[derive(Properties)]
struct GrowingProps {
    waterfall: Rc<Analysis>,
    part: usize,
}

impl PartialEq for GrowingProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.waterfall, &other.waterfall) && self.part == other.part
    }
}

/// The chart of what goes on, until now.
#[component]
fn Growing(props: &GrowingProps) -> Html {
    use_now(GROW_MS);
    let now_ms = services::monotonic().as_secs_f64() * 1000.0;
    html! { <Chart {now_ms} waterfall={Rc::clone(&props.waterfall)} part={props.part} /> }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        min-width: 0;
        padding: 0 0 12px;
        overflow: hidden;
        container-type: inline-size;

        > .bar { display: flex; align-items: center; flex-wrap: wrap; gap: 6px 12px; padding: 12px 16px 8px; }
        .parts { display: flex; flex-wrap: wrap; gap: 4px; }
        .parts button {
            padding: 1px 9px;
            min-height: 24px;
            border: 1px solid var(--line);
            border-radius: 99px;
            background: none;
            font-size: 12px;
            cursor: pointer;
        }
        .parts button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); color: var(--accent); }
        .none { padding: 6px 16px 10px; color: var(--muted); font-size: 13px; }
        "#
    )
}
