//! Which proxy applies (contract section 4.6).

use std::sync::Arc;

use vario_host::SettingsSource;
use vario_value::Value;

use crate::NativeConfig;

struct NoSettings;

impl SettingsSource for NoSettings {
    fn setting(&self, _plugin_id: &str, _key: &str) -> Result<Value, String> {
        Ok(Value::Absent)
    }
}

#[test]
fn an_older_hosts_proxy_applies_unless_there_is_one_of_ours() {
    const GOOD: &str = r#"{"proxy":{"enabled":true,"url":"http://127.0.0.1:9"}}"#;
    for folder in [".openusage", ".pacebar"] {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(folder)).unwrap();
        std::fs::write(home.path().join(folder).join("config.json"), GOOD).unwrap();
        for ours in [None, Some("http://127.0.0.1:10")] {
            let config = NativeConfig::from_process(
                Some(home.path().to_owned()),
                ours,
                Arc::new(NoSettings),
            );
            assert!(config.proxy.is_used_for("https://example.com/"), "{folder}");
            // A configured proxy leaves this machine alone; one from the environment would not.
            assert!(!config.proxy.is_used_for("http://localhost/"), "{folder}");
        }
    }
}
