use rusqlite::ffi;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Settings that are read, or that concern this connection or the file itself.
const PRAGMAS: [&str; 50] = [
    "analysis_limit",
    "application_id",
    "auto_vacuum",
    "automatic_index",
    "case_sensitive_like",
    "cell_size_check",
    "checkpoint_fullfsync",
    "collation_list",
    "compile_options",
    "count_changes",
    "data_version",
    "database_list",
    "defer_foreign_keys",
    "empty_result_callbacks",
    "encoding",
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "freelist_count",
    "full_column_names",
    "fullfsync",
    "function_list",
    "ignore_check_constraints",
    "incremental_vacuum",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "journal_mode",
    "legacy_alter_table",
    "legacy_file_format",
    "module_list",
    "optimize",
    "page_count",
    "pragma_list",
    "query_only",
    "quick_check",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "schema_version",
    "secure_delete",
    "short_column_names",
    "stats",
    "synchronous",
    "table_info",
    "table_list",
    "table_xinfo",
    "user_version",
    "wal_checkpoint",
];

/// Settings that cost the process, other programs or the limits. Reading them is harmless; setting
/// them does nothing, without an error, so that SQL which only wants to be quick still works.
const TUNING: [&str; 17] = [
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "default_cache_size",
    "hard_heap_limit",
    "journal_size_limit",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "page_size",
    "shrink_memory",
    "soft_heap_limit",
    "temp_store",
    "threads",
    "trusted_schema",
    "wal_autocheckpoint",
    "writable_schema",
];

/// Rights are given per file, so nothing may reach another file, load code or change the process.
pub(crate) fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        // In the second the name is an expression that nobody has evaluated yet.
        AuthAction::Attach { .. } | AuthAction::Unknown { code: ffi::SQLITE_ATTACH, .. } => {
            Authorization::Deny
        }
        // A module would be asked to trust what the plugin writes into its tables.
        AuthAction::CreateVtable { .. } => Authorization::Deny,
        AuthAction::Function { function_name } => function(function_name),
        AuthAction::Pragma { pragma_name, pragma_value } => pragma(pragma_name, pragma_value),
        _ => Authorization::Allow,
    }
}

fn function(name: &str) -> Authorization {
    // The last writes to the log of the process.
    let refused = ["load_extension", "fts3_tokenizer", "sqlite_log"];
    if refused.iter().any(|refused| name.eq_ignore_ascii_case(refused)) {
        Authorization::Deny
    } else {
        Authorization::Allow
    }
}

fn pragma(name: &str, value: Option<&str>) -> Authorization {
    let name = name.to_ascii_lowercase();
    let name = name.as_str();
    match value {
        Some(mode) if name == "journal_mode" && !is_safe_journal(mode) => Authorization::Deny,
        // The file's schema is what others rely on.
        Some(_) if name == "schema_version" => Authorization::Deny,
        _ if PRAGMAS.contains(&name) => Authorization::Allow,
        None if TUNING.contains(&name) && name != "shrink_memory" => Authorization::Allow,
        _ if TUNING.contains(&name) => Authorization::Ignore,
        _ => Authorization::Deny,
    }
}

/// With the other modes a crash in the middle of a write destroys the file.
fn is_safe_journal(mode: &str) -> bool {
    ["delete", "persist", "truncate", "wal"].iter().any(|safe| mode.eq_ignore_ascii_case(safe))
}
