use super::*;

fn files() -> HashMap<&'static str, &'static str> {
    HashMap::from([
        (
            "src/a.js",
            "import { b } from '../lib/b.js'; export const a = b + 1; export * as self from './main.mjs';",
        ),
        ("lib/b.js", "export let b = 1;"),
        ("lib/bad.js", "export const x = 1;\nexport const = 2;"),
        ("lib/throws.js", "\nthrow new Error('at load');"),
        ("lib/stuck.js", "await new Promise(() => {});"),
    ])
}

fn module(text: &str) -> (World, Result<Handle, ScriptError>) {
    let mut world = Setup { files: files(), ..Setup::default() }.open(&JsEngine::new());
    let answer = world.js.eval(&Source::new(SourceKind::Module, "src/main.mjs", text));
    (world, answer)
}

#[test]
fn a_module_loads_its_neighbours() {
    let text = "import { a } from './a.js'; export default { a };
                const { b } = await import('../lib/b.js'); export { b };
                export const here = typeof this;";
    let (mut world, namespace) = module(text);
    let read = world.js.read(namespace.unwrap(), &Shape::Any);
    assert_eq!(read, Ok(json(r#"{"b": 1, "default": {"a": 2}, "here": "undefined"}"#)));
}

#[test]
fn modules_stay_in_their_folder() {
    let cases = [
        ("import 'fs'", "only files of the plugin's own folder"),
        ("import '../../x.js'", "outside the plugin's folder"),
        ("import 'std'", "only files of the plugin's own folder"),
        ("import './missing.js'", "cannot read `src/missing.js`"),
        ("await import('/etc/passwd')", "only files of the plugin's own folder"),
        ("await import('../lib/throws.js')", "Error: at load"),
        ("import '../lib/throws.js'", "Error: at load"),
        ("import { none } from '../lib/b.js'", "none"),
        ("import '../lib/stuck.js'", "waits for something that never comes"),
    ];
    for (text, words) in cases {
        let (_world, answer) = module(text);
        let error = answer.expect_err(text);
        assert!(error.message.contains(words), "{text}: {error:?}");
    }
}

#[test]
fn syntax_errors_name_the_module() {
    let (_world, answer) = module("import { x } from '../lib/bad.js'");
    let error = answer.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Syntax);
    let location = error.location.unwrap();
    assert_eq!((location.file.as_str(), location.line), ("lib/bad.js", 2));
}

#[test]
fn a_script_must_not_import() {
    let mut world = Setup { files: files(), ..Setup::default() }.open(&JsEngine::new());
    let promise = world.eval("import('./lib/b.js')").unwrap();
    let error = world.js.settle(promise).unwrap_err();
    assert_eq!(error.message, "TypeError: import works in modules only");
}

#[test]
fn checking_parses_and_runs_nothing() {
    assert_eq!(
        check("import x from './x.js'; import y from 'fs'; throw 1", SourceKind::Module),
        Ok(())
    );
    assert_eq!(check("throw 1", SourceKind::Script), Ok(()));
    for (text, kind) in [("export", SourceKind::Module), ("import './x.js'", SourceKind::Script)] {
        assert_eq!(check(text, kind).unwrap_err().kind, ErrorKind::Syntax, "{text}");
    }
}
