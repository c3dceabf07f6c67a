use std::rc::Rc;

use registry_analysis::waterfall::{Row, Scale, Sentence, View, Waterfall};
use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::track::{Track, percent};
use crate::components::Foreign;
use crate::format;

/// Properties of [`Chart`].
#[derive(Properties)]
pub struct ChartProps {
    /// The waterfall.
    pub waterfall: Rc<Waterfall>,
    /// Which part of it.
    pub part: usize,
    /// Until when, in milliseconds of the monotonic clock.
    pub now_ms: f64,
}

impl PartialEq for ChartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.waterfall, &other.waterfall) && self.part == other.part && self.now_ms == other.now_ms
    }
}

/// The bars of a part on one clock, and what took longest in a sentence.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let ChartProps { waterfall, part, now_ms } = props;
    let Some(View { rows, scale, longest }) = waterfall.view(*part, *now_ms) else { return Html::default() };
    let of = |peer: Role| rows.iter().filter(|row| row.peer == peer).collect::<Vec<_>>();
    let groups: Vec<_> = [("Host", of(Role::Host)), ("Guest", of(Role::Guest))]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let titled = groups.len() > 1;
    html! {
        <div class={style()}>
            if let Some(longest) = longest {
                <p class="longest" data-testid="waterfall-longest">{ sentence(&longest) }</p>
            }
            <div class="chart">
                <Axis scale={scale.clone()} />
                for (title, rows) in groups {
                    <div key={title} class="group">
                        if titled {
                            <h3 class="peer">{ title }</h3>
                        }
                        <ul aria-label={format!("Bars of the {}", title.to_ascii_lowercase())}>
                            for (index, row) in rows.into_iter().enumerate() {
                                <li key={index} class="line">
                                    <span class="name">{ name(row) }</span>
                                    <Track row={row.clone()} scale={scale.clone()} now_ms={*now_ms} />
                                    <span class="took mono">{ format::duration(row.took_ms(*now_ms)) }</span>
                                </li>
                            }
                        </ul>
                    </div>
                }
            </div>
        </div>
    }
}

fn sentence(sentence: &Sentence) -> Html {
    html! {
        <>
            { sentence.before.clone() }
            if let Some(quote) = &sentence.quote {
                <Foreign text={quote.clone()} />
            }
            { sentence.after.clone() }
        </>
    }
}

fn name(row: &Row) -> Html {
    html! {
        <>
            if let Some(quote) = &row.quote {
                <span class="unseen">{ format!("{} ", row.words) }</span>
                <Foreign text={quote.clone()} />
            } else {
                { row.words.clone() }
            }
        </>
    }
}

#[derive(Properties)]
struct AxisProps {
    scale: Scale,
}

impl PartialEq for AxisProps {
    fn eq(&self, other: &Self) -> bool {
        self.scale == other.scale
    }
}

/// The clock above the bars, and its lines through them.
#[component]
fn Axis(props: &AxisProps) -> Html {
    html! {
        <div class="axis" aria-hidden="true">
            for tick in props.scale.ticks() {
                <span key={tick.label.clone()} class="tick" style={format!("left: {}", percent(tick.at))}>
                    <span class="mono">{ tick.label.clone() }</span>
                </span>
            }
            for (index, cut) in props.scale.breaks().into_iter().enumerate() {
                <span
                    key={format!("cut {index}")}
                    class="cut"
                    style={format!("left: {}; width: {}", percent(cut.from), percent(cut.to - cut.from))}
                >
                    <span class="mono">{ format::duration(cut.ms) }</span>
                </span>
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        --name: max(110px, 36%);
        --took: 56px;

        .longest { padding: 0 16px 12px; font-size: 15px; text-wrap: pretty; }
        .longest bdi { font-family: var(--mono); font-size: 13px; overflow-wrap: anywhere; }
        .chart { position: relative; margin: 0 16px; padding-top: 22px; }
        .axis {
            position: absolute;
            inset: 0 calc(var(--took) + 8px) 0 calc(var(--name) + 8px);
            pointer-events: none;
        }
        .tick { position: absolute; top: 18px; bottom: 0; border-left: 1px solid var(--line); }
        .tick span, .cut span {
            position: absolute;
            bottom: 100%;
            left: 0;
            padding-bottom: 2px;
            transform: translateX(-50%);
            font-size: 11px;
            color: var(--muted);
            white-space: nowrap;
        }
        .tick:first-child span { transform: none; }
        .cut {
            position: absolute;
            top: 18px;
            bottom: 0;
            background: repeating-linear-gradient(135deg, var(--sunken) 0 5px, transparent 5px 10px);
            border-inline: 1px dashed var(--edge);
        }
        .cut span { left: 50%; font-style: italic; }
        .peer { margin: 10px 0 4px; font-size: 13px; font-weight: 650; }
        .group + .group .peer { margin-top: 14px; padding-top: 8px; border-top: 1px solid var(--line); }
        .line {
            position: relative;
            display: grid;
            grid-template-columns: var(--name) minmax(0, 1fr) var(--took);
            column-gap: 8px;
            align-items: center;
            min-height: 24px;
            font-size: 13px;
        }
        .line:hover { background: color-mix(in srgb, var(--sunken) 60%, transparent); }
        .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .name bdi { font-family: var(--mono); font-size: 11px; color: var(--muted); }
        .took { font-size: 12px; text-align: right; color: var(--muted); }

        @container (max-width: 430px) {
            .axis { inset: 0; }
            .line { grid-template: auto auto / minmax(0, 1fr) var(--took); row-gap: 1px; padding: 3px 0 4px; }
            .line .track { grid-row: 2; grid-column: 1 / -1; }
            .name, .took { position: relative; }
            .name { justify-self: start; max-width: 100%; padding-right: 6px; background: var(--panel); }
            .took { padding-left: 6px; background: var(--panel); }
        }
        "#
    )
}
