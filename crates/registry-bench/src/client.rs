use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};

/// A persistent connection.
pub struct Connection {
    address: SocketAddr,
    /// The address that it is made from, if that matters.
    source: Option<IpAddr>,
    sender: SendRequest<Full<Bytes>>,
}

/// Connects a socket, from one of the machine's addresses if it matters.
pub async fn connect(source: Option<IpAddr>, address: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(source) = source {
        socket.bind((source, 0).into())?;
    }
    let stream = socket.connect(address).await.context("cannot connect")?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A request to the Registry.
#[derive(Clone, Debug, Default)]
pub struct ApiRequest {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    pub body: String,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        Self::open_from(None, address).await
    }

    /// Connects from one of the machine's addresses.
    pub async fn open_from(source: Option<IpAddr>, address: SocketAddr) -> Result<Self> {
        let (sender, connection) = handshake(TokioIo::new(connect(source, address).await?)).await?;
        tokio::spawn(connection);
        Ok(Self { address, source, sender })
    }

    /// Sends a request and reads the complete response.
    pub async fn send(&mut self, request: &ApiRequest) -> Result<(StatusCode, Bytes)> {
        if self.sender.ready().await.is_err() {
            *self = Self::open_from(self.source, self.address).await?;
        }
        let request = Request::builder()
            .method(request.method)
            .uri(&request.path)
            .header("host", "localhost")
            .header("x-registry-version", "1")
            .header("x-access-token", &request.token)
            .header("content-type", "application/json")
            .body(Full::from(request.body.clone()))?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }

    /// Sends a request and returns the response as JSON. Fails if it is not successful.
    pub async fn json(&mut self, request: &ApiRequest) -> Result<Value> {
        let (status, body) = self.send(request).await?;
        if !status.is_success() {
            bail!("{} {} returned {status}", request.method, request.path);
        }
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? })
    }
}
