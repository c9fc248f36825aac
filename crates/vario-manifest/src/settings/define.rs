use crate::json::{Kind, Node};
use crate::nearest::nearest;
use crate::plugin::PluginKind;
use crate::read::{Fields, Unknown, not_a_choice};
use crate::report::{Problem, Report};
use crate::settings::check::compile;
use crate::settings::{SettingDef, SettingKind, SettingOption, SettingScope};

/// Names that smartCARS plugins use for the same thing.
const OTHER_NAMES: [(&str, &str); 3] =
    [("string", "text"), ("select", "list"), ("dropdown", "list")];

/// How many settings a plugin may have. Each may carry a pattern, which is slow to compile.
const MAX_SETTINGS: usize = 256;

/// Settings written as an array (Stratos and `vario`). A bad definition is an error.
pub(crate) fn setting_list<'a>(
    report: &'a Report<'a>,
    items: &'a [Node],
    unknown: Unknown,
) -> Vec<SettingDef> {
    let mut settings: Vec<SettingDef> = Vec::new();
    if let Some(first) = items.get(MAX_SETTINGS) {
        too_many(report, first);
    }
    for item in items.iter().take(MAX_SETTINGS) {
        let Some(fields) = report.fields(item) else { continue };
        let key = fields.need("key");
        let setting = list_setting(&fields, key);
        fields.finish(unknown);
        let Some(setting) = setting else { continue };
        if let Some(node) = key
            && settings.iter().any(|other| other.key == setting.key)
        {
            let message = format!("there are two settings with the key {:?}", setting.key);
            report.add(node.span, Problem::error(message).label("used before"));
            continue;
        }
        settings.push(setting);
    }
    settings
}

/// Settings written as an object by key (smartCARS). What is not understood becomes `json`.
pub(crate) fn object_settings<'a>(
    report: &'a Report<'a>,
    node: &'a Node,
    owner: Option<PluginKind>,
) -> Vec<SettingDef> {
    let mut settings = Vec::new();
    if let Some(first) = node.members().get(MAX_SETTINGS) {
        too_many(report, &first.value);
    }
    for member in node.members().iter().take(MAX_SETTINGS) {
        let Some(fields) = report.fields(&member.value) else { continue };
        let name = fields.need_string("name");
        let description = fields.string("description").unwrap_or_default().to_owned();
        let kind = object_kind(&fields);
        let words = ["user", "airline"];
        let scope = fields.get("settingType").and_then(|node| report.choice(node, &words));
        let scope = match (scope, owner) {
            (Some("airline"), _) | (None, Some(PluginKind::Airline)) => SettingScope::Airline,
            _ => SettingScope::User,
        };
        let default = fields.get("default").map(Node::to_value);
        let required = fields.boolean("required").unwrap_or(false);
        fields.finish(Unknown::OnlySlips);
        let name = name.unwrap_or_default().to_owned();
        let key = member.key.clone();
        settings.push(SettingDef { key, name, description, kind, scope, default, required });
    }
    settings
}

fn too_many(report: &Report<'_>, first: &Node) {
    let problem = Problem::error(format!("there are more than {MAX_SETTINGS} settings"));
    report.add(first.span, problem.label("one too many"));
}

fn list_setting<'a>(fields: &Fields<'a>, key: Option<&'a Node>) -> Option<SettingDef> {
    let report = fields.report;
    let key = key.and_then(|node| {
        let key = report.string(node)?;
        if key.is_empty() {
            report.add(node.span, Problem::error("a setting's key is empty").label("empty"));
        }
        Some(key)
    });
    let name = fields.need_string("name");
    let description = fields.string("description").unwrap_or_default().to_owned();
    let kind = match fields.need("type").map(|node| (node, report.string(node))) {
        Some((node, Some(word))) => {
            if !SettingKind::NAMES.contains(&word) {
                let name = report.name(node.span);
                report.add(node.span, not_a_choice(&name, word, &SettingKind::NAMES));
            }
            kind_of(fields, word)
        }
        _ => excuse_extras(fields),
    };
    let scope = fields.get("scope").and_then(|node| report.choice(node, &["user", "airline"]));
    let scope = if scope == Some("airline") { SettingScope::Airline } else { SettingScope::User };
    let required = fields.boolean("required").unwrap_or(false);
    let default = fields.get("default").filter(|node| node.kind != Kind::Null);
    let kind = kind?;
    let default = default.and_then(|node| {
        if kind.is_secret() {
            let problem = Problem::error("a secret cannot have a default").label("remove it");
            report.add(node.span, problem);
            return None;
        }
        let value = node.to_value();
        if let Err(reason) = kind.check(&value) {
            let problem = Problem::error(format!("the default does not fit: {reason}"));
            report.add(node.span, problem.label("does not fit the type"));
        }
        Some(value)
    });
    Some(SettingDef {
        key: key?.to_owned(),
        name: name?.to_owned(),
        description,
        kind,
        scope,
        default,
        required,
    })
}

