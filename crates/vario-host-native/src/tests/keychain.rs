use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use vario_value::Value;

use super::support::{World, texts};
use crate::{MemorySecrets, NoSecrets, SecretError, SecretStore};

const NOT_FOUND: &str = "keychain item not found: ";

fn soon() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

fn filled() -> Arc<MemorySecrets> {
    let secrets = MemorySecrets::new();
    for (service, account, value) in
        [("s", "alice", " one \n"), ("s", "bob", "two"), ("other", "carol", "three")]
    {
        secrets.write(service, Some(account), value, soon()).unwrap();
    }
    Arc::new(secrets)
}

#[test]
fn items_are_read_by_service_and_account() {
    let mut world = World::new().variables(&[("USER", " bob ")]);
    world.config.secrets = filled();
    let plain = "keychain.readGenericPassword";
    let own = "keychain.readGenericPasswordForCurrentUser";
    let cases: [(&str, &[Value], Option<&str>); 9] = [
        (plain, &texts(&["s"]), Some("one")),
        (plain, &[Value::from("s"), Value::Null], Some("one")),
        (plain, &texts(&["s", " \t"]), Some("one")),
        (plain, &texts(&["s", "bob"]), Some("two")),
        (plain, &texts(&["s", "nobody"]), None),
        (plain, &texts(&["none"]), None),
        (plain, &texts(&["other", "alice"]), None),
        (own, &texts(&["s"]), Some("two")),
        (own, &texts(&["other"]), None),
    ];
    for (name, args, expected) in cases {
        match expected {
            Some(value) => assert_eq!(world.call(name, args), Ok(Value::from(value)), "{args:?}"),
            None => assert!(world.failure(name, args).starts_with(NOT_FOUND), "{args:?}"),
        }
    }
}

#[test]
fn writing_keeps_the_account_of_an_existing_item() {
    let mut world = World::new().variables(&[("USER", "dave")]);
    let secrets = filled();
    world.config.secrets = Arc::clone(&secrets) as Arc<dyn SecretStore>;
    let plain = "keychain.writeGenericPassword";
    let own = "keychain.writeGenericPasswordForCurrentUser";
    let cases = [
        (plain, "s", "alice"),
        (plain, "other", "carol"),
        (plain, "new", "dave"),
        (own, "s", "dave"),
    ];
    for (name, service, account) in cases {
        assert_eq!(world.call(name, &texts(&[service, "written"])), Ok(Value::Absent));
        let found = secrets.read(service, Some(account), soon());
        assert_eq!(found.as_deref(), Ok("written"), "{name} of {service}");
    }
    assert_eq!(secrets.read("s", Some("bob"), soon()).as_deref(), Ok("two"));
}

#[test]
fn without_a_variable_the_system_knows_the_user() {
    let mut world = World::new();
    let secrets = Arc::new(MemorySecrets::new());
    world.config.secrets = Arc::clone(&secrets) as Arc<dyn SecretStore>;
    let write = "keychain.writeGenericPasswordForCurrentUser";
    world.call(write, &texts(&["s", "value"])).unwrap();
    let read = "keychain.readGenericPasswordForCurrentUser";
    assert_eq!(world.call(read, &texts(&["s"])), Ok(Value::from("value")));
    let nobody = secrets.read("s", Some(""), soon());
    assert_eq!(nobody, Err(SecretError::NotFound("s".to_owned())));
}

#[test]
fn without_a_keychain_every_function_says_so() {
    let mut world = World::new();
    world.config.secrets = Arc::new(NoSecrets);
    for name in ["read", "write"] {
        for whose in ["", "ForCurrentUser"] {
            let name = format!("keychain.{name}GenericPassword{whose}");
            let message = world.failure(&name, &texts(&["s", "v"]));
            assert_eq!(message, "keychain API is only supported on macOS", "of {name}");
        }
    }
}

/// Says no, or nothing at all until its sender is dropped.
struct Unwilling(Option<Receiver<()>>);

impl Unwilling {
    fn answer<T>(&self) -> Result<T, SecretError> {
        if let Some(silence) = &self.0 {
            let _ = silence.recv();
        }
        Err(SecretError::Failed("it is locked".to_owned()))
    }
}

impl SecretStore for Unwilling {
    fn read(&self, _: &str, _: Option<&str>, _: Instant) -> Result<String, SecretError> {
        self.answer()
    }

    fn write(&self, _: &str, _: Option<&str>, _: &str, _: Instant) -> Result<(), SecretError> {
        self.answer()
    }

    fn delete(&self, _: &str, _: Option<&str>, _: Instant) -> Result<(), SecretError> {
        self.answer()
    }

    fn is_available(&self) -> bool {
        true
    }
}

#[test]
fn a_locked_keychain_fails_the_call() {
    let mut world = World::new();
    world.config.secrets = Arc::new(Unwilling(None));
    let read = world.failure("keychain.readGenericPassword", &texts(&["s"]));
    let write = world.failure("keychain.writeGenericPassword", &texts(&["s", "v"]));
    let words = ["keychain read failed: it is locked", "keychain write failed: it is locked"];
    assert_eq!([read.as_str(), write.as_str()], words);
}

#[test]
fn a_keychain_that_waits_for_the_user_is_given_up_at_the_deadline() {
    let (wake, silence) = bounded(0);
    let mut world = World::new();
    world.config.secrets = Arc::new(Unwilling(Some(silence)));
    world.scope.deadline = Instant::now() + Duration::from_millis(50);
    let message = world.failure("keychain.readGenericPassword", &texts(&["s"]));
    assert_eq!(message, "probe timed out");
    drop(wake);
}

#[test]
fn settings_come_from_their_source() {
    let world = World::new();
    assert_eq!(world.call("settings.get", &texts(&["who"])), Ok(Value::from("demo")));
    assert_eq!(world.call("settings.get", &texts(&["none"])), Ok(Value::Absent));
    let message = world.failure("settings.get", &texts(&["broken"]));
    assert_eq!(message, "the settings file cannot be read");
}
