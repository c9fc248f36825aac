//! Rows 27 and 28: one plugin's crash or loop is its own.

use serde_json::json;
use vario_model::BackgroundState as State;

use super::{asked, impatient_rig, plugin};
use crate::rig::{Options, Rig};

#[cfg(unix)]
#[test]
fn ms_27_a_crash_leaves_the_others_alone() {
    let rig = Rig::with(Options { supervision: crate::rig::quick_restarts });
    plugin(&rig, "crashes", json!({}), "
        activate() { this.api.events.on('crash', () => setTimeout(() => { throw new Error('uncaught'); }, 1)); }
    ");
    plugin(&rig, "stays", json!({}), "");
    rig.rescan();
    rig.until_active("crashes");
    rig.until_active("stays");
    let pid = rig.info("stays").unwrap().pid;
    for restarts in 1..=3 {
        if restarts == 2 {
            rig.kill("crashes");
        } else {
            rig.supervisor.publish("crash", json!(null));
        }
        rig.until("it is back", || {
            let info = rig.info("crashes").unwrap();
            info.restarts == restarts && info.state == State::Active
        });
    }
    rig.kill("crashes");
    rig.until("it is given up", || rig.reason("crashes").contains("crashed 4 times"));
    assert_eq!(rig.info("crashes").unwrap().state, State::Failed);
    let info = rig.info("stays").unwrap();
    assert_eq!((info.state, info.pid), (State::Active, pid));
    rig.supervisor.restart("crashes", crate::rig::LONG).unwrap();
    rig.until_active("crashes");
    assert!(rig.has_logged("crashes", "uncaught"));
}

#[test]
fn ms_28_an_endless_loop_is_ended() {
    let rig = impatient_rig();
    asked(&rig, "loops", json!({}), "api.log('info', 'looping'); for (;;) {}");
    asked(&rig, "works", json!({}), "return payload + 1;");
    rig.rescan();
    rig.until_active("loops");
    rig.until_active("works");
    let (sender, receiver) = std::sync::mpsc::channel();
    let done = Box::new(move |answer: vario_background::Answer| {
        let _gone = sender.send(answer.map_err(|error| error.to_string()));
    });
    rig.supervisor.request("loops", "go", &json!(null), done);
    rig.until_logged("loops", "looping");
    for number in 0..100 {
        assert_eq!(rig.request("works", "go", &json!(number)).unwrap(), json!(number + 1));
    }
    rig.until("it is ended", || rig.path("loops").contains(&"failed".to_owned()));
    let words = receiver.recv_timeout(crate::rig::LONG).unwrap().unwrap_err();
    assert!(words.contains("in time") || words.contains("unloaded"), "{words}");
    let failed = rig.events.lock().unwrap();
    let reason = failed
        .iter()
        .find(|event| {
            event.payload["id"] == json!("loops") && event.payload["to"] == json!("failed")
        })
        .map(|event| event.payload["reason"].to_string())
        .unwrap();
    assert!(reason.contains("without a pause"), "{reason}");
}
