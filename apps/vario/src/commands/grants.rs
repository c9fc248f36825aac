//! `vario grants`: what plugins may do, what they were denied and what they lacked.

use serde_json::{Value as Json, json};
use vario_bootstrap::Vario;
use vario_manifest::Permissions;
use vario_permissions::PermissionSet;
use vario_runtime::{Catalog, Found, is_granted_code, question};
use vario_store::{Grants, PluginGrants};

use super::grant::origin_name;
use crate::cli::{Global, GrantsArgs};
use crate::exit::{Exit, no_match};
use crate::table::render_rights;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &GrantsArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    super::say_warnings(global, &vario);
    let catalog = vario.catalog();
    let grants = vario.grants();
    let rows = rows(&vario, &catalog, &grants, args.id.as_deref());
    if let (Some(id), true) = (&args.id, rows.is_empty()) {
        let near = super::probe::nearest(id, &catalog);
        return Err(no_match(format!("there is no plugin `{id}`{near}")));
    }
    if args.json {
        terminal::print_json(&rows.iter().map(Row::json).collect::<Vec<_>>())?;
    } else {
        for row in &rows {
            terminal::print(&row.text(global))?;
        }
        if rows.is_empty() {
            terminal::say("nothing is granted or denied");
        }
    }
    Ok(Exit::Ok)
}

/// One plugin's rights.
struct Row {
    id: String,
    name: Option<String>,
    /// What holds, for the code that is there now.
    state: State,
    allow: PermissionSet,
    deny: PermissionSet,
    wanted: PermissionSet,
    origin: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// It comes with the program and has what it declares.
    Bundled,
    /// Granted to this very code, or nothing is granted at all.
    Same,
    /// Granted to an earlier version.
    Updated,
    /// Granted to other code: it does not hold.
    OtherCode,
    /// Written down without the code that it is meant for: it does not hold.
    Unbound,
    /// There is no such plugin now.
    Missing,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::Same => "same",
            Self::Updated => "updated",
            Self::OtherCode => "otherCode",
            Self::Unbound => "unbound",
            Self::Missing => "missing",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Bundled => "comes with vario and has what it declares",
            Self::Same => "",
            Self::Updated => "updated since; it keeps these",
            Self::OtherCode => "granted to other code with this id; this plugin has none of them",
            Self::Unbound => "bound to no code, so none of it holds; `vario grant ID` binds it",
            Self::Missing => "there is no such plugin now",
        }
    }
}

fn rows(vario: &Vario, catalog: &Catalog, grants: &Grants, id: Option<&str>) -> Vec<Row> {
    let mut ids: Vec<&str> = grants.ids().collect();
    ids.extend(catalog.plugins.iter().map(|found| found.plugin.id.as_str()));
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|known| id.is_none_or(|id| id == *known));
    let row = |id: &str| row(vario, grants, id, catalog.get(id));
    let rows = ids.into_iter().map(row);
    // Of all plugins only those are listed of which there is something to say.
    rows.filter(|row| id.is_some() || !row.is_empty()).collect()
}

fn row(vario: &Vario, grants: &Grants, id: &str, found: Option<&Found>) -> Row {
    let known = grants.get(id).cloned().unwrap_or_default();
    let needs = vario.last_needs(id).unwrap_or_default();
    let question = found.and_then(|found| question(found, grants, &needs));
    let mut row = Row {
        id: id.to_owned(),
        name: found.map(|found| found.plugin.name.clone()),
        state: state(found, &known),
        origin: question.as_ref().map_or("", |question| origin_name(question.origin)),
        wanted: question.map(|question| question.wanted).unwrap_or_default(),
        allow: known.allow,
        deny: known.deny,
    };
    if let (State::Bundled, Some(found)) = (row.state, found) {
        row.allow = found.plugin.permissions.as_ref().map(Permissions::to_set).unwrap_or_default();
    }
    row
}

fn state(found: Option<&Found>, known: &PluginGrants) -> State {
    match found {
        None => State::Missing,
        Some(found) if found.path.is_none() => State::Bundled,
        Some(_) if known.allow.is_empty() => State::Same,
        Some(_) if known.is_unbound() => State::Unbound,
        Some(found) if !is_granted_code(found, known) => State::OtherCode,
        Some(found) if vario_runtime::content_hash(found).ok() == known.hash => State::Same,
        Some(_) => State::Updated,
    }
}

impl Row {
    fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty() && self.wanted.is_empty()
    }

    fn json(&self) -> Json {
        let texts = |set: &PermissionSet| set.iter().map(ToString::to_string).collect::<Vec<_>>();
        json!({
            "id": self.id,
            "name": self.name,
            "state": self.state.name(),
            "allow": texts(&self.allow),
            "deny": texts(&self.deny),
            "wanted": texts(&self.wanted),
            "wantedBecause": if self.origin.is_empty() { None } else { Some(self.origin) },
        })
    }

    fn text(&self, global: &Global) -> String {
        let style = terminal::stdout_style(global);
        let name = self.name.as_deref().unwrap_or(&self.id);
        let head = format!("{} {}", style.bold(&terminal::name(name)), style.dim(&self.id));
        let mut text = format!("{head}  {}\n", self.state.words()).trim_end().to_owned() + "\n";
        let nothing = if self.is_empty() { "  may do nothing beyond its own folder\n" } else { "" };
        text.push_str(nothing);
        for (title, set, sign) in
            [("may", &self.allow, ""), ("denied", &self.deny, "-"), ("asks for", &self.wanted, "+")]
        {
            if !set.is_empty() {
                text.push_str("  ");
                text.push_str(&style.dim(title));
                text.push('\n');
                let width = terminal::width();
                text.push_str(&render_rights(width, style, terminal::is_utf8(), set, sign));
            }
        }
        text
    }
}
