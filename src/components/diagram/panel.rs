use std::rc::Rc;

use registry_analysis::Tracks;
use registry_analysis::sequence::{Lane, Sequence, sequence};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::list::List;
use crate::components::{Button, CopyButton, Glyph, Icon};
use crate::format::counted;
use crate::services::download;

/// Properties of [`Diagram`].
#[derive(Properties, PartialEq)]
pub struct DiagramProps {
    /// The tracks to show: of one peer, or of both.
    pub tracks: Tracks,
}

/// What went between host, Registry and guest, as arrows in time.
#[component]
pub fn Diagram(props: &DiagramProps) -> Html {
    let sequence = use_memo(props.tracks.clone(), sequence);
    let mermaid = {
        let sequence = Rc::clone(&sequence);
        Callback::from(move |()| sequence.mermaid())
    };
    let onsave = {
        let sequence = Rc::clone(&sequence);
        move |_: MouseEvent| {
            download::save("sequence-diagram.svg", "image/svg+xml", &sequence.svg());
        }
    };
    let empty = sequence.rows.is_empty();
    html! {
        <section class={classes!("card", style())} data-testid="diagram" aria-label="Sequence diagram">
            <div class="bar">
                <h2 class="eyebrow">{ "Sequence diagram" }</h2>
                <span class="count mono" data-testid="diagram-count">{ count(&sequence) }</span>
                <CopyButton
                    testid="copy-mermaid"
                    what="the diagram as Mermaid text"
                    label="Mermaid"
                    text={mermaid}
                    disabled={empty}
                />
                <Button testid="download-svg" class="small" label="Download the diagram as SVG" disabled={empty} onclick={onsave}>
                    <Icon glyph={Glyph::Download} />
                    { "SVG" }
                </Button>
            </div>
            <div class="heads" aria-hidden="true">
                for lane in Lane::ALL {
                    <span key={lane.word()} class={classes!("head", lane.word(), is_inferred(&sequence, lane).then_some("inferred"))}>
                        { lane.title() }
                    </span>
                }
            </div>
            if empty {
                <p class="none">
                    { "Nothing yet. Create or join a room: each request, offer, answer and candidate appears here as an arrow." }
                </p>
            } else {
                <List {sequence} />
            }
        </section>
    }
}

fn count(sequence: &Sequence) -> String {
    match (sequence.rows.len(), sequence.earlier) {
        (0, _) => String::new(),
        (rows, 0) => counted(rows, "row"),
        (rows, earlier) => format!("{rows} of {}", counted(rows + earlier, "row")),
    }
}

/// Whether nobody has recorded this lane.
fn is_inferred(sequence: &Sequence, lane: Lane) -> bool {
    lane != Lane::Registry && !sequence.rows.is_empty() && !sequence.seen.contains(&lane)
}

fn style() -> StyleSource {
    css!(
        r#"
        --host: 7%;
        --registry: 50%;
        --guest: 93%;
        --clock: 60px;
        display: flex;
        flex-direction: column;
        min-width: 0;
        padding: 0;
        overflow: hidden;
        container-type: inline-size;

        .bar { display: flex; align-items: center; flex-wrap: wrap; gap: 6px; padding: 10px 12px 8px 16px; }
        .count { margin-right: auto; font-size: 12px; color: var(--muted); }
        .heads {
            position: relative;
            display: flex;
            justify-content: space-between;
            padding: 4px 16px 5px calc(var(--clock) + 20px);
            border-top: 1px solid var(--line);
            border-bottom: 1px solid var(--line);
            font-size: 13px;
            font-weight: 650;
        }
        .head.registry { position: absolute; left: calc(var(--clock) + 12px + (100% - var(--clock) - 24px) / 2); transform: translateX(-50%); }
        .head.inferred { color: var(--muted); font-weight: 500; }
        .head.inferred::after { content: " (inferred)"; font-size: 11px; }
        @container (max-width: 430px) {
            .count { display: none; }
            .bar h2 { margin-right: auto; }
            .bar .button { padding-inline: 7px; gap: 5px; }
        }
        .none { padding: 18px 16px 22px; color: var(--muted); font-size: 13px; }
        "#
    )
}
