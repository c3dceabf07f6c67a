use stylist::{StyleSource, css};
use yew::prelude::*;

use super::report::ReportTools;
use super::row::CheckRow;
use crate::check::{Check, Plan, Verdict};
use crate::components::{Button, Glyph, Icon};
use crate::hooks::{use_check, use_current_settings};
use crate::services::location;

/// Checks Registry, servers and browser without a peer, and shows what comes out, line by line.
#[component]
pub fn CheckPanel() -> Html {
    let handle = use_check();
    let settings = use_current_settings();
    let onrun = {
        let (handle, current) = (handle.clone(), settings.current.clone());
        Callback::from(move |_: MouseEvent| handle.run(Plan::of(&current, &location::origin())))
    };
    let onclose = {
        let handle = handle.clone();
        move |_: MouseEvent| handle.close()
    };
    html! {
        <section class={classes!("card", style())} data-testid="check" aria-label="Check">
            if let Some(check) = handle.check() {
                <div class="head">
                    <h2 class="eyebrow">{ "Check" }</h2>
                    <p class={classes!("summary", tone(check.verdict()))} data-testid="check-summary" role="status">
                        { check.summary() }
                    </p>
                    <Button testid="close-check" class="small bare" label="Close the check" onclick={onclose}>
                        <Icon glyph={Glyph::Cross} />
                    </Button>
                </div>
                <ol data-testid="check-lines" aria-busy={(!check.is_over()).then_some("true")}>
                    for line in check.lines() {
                        <CheckRow key={line.id.clone()} line={line.clone()} />
                    }
                </ol>
                <div class="foot">
                    <Button testid="run-check" class="small" busy={!check.is_over()} onclick={onrun}>
                        { "Check again" }
                    </Button>
                    <ReportTools check={Check::clone(check)} />
                </div>
            } else {
                <div class="head">
                    <h2 class="eyebrow">{ "Check" }</h2>
                    <p class="what muted">{ "Registry, STUN, TURN and this browser, without a peer." }</p>
                    <Button testid="run-check" class="small" onclick={onrun}>{ "Run the check" }</Button>
                </div>
            }
        </section>
    }
}

/// The class for the colour of a verdict.
pub(super) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "tone-good",
        Verdict::Warning => "tone-warn",
        Verdict::Failed => "tone-bad",
        Verdict::Skipped => "tone-idle",
        Verdict::Running => "tone-busy",
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 10px;
        padding-bottom: 14px;

        .head, .foot { display: flex; align-items: center; flex-wrap: wrap; gap: 6px 10px; }
        .head .button { margin-left: auto; }
        .what { flex: 1 1 190px; font-size: 13px; }
        .summary { flex: 1; font-size: 13.5px; font-weight: 600; color: var(--tone); }
        ol { display: flex; flex-direction: column; border-top: 1px solid var(--line); }
        .foot { align-items: center; }
        "#
    )
}
