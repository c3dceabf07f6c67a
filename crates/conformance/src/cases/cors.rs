use super::{Case, case};
use crate::check::{Checked, ensure};
use crate::context::Context;
use crate::options::Needs;
use crate::{Failure, HttpRequest, HttpResponse};

/// An origin that no Registry allows explicitly.
const FOREIGN: &str = "https://not-let-in.invalid";

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ["/rooms", "/rooms/ACDEFGHJ/join", "/rooms/ACDEFGHJ/candidate", "/rooms/ACDEFGHJ"]
        .map(|path| {
            case("cors", format!("OPTIONS {path} allows exactly the contract's headers"), move |cx| preflight(cx, path))
        })
        .into();
    cases.push(case("cors", "an origin is echoed exactly, or not at all", |cx| {
        for request in [options("/rooms", FOREIGN), HttpRequest::get("/rooms/22222222").header("Origin", FOREIGN)] {
            echo(&cx.send(&request)?, FOREIGN)?;
        }
        Ok(())
    }));
    cases.push(Case {
        needs: Needs::Origin,
        ..case("cors", "an origin similar to an allowed one is not allowed", |cx| {
            let origin = cx.options.origin.clone().unwrap_or_default();
            if is_allowed(&cx.send(&options("/rooms", FOREIGN))?) {
                return Ok(());
            }
            for origin in [format!("{origin}.invalid"), format!("{origin}:444"), "null".to_owned(), "*".to_owned()] {
                let response = cx.send(&options("/rooms", &origin))?;
                ensure(!is_allowed(&response), || format!("{origin} is allowed"))?;
            }
            Ok(())
        })
    });
    cases
}

fn preflight(cx: &mut Context<'_>, path: &str) -> Checked {
    let origin = cx.options.origin.clone().unwrap_or_else(|| FOREIGN.to_owned());
    let response = cx.send(&options(path, &origin))?;
    echo(&response, &origin)?;
    if !is_allowed(&response) {
        return ensure(cx.options.origin.is_none(), || format!("{origin} is not allowed"));
    }
    ensure(matches!(response.status, 200 | 204), || format!("status {}", response.status))?;
    list(&response, "Access-Control-Allow-Headers", &["content-type", "x-access-token", "x-registry-version"])?;
    list(&response, "Access-Control-Allow-Methods", &["get", "options", "post"])?;
    list(&response, "Access-Control-Max-Age", &["600"])
}

fn options(path: &str, origin: &str) -> HttpRequest {
    HttpRequest::new("OPTIONS", path)
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type,x-registry-version")
}

fn is_allowed(response: &HttpResponse) -> bool {
    response.header("Access-Control-Allow-Origin").is_some()
}

/// If an origin is allowed, it must be the requesting one, and `Vary` must tell caches so.
fn echo(response: &HttpResponse, origin: &str) -> Checked {
    let Some(allowed) = response.header("Access-Control-Allow-Origin") else { return Ok(()) };
    ensure(allowed == origin, || format!("Access-Control-Allow-Origin is {allowed} for {origin}"))?;
    ensure(response.list("Vary").contains(&"origin".to_owned()), || "Vary: Origin is missing".to_owned())
}

fn list(response: &HttpResponse, name: &str, expected: &[&str]) -> Result<(), Failure> {
    let got = response.list(name);
    ensure(got == expected, || format!("{name} is {}, expected {}", got.join(", "), expected.join(", ")))
}
