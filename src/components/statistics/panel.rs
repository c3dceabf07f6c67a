use registry_analysis::statistics::{Metric, curves};
use registry_analysis::{Track, Tracks};
use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::chart::Chart;

/// Properties of [`Statistics`].
#[derive(Properties, PartialEq)]
pub struct StatisticsProps {
    /// The tracks to show.
    pub tracks: Tracks,
}

/// Statistics of the connection over time, of each peer that was recorded.
#[component]
pub fn Statistics(props: &StatisticsProps) -> Html {
    let tracks = &props.tracks;
    html! {
        <div class={style()} data-testid="statistics">
            for (index, track) in tracks.iter().enumerate() {
                <section class="card" key={index}>{ of_track(track, tracks.len() > 1) }</section>
            }
        </div>
    }
}

fn of_track(track: &Track, is_one_of_several: bool) -> Html {
    let title = match track.role().filter(|_| is_one_of_several) {
        Some(Role::Host) => "Host",
        Some(Role::Guest) => "Guest",
        None => "Statistics",
    };
    let all: Vec<_> = Metric::ALL.into_iter().map(|metric| (metric, curves(track, metric))).collect();
    let untold: Vec<&str> =
        all.iter().filter(|(_, curves)| curves.is_empty()).map(|(metric, _)| metric.title()).collect();
    if untold.len() == all.len() {
        return html! {
            <>
                <h2 class="eyebrow">{ title }</h2>
                <p class="note">{ "No samples yet. They are taken once a second while there is a peer connection, and more often while ICE checks pairs." }</p>
            </>
        };
    }
    html! {
        <>
            <h2 class="eyebrow">{ title }</h2>
            <div class="charts">
                for (metric, curves) in all {
                    if !curves.is_empty() {
                        <Chart key={metric.word()} {metric} {curves} />
                    }
                }
            </div>
            if !untold.is_empty() {
                <p class="note" data-testid="untold-statistics">
                    { format!("Not told so far by this browser: {}.", untold.join(", ").to_lowercase()) }
                </p>
            }
        </>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-width: 0;

        h2 { margin-bottom: 8px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 210px), 1fr)); gap: 16px 20px; }
        .note { font-size: 12.5px; color: var(--muted); }
        .charts + .note { margin-top: 12px; }

        h3 { font-size: 13px; font-weight: 600; }
        .values { display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 12.5px; font-variant-numeric: tabular-nums; }
        .values b { font-weight: 650; }
        .line-0 { --tone: var(--accent); }
        .line-1 { --tone: var(--good); }
        .line-2 { --tone: var(--warn); }
        .key { display: inline-block; width: 12px; border-top: 2px solid var(--tone); vertical-align: middle; }
        .line-1 .key { border-top-style: dashed; }
        .line-2 .key { border-top-style: dotted; }
        svg { display: block; width: 100%; height: 64px; margin: 4px 0 2px; border-bottom: 1px solid var(--line); }
        path { fill: none; stroke: var(--tone); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
        path.line-1 { stroke-dasharray: 4 3; }
        path.line-2 { stroke-dasharray: 1.5 3; }
        .axis { display: flex; justify-content: space-between; font-size: 11px; color: var(--muted); font-variant-numeric: tabular-nums; }
        "#
    )
}
