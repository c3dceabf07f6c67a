use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{Either, LocalBoxFuture, select};
use js_sys::{Function, Object, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Url;

use super::js;
use crate::interfaces::places::{Place, WaitingPlaces};

/// How many calls may wait at one Registry: half of the six connections that a browser has to an origin over HTTP/1.1.
const PLACES: u32 = 3;

/// Waiting places that all pages of an origin share, by the Web Locks API: a place is an exclusive lock, named after the
/// Registry's origin and a number. The browser frees the locks of a page that is gone.
///
/// Where the API is missing (in an insecure context, or an old browser) or refuses, every call may wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct LockedPlaces;

impl WaitingPlaces for LockedPlaces {
    fn take(&self, registry_api_url: &str) -> LocalBoxFuture<'static, Option<Place>> {
        let locks = js::get(&js::get(&js_sys::global(), "navigator"), "locks");
        let origin = origin(registry_api_url);
        async move {
            for number in 0..PLACES {
                let name = format!("waiting at {origin} {number}");
                match lock(&locks, &name).await {
                    Some(None) => {}
                    Some(place) => return place,
                    None => return Some(Box::new(()) as Place),
                }
            }
            None
        }
        .boxed_local()
    }
}

/// The origin of an address, which may be relative to the page's.
fn origin(address: &str) -> String {
    let base = js::get_string(&js::get(&js_sys::global(), "location"), "href").unwrap_or_default();
    Url::new_with_base(address, &base).map(|url| url.origin()).unwrap_or_default()
}

/// A lock; dropping it resolves the promise for which it is held.
struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Takes a lock, if it is free. `None` if there are no locks.
async fn lock(locks: &JsValue, name: &str) -> Option<Option<Place>> {
    let (sender, answer) = oneshot::channel();
    // Freed when it is called, or else with the promise; should nobody listen any more, the lock is dropped at once.
    let granted = Closure::once_into_js(move |lock: JsValue| match lock.is_null() {
        true => {
            let _ = sender.send(None);
            JsValue::UNDEFINED
        }
        false => {
            let mut release = None;
            let held = Promise::new(&mut |resolve, _| release = Some(resolve));
            let _ = sender.send(release.map(|release| Box::new(Lock(release)) as Place));
            held.into()
        }
    });
    let options = Object::new();
    js::set(&options, "ifAvailable", &JsValue::TRUE);
    let request = js::call(locks, "request", &[JsValue::from_str(name), options.into(), granted]).ok()?;
    // It is rejected if there can be no locks; the future also takes care that nobody complains of that.
    let ended = JsFuture::from(request.dyn_into::<Promise>().ok()?);
    match select(answer, ended).await {
        Either::Left((answer, _)) => answer.ok(),
        Either::Right((_, mut answer)) => answer.try_recv().ok().flatten(),
    }
}
