use stylist::{StyleSource, css};
use yew::prelude::*;

use super::panel::tone;
use crate::check::{Line, Verdict};
use crate::components::{Foreign, Glyph, Icon, Spinner, line as foreign_line};
use crate::format::duration;

/// Properties of [`CheckRow`].
#[derive(Properties, PartialEq)]
pub struct CheckRowProps {
    /// The line of the checklist.
    pub line: Line,
}

/// A line of the checklist: a sign, what was checked, how long it took, and what that means.
#[component]
pub fn CheckRow(props: &CheckRowProps) -> Html {
    let line = &props.line;
    let sign = match line.verdict {
        Verdict::Ok => html! { <Icon glyph={Glyph::Check} /> },
        Verdict::Warning => html! { <Icon glyph={Glyph::Alert} /> },
        Verdict::Failed => html! { <Icon glyph={Glyph::Cross} /> },
        Verdict::Skipped => html! { "–" },
        Verdict::Running => html! { <Spinner /> },
    };
    html! {
        <li
            class={classes!(style(), tone(line.verdict), line.verdict.as_str())}
            data-testid={format!("check-{}", line.id)}
            data-verdict={line.verdict.as_str()}
            data-cause={line.cause}
        >
            <span class="sign">{ sign }<span class="unseen">{ line.verdict.as_str() }</span></span>
            <div class="title">
                <span>{ line.title }</span>
                if let Some(took) = line.took {
                    <span class="took mono">{ duration(took.as_secs_f64() * 1000.0) }</span>
                }
            </div>
            if !line.subject.is_empty() {
                <p class="subject mono"><Foreign text={line.subject.clone()} /></p>
            }
            if !line.words.is_empty() {
                <p class="words">{ foreign_line(&line.words) }</p>
            }
            if let Some(place) = &line.address {
                <p class="subject">
                    <span class="muted">{ if line.id.starts_with("turn") { "relayed at " } else { "seen at " } }</span>
                    <span class="mono" data-testid={format!("check-{}-address", line.id)}>
                        <Foreign text={place.to_string()} />
                    </span>
                </p>
            }
            if !line.advice.is_empty() {
                <p class="advice">{ line.advice.clone() }</p>
            }
        </li>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: grid;
        grid-template-columns: 18px minmax(0, 1fr);
        column-gap: 8px;
        padding: 7px 0;
        border-bottom: 1px solid var(--line);
        font-size: 13.5px;

        > * { grid-column: 2; }
        .sign { grid-column: 1; grid-row: 1; display: flex; align-items: center; justify-content: center; height: 20px; color: var(--tone); }
        .title { display: flex; justify-content: space-between; gap: 10px; font-weight: 600; }
        .took { font-size: 12.5px; font-weight: 400; color: var(--muted); white-space: nowrap; }
        .subject { font-size: 12.5px; overflow-wrap: anywhere; }
        .words { color: var(--muted); }
        .advice { margin-top: 2px; }
        &.failed .words, &.warning .words { color: var(--tone); }
        &.skipped .title, &.running .title { font-weight: 400; color: var(--muted); }
        "#
    )
}
