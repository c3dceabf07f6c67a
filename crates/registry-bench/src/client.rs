use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A persistent connection.
pub struct Connection {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
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
        let stream = TcpStream::connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { address, sender })
    }

    /// Sends a request and reads the complete response.
    pub async fn send(&mut self, request: &ApiRequest) -> Result<(StatusCode, Bytes)> {
        if self.sender.ready().await.is_err() {
            *self = Self::open(self.address).await?;
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
