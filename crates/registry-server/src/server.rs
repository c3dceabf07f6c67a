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

use crate::connections::{Connections, Slot};
use crate::page::Page;
use crate::{Options, Service, api};

/// Maximum number of request headers. A browser sends about fifteen, and proxies add some.
const MAX_HEADERS: usize = 64;
/// Maximum size of the request headers, in bytes. Each connection may use that much memory.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// How many connections the system queues until they are accepted. Clients beyond that retry after a second.
const BACKLOG: u32 = 1024;
/// How long requests in flight may take to finish on shutdown.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);
/// How often expired rooms are removed.
const TICK: Duration = Duration::from_secs(1);

/// Why the server cannot start.
#[derive(Debug, Error)]
pub enum BindError {
    /// The port is in use.
    #[error(
        "port {} is in use: stop the program that is listening on {address}, or choose another port with --listen {}:PORT (0 picks a free one)",
        .address.port(), .address.ip()
    )]
    Taken {
        /// The requested address.
        address: SocketAddr,
    },
    /// Listening failed for another reason.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// There is no page to serve.
    #[error("no index.html in {}: build the page first, or omit --static", .dir.display())]
    NoPage {
        /// The directory given by `--static`.
        dir: PathBuf,
    },
}

/// A Registry that is listening for connections.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    service: Arc<Service>,
    router: Router,
    max_connections: usize,
    head_timeout: Duration,
}

impl Server {
    /// Starts listening. Connections are queued until [`run`](Self::run).
    ///
    /// # Errors
    /// [`BindError`], whose message says what to do.
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
        let service = Arc::new(Service::new(options));
        let page = options.static_dir.clone().map(|dir| Page::new(dir, &options.embed_origins));
        Ok(Self {
            address: listener.local_addr().map_err(failed)?,
            listener,
            router: api::router(service.clone(), page, options.body_timeout),
            service,
            max_connections: options.max_connections,
            head_timeout: options.head_timeout,
        })
    }

    /// The address that the server is listening on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` completes, then finishes the requests in flight.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut connections = Connections::new(self.max_connections);
        tokio::select! {
            () = self.accept(&mut connections) => {}
            () = self.tick() => {}
            () = stop => {}
        }
        drop(self.listener);
        tracing::info!(event = "stopping");
        self.service.answer_all();
        if tokio::time::timeout(STOP_TIMEOUT, connections.close_all()).await.is_err() {
            tracing::warn!(event = "stopped", "some connections were aborted");
        }
    }

    async fn tick(&self) {
        let mut interval = tokio::time::interval(TICK);
        loop {
            interval.tick().await;
            self.service.tick();
        }
    }

    async fn accept(&self, connections: &mut Connections) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => self.serve(stream, peer, connections.acquire().await),
                Err(error) => {
                    // Most likely out of file descriptors: free some.
                    tracing::warn!(event = "accept", %error);
                    connections.close_oldest();
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, slot: Slot) {
        let _ = stream.set_nodelay(true);
        let (router, in_flight) = (self.router.clone(), slot.in_flight());
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(in_flight.clone());
            let router = router.clone();
            async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_timeout)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(slot.run(connection));
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Not on Windows, where it would let two programs share the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
