use std::rc::Rc;

use stylist::{StyleSource, css};
use yew::prelude::*;

use super::list::List;
use super::tools::Tools;
use crate::components::{Button, CopyButton, Glyph, Icon};
use crate::foreign::escaped_json;
use crate::hooks::{Filtered, use_filtered, use_wanted};
use crate::services;
use crate::state::{Filter, History, LogEntry};

/// Properties of [`Timeline`].
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// Prefix of the entries' ids, where a page has more than one timeline.
    #[prop_or_default]
    pub scope: &'static str,
    /// Every event.
    pub log: History<Rc<LogEntry>>,
    /// Called to clear it.
    pub onclear: Callback<MouseEvent>,
}

/// Every event, newest last and in view; can be filtered, copied, cleared and collapsed.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let TimelineProps { scope, log, onclear } = props;
    let filter = use_state(Filter::default);
    let open = use_state(|| true);
    let shown = use_filtered(log, &filter);
    use_uncover(log, &open, &filter);
    let ontoggle = use_callback(open.clone(), |_: MouseEvent, open| open.set(!**open));
    let onfilter = use_callback(filter.setter(), |new, filter| filter.set(new));
    let copy = {
        let shown = shown.clone();
        Callback::from(move |()| json_lines(&shown))
    };
    let count = if filter.is_open() { log.len().to_string() } else { format!("{} of {}", shown.len(), log.len()) };
    html! {
        <section
            class={classes!("card", "timeline", (!*open).then_some("collapsed"), style())}
            data-testid="debug-section"
            aria-label="Timeline"
        >
            <div class="bar">
                <Button
                    testid="collapse-debug-log"
                    class={classes!("small", "bare", "fold", open.then_some("open"))}
                    label={if *open { "Collapse the timeline" } else { "Expand the timeline" }}
                    expanded={*open}
                    onclick={ontoggle}
                >
                    <Icon glyph={Glyph::Chevron} />
                </Button>
                <h2 class="eyebrow">{ "Timeline" }</h2>
                <span class="count mono" data-testid="debug-count">{ count }</span>
                <CopyButton
                    testid="copy-debug-log"
                    what="the timeline as JSON lines"
                    text={copy}
                    disabled={log.is_empty()}
                />
                <Button testid="clear-debug-log" class="small" disabled={log.is_empty()} onclick={onclear}>
                    <Icon glyph={Glyph::Trash} />
                    { "Clear" }
                </Button>
            </div>
            if *open {
                <Tools filter={(*filter).clone()} {onfilter} />
                <List {scope} {shown} version={(log.clone(), (*filter).clone())} />
            }
        </section>
    }
}

/// What is wanted can be seen: whatever hides it gives way, once.
#[hook]
fn use_uncover(log: &History<Rc<LogEntry>>, open: &UseStateHandle<bool>, filter: &UseStateHandle<Filter>) {
    let (log, open, filter) = (log.clone(), open.clone(), filter.clone());
    let wanted = use_wanted();
    use_effect_with(wanted, move |wanted| {
        let Some(wanted) = *wanted else { return };
        open.set(true);
        if log.from(0).any(|(_, entry)| wanted.is(entry) && !filter.matches(entry)) {
            filter.set(Filter::default());
        }
    });
}

/// The entries as JSON lines, with characters that hide or turn text escaped.
fn json_lines(shown: &Filtered) -> String {
    shown.iter().fold(String::new(), |mut lines, entry| {
        lines.push_str(&escaped_json(&services::json_line(&*entry.event)));
        lines.push('\n');
        lines
    })
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        min-width: 0;
        height: 480px;
        padding: 0;
        overflow: hidden;
        container-type: inline-size;

        &.collapsed { height: auto; }
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

        @media (min-width: 760px) {
            grid-column: 1 / -1;
        }
        @media (min-width: 1100px) {
            grid-column: auto;
            height: auto;
            border-radius: 0;
            border-width: 0 0 0 1px;
        }
        "#
    )
}
