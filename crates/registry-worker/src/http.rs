//! Conversions between the platform's requests and responses and the Registry's.

use futures::StreamExt;
use registry_core::{Client, Request, Response};
use registry_protocol::limits::MAX_BODY_BYTES;
use worker::{Headers, Method, RequestInit, ResponseBody, ResponseBuilder, Result};

/// Converts a request from the platform.
///
/// # Errors
/// The client disconnected while sending the body.
pub(crate) async fn read(mut incoming: worker::Request) -> Result<Request> {
    // `worker::Method` does not preserve unusual methods, so read the underlying one.
    let mut request = Request::new(incoming.inner().method(), path(&incoming.inner().url()));
    for name in registry_core::READ_HEADERS {
        if let Some(value) = incoming.headers().get(name)? {
            request = request.header(name, value);
        }
    }
    Ok(request.body(body(&mut incoming).await?))
}

/// The header in which the entry point tells a room's object who the client is. It forwards none that comes from outside.
const CLIENT: &str = "x-registry-client";

/// The client, from a header that only the platform can set.
pub(crate) fn client(incoming: &worker::Request) -> Result<Client> {
    client_in(incoming, "cf-connecting-ip")
}

/// The client of a request that the entry point has [forwarded](forward).
pub(crate) fn forwarded_client(incoming: &worker::Request) -> Result<Client> {
    client_in(incoming, CLIENT)
}

fn client_in(incoming: &worker::Request, header: &str) -> Result<Client> {
    let address = incoming.headers().get(header)?;
    Ok(address.and_then(|address| address.parse().ok()).map(Client::of).unwrap_or_default())
}

/// Converts a response for the platform.
///
/// # Errors
/// The platform refuses a header.
pub(crate) fn write(response: Response) -> Result<worker::Response> {
    let mut builder = ResponseBuilder::new().with_status(response.status);
    for (name, value) in &response.headers {
        builder = builder.with_header(name, value)?;
    }
    builder = builder.with_header("X-Content-Type-Options", "nosniff")?;
    Ok(match response.body.is_empty() {
        true => builder.body(ResponseBody::Empty),
        false => builder.body(ResponseBody::Body(response.body)),
    })
}

/// Converts a request for forwarding to a room's object.
///
/// # Errors
/// The platform refuses a header.
pub(crate) fn forward(request: &Request) -> Result<worker::Request> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    if let Some(address) = request.client.address() {
        headers.set(CLIENT, &address.to_string())?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method.clone())).with_headers(headers);
    if !request.body.is_empty() {
        init.with_body(Some(js_sys::Uint8Array::from(request.body.as_slice()).into()));
    }
    worker::Request::new_with_init(&format!("https://room{}", request.path), &init)
}

/// The path and query of a URL.
fn path(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    after_scheme.find('/').map_or_else(|| "/".to_owned(), |start| after_scheme[start..].to_owned())
}

/// How much of an oversized body is read: what is left makes the platform reset the connection, and the next request on it
/// fails.
const MAX_DROPPED_BYTES: usize = 1024 * 1024;

/// Reads the body. Of an oversized one only as much is kept as the Registry needs to see that it is too large.
async fn body(incoming: &mut worker::Request) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    if incoming.inner().body().is_none() {
        return Ok(body);
    }
    let mut stream = incoming.stream()?;
    let mut total = 0;
    while total <= MAX_DROPPED_BYTES
        && let Some(chunk) = stream.next().await
    {
        let chunk = chunk?;
        total += chunk.len();
        let space = (MAX_BODY_BYTES + 1).saturating_sub(body.len());
        body.extend_from_slice(&chunk[..chunk.len().min(space)]);
    }
    Ok(body)
}
