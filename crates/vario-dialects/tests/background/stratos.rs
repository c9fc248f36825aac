use crate::rig::{Setup, json, routed};

#[test]
fn st_04_default_export_starts_serves_and_stops() {
    let mut rig = Setup::stratos(
        r#"
        import util from "util";
        import { join } from "node:path";
        let count = 0;
        export default {
            async onStart(ctx) {
                ctx.logger.info("App", util.format("hello %s", join("a", "b")));
                ctx.server.registerRouter("/api/demo", (req, res, next) => {
                    if (req.url.startsWith("/count")) return res.json({ count: ++count, base: req.baseUrl });
                    next();
                });
            },
            async onStop(ctx) { ctx.logger.warn("bye"); },
        };
        "#,
    )
    .load();
    assert_eq!(rig.fatal(), None);
    rig.start();
    assert_eq!(
        rig.http(routed("/api/demo", "GET", "/count?x=1", None)),
        (200, r#"{"count":1,"base":"/api/demo"}"#.to_owned())
    );
    assert_eq!(rig.http(routed("/api/demo", "GET", "/other", None)).0, 404);
    rig.ok("stop", json("{}"));
    assert_eq!(rig.calls("routes.remove").len(), 1);
}
