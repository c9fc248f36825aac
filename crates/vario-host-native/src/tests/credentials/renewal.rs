use std::fs;
use std::time::{Duration, Instant};

use vario_host::{HostError, HttpRequest, RunId};
use vario_value::Value;

use super::super::support::texts;
use super::{Login, stored};
use crate::credentials::{Credentials, LEAST_TIME, Source, Store};

const NOTHING: [String; 0] = [];

#[test]
fn a_renewed_login_goes_on_in_the_next_run() {
    let mut login = Login::new();
    for _ in 0..3 {
        let new = login.renewed(&login.read());
        assert_eq!(login.rescue_files().len(), 1, "kept before it is written back");
        login.write(&new).unwrap();
        login.assert_logged_in();
        assert_eq!(login.end(), NOTHING);
        login.world.scope.run_id = RunId::next();
    }
    assert_eq!(login.provider.requests(), 3);
}

#[test]
fn two_renewals_in_one_run() {
    let login = Login::new();
    let first = login.renewed(&login.read());
    login.write(&first).unwrap();
    let second = login.renewed(&first);
    // Without a write between them.
    let third = login.renewed(&second);
    login.assert_rescued();
    login.write(&third).unwrap();
    login.assert_logged_in();
    assert_eq!(login.end(), NOTHING);
}

#[test]
fn a_login_that_cannot_be_written_back_is_not_renewed() {
    let cases: [(&[&str], &str); 3] = [
        (&["read:~/.tool/**", "net:127.0.0.1"], "write:~/.tool/auth.json"),
        (&["read:~/.tool/**", "write:~/.other/**", "net:127.0.0.1"], "write:~/.tool/auth.json"),
        (&["read:~/**", "write:$DATA/**", "net:127.0.0.1"], "write:~/.tool/auth.json"),
    ];
    for (granted, need) in cases {
        let login = Login::with_rights(granted);
        let failed = login.exchange(&login.read()).unwrap_err();
        let message = format!("permission denied: not granted ({need})");
        assert_eq!(failed, HostError::Failed(message));
        let told = login.world.witness.take().pop().unwrap();
        assert_eq!(told.needs[0].permission, need);
        assert_eq!(login.provider.requests(), 0);
        login.assert_logged_in();
        assert_eq!(login.end(), NOTHING);
    }
}

#[test]
fn a_login_that_changed_since_it_was_read_is_not_renewed() {
    let changes: [fn(&Login); 3] = [
        |login| fs::write(login.file(), stored(&login.provider.log_in())).unwrap(),
        |login| fs::remove_file(login.file()).unwrap(),
        |login| {
            fs::remove_file(login.file()).unwrap();
            fs::create_dir(login.file()).unwrap();
        },
    ];
    for change in changes {
        let login = Login::new();
        let old = login.read();
        change(&login);
        let message = "the credential in ~/.tool/auth.json changed while this plugin was running; \
            nothing was sent, try again";
        assert_eq!(login.exchange(&old), Err(HostError::Halted(message.to_owned())));
        assert_eq!(login.provider.requests(), 0);
        assert!(login.provider.takes(&old));
        assert_eq!(login.end(), NOTHING);
    }
}

#[test]
fn a_login_made_after_the_renewal_is_left_alone() {
    // Reading the other login does not make it the one that was renewed.
    for reads_again in [false, true] {
        let login = Login::new();
        let new = login.renewed(&login.read());
        let other = login.provider.log_in();
        fs::write(login.file(), stored(&other)).unwrap();
        if reads_again {
            assert_eq!(login.read(), other);
        }
        let message = "~/.tool/auth.json was changed by another program; it was not written";
        assert_eq!(login.write(&new), Err(HostError::Failed(message.to_owned())));
        assert_eq!(login.in_store(), other);
        assert!(login.provider.takes(&other));
        login.assert_rescued();
        let notices = login.end();
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].contains("rescue/"), "{notices:?}");
    }
}

