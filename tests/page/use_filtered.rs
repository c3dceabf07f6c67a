use registry_client::Event;
use registry_harness::hooks::use_filtered;
use registry_harness::state::Filter;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{message, mount, page_after, settle};

#[component]
fn Fixture() -> Html {
    let log = use_state(|| page_after((0..1_000).map(message).chain([Event::CleanupStarted])).log);
    let filter = use_state(Filter::default);
    let shown = use_filtered(&log, &filter);
    let narrow = {
        let filter = filter.setter();
        move |_| filter.set(Filter::default().with_text("message 99".into()))
    };
    let grow = {
        let log = log.clone();
        move |_| {
            let mut longer = (*log).clone();
            for (_, entry) in page_after([message(990), message(5)]).log.from(0) {
                longer.push(entry.clone());
            }
            log.set(longer);
        }
    };
    html! {
        <>
            <button data-testid="narrow" onclick={narrow} />
            <button data-testid="grow" onclick={grow} />
            <output data-testid="count">{ shown.len() }</output>
            <output data-testid="last">{ shown.len().checked_sub(1).and_then(|at| shown.get(at)).map(|(index, _)| index) }</output>
        </>
    }
}

#[wasm_bindgen_test]
async fn what_matches_is_found_and_what_comes_later_too() {
    let page = mount::<Fixture>(()).await;
    assert_eq!(page.text("count"), "1001");
    page.click("narrow").await;
    assert_eq!((page.text("count").as_str(), page.text("last").as_str()), ("11", "999"));
    page.click("grow").await;
    settle().await;
    assert_eq!((page.text("count").as_str(), page.text("last").as_str()), ("12", "1001"));
}
