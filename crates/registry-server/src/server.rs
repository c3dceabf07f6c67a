use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::page::Page;
use crate::{Host, Options, api};

/// How long a connection may be idle, or take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests in progress may take to end when the server is told to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);
/// How often what is over is forgotten.
const TICK: Duration = Duration::from_secs(1);

/// Why the server does not start.
#[derive(Debug, Error)]
pub enum BindError {
    /// The port is taken.
    #[error(
        "port {} is taken: stop what listens on {address}, or choose another with --listen {}:PORT (0 picks a free one)",
        .address.port(), .address.ip()
    )]
    Taken {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// Another reason not to listen.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// There is no page to serve.
    #[error("there is no index.html in {}: build the page first, or leave --static out", .dir.display())]
    NoPage {
        /// Where it was looked for.
        dir: PathBuf,
    },
}

/// A Registry that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    host: Arc<Host>,
    router: Router,
    connections: Arc<Semaphore>,
}

impl Server {
    /// Starts to listen; connections wait until [`run`](Self::run).
    ///
    /// # Errors
    /// [`BindError`], which says what to do.
    pub async fn bind(options: &Options) -> Result<Self, BindError> {
        if let Some(dir) = options.static_dir.clone().filter(|dir| !dir.join("index.html").is_file()) {
            return Err(BindError::NoPage { dir });
        }
        let address = options.listen;
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => BindError::Taken { address },
            _ => BindError::Listen { address, source },
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let host = Arc::new(Host::new(options));
        Ok(Self {
            address: listener.local_addr().map_err(failed)?,
            listener,
            router: api::router(host.clone(), options.static_dir.clone().map(Page::new)),
            host,
            connections: Arc::new(Semaphore::new(options.max_connections.clamp(1, Semaphore::MAX_PERMITS))),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready and the requests in progress then have ended.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        tokio::select! {
            () = self.accept(&graceful) => {}
            () = self.tick() => {}
            () = stop => {}
        }
        drop(self.listener);
        tracing::info!(event = "stopping");
        self.host.answer_all();
        if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await.is_err() {
            tracing::warn!(event = "stopped", "some connections had to be cut");
        }
    }

    async fn tick(&self) {
        let mut interval = tokio::time::interval(TICK);
        loop {
            interval.tick().await;
            self.host.tick();
        }
    }

    async fn accept(&self, graceful: &GracefulShutdown) {
        loop {
            let Ok(permit) = self.connections.clone().acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, peer)) => self.serve(stream, peer, permit, graceful),
                Err(error) => {
                    // Most likely out of file descriptors: some will be given back.
                    tracing::warn!(event = "accept", %error);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit, graceful: &GracefulShutdown) {
        let _ = stream.set_nodelay(true);
        let router = self.router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            let router = router.clone();
            async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is the client's affair.
            if let Err(error) = connection.await {
                tracing::debug!(event = "connection", %error);
            }
            drop(permit);
        });
    }
}
