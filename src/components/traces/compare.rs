use std::rc::Rc;

use registry_analysis::comparison::{Comparison, Difference, Place, compare};
use registry_analysis::{Track, Tracks};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::file_button::FileButton;
use crate::components::Line;
use crate::foreign::isolated;
use crate::format;
use crate::hooks::read_trace;
use crate::state::Opened;

/// Properties of [`Compare`].
#[derive(Properties, PartialEq)]
pub struct CompareProps {
    /// What is shown.
    pub tracks: Tracks,
}

/// Compares what is shown with a trace from a file, to their first difference.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let other = use_state_eq(|| None::<Result<Opened, Rc<str>>>);
    let onfile = use_callback(other.setter(), |file, other| {
        let other = other.clone();
        spawn_local(async move { other.set(Some(read_trace(&file).await.map_err(Rc::from))) });
    });
    html! {
        <section aria-label="Compare">
            <h3>{ "Compare" }</h3>
            <p class="muted">{ "What is shown now, with another trace: one that worked with one that did not." }</p>
            <FileButton testid="compare-trace" label="Compare with a trace" {onfile} />
            { match &*other {
                None => Html::default(),
                Some(Err(problem)) => html! {
                    <p class="problem" role="alert" data-testid="compare-problem">
                        <Line text={format::sentence(&isolated(problem))} />
                    </p>
                },
                Some(Ok(other)) => html! {
                    for (shown, other) in counterparts(&props.tracks, other) {
                        { comparison(&compare(shown, other)) }
                    }
                },
            } }
        </section>
    }
}

/// Each track with that of the same role in the other trace, or else the first.
fn counterparts<'a>(tracks: &'a Tracks, other: &'a Opened) -> Vec<(&'a Track, &'a Track)> {
    let others = &other.recording.tracks;
    let other = |track: &Track| others.iter().find(|other| other.role() == track.role()).or_else(|| others.first());
    tracks.iter().filter_map(|track| Some((track, other(track)?))).collect()
}

fn comparison(of: &Comparison) -> Html {
    html! {
        <div class="comparison" data-testid="comparison">
            if let Some(first) = &of.first {
                <p>{ format!("{} steps are the same. The first difference is in: {}.", of.same, first.strand.title()) }</p>
                { difference(first) }
                if !of.others.is_empty() {
                    <details>
                        <summary>{ format!("Later differences ({})", of.others.len()) }</summary>
                        for other in &of.others {
                            <p class="muted">{ other.strand.title() }</p>
                            { difference(other) }
                        }
                    </details>
                }
            } else {
                <p>{ format!("They go alike: all {} steps are the same.", of.same) }</p>
            }
            if !of.surroundings.is_empty() {
                <table>
                    <thead>
                        <tr><th scope="col">{ "Where" }</th><th scope="col">{ "Shown" }</th><th scope="col">{ "Other" }</th></tr>
                    </thead>
                    <tbody>
                        for about in &of.surroundings {
                            <tr>
                                <th scope="row">{ about.what }</th>
                                <td><Line text={isolated(&about.left).into_owned()} /></td>
                                <td><Line text={isolated(&about.right).into_owned()} /></td>
                            </tr>
                        }
                    </tbody>
                </table>
            }
        </div>
    }
}

fn difference(difference: &Difference) -> Html {
    html! {
        <dl data-testid="difference">
            if let Some(after) = &difference.after {
                <div><dt>{ "after" }</dt><dd><Line text={isolated(after).into_owned()} /></dd></div>
            }
            <div><dt>{ "shown" }</dt><dd><Line text={place(difference.left.as_ref())} /></dd></div>
            <div><dt>{ "other" }</dt><dd><Line text={place(difference.right.as_ref())} /></dd></div>
        </dl>
    }
}

fn place(place: Option<&Place>) -> String {
    place.map_or_else(
        || "nothing more".to_owned(),
        |place| format!("{} (#{}, after {})", isolated(&place.step), place.seq, format::duration(place.since_ms)),
    )
}
