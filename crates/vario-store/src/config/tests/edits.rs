use serde_json::json;

use super::Fixture;
use crate::{Config, Error};

#[track_caller]
fn check(before: &str, edit: impl FnOnce(&mut Config) -> Result<bool, Error>, after: &str) {
    let fixture = Fixture::new(before);
    let mut config = fixture.config();
    let changed = edit(&mut config).unwrap();
    assert_eq!(fixture.text(), after);
    assert_eq!(changed, before != after);
    assert_eq!(config.settings(), fixture.config().settings(), "memory and file agree");
    assert_eq!(fixture.home.names("config"), [".config.toml.lock", "config.toml"]);
}

#[test]
fn comments_and_order_survive_a_change() {
    let before =
        "# top\n[display] # d\n# why dark\ntheme_mode  =  'dark' # yes\n\n\n[app]\n# last\n";
    let after = before.replace("'dark'", "\"light\"");
    check(before, |it| it.set("display.theme_mode", "light").map(|_| true), &after);
    let after = before.replace("# last\n", "start_on_login = true\n# last\n");
    check(before, |it| it.set("app.start_on_login", "yes").map(|_| true), &after);
    let after = format!("{before}\n[updates]\nauto_update_interval = 30\n");
    check(before, |it| it.set("updates.auto_update_interval", "30").map(|_| true), &after);
    let after = "# top\n[display] # d\n\n\n[app]\n# last\n";
    check(before, |it| it.unset("display.theme_mode"), after);
    check(before, |it| it.unset("limits.wall"), before);
    let only_comments = "# a\n\n# b";
    let after = "# a\n\n# b\n\n[app]\nlog_level = \"info\"\n";
    check(only_comments, |it| it.set("app.log_level", "info").map(|_| true), after);
}

#[test]
fn plugins_are_disabled_and_enabled() {
    let disable = |config: &mut Config| config.disable("b");
    let enable = |config: &mut Config| config.enable("b");
    check("", disable, "[plugins]\ndisabled = [\"b\"]\n");
    check("", enable, "");
    check("plugins.disabled = ['a']", disable, "plugins.disabled = ['a', \"b\"]\n");
    check("plugins = {order = []}\n", disable, "plugins = {order = [], disabled = [\"b\"] }\n");
    check("[plugins]\ndisabled = [ 'b' ]\n", disable, "[plugins]\ndisabled = [ 'b' ]\n");
    check("[plugins]\ndisabled = ['a', 'b', 'b']\n", enable, "[plugins]\ndisabled = ['a']\n");
    let before =
        "[plugins]\ndisabled = [\n  # first\n  'a', # about a\n  'b', # about b\n  'c',\n]\n";
    let after = "[plugins]\ndisabled = [\n  # first\n  'a', # about a\n # about b\n  'c',\n]\n";
    check(before, enable, after);
    let before = "[plugins]\ndisabled = [\n  'a', # about a\n  'b',\n]\n";
    let after = "[plugins]\ndisabled = [\n  'a', # about a\n]\n";
    check(before, enable, after);
    let before = "[plugins]\ndisabled = [\n  'a', # about a\n]\n";
    let after = "[plugins]\ndisabled = [\n  'a', # about a\n  \"b\",\n]\n";
    check(before, disable, after);
}

#[test]
fn settings_of_plugins_are_set_and_forgotten() {
    let set = |config: &mut Config| {
        config.set_setting("a:b", "k", &json!({"x": [1, true]})).map(|()| true)
    };
    check("", set, "[plugin.\"a:b\".settings]\nk = { x = [1, true] }\n");
    let before = "[plugin.x]\nsettings = { k = 1, l = 2 } # two\n";
    let after = "[plugin.x]\nsettings = { l = 2 } # two\n";
    check(before, |it| it.unset_setting("x", "k"), after);
    check(before, |it| it.unset_setting("y", "k"), before);
    let null = |config: &mut Config| config.set_setting("x", "k", &json!(null)).map(|()| true);
    check(before, null, after);
    let mut config = Fixture::empty().config();
    let refused = config.set_setting("x", "k", &json!([null])).unwrap_err().to_string();
    assert_eq!(
        refused,
        "`plugin.x.settings.k`: `null` inside a value cannot be written to the file"
    );
}

#[test]
fn what_is_typed_becomes_a_value() {
    let rows = [
        ("updates.auto_update_interval", "30", json!(30)),
        ("display.time_format_mode", "12h", json!("12h")),
        ("app.start_on_login", "on", json!(true)),
        ("app.start_on_login", "False", json!(false)),
        ("app.global_shortcut", "Ctrl+U", json!("Ctrl+U")),
        ("app.global_shortcut", "5", json!("5")),
        ("app.global_shortcut", "", json!(null)),
        ("limits.wall", "120s", json!("2m")),
        ("limits.heap", "134217728", json!("128M")),
        ("limits.lines", "500", json!(500)),
        ("plugins.order", "b, a", json!(["b", "a"])),
        ("plugins.order", "['b']", json!(["b"])),
        ("plugins.order", "", json!([])),
        ("proxy.url", "http://x", json!("http://x")),
    ];
    for (key, text, expected) in rows {
        let fixture = Fixture::empty();
        let mut config = fixture.config();
        assert_eq!(config.set(key, text).unwrap(), expected, "{key} {text}");
        assert_eq!(fixture.config().get(key).unwrap(), expected, "{key} {text}");
    }
}

#[test]
fn what_cannot_be_set_is_refused_and_nothing_is_written() {
    let rows = [
        (
            "theme_mode",
            "dark",
            "there is no setting `theme_mode`; did you mean `display.theme_mode`?",
        ),
        (
            "display.theme_mod",
            "dark",
            "there is no setting `display.theme_mod`; did you mean `display.theme_mode`?",
        ),
        ("q", "1", "there is no setting `q`"),
        (
            "plugin.x.settings.k",
            "1",
            "there is no setting `plugin.x.settings.k`; a plugin's settings are set with the \
             plugin's id and the key",
        ),
        (
            "display.theme_mode",
            "Dark",
            "`display.theme_mode`: unknown variant `Dark`, expected one of `system`, `light`, `dark`",
        ),
        (
            "app.start_on_login",
            "maybe",
            "`app.start_on_login`: invalid type: string \"maybe\", expected a boolean",
        ),
        (
            "updates.auto_update_interval",
            "7",
            "`updates.auto_update_interval`: an update interval is 5, 15, 30 or 60 minutes, not 7",
        ),
        ("plugins.order", "[1]", "`plugins.order`: invalid type: integer `1`, expected a string"),
        ("limits.stack", "1G", "`limits.stack`: expected at most `4M`, found `1G`"),
    ];
    for (key, text, expected) in rows {
        let fixture = Fixture::empty();
        let refused = fixture.config().set(key, text).unwrap_err().to_string();
        assert_eq!(refused, expected);
        assert_eq!(fixture.home.names("config"), Vec::<String>::new());
    }
}
