//! What background plugins may call beyond a probe's functions.

mod database;
mod fetch;
mod files;
#[cfg(unix)]
mod program;

use vario_host::HostError;
use vario_value::Value;

use super::support::World;

impl World {
    /// As of a plugin that is in `plugin` of the home, with these grants.
    fn plugin(granted: &[&str]) -> Self {
        let mut world = Self::new();
        std::fs::create_dir_all(world.path("plugin")).unwrap();
        std::fs::create_dir_all(world.path("data")).unwrap();
        std::fs::write(world.path("plugin/index.js"), "code").unwrap();
        world.set_plugin_rights(granted, &[]);
        world
    }

    fn set_plugin_rights(&mut self, granted: &[&str], denied: &[&str]) {
        self.set_rights(granted, denied);
        let named = self.path("plugin");
        let real = named.canonicalize().unwrap();
        let folder = [named, real].map(|path| path.to_str().unwrap().to_owned()).to_vec();
        let rights = (*self.scope.rights).clone().reading_own_code(folder);
        self.scope.rights = std::sync::Arc::new(rights);
    }

    /// A path in the home, as an argument.
    fn at(&self, name: &str) -> Value {
        Value::from(self.path(name).to_str().unwrap())
    }

    #[track_caller]
    fn denied(&self, name: &str, args: &[Value], need: &str) {
        self.witness.take();
        let message = self.failure(name, args);
        assert!(message.starts_with("permission denied: "), "{name}: {message}");
        let told = self.witness.take();
        let needs: Vec<_> = told.iter().flat_map(|call| &call.needs).collect();
        assert!(needs.iter().any(|found| found.permission == need), "{name}: {needs:?}");
    }
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

#[test]
fn what_somebody_else_answers_is_no_function_here() {
    let world = World::new();
    for name in ["routes.add", "bus.publish", "config.get", "fs.chmod", "fs.", "database.vacuum"] {
        let message = world.failure(name, &[Value::Int(1)]);
        assert!(message.starts_with("there is no host function `"), "{name}: {message}");
    }
    let found = world.call("process.run", &[Value::from([("program", Value::Null)])]);
    assert_eq!(found, Err(HostError::failed("invalid program: `program` must be text")));
}
