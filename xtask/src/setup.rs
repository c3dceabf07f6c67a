//! Installs what is missing, the slow parts side by side.

use std::thread;

use anyhow::{Result, bail};

use crate::page::Tools;
use crate::python;
use crate::toolchain::Toolchain;
use crate::tools::{self, Browser, Npm, WasmBindgen};
use crate::worker;
use crate::workspace::Workspace;

/// Everything that makes a page. `toolchain_ready` goes on in the toolchain's thread while the others still install.
pub fn page_tools(
    workspace: &Workspace,
    toolchain_ready: impl FnOnce(&Toolchain) -> Result<()> + Send,
) -> Result<Tools> {
    workspace.check_cache()?;
    thread::scope(|scope| {
        let toolchain = scope.spawn(|| {
            let toolchain = Toolchain::set_up(workspace)?;
            toolchain_ready(&toolchain)?;
            Ok(toolchain)
        });
        let bindgen = scope.spawn(|| WasmBindgen::set_up(workspace));
        let npm = scope.spawn(|| Npm::set_up(workspace, ""));
        let (toolchain, bindgen, npm) = (join(toolchain), join(bindgen), join(npm));
        Ok(Tools { toolchain: toolchain?, bindgen: bindgen?, npm: npm? })
    })
}

/// Everything that the tests need: what makes a page, and a browser.
pub fn test_tools(workspace: &Workspace) -> Result<(Tools, Browser)> {
    workspace.check_cache()?;
    thread::scope(|scope| {
        let browser = scope.spawn(|| Browser::set_up(workspace));
        let tools = page_tools(workspace, |_| Ok(()));
        let browser = join(browser);
        Ok((tools?, browser?))
    })
}

/// What makes a page and a Worker, and the packages with wrangler in them: those weigh 200 MB, so that they are installed
/// by whoever wants a Worker.
pub fn worker_tools(workspace: &Workspace) -> Result<(Tools, Npm)> {
    let tools = page_tools(workspace, |_| Ok(()))?;
    Ok((tools, Npm::set_up(workspace, worker::FOLDER)?))
}

/// Everything that any command needs.
pub fn everything(workspace: &Workspace) -> Result<()> {
    test_tools(workspace)?;
    tools::networks()?;
    tools::firefox(workspace)?;
    tools::geckodriver(workspace)?;
    python::set_up(workspace).map(drop)
}

/// A compiler for the target and nothing else.
pub fn toolchain(workspace: &Workspace) -> Result<Toolchain> {
    workspace.check_cache()?;
    Toolchain::set_up(workspace)
}

/// The thread's result; a panic in it becomes an error.
pub fn join<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    match thread.join() {
        Ok(result) => result,
        Err(_) => bail!("a set-up step panicked; its message is above"),
    }
}
