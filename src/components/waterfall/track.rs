use registry_analysis::waterfall::{Bar, Kind, Row, Scale};
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::format;

/// Properties of [`Track`].
#[derive(Properties, PartialEq)]
pub struct TrackProps {
    /// The row.
    pub row: Row,
    /// Where each moment is drawn.
    pub scale: Scale,
    /// Until when what goes on is drawn, in milliseconds of the monotonic clock.
    pub now_ms: f64,
}

/// The bars of a row.
#[component]
pub fn Track(props: &TrackProps) -> Html {
    let TrackProps { row, scale, now_ms } = props;
    html! {
        <span class={classes!("track", format!("kind-{}", row.kind.word()), row.kind.is_idle().then_some("idle"), style())}>
            for (index, bar) in row.bars.iter().enumerate() {
                <span
                    key={index}
                    class={classes!("bar", bar.bad.then_some("bad"), bar.to_ms.is_none().then_some("open"))}
                    data-testid="waterfall-bar"
                    data-kind={row.kind.word()}
                    data-peer={row.peer.as_str()}
                    data-ms={(bar.took_ms(*now_ms).round() as u64).to_string()}
                    title={title(row, bar, *now_ms)}
                    style={place(bar, scale, *now_ms)}
                />
            }
        </span>
    }
}

fn place(bar: &Bar, scale: &Scale, now_ms: f64) -> String {
    let (from, to) = (scale.at(bar.from_ms), scale.at(bar.to_ms.unwrap_or(now_ms)));
    format!("left: {}; width: max({}, 2px)", percent(from), percent(to - from))
}

/// A part of 1 as CSS has it, in hundredths of a percent.
pub(super) fn percent(part: f64) -> String {
    let hundredths = (part.clamp(0.0, 1.0) * 10_000.0).round() as u32;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// What a bar is, on hover: without the name of a server, which the line has.
fn title(row: &Row, bar: &Bar, now_ms: f64) -> String {
    let took = format::duration(bar.took_ms(now_ms));
    let times = if bar.count > 1 { format!(" ×{}", bar.count) } else { String::new() };
    let who = match row.kind {
        Kind::Person => ", a wait for people",
        Kind::Peer => ", a wait for the other side",
        Kind::Wait => ", the Registry waits for news",
        _ => "",
    };
    let outcome = bar.outcome.as_ref().map(|outcome| format!(", {outcome}")).unwrap_or_default();
    format!("{}{times}: {took}{who}{outcome}", row.words)
}

fn style() -> StyleSource {
    css!(
        r#"
        --tone: light-dark(#4d5563, #aab1bd);
        position: relative;
        display: block;
        height: 14px;
        min-width: 0;

        .bar {
            position: absolute;
            top: 0;
            bottom: 0;
            border-radius: 2px;
            background: var(--tone);
            outline: 1px solid var(--panel);
        }
        .bar:hover { filter: brightness(1.15); }
        &.idle .bar, &.kind-back-off .bar {
            background: repeating-linear-gradient(
                135deg,
                color-mix(in srgb, var(--tone) 52%, transparent) 0 3px,
                color-mix(in srgb, var(--tone) 20%, transparent) 3px 6px
            );
            border: 1px solid color-mix(in srgb, var(--tone) 55%, transparent);
        }
        .bar.open { border-right: 3px solid var(--tone); border-radius: 2px 0 0 2px; animation: pulse 1.6s infinite; }
        .bar.bad { --tone: var(--bad); }

        &.kind-person { --tone: var(--busy); }
        &.kind-peer { --tone: var(--accent); }
        &.kind-wait { --tone: light-dark(#6c7280, #8d94a1); }
        &.kind-back-off { --tone: var(--warn); }
        &.kind-gathering { --tone: light-dark(#0b6a72, #67c9d3); }
        &.kind-description { --tone: light-dark(#7a3a9a, #d3a3ec); }
        &.kind-checks { --tone: light-dark(#1f5fa8, #7fb6f2); }
        &.kind-dtls { --tone: light-dark(#2b7f86, #8fd9c0); }
        &.kind-channel { --tone: var(--good); }
        &.kind-reconnect { --tone: var(--warn); }

        @media (forced-colors: active) {
            .bar { forced-color-adjust: none; }
        }
        "#
    )
}
