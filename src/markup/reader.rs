use std::cell::RefCell;
use std::rc::Rc;
use std::vec::IntoIter;

use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, Listener, ListenerKind, VList, VTag};

use super::Value;

/// Names of attributes, in their order.
type Names = &'static [&'static str];

thread_local! {
    /// The names of the attributes of each element by its place in its text: Yew compares two drawings of an element
    /// value by value where they share the names.
    static NAMES: RefCell<Vec<(usize, Names)>> = const { RefCell::new(Vec::new()) };
}

/// A packed text and the values that belong into it.
pub struct Markup {
    text: &'static str,
    values: Vec<Value>,
}

impl Markup {
    /// Without values.
    pub const fn new(text: &'static str) -> Self {
        Self { text, values: Vec::new() }
    }

    /// Puts a value into the next place that has none.
    #[inline(never)]
    pub fn put(&mut self, value: Value) {
        self.values.push(value);
    }

    /// What it draws.
    #[inline(never)]
    pub fn html(self) -> Html {
        Reader { rest: self.text, values: self.values.into_iter() }.nodes()
    }
}

/// Reads a packed text.
struct Reader {
    rest: &'static str,
    values: IntoIter<Value>,
}

impl Reader {
    /// What comes before the end of the element, or of all.
    fn nodes(&mut self) -> Html {
        let mut nodes = Vec::new();
        loop {
            nodes.push(match self.byte() {
                b'<' => self.element().into(),
                b'"' => Value::from(self.until(b"\"", 1)).node(),
                b'{' => self.value().node(),
                _ => break,
            });
        }
        if nodes.len() == 1 {
            return nodes.remove(0);
        }
        VList::with_children(nodes, None).into()
    }

    fn element(&mut self) -> VTag {
        let place = self.rest.as_ptr() as usize;
        let mut tag = VTag::new(self.word());
        let (mut names, mut values) = (Vec::new(), Vec::new());
        while self.byte() == b' ' {
            let name = self.word();
            let value = if self.byte() == b'"' { self.until(b"\"", 1).into() } else { self.value() };
            match (name, value) {
                ("key", Value::Text(text)) => tag.key = Some(Key::from(text.as_str())),
                ("ref", Value::Ref(node)) => tag.node_ref = node,
                ("value", Value::Text(text)) => tag.set_value(text),
                ("checked", Value::Flag(is)) => tag.set_checked(is),
                (_, Value::Handler(act)) => drop(tag.add_listener(Rc::new(Handler { name, act }))),
                // A handler that is missing is no attribute.
                (_, Value::None) if name.starts_with("on") => {}
                (_, value) => {
                    names.push(name);
                    values.push(value.attribute(name).map(AttributeOrProperty::Attribute));
                }
            }
        }
        tag.attributes = Attributes::Dynamic { keys: shared(place, names), values: values.into_boxed_slice() };
        let nodes = self.nodes();
        if let Some(children) = tag.children_mut() {
            *children = nodes;
        }
        tag
    }

    fn value(&mut self) -> Value {
        self.values.next().unwrap_or(Value::None)
    }

    /// The next byte, which is no part of a longer character; `/` at the end.
    fn byte(&mut self) -> u8 {
        let byte = self.rest.bytes().next().unwrap_or(b'/');
        self.rest = self.rest.get(1..).unwrap_or_default();
        byte
    }

    fn word(&mut self) -> &'static str {
        self.until(b" \"{>", 0)
    }

    /// What comes before one of these, of which `skipped` are passed over.
    fn until(&mut self, ends: &[u8], skipped: usize) -> &'static str {
        let end = self.rest.bytes().position(|byte| ends.contains(&byte)).unwrap_or(0);
        let (before, rest) = (self.rest.get(..end), self.rest.get(end + skipped..));
        self.rest = rest.unwrap_or_default();
        before.unwrap_or_default()
    }
}

/// The names that this place had when it was first drawn; they are always the same.
fn shared(place: usize, names: Vec<&'static str>) -> Names {
    NAMES.with_borrow_mut(|known| match known.binary_search_by_key(&place, |(place, _)| *place) {
        Ok(at) => {
            debug_assert_eq!(known[at].1, names, "an element always has the same attributes, if only as `None`");
            known[at].1
        }
        Err(at) => {
            let names: Names = names.leak();
            known.insert(at, (place, names));
            names
        }
    })
}

/// Does something with the events of one name.
struct Handler {
    name: &'static str,
    act: Rc<dyn Fn(web_sys::Event)>,
}

impl Listener for Handler {
    fn kind(&self) -> ListenerKind {
        match self.name {
            "onchange" => ListenerKind::onchange,
            "onclick" => ListenerKind::onclick,
            "oninput" => ListenerKind::oninput,
            "onkeydown" => ListenerKind::onkeydown,
            "onscroll" => ListenerKind::onscroll,
            "onsubmit" => ListenerKind::onsubmit,
            other => ListenerKind::other(other.into()),
        }
    }

    fn handle(&self, event: web_sys::Event) {
        (self.act)(event);
    }

    fn passive(&self) -> bool {
        self.name == "onscroll"
    }
}
