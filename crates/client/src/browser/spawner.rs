use futures::future::LocalBoxFuture;

use crate::interfaces::clock::Spawner;

/// Runs tasks on the browser's event loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalSpawner;

impl Spawner for LocalSpawner {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(task);
    }
}
