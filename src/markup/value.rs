use std::rc::Rc;

use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What stands between braces.
pub enum Value {
    /// Nothing: no node, or no such attribute.
    None,
    /// Whether there is an attribute that has no value.
    Flag(bool),
    /// A text.
    Text(AttrValue),
    /// Anything else that is drawn.
    Node(Html),
    /// Where the element is to be found.
    Ref(NodeRef),
    /// What happens with an event.
    Handler(Rc<dyn Fn(web_sys::Event)>),
}

impl Value {
    /// As an attribute of this name. A class that is empty is none.
    pub(super) fn attribute(self, name: &'static str) -> Option<AttrValue> {
        match self {
            Self::Flag(true) => Some(AttrValue::Static(name)),
            Self::Text(text) => (name != "class" || !text.is_empty()).then_some(text),
            _ => None,
        }
    }

    /// As a child.
    pub(super) fn node(self) -> Html {
        match self {
            Self::Text(text) => Html::VText(yew::virtual_dom::VText::new(text)),
            Self::Node(node) => node,
            _ => Html::default(),
        }
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Flag(is)
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(AttrValue::Static(text))
    }
}

impl From<String> for Value {
    #[inline(never)]
    fn from(text: String) -> Self {
        Self::Text(AttrValue::from(text))
    }
}

impl From<AttrValue> for Value {
    fn from(text: AttrValue) -> Self {
        Self::Text(text)
    }
}

impl From<Html> for Value {
    fn from(node: Html) -> Self {
        Self::Node(node)
    }
}

impl From<NodeRef> for Value {
    fn from(node: NodeRef) -> Self {
        Self::Ref(node)
    }
}

impl<E: JsCast + 'static> From<Callback<E>> for Value {
    fn from(callback: Callback<E>) -> Self {
        Self::Handler(Rc::new(move |event| callback.emit(event.unchecked_into())))
    }
}

impl<T> From<Option<T>> for Value
where
    Value: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Self::from)
    }
}

/// These classes, of which empty ones are none.
#[inline(never)]
pub fn classes(names: &[&str]) -> String {
    let mut all = String::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(name);
    }
    all
}
