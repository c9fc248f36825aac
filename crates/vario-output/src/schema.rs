use crate::output::Output;

/// The JSON schema of a validated output.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Output).to_value()
}
