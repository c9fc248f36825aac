//! `vario grant` and `vario revoke`.

use vario_bootstrap::Vario;
use vario_manifest::{Permissions, Plugin};
use vario_permissions::{Permission, PermissionSet};
use vario_runtime::{Answer, Catalog, Found, Origin, answer, content_hash, deny, known_profile};
use vario_store::Grants;

use crate::cli::{Global, GrantArgs, RevokeArgs};
use crate::exit::{Exit, no_match, not_ok, usage};
use crate::table::render_rights;
use crate::terminal;

pub(crate) fn grant(global: &Global, args: &GrantArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let catalog = vario.catalog();
    let found = plugin(&catalog, &args.id)?;
    let mut grants = grants(&vario)?;
    let mut wanted = wanted(global, args, &vario, found, &grants)?;
    let write = if args.deny {
        deny(&mut grants, found, &wanted)
    } else {
        wanted = with_effect(global, found, &grants, &wanted)?;
        answer(&mut grants, found, &wanted, Answer::Allow)
    };
    write.map_err(not_ok)?;
    let style = terminal::stderr_style(global);
    let what = if args.deny { "is denied" } else { "may now" };
    if !global.quiet {
        terminal::say(&format!("{} {what}:", terminal::name(&found.plugin.name)));
        let width = terminal::width();
        let text = render_rights(width, style, terminal::is_utf8(), &wanted, "");
        terminal::say(text.trim_end());
    }
    Ok(Exit::Ok)
}

pub(crate) fn revoke(global: &Global, args: &RevokeArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let mut grants = grants(&vario)?;
    let rights = parse(&args.rights)?;
    let Some(known) = grants.get(&args.id).cloned() else {
        return Err(no_match(format!("nothing is granted or denied to `{}`", args.id)));
    };
    if rights.is_empty() {
        grants.remove(&args.id).map_err(|error| not_ok(error.to_string()))?;
        return Ok(Exit::Ok);
    }
    for right in rights.iter() {
        if !known.allow.contains(right) && !known.deny.contains(right) {
            let words = format!("`{right}` is neither granted nor denied to `{}`", args.id);
            return Err(no_match(format!("{words}; `vario grants {}` shows what is", args.id)));
        }
    }
    let update = grants.update(&args.id, |entry| {
        for right in rights.iter() {
            entry.allow.remove(right);
            entry.deny.remove(right);
            entry.asked.remove(right);
        }
    });
    update.map_err(|error| not_ok(error.to_string()))?;
    Ok(Exit::Ok)
}

/// The rights that were named, or that an option stands for.
fn wanted(
    global: &Global,
    args: &GrantArgs,
    vario: &Vario,
    found: &Found,
    grants: &Grants,
) -> anyhow::Result<PermissionSet> {
    let mut wanted = parse(&args.rights)?;
    let id = &found.plugin.id;
    if args.from_last_run {
        wanted.extend(lacked(vario, &found.plugin)?.iter().cloned());
    }
    if args.declared {
        let declared = found.plugin.permissions.as_ref();
        let Some(declared) = declared else {
            return Err(no_match(format!("the manifest of `{id}` declares no permissions")));
        };
        wanted.extend(declared.to_set().iter().cloned());
    }
    if args.profile {
        let hash = content_hash(found).map_err(not_ok)?;
        let Some(profile) = known_profile(id, &hash) else {
            return Err(no_match(format!("there is no profile for `{id}`")));
        };
        if profile.release.is_none() {
            let words = format!("asks for the same as {id}; this code is unknown");
            terminal::warn(global, &format!("`{id}` {words}"));
        }
        wanted.extend(profile.permissions.iter().cloned());
    }
    if let (true, Some(known)) = (wanted.is_empty(), grants.get(id))
        && known.is_unbound()
    {
        return Ok(known.allow.clone());
    }
    if wanted.is_empty() {
        return Err(usage(
            "name rights (`net:api.example.com`, `read:~/.tool/**`), or use --from-last-run, \
             --declared or --profile",
        ));
    }
    Ok(wanted)
}

/// What the last run had no right to.
fn lacked(vario: &Vario, plugin: &Plugin) -> anyhow::Result<PermissionSet> {
    let id = &plugin.id;
    let failed = |error: vario_bootstrap::Error| not_ok(error.to_string());
    let needs = if plugin.probe.is_none() {
        // One that stays leaves no result, but what it was refused is written down.
        vario.last_needs(id).map_err(failed)?
    } else if let Some(snapshot) = vario.latest(id).map_err(failed)? {
        snapshot.needs
    } else {
        return Err(no_match(format!("`{id}` has not run yet; `vario probe {id}` runs it")));
    };
    if needs.is_empty() {
        return Err(no_match(format!("the last run of `{id}` lacked nothing")));
    }
    Ok(needs.iter().filter_map(|need| need.permission.parse::<Permission>().ok()).collect())
}

/// The rights that the plugin can use once it has them: not one that its manifest does not ask
/// for, and not one that is denied. A denial is lifted by name only, never by the way.
fn with_effect(
    global: &Global,
    found: &Found,
    grants: &Grants,
    wanted: &PermissionSet,
) -> anyhow::Result<PermissionSet> {
    let id = &found.plugin.id;
    let declared = found.plugin.permissions.as_ref().map(Permissions::to_set);
    let denied = grants.get(id).map(|known| known.deny.clone()).unwrap_or_default();
    let mut usable = PermissionSet::default();
    for right in wanted.iter() {
        if declared.as_ref().is_some_and(|declared| !declared.covers(right)) {
            let words = format!("the manifest of `{id}` does not ask for `{right}`");
            terminal::warn(global, &format!("{words}, so it cannot be granted"));
        } else if let Some(denial) = denied.iter().find(|denial| denial.covers(right)) {
            let words = format!("`{right}` is not granted: `{denial}` is denied");
            terminal::warn(global, &format!("{words}; `vario revoke {id} '{denial}'` lifts that"));
        } else {
            usable.insert(right.clone());
        }
    }
    if usable.is_empty() {
        return Err(not_ok("nothing was granted"));
    }
    Ok(usable)
}

fn parse(texts: &[String]) -> anyhow::Result<PermissionSet> {
    texts
        .iter()
        .map(|text| text.parse::<Permission>().map_err(|error| usage(format!("`{text}`: {error}"))))
        .collect()
}

fn plugin<'a>(catalog: &'a Catalog, id: &str) -> anyhow::Result<&'a Found> {
    catalog.get(id).ok_or_else(|| {
        no_match(format!("there is no plugin `{id}`{}", super::probe::nearest(id, catalog)))
    })
}

/// The grants, unless the file cannot be read: then nothing may be written into it either.
fn grants(vario: &Vario) -> anyhow::Result<Grants> {
    let grants = vario.grants();
    match grants.broken() {
        Some(error) => Err(not_ok(format!("{error}; nothing was changed"))),
        None => Ok(grants),
    }
}

/// What an [`Origin`] is called in JSON.
pub(super) fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Declared => "declared",
        Origin::Known { .. } => "profile",
        Origin::LooksLike => "profileOfUnknownCode",
        Origin::Observed => "observed",
    }
}
