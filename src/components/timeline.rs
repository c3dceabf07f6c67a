use std::rc::Rc;

use stylist::yew::use_style;
use yew::prelude::*;

use super::timeline_list::TimelineList;
use super::{Button, CopyButton, Glyph, Icon, TimelineTools};
use crate::hooks::{Filtered, use_filtered, use_session};
use crate::state::{Filter, History, LogEntry};

/// Properties of [`Timeline`].
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// Every event.
    pub log: History<Rc<LogEntry>>,
}

/// Everything that has happened, newest last and in view; filtered, copied, cleared, or folded away.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let style = use_style!(
        r#"
        display: flex;
        flex-direction: column;
        min-width: 0;
        overflow: hidden;
        &.card { padding: 0; }

        .bar { display: flex; align-items: center; flex-wrap: wrap; gap: 6px; padding: 10px 12px 8px 16px; }
        .count { margin-right: auto; font-size: 12px; color: var(--muted); }
        .fold .icon { transition: transform 150ms; transform: rotate(-90deg); }
        .fold.open .icon { transform: none; }

        .kind-state { --tone: var(--accent); }
        .kind-http { --tone: light-dark(#4d5563, #aab1bd); }
        .kind-signal { --tone: light-dark(#7a3a9a, #d3a3ec); }
        .kind-ice { --tone: light-dark(#0b6a72, #67c9d3); }
        .kind-channel { --tone: var(--good); }
        .kind-timing { --tone: light-dark(#6c6450, #b9ae93); }
        .kind-error { --tone: var(--bad); }
    "#
    );
    let session = use_session();
    let filter = use_state(Filter::default);
    let open = use_state(|| true);
    let shown = use_filtered(&props.log, &filter);
    let fold = use_callback(open.clone(), |(), open| open.set(!**open));
    let clear = use_callback(session, |(), session| session.clear_log());
    let onfilter = use_callback(filter.setter(), |new: Filter, filter| filter.set(new));
    let copy = {
        let shown = shown.clone();
        Callback::from(move |()| json_lines(&shown))
    };
    let empty = props.log.is_empty();
    html! {
        <section class={classes!("card", "timeline", style, (!*open).then_some("folded"))} data-testid="debug-section" aria-labelledby="timeline-title">
            <div class="bar">
                <Button
                    testid="collapse-debug-log"
                    class={classes!("small", "bare", "fold", open.then_some("open"))}
                    label={if *open { "Fold the timeline away" } else { "Unfold the timeline" }}
                    expanded={Some(*open)}
                    onclick={fold}
                >
                    <Icon glyph={Glyph::Chevron} />
                </Button>
                <h2 id="timeline-title" class="eyebrow">{ "Timeline" }</h2>
                <span class="count mono" data-testid="debug-count">{ count(&shown, &filter, props.log.len()) }</span>
                <CopyButton testid="copy-debug-log" what="the timeline as JSON lines" text={copy} disabled={empty} />
                <Button testid="clear-debug-log" class="small" onclick={clear} disabled={empty}>
                    <Icon glyph={Glyph::Trash} />
                    { "Clear" }
                </Button>
            </div>
            if *open {
                <TimelineTools filter={(*filter).clone()} {onfilter} />
                <TimelineList {shown} version={(props.log.clone(), (*filter).clone())} />
            }
        </section>
    }
}

fn count(shown: &Filtered, filter: &Filter, total: usize) -> String {
    if filter.is_open() { total.to_string() } else { format!("{} of {total}", shown.len()) }
}

/// The entries as JSON, one a line.
fn json_lines(shown: &Filtered) -> String {
    shown.iter().filter_map(|entry| serde_json::to_string(&*entry.event).ok()).fold(String::new(), |mut lines, line| {
        lines.push_str(&line);
        lines.push('\n');
        lines
    })
}
