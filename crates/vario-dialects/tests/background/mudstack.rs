use vario_sandbox::LogLevel;

use crate::rig::{Setup, json};

#[test]
fn ms_06_class_gets_events_with_its_receiver() {
    let mut rig = Setup::mudstack(
        r#"
        const { MudstackPlugin } = require("@mudstack/plugins");
        class Demo extends MudstackPlugin {
            async activate() { await super.activate(); this.api.log("info", "activated"); }
            async deactivate() { this.api.log("info", "leaving"); await super.deactivate(); }
            async onCommand(message) {
                const { id: requestId, payload } = message || {};
                this.api.log("info", `command ${requestId}`, payload);
            }
        }
        module.exports = Demo;
        "#,
    )
    .load();
    assert_eq!(rig.fatal(), None);
    rig.start();
    rig.ok(
        "event",
        json(r#"{"handler":"onCommand","event":{"id":"r1","type":"x","payload":{"a":1},"source":"app","timestamp":1}}"#),
    );
    assert!(rig.has_logged(LogLevel::Info, "command r1 { a: 1 }"), "{:?}", rig.log());
    rig.ok("stop", json("{}"));
    assert!(rig.has_logged(LogLevel::Info, "leaving"));
}