#[test]
fn a_change_beside_the_login_is_merged_by_reading_again() {
    let login = Login::new();
    let old = login.read();
    let new = login.renewed(&old);
    fs::write(login.file(), stored(&old).replace("pro", "max")).unwrap();
    assert_eq!(login.read(), old);
    login.write(&new).unwrap();
    login.assert_logged_in();
    assert_eq!(login.end(), NOTHING);
}

#[test]
fn a_plugin_that_fails_after_the_renewal_loses_nothing() {
    let login = Login::new();
    login.renewed(&login.read());
    let notices = login.end();
    login.assert_rescued();
    let name = login.rescue_files()[0].file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.ends_with("-auth.json"), "{name}");
    let expected = format!(
        "demo renewed the credential of ~/.tool/auth.json but did not write the new one back; \
        it is in ~/data/rescue/{name}; if the tool asks you to log in, do that or take the new \
        credential from there, then delete that file"
    );
    assert_eq!(notices, [expected]);
}

#[test]
fn a_write_that_fails_loses_nothing() {
    let mut login = Login::new();
    let new = login.renewed(&login.read());
    // A refusal is as good a failure as any, and the same on every system.
    login.world.set_rights(&["read:~/.tool/**"], &["write:~/.tool/**"]);
    login.write(&new).unwrap_err();
    login.assert_rescued();
    assert_eq!(login.end().len(), 1);
}

#[test]
fn writing_it_elsewhere_is_not_writing_it_back() {
    let login = Login::new();
    let new = login.renewed(&login.read());
    let copy = login.world.scope.plugin_data_dir.join("copy.json");
    login.call("fs.writeText", &texts(&[copy.to_str().unwrap(), &stored(&new)])).unwrap();
    // Nor is writing something else.
    login.write(&login.in_store()).unwrap();
    login.assert_rescued();
    assert_eq!(login.end().len(), 1);
}

#[test]
fn a_token_is_sent_once() {
    let login = Login::new();
    let old = login.read();
    let new = login.renewed(&old);
    let message = "nothing was sent: this refresh token was exchanged before in this run";
    assert_eq!(login.exchange(&old), Err(HostError::Failed(message.to_owned())));
    login.write(&new).unwrap();
    login.assert_logged_in();
    assert_eq!(login.provider.requests(), 1);
}

#[test]
fn a_renewal_that_failed_may_be_tried_again() {
    let mut login = Login::new();
    let old = login.read();
    let provider = std::mem::replace(&mut login.provider, super::Provider::start());
    // This one does not know the token.
    assert_eq!(login.exchange(&old).unwrap().get("status"), Some(&Value::Int(400)));
    login.provider = provider;
    let new = login.renewed(&old);
    login.write(&new).unwrap();
    login.assert_logged_in();
    assert_eq!(login.end(), NOTHING);
}

#[test]
fn answers_without_a_new_token_leave_nothing_behind() {
    let cases = [
        "{\"access_token\":\"a-new-access-token-0123456789\",\"expires_in\":60}",
        "{\"shouldLogout\":true,\"error\":\"no\"}",
        "",
    ];
    for answer in cases {
        let login = Login::new();
        login.provider.answers(answer);
        login.exchange(&login.read()).unwrap();
        assert!(login.rescue_files().is_empty(), "{answer}");
        assert_eq!(login.end(), NOTHING, "{answer}");
    }
}

#[test]
fn answers_of_any_shape_are_kept() {
    let cases = [
        "{\"data\":{\"tokens\":[{\"refreshToken\":\"NEW\"}]}}",
        "access_token=abc&refresh_token=NEW&expires_in=60",
        "{\"session\":\"NEW\"}",
        "NEW",
    ];
    for answer in cases {
        let login = Login::new();
        login.provider.answers(answer);
        login.exchange(&login.read()).unwrap();
        login.assert_rescued();
        let new = login.provider.newest().unwrap();
        login.write(&new).unwrap();
        login.assert_logged_in();
        assert_eq!(login.end(), NOTHING, "{answer}");
    }
}

#[test]
fn too_little_time_is_no_time() {
    let mut login = Login::new();
    let old = login.read();
    login.world.scope.deadline = Instant::now() + LEAST_TIME;
    assert_eq!(login.exchange(&old), Err(HostError::failed("probe timed out")));
    assert_eq!(login.provider.requests(), 0);
    login.assert_logged_in();
}

