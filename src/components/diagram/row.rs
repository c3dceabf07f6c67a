use std::rc::Rc;

use registry_analysis::sequence::{Identity, Label, Lane, Row};
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Foreign;
use crate::format;

/// Properties of [`RowView`].
#[derive(Properties, PartialEq)]
pub struct RowViewProps {
    /// Its index among all rows, also those that are left out.
    pub index: usize,
    /// The row.
    pub row: Rc<Row>,
    /// When it happened.
    pub time: String,
    /// Whether its payload is shown.
    pub selected: bool,
    /// Called when it is clicked.
    pub onselect: Callback<Identity>,
}

/// An arrow, or a note on a lane.
#[component]
pub fn RowView(props: &RowViewProps) -> Html {
    let RowViewProps { index, row, time, selected, onselect } = props;
    let identity = row.identity();
    let class = classes!(
        "entry",
        format!("kind-{}", row.kind.word()),
        place(row),
        row.bad.then_some("bad"),
        row.inferred.then_some("inferred"),
        row.open.then_some("goes-on"),
        row.back.is_some().then_some("has-back"),
        selected.then_some("selected"),
    );
    let whither = if row.is_note() {
        format!("{}: ", row.from.title())
    } else {
        format!("{} to {}: ", row.from.title(), row.to.title())
    };
    html! {
        <li
            id={format!("diagram-row-{index}")}
            {class}
            role="option"
            aria-selected={selected.to_string()}
            data-testid="diagram-row"
            data-from={row.from.word()}
            data-to={row.to.word()}
            data-kind={row.kind.word()}
            data-inferred={row.inferred.to_string()}
            data-count={row.count.to_string()}
            onclick={onselect.reform(move |_| identity)}
        >
            <span class="when">{ time.clone() }</span>
            <span class="lanes" style={format!("--from: var(--{}); --to: var(--{})", row.from.word(), row.to.word())}>
                <span class="said">
                    <span class="unseen">{ whither }</span>
                    { label(&row.label) }
                    if row.count > 1 {
                        <span class="times">{ row.times() }</span>
                    }
                    { aside(row) }
                    if row.inferred {
                        <span class="unseen">{ " (inferred)" }</span>
                    }
                </span>
                if !row.is_note() {
                    <span class="shaft" aria-hidden="true" />
                }
            </span>
        </li>
    }
}

fn place(row: &Row) -> Classes {
    match (row.is_note(), row.from) {
        (true, Lane::Host) => classes!("note", "on-host"),
        (true, Lane::Registry) => classes!("note", "on-registry"),
        (true, Lane::Guest) => classes!("note", "on-guest"),
        (false, from) => classes!(if from.place() < row.to.place() { "right" } else { "left" }, words_at(row)),
    }
}

/// Where the words of an arrow begin: outside, so that there is room; of one that goes all the way, where it comes from.
fn words_at(row: &Row) -> &'static str {
    match (row.from, row.to) {
        (Lane::Guest, _) | (Lane::Registry, Lane::Guest) => "at-guest",
        _ => "at-host",
    }
}

fn label(label: &Label) -> Html {
    html! {
        <>
            <span class="words">{ label.words.clone() }</span>
            if let Some(quote) = &label.quote {
                <span class="quote"><Foreign text={quote.clone()} /></span>
            }
        </>
    }
}

/// The call, what came back, and how long it took.
fn aside(row: &Row) -> Html {
    let took =
        row.until_ms.filter(|_| !row.is_note() || row.count > 1).map(|until| format::duration(until - row.at_ms));
    let back = row.back.as_ref().map(|back| back.words.clone());
    let parts: Vec<String> = [row.via.clone(), back, took].into_iter().flatten().collect();
    let quote = row.back.as_ref().and_then(|back| back.quote.clone());
    html! {
        if !parts.is_empty() {
            <span class="aside">
                { parts.join(" · ") }
                if let Some(quote) = quote {
                    { " " }
                    <Foreign text={quote} />
                }
            </span>
        }
    }
}

