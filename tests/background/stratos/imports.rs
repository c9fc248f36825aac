use std::fmt::Write as _;

use super::{starting, write};
use crate::rig::Rig;

/// The reference's table (section 7): modules, and the names that bundles take from them.
const BUILTINS: [(&str, &[&str]); 17] = [
    ("util", &["inherits", "inspect", "deprecate"]),
    (
        "path",
        &[
            "basename",
            "dirname",
            "extname",
            "join",
            "normalize",
            "relative",
            "resolve",
            "sep",
            "isAbsolute",
        ],
    ),
    ("events", &["EventEmitter"]),
    ("http", &["METHODS", "IncomingMessage", "ServerResponse"]),
    ("buffer", &["Buffer"]),
    ("fs", &["Stats", "ReadStream"]),
    ("stream", &["Transform"]),
    ("url", &["parse", "Url"]),
    ("tty", &["isatty"]),
    ("net", &["isIP"]),
    ("diagnostics_channel", &["tracingChannel"]),
    ("crypto", &[]),
    ("querystring", &[]),
    ("string_decoder", &[]),
    ("zlib", &[]),
    ("async_hooks", &[]),
    ("process", &["env"]),
];

#[test]
fn st_26_every_builtin_resolves_in_every_form() {
    let rig = Rig::new();
    let (mut imports, mut checks) = (String::new(), String::new());
    for (number, (module, names)) in BUILTINS.iter().enumerate() {
        for (prefix, form) in [("", "bare"), ("node:", "node")] {
            let own = format!("{form}{number}");
            let named: Vec<_> =
                names.iter().map(|name| format!("{name} as {own}_{name}")).collect();
            writeln!(
                imports,
                "import {own}_d from \"{prefix}{module}\";\nimport * as {own}_n from \"{prefix}{module}\";\n\
                 import {{ default as {own}_again }} from \"{prefix}{module}\";\n\
                 import {{ {} }} from \"{prefix}{module}\";",
                named.join(", ")
            )
            .unwrap();
            writeln!(
                checks,
                "same('{prefix}{module}', {own}_d, {own}_n.default, {own}_again, (await import('{prefix}{module}')).default, bare{number}_d);"
            )
            .unwrap();
            for name in *names {
                writeln!(
                    checks,
                    "same('{prefix}{module}.{name}', {own}_{name}, {own}_n.{name}, {own}_d.{name});"
                )
                .unwrap();
            }
        }
    }
    let code = format!(
        "{imports}
         let count = 0;
         const same = (what, first, ...others) => {{
            count += 1;
            if (first === undefined || others.some((other) => other !== first)) throw new Error(what);
         }};
         {checks}
         const site = (() => {{
            const [prepare, limit] = [Error.prepareStackTrace, Error.stackTraceLimit];
            Error.prepareStackTrace = (error, stack) => stack;
            Error.stackTraceLimit = 10;
            const holder = {{}};
            Error.captureStackTrace(holder);
            const site = holder.stack[0];
            Error.prepareStackTrace = prepare;
            Error.stackTraceLimit = limit;
            return site;
         }})();
         if (site.isEval() !== false || !site.getFileName().endsWith('index.js') || !(site.getLineNumber() > 0)) throw new Error('call site');
         for (const name of ['getThis', 'getTypeName', 'getMethodName', 'getEvalOrigin', 'isNative', 'isConstructor', 'getFunctionName', 'getColumnNumber']) site[name]();
         if (process.env.NO_DEPRECATION !== '*') throw new Error('NO_DEPRECATION');
         {}",
        starting("ctx.logger.info(`checked ${count}`);")
    );
    write(&rig, "demo", &code);
    write(&rig, "unknown", &format!("import 'node:cluster';{}", starting("")));
    rig.rescan();
    rig.until_active("demo");
    let names: usize = BUILTINS.iter().map(|(_, names)| names.len()).sum();
    rig.until_logged("demo", &format!("checked {}", 2 * (BUILTINS.len() + names)));
    rig.until_state("unknown", vario_model::BackgroundState::Failed);
    assert!(rig.reason("unknown").contains("cluster"), "{}", rig.reason("unknown"));
}

#[test]
fn st_27_what_is_not_here_can_be_imported() {
    let rig = Rig::new();
    let code = format!(
        "import electron, {{ app, ipcMain, BrowserWindow }} from 'electron';
         import * as allOfElectron from 'electron';
         import sdk, {{ EventCategory, STRATOS_APP_BASE, createPlugin }} from '@skyvexsoftware/stratos-sdk';
         import * as helpers from '@skyvexsoftware/stratos-sdk/helpers';
         import {{ io }} from 'socket.io-client';
         import client from 'socket.io-client';
         const refused = (run) => {{ try {{ run(); return 'works'; }} catch (error) {{ return error.message; }} }};
         const socket = io('http://localhost:2066', {{ transports: ['websocket'] }});
         socket.on('connect', () => {{ throw new Error('never'); }});
         socket.emit('x');
         socket.disconnect();
         {}",
        starting(
            "ctx.logger.info(JSON.stringify([refused(() => app.getPath('x')), refused(() => new BrowserWindow()), refused(() => ipcMain.handle('x', () => 1))]));
             ctx.logger.info(JSON.stringify([EventCategory.SYSTEM !== undefined, STRATOS_APP_BASE, typeof createPlugin, createPlugin === helpers.createPlugin,
                typeof client, socket.connected, typeof electron, typeof allOfElectron.default, typeof sdk]));"
        )
    );
    write(&rig, "demo", &code);
    rig.rescan();
    rig.until_active("demo");
    rig.until_logged("demo", r#"[true,"http://127.0.0.1:2066","function",true,"function",false,"object","object","object"]"#);
    assert!(rig.has_logged("demo", "electron.app.getPath is not available"), "{}", rig.log_text());
    assert!(!rig.has_logged("demo", "\"works\""), "{}", rig.log_text());
}