fn kind_of(fields: &Fields<'_>, word: &str) -> Option<SettingKind> {
    let text = |key| fields.string(key).map(str::to_owned);
    Some(match word {
        "boolean" => SettingKind::Boolean,
        "text" => SettingKind::Text { pattern: pattern(fields), placeholder: text("placeholder") },
        "longtext" => SettingKind::Longtext { placeholder: text("placeholder") },
        "secret" => SettingKind::Secret { placeholder: text("placeholder") },
        "number" => {
            let (min, max, step) = bounds(fields);
            SettingKind::Number { min, max, step }
        }
        "range" => {
            let (min, max, step) = bounds(fields);
            for (key, bound) in [("min", min), ("max", max)] {
                if bound.is_none() && fields.node.get(key).is_none() {
                    fields.report.add_missing(fields.node, key);
                }
            }
            SettingKind::Range { min: min?, max: max?, step }
        }
        "list" => SettingKind::List { options: need_options(fields)? },
        "radio" => SettingKind::Radio { options: need_options(fields)? },
        "date" => SettingKind::Date,
        "json" => SettingKind::Json,
        _ => return excuse_extras(fields),
    })
}

/// The type is what is wrong: its extras are not to be called unknown as well.
fn excuse_extras(fields: &Fields<'_>) -> Option<SettingKind> {
    for key in ["pattern", "placeholder", "min", "max", "step", "options"] {
        let _ = fields.get(key);
    }
    None
}

fn object_kind(fields: &Fields<'_>) -> SettingKind {
    let word = fields.get("type").and_then(Node::as_str).unwrap_or("json");
    let alias = OTHER_NAMES.iter().find(|(other, _)| *other == word).map(|(_, name)| *name);
    let options = fields.get("options").and_then(|node| read_options(fields.report, node));
    match (alias.unwrap_or(word), options) {
        ("list", Some(options)) => SettingKind::List { options },
        ("radio", Some(options)) => SettingKind::Radio { options },
        ("list" | "radio", None) => SettingKind::Text { pattern: None, placeholder: None },
        // The bounds of a range are not asked for in this dialect.
        ("number" | "range", _) => {
            let (min, max, step) = bounds(fields);
            SettingKind::Number { min, max, step }
        }
        (word, _) => {
            let kind = kind_of(fields, word);
            if kind.is_none()
                && let Some(node) = fields.get("type")
            {
                let problem = Problem::warning(format!("unknown type of setting {word:?}"))
                    .label("taken as `json`")
                    .did_you_mean(nearest(word, SettingKind::NAMES));
                fields.report.add(node.span, problem);
            }
            kind.unwrap_or(SettingKind::Json)
        }
    }
}

fn pattern(fields: &Fields<'_>) -> Option<String> {
    let node = fields.get("pattern")?;
    let pattern = fields.report.string(node)?;
    // Compiling costs more than reading the rest of the manifest, so a quick look comes first.
    let plain =
        pattern.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"^$-_. ".contains(&byte));
    if !plain && compile(pattern).is_none() {
        let problem = Problem::warning("this pattern cannot be applied here")
            .label("any text is accepted")
            .help("look-around and back references are not supported");
        fields.report.add(node.span, problem);
    }
    Some(pattern.to_owned())
}

fn bounds(fields: &Fields<'_>) -> (Option<f64>, Option<f64>, Option<f64>) {
    let (min, max) = (fields.number("min"), fields.number("max"));
    if let (Some(low), Some(high), Some(node)) = (min, max, fields.get("max"))
        && low > high
    {
        let problem = Problem::error(format!("`min` ({low}) is more than `max` ({high})"));
        fields.report.add(node.span, problem.label("less than `min`"));
    }
    let step = fields.get("step").and_then(|node| {
        let step = fields.report.number(node)?;
        if step <= 0.0 {
            let problem = Problem::error(format!("`step` must be more than 0, found {step}"));
            fields.report.add(node.span, problem.label("not more than 0"));
        }
        Some(step)
    });
    (min, max, step)
}

fn need_options(fields: &Fields<'_>) -> Option<Vec<SettingOption>> {
    let node = fields.need("options")?;
    let options = read_options(fields.report, node)?;
    if options.is_empty() {
        let problem = Problem::error("a choice needs at least one option").label("empty");
        fields.report.add(node.span, problem);
    }
    Some(options)
}

/// Options as `{value, label}`, or as plain texts.
fn read_options<'a>(report: &'a Report<'a>, node: &'a Node) -> Option<Vec<SettingOption>> {
    let items = report.list(node)?;
    let options = items.iter().filter_map(|item| {
        if let Some(text) = item.as_str() {
            return Some(SettingOption { value: text.to_owned(), label: text.to_owned() });
        }
        let fields = report.fields(item)?;
        let value = fields.need_string("value");
        let label = fields.string("label");
        fields.finish(Unknown::OnlySlips);
        let value = value?.to_owned();
        Some(SettingOption { label: label.unwrap_or(&value).to_owned(), value })
    });
    Some(options.collect())
}
