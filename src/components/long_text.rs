use std::rc::Rc;

use stylist::{StyleSource, css};
use web_sys::Element;
use yew::prelude::*;

use super::{Button, CopyButton};
use crate::foreign::{Excerpt, excerpt};
use crate::format;
use crate::services::scroll::Scroll;
use crate::services::size::SizeObserver;

/// Characters shown of a collapsed text; the style limits its height.
const COLLAPSED: usize = 1_000;
/// Characters shown of an expanded text: more would block the browser.
const EXPANDED: usize = 100_000;

/// Properties of [`LongText`].
#[derive(Properties, PartialEq)]
pub struct LongTextProps {
    /// The text.
    pub text: Rc<str>,
    /// How many characters of its end are no longer kept.
    pub lost: usize,
    /// What it is, in words: `the message`.
    pub what: &'static str,
    /// Called with `true` when the user collapses it and with `false` when they expand it.
    pub onfold: Callback<bool>,
}

/// A text that is collapsed unless it fits on a few lines.
#[component]
pub fn LongText(props: &LongTextProps) -> Html {
    let LongTextProps { text, lost, what, onfold } = props;
    let node = use_node_ref();
    let fits = use_state_eq(|| false);
    let collapsed = use_state_eq(|| true);
    let Excerpt { shown, left_out } = excerpt(text, if *collapsed { COLLAPSED } else { EXPANDED });
    let left_out = left_out + lost;
    // Whether it fits is only known once it is drawn. One that does not may when there is more room, or any at all.
    use_effect_with((Rc::clone(text), *collapsed && left_out == 0), {
        let (node, fits) = (node.clone(), fits.setter());
        move |(_, measured)| {
            let element = node.cast::<Element>().filter(|_| *measured);
            let measure = move || {
                let fit = Scroll::of(&node).is_some_and(|scroll| scroll.fits());
                fits.set(fit);
                fit
            };
            let observer = element.filter(|_| !measure()).and_then(|element| {
                SizeObserver::new([&element], move || {
                    measure();
                })
            });
            move || drop(observer)
        }
    });
    let onclick = use_callback((collapsed.clone(), onfold.clone()), |_: MouseEvent, (collapsed, onfold)| {
        // Read before it is set: the handle always has the latest value.
        let collapse = !**collapsed;
        collapsed.set(collapse);
        onfold.emit(collapse);
    });
    let copy = use_callback(Rc::clone(text), |(), text| text.to_string());
    let extent = Extent { collapsed: *collapsed, kept: text.chars().count(), lost: *lost };
    let class = match (*collapsed, *fits) {
        (true, false) => "text long collapsed",
        (true, true) => "text",
        (false, _) => "text long",
    };
    html! {
        <span class={style()}>
            <bdi {class} ref={node}>
                { shown.to_owned() }
                if left_out > 0 {
                    { "…" }
                }
            </bdi>
            if !*fits {
                <span class="folds">
                    if let Some(rest) = extent.rest() {
                        <span class="rest" data-testid="left-out">{ rest }</span>
                    }
                    <Button testid="show-all" class="small bare" expanded={!*collapsed} {onclick}>
                        { extent.label() }
                    </Button>
                    <CopyButton testid="copy-text" {what} text={copy} />
                </span>
            }
        </span>
    }
}

/// How much there is of a long text, in characters.
struct Extent {
    collapsed: bool,
    kept: usize,
    /// Characters of its end that are no longer kept.
    lost: usize,
}

impl Extent {
    /// The text on the button that collapses and expands.
    fn label(&self) -> String {
        let total = format::thousands(self.kept + self.lost);
        match self.kept.min(EXPANDED) {
            _ if !self.collapsed => "Show less".to_owned(),
            most if most < self.kept + self.lost => format!("Show {} of {total} characters", format::thousands(most)),
            _ => format!("Show all ({total} characters)"),
        }
    }

    /// What is not shown even when expanded.
    fn rest(&self) -> Option<String> {
        let more = |count| format!("{} more characters", format::thousands(count));
        match self.kept.saturating_sub(EXPANDED) {
            _ if self.collapsed => None,
            _ if self.lost > 0 => Some(format!("{} were not kept.", more(self.lost))),
            0 => None,
            hidden => Some(format!("{} are not shown. Copy to get the whole text.", more(hidden))),
        }
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .long { display: block; }
        .collapsed {
            max-height: 12lh;
            overflow: hidden;
            mask-image: linear-gradient(#000 calc(100% - 2lh), transparent);
        }
        .folds {
            display: inline-flex;
            flex-wrap: wrap;
            align-items: center;
            gap: 4px;
            margin-top: 4px;
            font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
        }
        .folds .rest { flex-basis: 100%; font-size: 13px; font-style: italic; color: var(--muted); }
        .folds .button { min-height: 24px; padding: 1px 5px; gap: 5px; font-size: 12px; }
        .folds .button.bare { margin-left: -6px; }
        "#
    )
}
