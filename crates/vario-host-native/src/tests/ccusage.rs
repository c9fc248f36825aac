//! Token usage (contract section 4.10).

#[cfg(unix)]
mod runners;
mod source;
#[cfg(unix)]
mod surroundings;
#[cfg(unix)]
mod times;

#[cfg(unix)]
use std::path::Path;

use vario_value::Value;

use super::support::World;
#[cfg(unix)]
use super::support::script;

/// A runner that says which usage was asked for, and what it was told.
#[cfg(unix)]
const GOOD: &str = "echo '{\"daily\":[1]}'";

#[cfg(unix)]
const BAD: &str = "echo '{\"daily\":[1]}'; exit 1";

fn answer(status: &str) -> Value {
    Value::from([("status", Value::from(status))])
}

/// What a plugin gets when the usage is this JSON.
fn usage(json: &str) -> Value {
    Value::from([("status", Value::from("ok")), ("data", Value::parse_json(json).unwrap())])
}

#[cfg(unix)]
impl World {
    /// With a path of `bin` in the home, and these runners there.
    fn with_runners(runners: &[(&str, &str)]) -> Self {
        Self::with_variables(runners, &[])
    }

    fn with_variables(runners: &[(&str, &str)], variables: &[(&str, &str)]) -> Self {
        let world = Self::new();
        let (home, bin) = (world.home.path().to_owned(), world.path("bin"));
        let own = [("HOME", home.to_str().unwrap()), ("PATH", bin.to_str().unwrap())];
        let world = world.variables(&[&own, variables].concat());
        for (name, text) in runners {
            world.runner(&format!("bin/{name}"), text);
        }
        world
    }

    /// Makes a runner in the home. It writes down how it was called, says its version when it is
    /// asked to, and does what it is told when it is to run a package.
    fn runner(&self, name: &str, text: &str) {
        let text = format!(
            "line=\"${{0#\"$HOME\"/}}\"\n\
            for a in \"$@\"; do line=\"$line [$a]\"; done\n\
            echo \"$line\" >> \"$HOME/calls\"\n\
            if [ \"$1\" = --version ]; then exit 0; fi\n\
            {text}"
        );
        self.program(name, &text);
    }

    /// Makes a program of this script in the home.
    fn program(&self, name: &str, text: &str) {
        let file = self.path(name);
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).unwrap();
        script(&file, text);
    }

    fn usage(&self, options: &[(&str, &str)]) -> Value {
        self.call("ccusage.query", &[texts(options)]).unwrap()
    }

    /// How programs were called since the last time.
    fn calls(&self) -> Vec<String> {
        let file = self.path("calls");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let _there_were_none = std::fs::remove_file(file);
        text.lines().map(str::to_owned).collect()
    }

    /// The same without looking for the runners.
    fn attempts(&self) -> Vec<String> {
        let mut calls = self.calls();
        calls.retain(|call| !call.ends_with(" [--version]"));
        calls
    }
}

fn texts(options: &[(&str, &str)]) -> Value {
    let options = options.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text)));
    Value::Map(options.collect())
}
