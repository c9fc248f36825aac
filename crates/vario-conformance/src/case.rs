use std::time::Duration;

use vario_sandbox::{Language, SourceKind};
use vario_value::{Shape, Value};

use crate::bench::{Bench, Setup};
use crate::expect::{Expect, Outcome};

/// One row of the suite: a program in both languages and what it comes to.
///
/// The program is evaluated; when its value is a function, that is called with the case's
/// arguments. Then the result is settled and read by the case's shape. Programs see the natives as
/// the global `host` and null as the global `NULL`.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) setup: Setup,
    pub(crate) body: Body,
}

/// What a case does.
pub(crate) enum Body {
    /// Runs a program; see [`Case`].
    Program { lua: Box<Side>, js: Box<Side> },
    /// Uses the engine by hand.
    Steps(fn(&Bench)),
}

/// One language's half of a case.
#[derive(Default)]
pub(crate) struct Side {
    pub(crate) source: Option<String>,
    pub(crate) expect: Option<Expect>,
    /// Why the halves differ.
    pub(crate) reason: Option<&'static str>,
}

/// A case that runs programs.
pub(crate) fn case(name: &'static str) -> Case {
    let body = Body::Program { lua: Box::default(), js: Box::default() };
    Case { name, setup: Setup::default(), body }
}

/// A case that runs the same program in both languages.
pub(crate) fn both(name: &'static str, lua: &'static str, js: &'static str) -> Case {
    case(name).lua(lua).js(js)
}

/// A case that uses the engine by hand; the function panics when something is wrong.
pub(crate) fn steps(name: &'static str, steps: fn(&Bench)) -> Case {
    Case { name, setup: Setup::default(), body: Body::Steps(steps) }
}

impl Case {
    fn side(&mut self, language: Language) -> &mut Side {
        match (&mut self.body, language) {
            (Body::Program { lua, .. }, Language::Lua) => lua,
            (Body::Program { js, .. }, Language::JavaScript) => js,
            (Body::Steps(_), _) => panic!("a case made of steps has no programs"),
        }
    }

    /// The program in Lua.
    pub(crate) fn lua(mut self, source: impl Into<String>) -> Self {
        self.side(Language::Lua).source = Some(source.into());
        self
    }

    /// The program in JavaScript.
    pub(crate) fn js(mut self, source: impl Into<String>) -> Self {
        self.side(Language::JavaScript).source = Some(source.into());
        self
    }

    /// What it comes to, in both languages.
    pub(crate) fn expect(mut self, expect: Expect) -> Self {
        self.side(Language::Lua).expect.get_or_insert_with(|| expect.clone());
        self.side(Language::JavaScript).expect.get_or_insert(expect);
        self
    }

    /// What it comes to in one language, where the languages differ for this reason. Comes before
    /// [`Case::expect`].
    pub(crate) fn differs(
        mut self,
        language: Language,
        expect: Expect,
        reason: &'static str,
    ) -> Self {
        let side = self.side(language);
        side.expect = Some(expect);
        side.reason = Some(reason);
        self
    }

    /// Leaves one language out for this reason.
    pub(crate) fn not_in(mut self, language: Language, reason: &'static str) -> Self {
        self.side(language).reason = Some(reason);
        self
    }

    /// It gives this value.
    pub(crate) fn gives(self, value: impl Into<Value>) -> Self {
        self.expect(Expect::Value(value.into()))
    }

    /// It gives `true`: the program judges itself.
    pub(crate) fn holds(self) -> Self {
        self.gives(true)
    }

    /// Whatever the function asserts.
    pub(crate) fn check(self, check: fn(&Outcome)) -> Self {
        self.expect(Expect::Check(check))
    }

    /// What the program's function is called with.
    pub(crate) fn arg(mut self, value: impl Into<Value>) -> Self {
        self.setup.args.push(value.into());
        self
    }

    /// How the result is read; [`Shape::Any`] unless told.
    pub(crate) fn shape(mut self, shape: &'static Shape) -> Self {
        self.setup.shape = shape;
        self
    }

    /// A short deadline, for programs that never end.
    pub(crate) fn endless(mut self) -> Self {
        self.setup.limits.wall = Duration::from_millis(150);
        self
    }

    /// The heap limit in MiB.
    pub(crate) fn heap_mib(mut self, mib: usize) -> Self {
        self.setup.limits.heap_bytes = mib * 1024 * 1024;
        self
    }

    /// The stack limit in KiB.
    pub(crate) fn stack_kib(mut self, kib: usize) -> Self {
        self.setup.limits.stack_bytes = kib * 1024;
        self
    }

    /// Evaluates the program as a module.
    pub(crate) fn module(mut self) -> Self {
        self.setup.kind = SourceKind::Module;
        self
    }

    /// A file of the plugin's folder.
    pub(crate) fn file(mut self, path: &'static str, text: &'static str) -> Self {
        self.setup.files.push((path, text));
        self
    }

    /// A clock that stands still at these milliseconds since the epoch.
    pub(crate) fn frozen(mut self, unix_ms: i64) -> Self {
        self.setup.frozen_unix_ms = Some(unix_ms);
        self
    }

    /// How many lines the log takes before the run is ended.
    pub(crate) fn log_room(mut self, lines: usize) -> Self {
        self.setup.log_room = lines;
        self
    }
}
