use std::rc::Rc;

use registry_client::browser::js;
use yew::prelude::*;

use super::timeline_list::TimelineList;
use super::{Button, CopyButton, Glyph, icon, timeline_tools};
use crate::foreign::escaped_json;
use crate::hooks::{Filtered, Session, use_filtered};
use crate::markup::markup;
use crate::state::{Filter, History, LogEntry};

/// Properties of [`Timeline`].
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// What a control does.
    pub session: Session,
    /// What the ids of the entries begin with, where there is more than one timeline.
    #[prop_or_default]
    pub scope: &'static str,
    /// Every event.
    pub log: History<Rc<LogEntry>>,
}

/// Everything that has happened, newest last and in view; filtered, copied, cleared, or folded away.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let filter = use_state(Filter::default);
    let open = use_state(|| true);
    let shown = use_filtered(&props.log, &filter);
    let fold = Button {
        testid: "collapse-debug-log".into(),
        class: if *open { "small bare fold open" } else { "small bare fold" },
        label: Some(if *open { "Fold the timeline away" } else { "Unfold the timeline" }.into()),
        expanded: Some(*open),
        onclick: Some({
            let open = open.clone();
            Callback::from(move |_| open.set(!*open))
        }),
        ..Button::default()
    };
    let onfilter = {
        let filter = filter.setter();
        Callback::from(move |new| filter.set(new))
    };
    let copy = {
        let shown = shown.clone();
        Callback::from(move |()| json_lines(&shown))
    };
    let empty = props.log.is_empty();
    let clear = Button {
        testid: "clear-debug-log".into(),
        class: "small",
        disabled: empty,
        onclick: Some(props.session.on(Session::clear_log)),
        ..Button::default()
    };
    let copy = html! {
        <CopyButton testid="copy-debug-log" what="the timeline as JSON lines" text={copy} disabled={empty} />
    };
    let count = count(&shown, &filter, props.log.len());
    let unfolded = open.then(|| {
        let version = (props.log.clone(), (*filter).clone());
        let list = html! { <TimelineList scope={props.scope} {shown} {version} /> };
        markup! { { timeline_tools(&filter, &onfilter) }{ list } }
    });
    markup! {
        <section class={if *open { "card timeline" } else { "card timeline folded" }} data-testid="debug-section" aria-label="Timeline">
            <div class="bar">
                { fold.html(icon(Glyph::Chevron)) }
                <h2 class="eyebrow">{ "Timeline" }</h2>
                <span class="count mono" data-testid="debug-count">{ count }</span>
                { copy }
                { clear.html(markup! { { icon(Glyph::Trash) }{ "Clear" } }) }
            </div>
            { unfolded }
        </section>
    }
}

fn count(shown: &Filtered, filter: &Filter, total: usize) -> String {
    if filter.is_open() { total.to_string() } else { format!("{} of {total}", shown.len()) }
}

/// The entries as JSON, one a line, in which nothing is hidden.
fn json_lines(shown: &Filtered) -> String {
    shown.iter().filter_map(|entry| js::to_json(&js::described(&*entry.event)).ok()).fold(
        String::new(),
        |mut lines, line| {
            lines.push_str(&escaped_json(line.as_str()));
            lines.push('\n');
            lines
        },
    )
}
