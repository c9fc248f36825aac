//! The smallest plugin of every family, around some code.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::rig::Rig;

/// Whose rules a plugin follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Smartcars,
    Stratos,
    Mudstack,
    Vario,
}

pub(crate) const ALL: [Family; 4] =
    [Family::Smartcars, Family::Stratos, Family::Mudstack, Family::Vario];

impl Family {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Smartcars => "smartcars",
            Self::Stratos => "stratos",
            Self::Mudstack => "mudstack",
            Self::Vario => "vario",
        }
    }
}

/// Writes a plugin: `top` is run when its module is evaluated, `start` and `stop` are bodies of
/// asynchronous functions. All of them have `log(text)`; `start` and `stop` have the family's own
/// context as `ctx`.
pub(crate) fn write(rig: &Rig, id: &str, family: Family, code: Code) -> PathBuf {
    let Code { top, start, stop } = code;
    let top = format!("const log = (text) => console.log(text);\n{top}");
    match family {
        Family::Smartcars => {
            let manifest = json!({ "id": id, "name": id, "version": "1.0.0", "type": "user", "description": "" });
            let script = format!(
                "{top}
                const get = {{}};
                const serve = (name, answer) => {{ get[name] = async (req, res) => res.json(await answer(req.query)); }};
                serve('state', () => 'served');
                if (typeof served === 'function') serve('own', served);
                module.exports = {{
                    onStart: async (ctx) => {{ {start} }},
                    onEnd: async () => {{ const ctx = null; {stop} }},
                    routes: {{ get }},
                }};"
            );
            rig.plugin(
                id,
                &[("plugin.json", &manifest.to_string()), ("background/index.js", &script)],
            )
        }
        Family::Stratos => {
            let manifest = json!({
                "id": id, "name": id, "version": "1.0.0", "description": "", "type": "user",
                "author": { "id": "a", "name": "A" }, "icon_light": "l.svg", "icon_dark": "d.svg",
                "availableSettings": [],
            });
            let script = format!(
                "import {{ Router }} from 'express';
                {top}
                export default {{
                    onStart: async (ctx) => {{
                        const router = Router();
                        router.get('/state', (req, res) => res.json('served'));
                        if (typeof served === 'function') router.get('/own', async (req, res) => res.json(await served(req.query)));
                        ctx.server.registerRouter('/api/{id}', router);
                        {start}
                    }},
                    onStop: async (ctx) => {{ {stop} }},
                }};"
            );
            rig.plugin(
                id,
                &[
                    ("plugin.json", &manifest.to_string()),
                    ("background/index.js", &script),
                    ("assets/l.svg", "<svg/>"),
                    ("assets/d.svg", "<svg/>"),
                ],
            )
        }
        Family::Mudstack => {
            let manifest = json!({ "id": id, "name": id, "version": "1.0.0", "main": "index.js", "dependencies": [] });
            let script = format!(
                "{top}
                const {{ MudstackPlugin }} = require('@mudstack/plugins');
                module.exports = class extends MudstackPlugin {{
                    async activate() {{
                        await super.activate();
                        const ctx = this.api;
                        if (typeof served === 'function') ctx.onRequest('own', served);
                        {start}
                    }}
                    async deactivate() {{ const ctx = this.api; {stop}; await super.deactivate(); }}
                }};"
            );
            rig.plugin(id, &[("manifest.json", &manifest.to_string()), ("index.js", &script)])
        }
        Family::Vario => {
            let manifest = json!({
                "dialect": "vario", "schemaVersion": 1, "id": id, "name": id, "version": "1.0.0",
                "background": "main.mjs",
                "permissions": { "bus": ["*"], "routes": true },
            });
            let script = format!(
                "{top}
                export default {{
                    async start(ctx) {{ {start} }},
                    async stop(ctx) {{ {stop} }},
                    routes: {{ get: {{
                        state: (req, res) => res.json('served'),
                        own: async (req, res) => res.json(await served(req.query)),
                    }} }},
                }};"
            );
            rig.plugin(id, &[("plugin.json", &manifest.to_string()), ("main.mjs", &script)])
        }
    }
}

/// What a plugin does.
#[derive(Default, Clone, Copy)]
pub(crate) struct Code<'a> {
    pub(crate) top: &'a str,
    pub(crate) start: &'a str,
    pub(crate) stop: &'a str,
}

/// A Mudstack manifest's dependencies, for a plugin that is there.
pub(crate) fn depend(rig: &Rig, id: &str, dependencies: Json) {
    let file = rig.plugins().join(id).join("manifest.json");
    let mut manifest: Json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    manifest["dependencies"] = dependencies;
    std::fs::write(&file, manifest.to_string()).unwrap();
}
