//! Mounting a component, looking at it, and using it.

use std::rc::Rc;
use std::time::Duration;

use js_sys::Promise;
use registry_analysis::{Sample, Track, Tracks};
use registry_client::{BufferLevels, Event, RoomLife, TraceEvent};
use registry_harness::hooks::{Session, use_page, use_registry_client};
use registry_harness::settings::PageSettings;
use registry_harness::state::{Action, Page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, EventInit, HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// A component in the page; it goes when this is dropped.
pub struct Mounted {
    root: Element,
    destroy: Option<Box<dyn FnOnce()>>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(destroy) = self.destroy.take() {
            destroy();
        }
        self.root.remove();
    }
}

/// Puts a component into the page and waits until it is drawn.
pub async fn mount<C: BaseComponent>(props: C::Properties) -> Mounted {
    let document = web_sys::window().unwrap().document().unwrap();
    dress(&document);
    let root = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&root).unwrap();
    let handle = yew::Renderer::<C>::with_root_and_props(root.clone(), props).render();
    let mounted = Mounted { root, destroy: Some(Box::new(move || handle.destroy())) };
    settle().await;
    mounted
}

/// Gives the document the page's style sheet, once; the components bring the rest.
fn dress(document: &web_sys::Document) {
    if document.query_selector("style[data-page]").unwrap().is_none() {
        let style = document.create_element("style").unwrap();
        style.set_attribute("data-page", "").unwrap();
        style.set_text_content(Some(include_str!("../../static/base.css")));
        document.head().unwrap().append_child(&style).unwrap();
    }
}

/// Waits until what was set off is drawn.
pub async fn settle() {
    gloo_timers::future::sleep(Duration::from_millis(80)).await;
    // Sizes are observed when the browser has laid the page out, which a busy machine puts off.
    for _ in 0..2 {
        let frame = Promise::new(&mut |resolve, _| {
            web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
        });
        JsFuture::from(frame).await.unwrap();
    }
}

/// Waits until what was set off is drawn and `done` holds, for some ten seconds: a browser may draw later than others.
pub async fn settle_until(done: impl Fn() -> bool) -> bool {
    for _ in 0..100 {
        settle().await;
        if done() {
            return true;
        }
    }
    false
}

impl Mounted {
    /// The part with this test id, if it is there.
    pub fn find(&self, testid: &str) -> Option<Element> {
        self.root.query_selector(&format!("[data-testid='{testid}']")).unwrap()
    }

    /// The part with this test id.
    pub fn get(&self, testid: &str) -> Element {
        self.find(testid).unwrap_or_else(|| panic!("{testid} is not there: {}", self.root.inner_html()))
    }

    /// The texts of all parts with this test id.
    pub fn texts(&self, testid: &str) -> Vec<String> {
        let list = self.root.query_selector_all(&format!("[data-testid='{testid}']")).unwrap();
        (0..list.length()).filter_map(|index| list.get(index)?.text_content()).collect()
    }

    /// The text of the part with this test id.
    pub fn text(&self, testid: &str) -> String {
        self.get(testid).text_content().unwrap_or_default()
    }

    /// Clicks on it and waits for what follows.
    pub async fn click(&self, testid: &str) {
        self.get(testid).unchecked_into::<HtmlElement>().click();
        settle().await;
    }

    /// Types a text into the field and waits for what follows.
    pub async fn fill(&self, testid: &str, text: &str) {
        let field: HtmlInputElement = self.get(testid).unchecked_into();
        field.set_value(text);
        let init = EventInit::new();
        init.set_bubbles(true);
        field.dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
        settle().await;
    }
}

/// Properties of [`WithSession`].
#[derive(Properties, PartialEq)]
pub struct WithSessionProps {
    /// What the session is for.
    pub children: Html,
}

/// Gives components a session whose Registry cannot be reached.
#[component]
pub fn WithSession(props: &WithSessionProps) -> Html {
    let page = use_page(None, None);
    let settings = Rc::new(PageSettings { registry_url: "http://127.0.0.1:9".into(), ..PageSettings::default() });
    let session = use_registry_client(&settings, false, None, None, &page.dispatcher());
    html! { <ContextProvider<Session> context={session}>{ props.children.clone() }</ContextProvider<Session>> }
}

/// A page on which these events have happened, a millisecond apart.
pub fn page_after(events: impl IntoIterator<Item = Event>) -> Page {
    let events = events.into_iter().enumerate().map(|(index, event)| {
        let seq = index as u64 + 1;
        Rc::new(TraceEvent { seq, at_ms: seq as f64, epoch_ms: js_sys::Date::now(), event })
    });
    Page::new(js_sys::Date::now(), None).after(Action::Events {
        events: events.collect(),
        room: None,
        life: RoomLife::default(),
        buffer: BufferLevels::default(),
    })
}

/// What one client has recorded: these events, a millisecond apart, and samples of its statistics.
pub fn tracks(events: impl IntoIterator<Item = Event>, samples: impl IntoIterator<Item = Sample>) -> Tracks {
    let events = events.into_iter().enumerate().map(|(index, event)| {
        Rc::new(TraceEvent { seq: index as u64 + 1, at_ms: index as f64, epoch_ms: 1e12 + index as f64, event })
    });
    Tracks::new(vec![Track { events: events.collect(), samples: samples.into_iter().collect() }])
}

/// A message of the peer.
pub fn message(number: usize) -> Event {
    Event::Message { data: serde_json::json!({ "text": format!("message {number}") }).into(), bytes: 20 }
}

/// Forgets what was remembered, as if nobody had been here.
pub fn forget_settings() {
    let window = web_sys::window().unwrap();
    window.local_storage().unwrap().unwrap().clear().unwrap();
    window.session_storage().unwrap().unwrap().clear().unwrap();
}
