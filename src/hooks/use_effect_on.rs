use std::any::Any;
use std::rc::Rc;

use yew::functional::TearDown;
use yew::prelude::*;

/// What an effect depends on, whatever that is.
trait Deps {
    fn as_any(&self) -> &dyn Any;
    fn is(&self, other: &dyn Any) -> bool;
}

impl<D: PartialEq + 'static> Deps for D {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref().is_some_and(|other| self == other)
    }
}

#[derive(Clone)]
struct AnyDeps(Rc<dyn Deps>);

impl PartialEq for AnyDeps {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).is((*other.0).as_any())
    }
}

type Undo = Box<dyn FnOnce()>;

/// Yew's `use_effect_with`, which is most of a kilobyte of WebAssembly for each type that an effect depends on, with all
/// of them in one type.
#[hook]
pub fn use_effect_on<D, E, U>(deps: D, effect: E)
where
    D: PartialEq + 'static,
    E: FnOnce(&D) -> U + 'static,
    U: TearDown,
{
    let deps = Rc::new(deps);
    let known = AnyDeps(Rc::clone(&deps) as Rc<dyn Deps>);
    let effect = Box::new(move || {
        let undo = effect(&deps);
        Box::new(move || undo.tear_down()) as Undo
    });
    use_any_effect(known, effect);
}

#[hook]
fn use_any_effect(deps: AnyDeps, effect: Box<dyn FnOnce() -> Undo>) {
    use_effect_with(deps, move |_| effect());
}
