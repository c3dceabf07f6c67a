use registry_client::browser::{Lifecycle, dependencies};
use registry_client::{ClientConfig, ConnectionState, RoomInfo, WebRtcRegistryClient};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Properties of [`Room`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RoomProps {
    /// The URL of the Registry.
    pub registry: AttrValue,
}

/// Makes a room, shows its codes, and connects with whoever joins it.
#[component]
pub fn Room(props: &RoomProps) -> Html {
    let state = use_state(|| ConnectionState::Idle);
    let room = use_state(|| None::<RoomInfo>);
    let problem = use_state(|| None::<String>);
    let client = use_memo(props.registry.clone(), |registry| {
        let config = ClientConfig { registry_api_url: registry.to_string(), ..ClientConfig::default() };
        WebRtcRegistryClient::new(config, dependencies())
    });

    // For as long as the component lives: the state is shown, and the room is closed with the page.
    use_effect_with(props.registry.clone(), {
        let (client, state) = (client.clone(), state.clone());
        move |_| {
            let subscription = client.on_state_change(move |to| state.set(to));
            let lifecycle = Lifecycle::new(&client);
            move || {
                drop((subscription, lifecycle));
                spawn_local(async move { client.close_room().await });
            }
        }
    });

    let onclick = {
        let (room, problem) = (room.clone(), problem.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, room, problem) = (client.clone(), room.clone(), problem.clone());
            spawn_local(async move {
                let connected = async {
                    room.set(Some(client.create_room("Ann").await?));
                    client.start_connection().await
                };
                problem.set(connected.await.err().map(|error| error.to_string()));
            });
        })
    };
    html! {
        <main>
            <p role="status">{ state.as_str() }</p>
            <button {onclick} disabled={!matches!(*state, ConnectionState::Idle | ConnectionState::Error)}>{ "Make a room" }</button>
            if let Some(room) = &*room {
                <p>{ format!("Room {}, join code {}", room.code, room.join_code.as_ref().map_or("", |code| code.as_str())) }</p>
            }
            if let Some(problem) = &*problem {
                <p role="alert">{ problem }</p>
            }
        </main>
    }
}

#[cfg(test)]
mod tests {
    use gloo_timers::future::TimeoutFuture;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
    use web_sys::{Document, HtmlElement};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    /// The text of what matches, once there is such an element.
    async fn text_of(document: &Document, selector: &str) -> String {
        for _ in 0..1000 {
            if let Some(element) = document.query_selector(selector).unwrap() {
                return element.text_content().unwrap();
            }
            TimeoutFuture::new(10).await;
        }
        panic!("there is no {selector} within ten seconds");
    }

    #[wasm_bindgen_test]
    async fn without_a_registry_it_says_so() {
        let document = gloo_utils::document();
        // Nothing listens there.
        let props = RoomProps { registry: "http://127.0.0.1:9".into() };
        let root = document.create_element("div").unwrap();
        gloo_utils::body().append_child(&root).unwrap();
        yew::Renderer::<Room>::with_root_and_props(root, props).render();
        assert_eq!(text_of(&document, "[role=status]").await, "idle");
        let button = document.query_selector("button").unwrap().unwrap();
        button.dyn_into::<HtmlElement>().unwrap().click();
        let problem = text_of(&document, "[role=alert]").await;
        assert!(problem.contains("creating the room"), "{problem}");
        assert_eq!(text_of(&document, "[role=status]").await, "error");
    }
}
