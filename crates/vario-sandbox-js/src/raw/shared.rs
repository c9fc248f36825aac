#![expect(unsafe_code, reason = "what a runtime carries must say that it holds no script value")]

use std::rc::Rc;

use rquickjs::{Ctx, JsLifetime, Object, Persistent};

use crate::state::State;

/// What callbacks find in the runtime they are called from.
struct Shared(Rc<State>);

// SAFETY: `State` holds no script value, so no lifetime changes.
unsafe impl JsLifetime<'_> for Shared {
    type Changed<'to> = Shared;
}

/// Puts the state into a runtime.
pub(crate) fn store(ctx: &Ctx<'_>, state: Rc<State>) {
    // It is stored once, at set-up, when nobody has borrowed from the runtime.
    let _none_before = ctx.store_userdata(Shared(state));
}

/// The state of the runtime that runs this context.
pub(crate) fn state_of(ctx: &Ctx<'_>) -> Option<Rc<State>> {
    ctx.userdata::<Shared>().map(|shared| Rc::clone(&shared.0))
}

/// What the prelude of a background plugin gave the engine to call.
struct Hooks(Persistent<Object<'static>>);

// SAFETY: a persistent value has no lifetime; the runtime drops what it carries before itself.
unsafe impl JsLifetime<'_> for Hooks {
    type Changed<'to> = Hooks;
}

/// Puts the prelude's hooks into a runtime.
pub(crate) fn store_hooks<'js>(ctx: &Ctx<'js>, hooks: Object<'js>) {
    let _earlier = ctx.store_userdata(Hooks(Persistent::save(ctx, hooks)));
}

/// The hooks of the prelude, once it has given them.
pub(crate) fn hooks_of<'js>(ctx: &Ctx<'js>) -> Option<Object<'js>> {
    let kept = ctx.userdata::<Hooks>().map(|hooks| hooks.0.clone());
    kept.and_then(|kept| kept.restore(ctx).ok())
}
