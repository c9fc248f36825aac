use std::path::Path;

/// Filters for `insta::Settings::add_filter` (pattern, replacement), in the order to add them: the
/// given folders become `[TEMP]`, RFC 3339 times `[TIME]` and durations such as `1.2 s` `[DURATION]`.
pub fn filters(folders: &[&Path]) -> Vec<(String, &'static str)> {
    let mut filters: Vec<(String, &'static str)> =
        folders.iter().map(|folder| (regex::escape(&folder.to_string_lossy()), "[TEMP]")).collect();
    let time = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})";
    filters.push((time.to_owned(), "[TIME]"));
    filters.push((r#""durationMs": ?\d+"#.to_owned(), r#""durationMs": "[DURATION]""#));
    filters.push((r"\b\d+(\.\d+)? ?(ns|µs|ms|s)\b".to_owned(), "[DURATION]"));
    filters
}