#[test]
fn a_cancelled_run_still_keeps_the_answer() {
    let login = Login::new();
    let old = login.read();
    let (exchanged, go) = login.provider.hold();
    let cancel = login.world.scope.cancel.clone();
    std::thread::scope(|threads| {
        let call = threads.spawn(|| login.exchange(&old));
        exchanged.recv().unwrap();
        cancel.cancel();
        let halted = HostError::Halted("probe cancelled".to_owned());
        assert_eq!(call.join().unwrap(), Err(halted));
        assert!(login.rescue_files().is_empty(), "nothing came yet");
        go.send(()).unwrap();
    });
    // The end waits for the rest.
    assert_eq!(login.end().len(), 1);
    login.assert_rescued();
}

#[test]
fn a_deadline_in_the_middle_does_not_cut_the_exchange() {
    let login = Login::new();
    let mut scope = login.world.scope.clone();
    let credentials = Credentials::new(&scope, login.world.config.home.as_deref());
    let store = Store::File { named: login.file(), real: login.file().canonicalize().unwrap() };
    let content = fs::read_to_string(login.file()).unwrap();
    credentials.read(Source::whole(store.clone()), &content);
    let request = HttpRequest {
        url: "https://provider.example/token".to_owned(),
        method: "POST".to_owned(),
        headers: Vec::new(),
        body: Some(format!("refresh_token={}", super::token(&content))),
        timeout_ms: 1,
        ignore_tls: false,
    };
    let current = |_: &Source| Some(content.clone());
    let refresh = credentials.before_request(&request, &scope, &current).unwrap().unwrap();
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let answer = "{\"refresh_token\":\"refresh-token-9\"}";
    scope.deadline = Instant::now() + Duration::from_millis(50);
    let send = move |until: Instant| {
        assert!(until > Instant::now() + Duration::from_secs(10));
        gate.recv().unwrap();
        answer
    };
    let late = credentials.exchange(refresh, &scope, send, |answer| Some((200, *answer)));
    assert_eq!(late, Err(HostError::failed("probe timed out")));
    go.send(()).unwrap();
    credentials.end();
    assert_eq!(login.world.witness.notices().len(), 1);
    assert_eq!(login.rescue_files().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let login = Login::new();
    let real = login.world.path(".tool/real.json");
    fs::rename(login.file(), &real).unwrap();
    std::os::unix::fs::symlink("real.json", login.file()).unwrap();
    let new = login.renewed(&login.read());
    login.write(&new).unwrap();
    login.assert_logged_in();
    assert!(login.file().symlink_metadata().unwrap().is_symlink());
    assert!(!real.symlink_metadata().unwrap().is_symlink());
    assert_eq!(login.end(), NOTHING);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_elsewhere_by_now_is_a_change() {
    let login = Login::new();
    let (real, other) = (login.world.path(".tool/real.json"), login.world.path(".tool/other.json"));
    fs::rename(login.file(), &real).unwrap();
    fs::copy(&real, &other).unwrap();
    std::os::unix::fs::symlink("real.json", login.file()).unwrap();
    let old = login.read();
    fs::remove_file(login.file()).unwrap();
    std::os::unix::fs::symlink("other.json", login.file()).unwrap();
    assert!(matches!(login.exchange(&old), Err(HostError::Halted(_))));
    assert_eq!(login.provider.requests(), 0);
}

#[cfg(unix)]
#[test]
fn both_ends_of_a_link_must_be_writable() {
    let rights = ["read:~/**", "write:~/.tool/auth.json", "net:127.0.0.1"];
    let login = Login::with_rights(&rights);
    fs::rename(login.file(), login.world.path("elsewhere.json")).unwrap();
    std::os::unix::fs::symlink("../elsewhere.json", login.file()).unwrap();
    let message = "permission denied: not granted (write:~/elsewhere.json)";
    let failed = login.exchange(&login.read()).unwrap_err();
    assert_eq!(failed, HostError::Failed(message.to_owned()));
    assert_eq!(login.provider.requests(), 0);
}
