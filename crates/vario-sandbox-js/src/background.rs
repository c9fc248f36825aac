//! What the world of a background plugin has beyond a probe's: a few functions for its prelude,
//! by which that can be a module loader.
//!
//! They are in the group `_engine` of [`vario_sandbox::Instance::natives`], and it is the
//! prelude's duty to take that away before any code of the plugin runs:
//!
//! | function | what it does |
//! |---|---|
//! | `compile(name, text)` | runs a script that is not strict unless it says so; gives its value |
//! | `load(key)` | imports an ES module; gives the promise of its namespace |
//! | `hooks({resolve, load, rejected, created})` | names the functions below |
//! | `watch(on)` | whether `created` wants to hear of promises |
//!
//! `resolve(base, name)` gives the key of a module, `load(key)` gives `{text, meta}` of it, where
//! `meta` becomes its `import.meta`, and `rejected(promise, reason, handled)` hears of promises
//! that nobody watches. `created(promise)` hears of every new promise while it wants to: what a
//! handler leaves behind is known by that.

use std::rc::Rc;

use rquickjs::function::IntoArgs;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::promise::PromiseHookType;
use rquickjs::{Ctx, Function, Module, Object, Promise, Result, Runtime, Value as JsValue};

use crate::raw::bytecode::{Compiled, Strictness};
use crate::raw::shared::{hooks_of, state_of, store_hooks};
use crate::state::State;
use crate::throw::throw_error;

/// The name of the group.
const GROUP: &str = "_engine";

/// Makes a runtime ask the prelude's hooks.
pub(crate) fn configure(runtime: &Runtime, state: &Rc<State>) {
    runtime.set_loader(HookedModules, HookedModules);
    let watched = Rc::clone(state);
    runtime.set_promise_hook(Some(Box::new(move |ctx, step, promise, _parent| {
        if step == PromiseHookType::Init && watched.watches_promises.get() {
            tell(&ctx, "created", (promise,));
        }
    })));
    runtime.set_host_promise_rejection_tracker(Some(Box::new(|ctx, promise, reason, handled| {
        tell(&ctx, "rejected", (promise, reason, handled));
    })));
}

/// Calls one of the prelude's hooks, from where nothing can be thrown.
fn tell<'js>(ctx: &Ctx<'js>, name: &str, args: impl IntoArgs<'js>) {
    let Some(hooks) = hooks_of(ctx) else { return };
    let told = hooks.get::<_, Function>(name).and_then(|hook| hook.call::<_, ()>(args));
    if told.is_err() {
        // Nobody is there to hear that telling failed, too.
        let _dropped = ctx.catch();
    }
}

/// Puts the group on the object of the native functions.
///
/// # Errors
/// When memory runs out; the exception is pending.
pub(crate) fn offer<'js>(ctx: &Ctx<'js>, natives: &JsValue<'js>) -> Result<()> {
    let Some(natives) = natives.as_object() else { return Ok(()) };
    let group = Object::new(ctx.clone())?;
    group.set("compile", Function::new(ctx.clone(), compile)?)?;
    group.set("load", Function::new(ctx.clone(), load)?)?;
    group.set("hooks", Function::new(ctx.clone(), take_hooks)?)?;
    group.set("watch", Function::new(ctx.clone(), watch)?)?;
    natives.set(GROUP, group)
}

#[expect(clippy::needless_pass_by_value, reason = "how the engine hands over arguments")]
fn compile(ctx: Ctx<'_>, name: String, text: String) -> Result<JsValue<'_>> {
    Compiled::compile(&ctx, &name, &text, Strictness::Sloppy)?.run()
}

#[expect(clippy::needless_pass_by_value, reason = "how the engine hands over arguments")]
fn load(ctx: Ctx<'_>, key: String) -> Result<Promise<'_>> {
    Module::import(&ctx, key)
}

#[expect(clippy::needless_pass_by_value, reason = "how the engine hands over arguments")]
fn take_hooks<'js>(ctx: Ctx<'js>, hooks: Object<'js>) {
    store_hooks(&ctx, hooks);
}

#[expect(clippy::needless_pass_by_value, reason = "how the engine hands over arguments")]
fn watch(ctx: Ctx<'_>, on: bool) {
    if let Some(state) = state_of(&ctx) {
        state.watches_promises.set(on);
    }
}

/// Finds and loads modules by asking the prelude.
struct HookedModules;

fn hook<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Function<'js>> {
    match hooks_of(ctx) {
        Some(hooks) => hooks.get(name),
        None => Err(throw_error(ctx, "modules cannot be loaded yet")),
    }
}

impl Resolver for HookedModules {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        hook(ctx, "resolve")?.call((base, name))
    }
}

impl Loader for HookedModules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        let found: Object = hook(ctx, "load")?.call((name,))?;
        let text: String = found.get("text")?;
        let module = Module::declare(ctx.clone(), name, text)?;
        if let Some(given) = found.get::<_, Option<Object>>("meta")? {
            let meta = module.meta()?;
            for entry in given.props::<String, JsValue>() {
                let (key, value) = entry?;
                meta.set(key, value)?;
            }
        }
        Ok(module)
    }
}
