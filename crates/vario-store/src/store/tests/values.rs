use serde_json::{Value, json};
use vario_sqlite::{Database, OpenOptions};

use super::Fixture;
use crate::{Error, Store, VALUE_BYTES, VALUE_KEY_BYTES, VALUES_BYTES};

#[test]
fn values_come_back_as_they_were_also_in_another_process() {
    let fixture = Fixture::new();
    let values = [
        ("", json!(null)),
        ("a.b/c \u{0}\u{1f600}", json!("text \u{0} \u{1f600}")),
        ("big", json!(i64::MIN)),
        ("flag", json!(false)),
        ("float", json!(1.0)),
        ("list", json!([1, [null, {}], "x"])),
        ("map", json!({ "b": 1, "a": { "": [] } })),
    ];
    let store = fixture.store();
    for (key, value) in &values {
        store.set_plugin_value("p", key, value).unwrap();
    }
    store.set_plugin_value("other", "flag", &json!(true)).unwrap();
    drop(store);
    let store = fixture.store();
    for (key, value) in &values {
        assert_eq!(store.plugin_value("p", key).unwrap().as_ref(), Some(value));
        let text = store.plugin_value("p", key).unwrap().unwrap().to_string();
        assert_eq!(text, value.to_string(), "1.0 is not 1");
    }
    let all = store.plugin_values("p").unwrap();
    assert_eq!(all.len(), values.len());
    assert!(values.iter().all(|(key, value)| all.get(*key) == Some(value)));
    assert_eq!(store.plugin_value("p", "nothing").unwrap(), None);
    assert!(store.plugin_values("nobody").unwrap().is_empty());
}

#[test]
fn a_value_is_replaced_removed_and_forgotten_on_purpose_only() {
    let fixture = Fixture::new();
    let store = fixture.store();
    store.set_plugin_value("p", "k", &json!(1)).unwrap();
    store.set_plugin_value("p", "k", &json!("two")).unwrap();
    store.set_plugin_value("q", "k", &json!(3)).unwrap();
    assert_eq!(store.plugin_value("p", "k").unwrap(), Some(json!("two")));
    assert!(store.remove_plugin_value("p", "k").unwrap());
    assert!(!store.remove_plugin_value("p", "k").unwrap());
    store.set_plugin_value("p", "k", &json!(4)).unwrap();
    store.forget("p").unwrap();
    assert_eq!(store.plugin_value("p", "k").unwrap(), Some(json!(4)));
    store.forget_plugin_values("p").unwrap();
    assert_eq!(store.plugin_value("p", "k").unwrap(), None);
    assert_eq!(store.plugin_value("q", "k").unwrap(), Some(json!(3)));
}

#[track_caller]
fn refused(store: &Store, key: &str, value: &Value, words: &str) {
    let before = store.plugin_values("p").unwrap();
    let error = store.set_plugin_value("p", key, value).unwrap_err();
    assert!(matches!(error, Error::PluginValue { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(words) && text.len() < 300, "{text}");
    assert_eq!(store.plugin_values("p").unwrap(), before);
}

#[test]
fn what_is_too_much_is_refused_and_changes_nothing() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let text = |bytes: usize| json!("x".repeat(bytes - 2));
    store.set_plugin_value("p", &"k".repeat(VALUE_KEY_BYTES), &json!(1)).unwrap();
    refused(&store, &"k".repeat(VALUE_KEY_BYTES + 1), &json!(1), "the key has 1025 bytes");
    refused(&store, &"é".repeat(VALUE_KEY_BYTES), &json!(1), "the key has 2048 bytes");
    store.set_plugin_value("p", "k", &text(VALUE_BYTES)).unwrap();
    refused(&store, "k", &text(VALUE_BYTES + 1), "the value has 1048577 bytes");
    let mut deep = json!(1);
    for _ in 0..200 {
        deep = json!([deep]);
    }
    refused(&store, "k", &deep, "recursion");

    store.forget_plugin_values("p").unwrap();
    let count = VALUES_BYTES / VALUE_BYTES;
    for number in 0..count - 1 {
        store.set_plugin_value("p", &number.to_string(), &text(VALUE_BYTES)).unwrap();
    }
    refused(&store, "last", &text(VALUE_BYTES), "16777216 are the most");
    // The value that is replaced does not count, nor do those of another plugin.
    store.set_plugin_value("p", "0", &text(VALUE_BYTES)).unwrap();
    store.set_plugin_value("q", "last", &text(VALUE_BYTES)).unwrap();
    store.remove_plugin_value("p", "0").unwrap();
    store.set_plugin_value("p", "last", &text(VALUE_BYTES)).unwrap();
}

#[test]
fn what_is_no_json_is_an_error_that_hides_it() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let database = Database::open(&fixture.paths.database(), &OpenOptions::default()).unwrap();
    let sql = "INSERT INTO plugin_value VALUES ('p', 'k', 'hunter2', 7)";
    database.execute(sql, &[]).unwrap();
    let error = store.plugin_value("p", "k").unwrap_err().to_string();
    assert!(error.starts_with("`k` of the plugin `p`: what is kept is no JSON"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    store.set_plugin_value("p", "k", &json!(1)).unwrap();
    assert_eq!(store.plugin_value("p", "k").unwrap(), Some(json!(1)));
}

#[test]
fn an_older_database_gets_the_table() {
    let fixture = Fixture::new();
    drop(fixture.store());
    let database = Database::open(&fixture.paths.database(), &OpenOptions::default()).unwrap();
    database.execute_batch("DROP TABLE plugin_value; PRAGMA user_version = 2").unwrap();
    drop(database);
    let store = fixture.store();
    store.set_plugin_value("p", "k", &json!(1)).unwrap();
    assert_eq!(store.plugin_value("p", "k").unwrap(), Some(json!(1)));
}

#[test]
fn threads_and_processes_lose_nothing_of_each_others() {
    let fixture = Fixture::new();
    std::thread::scope(|scope| {
        for lane in 0..4 {
            let fixture = &fixture;
            scope.spawn(move || {
                let store = fixture.store();
                for number in 0..25 {
                    let key = format!("{lane}-{number}");
                    store.set_plugin_value("p", &key, &json!(number)).unwrap();
                }
            });
        }
    });
    assert_eq!(fixture.store().plugin_values("p").unwrap().len(), 100);
}