/// The style of all rows, for the list around them: it is made once.
pub(super) fn style() -> StyleSource {
    css!(
        r#"
        .entry {
            display: grid;
            grid-template-columns: var(--clock) minmax(0, 1fr);
            column-gap: 12px;
            height: 36px;
            padding-right: 12px;
            font-size: 12px;
            cursor: default;
            contain: strict;
        }
        .entry:hover { background: var(--sunken); }
        .entry.selected { background: var(--accent-soft); }
        .when {
            align-self: end;
            padding-bottom: 4px;
            font-family: var(--mono);
            font-size: 11px;
            font-variant-numeric: tabular-nums;
            text-align: right;
            color: var(--muted);
            white-space: nowrap;
        }
        .lanes {
            position: relative;
            min-width: 0;
            background:
                linear-gradient(var(--line), var(--line)) var(--host) 0 / 2px 100% no-repeat,
                linear-gradient(var(--line), var(--line)) var(--registry) 0 / 2px 100% no-repeat,
                linear-gradient(var(--line), var(--line)) var(--guest) 0 / 2px 100% no-repeat;
        }
        .said {
            position: absolute;
            top: 3px;
            display: flex;
            align-items: baseline;
            gap: 6px;
            max-width: 90%;
            line-height: 17px;
            white-space: nowrap;
        }
        .said > * { background: color-mix(in srgb, var(--panel) 88%, transparent); }
        .entry:hover .said > * { background: var(--sunken); }
        .entry.selected .said > * { background: var(--accent-soft); }
        .words { flex: none; max-width: 78%; overflow: hidden; text-overflow: ellipsis; color: var(--tone); font-weight: 600; }
        .quote { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; font-family: var(--mono); font-size: 11px; }
        .aside { flex: 0 2 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; color: var(--muted); font-size: 11px; }
        .times { flex: none; color: var(--tone); font-family: var(--mono); font-weight: 650; }

        .at-host .said { left: calc(var(--host) + 9px); right: 4px; max-width: none; }
        .at-guest .said { right: calc(100% - var(--guest) + 9px); left: 4px; max-width: none; justify-content: flex-end; }
        .shaft {
            position: absolute;
            bottom: 9px;
            left: min(var(--from), var(--to));
            right: calc(100% - max(var(--from), var(--to)));
            border-top: 2px solid var(--tone);
        }
        .shaft::before {
            content: "";
            position: absolute;
            top: -4px;
            width: 6px;
            height: 6px;
            border-radius: 50%;
            background: var(--tone);
        }
        .shaft::after {
            content: "";
            position: absolute;
            top: -6px;
            width: 10px;
            height: 10px;
            background: var(--tone);
        }
        .right .shaft::before { left: -3px; }
        .right .shaft::after { right: -1px; clip-path: polygon(0 0, 100% 50%, 0 100%); }
        .left .shaft::before { right: -3px; }
        .left .shaft::after { left: -1px; clip-path: polygon(100% 0, 0 50%, 100% 100%); }
        .inferred .shaft { border-top-style: dashed; }
        .inferred .words { font-weight: 500; font-style: italic; }
        .inferred .shaft::before { background: var(--panel); border: 1.5px solid var(--tone); box-sizing: border-box; }
        .has-back .shaft { box-shadow: 0 3px 0 -1px color-mix(in srgb, var(--tone) 40%, transparent); }
        .kind-wait .shaft, .kind-poll .shaft { border-top-style: dotted; }
        .goes-on .shaft::after { animation: pulse 1s infinite; }
        .kind-open .shaft::before {
            left: -1px;
            top: -6px;
            width: 10px;
            height: 10px;
            border-radius: 0;
            clip-path: polygon(100% 0, 0 50%, 100% 100%);
        }
        .bad.right .shaft { right: calc(100% - var(--to) + 12%); }
        .bad.left .shaft { left: calc(var(--to) + 12%); }
        .bad .shaft::after {
            top: -7px;
            width: 12px;
            height: 12px;
            clip-path: polygon(18% 0, 50% 32%, 82% 0, 100% 18%, 68% 50%, 100% 82%, 82% 100%, 50% 68%, 18% 100%, 0 82%, 32% 50%, 0 18%);
        }

        .note .said {
            top: 6px;
            padding: 2px 9px;
            border: 1px solid color-mix(in srgb, var(--tone) 60%, transparent);
            border-radius: 6px;
            background: var(--panel);
            max-width: calc(100% - 8px);
        }
        .note .said > *, .note:hover .said > * { background: none; }
        .note .words { flex: 0 1 auto; max-width: none; font-weight: 500; color: var(--tone); }
        .note.on-host .said { left: 0; }
        .note.on-guest .said { right: 0; }
        .note.on-registry .said { left: 50%; transform: translateX(-50%); }

        .entry { --tone: light-dark(#4d5563, #aab1bd); }
        .kind-wait, .kind-poll, .kind-state { --tone: var(--muted); }
        .kind-offer, .kind-answer { --tone: light-dark(#7a3a9a, #d3a3ec); }
        .kind-candidates { --tone: light-dark(#0b6a72, #67c9d3); }
        .kind-open, .kind-message, .kind-control { --tone: var(--good); }
        .kind-reconnect { --tone: var(--warn); }
        .kind-fault { --tone: var(--accent); }
        .entry.bad, .kind-cut { --tone: var(--bad); }
        .kind-fault .said { border-style: dashed; border-width: 2px; }

        @container (max-width: 430px) {
            .aside { display: none; }
        }
        @media (forced-colors: active) {
            .entry.selected { outline: 2px solid Highlight; outline-offset: -2px; }
            .shaft, .shaft::before, .shaft::after { forced-color-adjust: none; }
        }
        "#
    )
}
