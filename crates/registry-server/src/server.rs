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
use thiserror::Error;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tower::ServiceExt;

use crate::connections::{Connections, Place};
use crate::page::Page;
use crate::{Host, Options, api};

/// How many headers a request may have: a browser sends about fifteen, and a proxy adds some.
const MAX_HEADERS: usize = 64;
/// How large a request's head may be, in bytes. Each connection may take up as much memory.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// How many connections the system keeps until they are accepted. Those beyond it try again after a second.
const BACKLOG: u32 = 1024;
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
    max_connections: usize,
    head_timeout: Duration,
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
        let listener = listen(address).map_err(failed)?;
        let host = Arc::new(Host::new(options));
        let page = options.static_dir.clone().map(|dir| Page::new(dir, &options.embed_origins));
        Ok(Self {
            address: listener.local_addr().map_err(failed)?,
            listener,
            router: api::router(host.clone(), page, options.body_timeout),
            host,
            max_connections: options.max_connections,
            head_timeout: options.head_timeout,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready and the requests in progress then have ended.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut connections = Connections::new(self.max_connections);
        tokio::select! {
            () = self.accept(&mut connections) => {}
            () = self.tick() => {}
            () = stop => {}
        }
        drop(self.listener);
        tracing::info!(event = "stopping");
        self.host.answer_all();
        if tokio::time::timeout(STOP_TIMEOUT, connections.end()).await.is_err() {
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

    async fn accept(&self, connections: &mut Connections) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => self.serve(stream, peer, connections.place().await),
                Err(error) => {
                    // Most likely out of file descriptors: some will be given back.
                    tracing::warn!(event = "accept", %error);
                    connections.make_room();
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, place: Place) {
        let _ = stream.set_nodelay(true);
        let (router, work) = (self.router.clone(), place.work());
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(work.clone());
            let router = router.clone();
            async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_timeout)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(place.run(connection));
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Not on Windows, where it would let two programs have the same port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
