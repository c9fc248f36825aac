use mlua::chunk::ChunkMode;
use mlua::{Function, Lua, Table};

use crate::compile::Program;

/// Loads a program under the name its frames shall show.
///
/// Luau resolves `a.b.c` at load time, in the thread's globals, which hold nothing that a host
/// or another program has set; the program then runs in the script's environment.
pub(crate) fn load(
    lua: &Lua,
    program: &Program,
    name: &str,
    environment: &Table,
) -> mlua::Result<Function> {
    if program.dynamic_globals {
        environment.set_safeenv(false);
    }
    let function = lua
        .load(program.bytecode.as_slice())
        .set_name(format!("={name}"))
        .set_mode(ChunkMode::Binary)
        .into_function()?;
    function.set_environment(environment.clone())?;
    Ok(function)
}
