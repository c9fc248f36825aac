use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Module, Result};
use vario_sandbox::resolve_module;

use crate::state::State;
use crate::throw::{throw_error, throw_type_error};

/// Loads modules of the plugin's own folder, and only for modules.
pub(crate) struct PluginModules(pub(crate) Rc<State>);

impl Resolver for PluginModules {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        if !self.0.modules.borrow().contains(base) {
            return Err(throw_type_error(ctx, "import works in modules only"));
        }
        resolve_module(base, name).map_err(|error| throw_error(ctx, &error.to_string()))
    }
}

impl Loader for PluginModules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        let natives = &self.0.natives;
        let text = catch_unwind(AssertUnwindSafe(|| natives.module(name)))
            .unwrap_or_else(|_panic| Err("host function failed".to_owned()))
            .map_err(|words| throw_error(ctx, &words))?;
        self.0.modules.borrow_mut().insert(name.to_owned());
        Module::declare(ctx.clone(), name, text)
    }
}

/// Stands in for all modules when a source is only parsed.
pub(crate) struct EmptyModules;

impl Resolver for EmptyModules {
    fn resolve<'js>(
        &mut self,
        _ctx: &Ctx<'js>,
        _base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        Ok(name.to_owned())
    }
}

impl Loader for EmptyModules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        Module::declare(ctx.clone(), name, "")
    }
}
