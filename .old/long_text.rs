use std::rc::Rc;

use yew::prelude::*;

use super::{Button, CopyButton};
use crate::foreign::{Excerpt, excerpt, is_short, unseen};
use crate::format;
use crate::hooks::use_effect_on;
use crate::markup::markup;
use crate::services::dom;

/// Characters that are drawn of a text that is folded; the style sheet says how high it may be.
const FOLDED: usize = 1_000;
/// Characters that are drawn of a text that is unfolded: more of them would hold a browser up.
const UNFOLDED: usize = 100_000;

/// A text of others, whatever is in it and however long it is: a long one is folded, and one of which nothing can be seen
/// says so. Of its end `lost` characters are no longer there. `what` it is, as in *the message*; `onfold` is told whether
/// a person has folded it.
pub fn said(text: &Rc<str>, lost: usize, what: &'static str, onfold: &Callback<bool>) -> Html {
    if let Some(words) = unseen(text) {
        return markup! { <em class="invisible" data-testid="invisible-text">{ words }</em> };
    }
    if is_short(text) {
        return markup! { <bdi class="said">{ AttrValue::Rc(Rc::clone(text)) }</bdi> };
    }
    html! { <LongText text={Rc::clone(text)} {lost} {what} {onfold} /> }
}

#[derive(Properties, PartialEq)]
struct LongTextProps {
    text: Rc<str>,
    lost: usize,
    what: &'static str,
    onfold: Callback<bool>,
}

/// A text that is folded unless it fits into a few lines.
#[component]
fn LongText(props: &LongTextProps) -> Html {
    let LongTextProps { text, lost, what, onfold } = props;
    let node = use_node_ref();
    let fits = use_state_eq(|| false);
    let folded = use_state_eq(|| true);
    let Excerpt { shown, left_out } = excerpt(text, if *folded { FOLDED } else { UNFOLDED });
    let left_out = left_out + lost;
    // Whether it fits is known when it is drawn.
    use_effect_on((Rc::clone(text), *folded && left_out == 0), {
        let (node, fits) = (node.clone(), fits.setter());
        move |(_, measured)| {
            if *measured {
                fits.set(dom::scroll_of(&node).is_some_and(|it| it.height > 0.0 && it.total <= it.height));
            }
        }
    });
    let class = match (*folded, *fits) {
        (true, false) => "said long folded",
        (true, true) => "said",
        (false, _) => "said long",
    };
    let controls = (!*fits).then(|| {
        let kept = text.chars().count();
        let fold = {
            let (folded, onfold) = (folded.clone(), onfold.clone());
            Callback::from(move |_| {
                let fold = !*folded;
                folded.set(fold);
                onfold.emit(fold);
            })
        };
        let extent = Extent { folded: *folded, kept, lost: *lost };
        controls(extent, what, fold, text)
    });
    markup! {
        <bdi class={class} ref={node}>{ shown.to_owned() }{ (left_out > 0).then_some("…") }</bdi>
        { controls }
    }
}

/// How much there is of a long text.
struct Extent {
    folded: bool,
    /// Characters that are kept,
    kept: usize,
    /// and those of its end that are not.
    lost: usize,
}

impl Extent {
    /// What stands on the button that folds and unfolds.
    fn label(&self) -> String {
        let total = format::thousands(self.kept + self.lost);
        match self.kept.min(UNFOLDED) {
            _ if !self.folded => "Show less".to_owned(),
            most if most < self.kept + self.lost => format!("Show {} of {total} characters", format::thousands(most)),
            _ => format!("Show all ({total} characters)"),
        }
    }

    /// What is not shown even when it is unfolded.
    fn rest(&self) -> Option<String> {
        let more = |count| format!("{} more characters are", format::thousands(count));
        match self.kept.saturating_sub(UNFOLDED) {
            _ if self.folded => None,
            _ if self.lost > 0 => Some(format!("{} no longer kept.", more(self.lost))),
            0 => None,
            hidden => Some(format!("{} not shown; copying gives all.", more(hidden))),
        }
    }
}

fn controls(extent: Extent, what: &'static str, onclick: Callback<MouseEvent>, text: &Rc<str>) -> Html {
    let button = Button {
        testid: "show-all".into(),
        class: "small bare",
        expanded: Some(!extent.folded),
        onclick: Some(onclick),
        ..Button::default()
    };
    let rest = extent.rest().map(|rest| markup! { <span class="rest" data-testid="left-out">{ rest }</span> });
    let copy = {
        let text = Rc::clone(text);
        Callback::from(move |()| text.to_string())
    };
    markup! {
        <span class="folds">
            { rest }
            { button.html(extent.label().into()) }
            { html! { <CopyButton testid="copy-text" {what} text={copy} /> } }
        </span>
    }
}
