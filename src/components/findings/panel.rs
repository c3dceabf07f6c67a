use registry_analysis::Tracks;
use registry_analysis::diagnosis::{Finding, Severity};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::card::Card;
use crate::components::Button;
use crate::hooks::use_diagnosis;

/// Properties of [`Findings`].
#[derive(Properties, PartialEq)]
pub struct FindingsProps {
    /// The tracks to show.
    pub tracks: Tracks,
    /// At what moment, in milliseconds of their clock; `None` for now.
    #[prop_or_default]
    pub at_ms: Option<f64>,
}

/// What is wrong, if anything is. Nothing is drawn otherwise.
#[component]
pub fn Findings(props: &FindingsProps) -> Html {
    let tracks = &props.tracks;
    let diagnoses = use_diagnosis(tracks, props.at_ms);
    let unfolded = use_state(|| false);
    let ontoggle = use_callback(unfolded.clone(), |_: MouseEvent, unfolded| unfolded.set(!**unfolded));
    let mut all: Vec<(usize, &Finding)> = diagnoses
        .iter()
        .enumerate()
        .flat_map(|(track, found)| found.findings.iter().map(move |one| (track, one)))
        .collect();
    all.sort_by_key(|(_, finding)| (finding.over, finding.severity));
    let Some((first, others)) = all.split_first() else { return Html::default() };
    let card = |(track, finding): &(usize, &Finding), open: bool| {
        let peer = tracks.get(*track).and_then(|track| track.role());
        let (key, named) = (format!("{track} {}", finding.cause), tracks.len() > 1);
        html! { <Card {key} finding={(*finding).clone()} {peer} {named} {open} /> }
    };
    html! {
        <section class={classes!("card", style())} data-testid="findings" aria-label="Findings" aria-live="polite">
            { card(first, needs_attention(first.1)) }
            if !others.is_empty() {
                <Button testid="more-findings" class="small bare more" expanded={*unfolded} onclick={ontoggle}>
                    { if *unfolded { "Show less".to_owned() } else { format!("{} more", others.len()) } }
                </Button>
            }
            if *unfolded {
                { for others.iter().map(|other| card(other, false)) }
            }
        </section>
    }
}

/// Whether it is worth more than a line.
fn needs_attention(finding: &Finding) -> bool {
    !finding.over && finding.severity != Severity::Note
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex: none;
        flex-direction: column;
        gap: 8px;
        padding: 0;
        overflow: hidden;

        .more { align-self: flex-start; margin: 0 0 8px 10px; }
        "#
    )
}
