use anyhow::Result;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use tokio::net::TcpListener;

/// As long as a typical response.
const RESPONSE: &str =
    r#"{"status":"joined","offer":null,"answer":null,"updatedAt":1763800000000,"expiresAt":1763800300000}"#;

/// Serves a constant response to every request: an upper bound for a server with the same libraries.
pub async fn serve() -> Result<()> {
    let headers = [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")];
    let router = Router::new().fallback(move |_: axum::body::Bytes| async move { (headers, RESPONSE) });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
