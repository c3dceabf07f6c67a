use super::{Case, Needs, case};
use crate::check::{Checked, ensure};
use crate::cx::Cx;
use crate::{Answer, Ask, Failure};

/// An origin that no Registry lists.
const FOREIGN: &str = "https://not-let-in.invalid";

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ["/rooms", "/rooms/ACDEFGHJ/join", "/rooms/ACDEFGHJ/candidate", "/rooms/ACDEFGHJ"]
        .map(|path| {
            case("cors", format!("OPTIONS {path} allows exactly the contract's headers"), move |cx| preflight(cx, path))
        })
        .into();
    cases.push(case("cors", "an origin is echoed as it is, or not at all", |cx| {
        for ask in [options("/rooms", FOREIGN), Ask::get("/rooms/22222222").header("Origin", FOREIGN)] {
            echo(&cx.send(&ask)?, FOREIGN)?;
        }
        Ok(())
    }));
    cases.push(Case {
        needs: Needs::Origin,
        ..case("cors", "an origin like one that is let in is not let in", |cx| {
            let origin = cx.options.origin.clone().unwrap_or_default();
            if let_in(&cx.send(&options("/rooms", FOREIGN))?) {
                return Ok(());
            }
            for origin in [format!("{origin}.invalid"), format!("{origin}:444"), "null".to_owned(), "*".to_owned()] {
                let answer = cx.send(&options("/rooms", &origin))?;
                ensure(!let_in(&answer), || format!("{origin} is let in"))?;
            }
            Ok(())
        })
    });
    cases
}

fn preflight(cx: &mut Cx<'_>, path: &str) -> Checked {
    let origin = cx.options.origin.clone().unwrap_or_else(|| FOREIGN.to_owned());
    let answer = cx.send(&options(path, &origin))?;
    echo(&answer, &origin)?;
    if !let_in(&answer) {
        return ensure(cx.options.origin.is_none(), || format!("{origin} is not let in"));
    }
    ensure(matches!(answer.status, 200 | 204), || format!("status {}", answer.status))?;
    list(&answer, "Access-Control-Allow-Headers", &["content-type", "x-access-token", "x-registry-version"])?;
    list(&answer, "Access-Control-Allow-Methods", &["get", "options", "post"])?;
    list(&answer, "Access-Control-Max-Age", &["600"])
}

fn options(path: &str, origin: &str) -> Ask {
    Ask::new("OPTIONS", path)
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type,x-registry-version")
}

fn let_in(answer: &Answer) -> bool {
    answer.header("Access-Control-Allow-Origin").is_some()
}

/// Only the origin that asks is echoed, and then caches are told that the answer is for it alone.
fn echo(answer: &Answer, origin: &str) -> Checked {
    let Some(allowed) = answer.header("Access-Control-Allow-Origin") else { return Ok(()) };
    ensure(allowed == origin, || format!("Access-Control-Allow-Origin is {allowed} for {origin}"))?;
    ensure(answer.list("Vary").contains(&"origin".to_owned()), || "no Vary: Origin".to_owned())
}

fn list(answer: &Answer, name: &str, expected: &[&str]) -> Result<(), Failure> {
    let got = answer.list(name);
    ensure(got == expected, || format!("{name} is {} instead of {}", got.join(", "), expected.join(", ")))
}
