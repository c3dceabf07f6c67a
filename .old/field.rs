use yew::prelude::*;

use crate::markup::markup;
use crate::services::dom;

/// A text field with its label, its hint and what is wrong with it.
#[derive(Default)]
pub struct Field {
    /// `data-testid`; the element's id, too.
    pub testid: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What is in it.
    pub value: AttrValue,
    /// What is to be entered; stands below.
    pub hint: &'static str,
    /// What is wrong with it; takes the place of the hint.
    pub problem: Option<&'static str>,
    /// Its type, where that is another than `text`: `url` or `password`.
    pub kind: Option<&'static str>,
    /// Which keyboard a telephone shows.
    pub inputmode: Option<&'static str>,
    /// Shown while it is empty.
    pub placeholder: &'static str,
    /// Whether it is data rather than language.
    pub mono: bool,
    /// Whether a link has set it.
    pub linked: bool,
    /// Whether it cannot be changed.
    pub disabled: bool,
    /// Told every new text.
    pub onchange: Callback<String>,
}

impl Field {
    /// The field.
    pub fn html(self) -> Html {
        let (note_id, link_id) = (format!("{}-note", self.testid), format!("{}-by-link", self.testid));
        let note = self.problem.unwrap_or(self.hint);
        let descriptions = [(!note.is_empty()).then_some(&*note_id), self.linked.then_some(&*link_id)];
        let descriptions: Vec<&str> = descriptions.into_iter().flatten().collect();
        let linked = self.linked.then(|| {
            let testid = link_id.clone();
            markup! { <span id={link_id.clone()} class="by-link" data-testid={testid}>{ "set by the link" }</span> }
        });
        let below = (!note.is_empty()).then(|| {
            let class = if self.problem.is_some() { "note problem" } else { "note" };
            markup! { <p id={note_id.clone()} class={class} aria-live="polite">{ note }</p> }
        });
        markup! {
            <div class="field">
                <div class="name">
                    <label for={self.testid}>{ self.label }</label>
                    { linked }
                </div>
                <input
                    id={self.testid}
                    data-testid={self.testid}
                    class={if self.mono { "input mono" } else { "input" }}
                    type={self.kind.unwrap_or("text")}
                    inputmode={self.inputmode}
                    value={self.value}
                    placeholder={self.placeholder}
                    disabled={self.disabled}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid={self.problem.is_some().then_some("true")}
                    aria-describedby={(!descriptions.is_empty()).then(|| descriptions.join(" "))}
                    oninput={self.onchange.reform(|event: InputEvent| dom::value_of(&event))}
                />
                { below }
            </div>
        }
    }
}
