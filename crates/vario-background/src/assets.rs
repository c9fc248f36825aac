use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Map, Value as Json, json};

use crate::bus::random_uuid;
use crate::parts::Storage;

/// The parts of the store, as plugins name them (reference of Mudstack, section 6).
const KINDS: [&str; 6] = ["account", "workspace", "library", "tag", "asset", "version"];

/// What the documents are kept under.
const OWNER: &str = "mudstack:assets";

/// A small store of documents in the place of Mudstack's own: accounts, workspaces, libraries, tags,
/// assets and versions, each by id. Kept with the plugins' configuration.
///
/// The vendor's store is not public; its shape here is the reference's choice (section 6).
pub(crate) struct Assets {
    storage: Arc<dyn Storage>,
    /// Two changes at once must not lose one.
    writing: Mutex<()>,
}

/// What a change is to be told as, and with what.
pub(crate) type Told = Option<(String, Json)>;

impl Assets {
    pub(crate) fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage, writing: Mutex::new(()) }
    }

    /// Answers one call, and says which event it is.
    pub(crate) fn call(
        &self,
        api: &str,
        method: &str,
        args: &[Json],
    ) -> Result<(Json, Told), String> {
        let kind = api.trim_end_matches("API");
        if !KINDS.contains(&kind) {
            return Err(format!("there is no `{api}`; there are {}", KINDS.join(", ")));
        }
        let first = args.first().cloned().unwrap_or(Json::Null);
        let second = args.get(1).cloned().unwrap_or(Json::Null);
        let method = method.strip_suffix(&capital(kind)).unwrap_or(method);
        let told = |what: &str, document: &Json| Some((format!("{kind}:{what}"), document.clone()));
        Ok(match method {
            "get" => (self.document(kind, &first)?.unwrap_or(Json::Null), None),
            "list" => (self.list(kind, &first)?, None),
            "create" => {
                let document = self.put(kind, None, first)?;
                let told = told("created", &document);
                (document, told)
            }
            "update" => {
                let document = self.put(kind, Some(&first), second)?;
                let told = told("updated", &document);
                (document, told)
            }
            "delete" => {
                let _one_at_a_time = self.writing.lock();
                let found = self.document(kind, &first)?;
                self.storage.remove(OWNER, &key(kind, &id(&first)?))?;
                (Json::Bool(found.is_some()), told("deleted", &json!({ "id": first })))
            }
            "addTags" => {
                let document = self.add_tags(kind, &first, &second)?;
                let told = told("updated", &document);
                (document, told)
            }
            "getVersionLocalPath" | "getLocalPath" => (self.local_path(&first)?, None),
            "updateThumbnail" => {
                let change = json!({ "thumbnailPath": second });
                let document = self.put("version", Some(&first), change)?;
                let told = Some(("version:updated".to_owned(), document));
                (Json::Bool(true), told)
            }
            other => return Err(format!("`{api}` has no `{other}`")),
        })
    }

    fn document(&self, kind: &str, wanted: &Json) -> Result<Option<Json>, String> {
        self.storage.get(OWNER, &key(kind, &id(wanted)?))
    }

    fn list(&self, kind: &str, filter: &Json) -> Result<Json, String> {
        let start = key(kind, "");
        let all = self.storage.all(OWNER)?;
        let documents = all.into_iter().filter(|(key, _)| key.starts_with(&start));
        let fits = |document: &Json| {
            filter.as_object().is_none_or(|filter| {
                filter.iter().all(|(key, value)| document.get(key) == Some(value))
            })
        };
        Ok(documents.map(|(_, document)| document).filter(fits).collect())
    }

    fn put(&self, kind: &str, wanted: Option<&Json>, change: Json) -> Result<Json, String> {
        let _one_at_a_time = self.writing.lock();
        let Json::Object(change) = change else {
            return Err("an object with what is to be kept is missing".to_owned());
        };
        let mut document = match wanted {
            Some(wanted) => match self.document(kind, wanted)? {
                Some(Json::Object(document)) => document,
                _ => return Err(format!("there is no {kind} `{}`", id(wanted)?)),
            },
            None => Map::from_iter([("id".to_owned(), Json::String(random_uuid()))]),
        };
        document.extend(change);
        let document = Json::Object(document);
        let id = id(document.get("id").unwrap_or(&Json::Null))?;
        self.storage.set(OWNER, &key(kind, &id), &document)?;
        Ok(document)
    }

    fn add_tags(&self, kind: &str, wanted: &Json, tags: &Json) -> Result<Json, String> {
        let known = self.document(kind, wanted)?;
        let known = known.as_ref().and_then(|document| document.get("tags")?.as_array().cloned());
        let mut all = known.unwrap_or_default();
        let new = match tags {
            Json::Array(tags) => tags.clone(),
            one => vec![one.clone()],
        };
        for tag in new {
            if !all.contains(&tag) {
                all.push(tag);
            }
        }
        self.put(kind, Some(wanted), json!({ "tags": all }))
    }

    /// Where a version's file is on this machine.
    fn local_path(&self, version: &Json) -> Result<Json, String> {
        let document = self.document("version", version)?;
        let path = document.as_ref().and_then(|document| document.get("localPath")?.as_str());
        Ok(path.filter(|path| PathBuf::from(path).is_absolute()).map_or(Json::Null, Json::from))
    }
}

fn key(kind: &str, id: &str) -> String {
    format!("{kind}/{id}")
}

fn id(value: &Json) -> Result<String, String> {
    match value {
        Json::String(text) if !text.is_empty() => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        _ => Err("an id is missing".to_owned()),
    }
}

/// `asset` as it ends `getAsset`.
fn capital(kind: &str) -> String {
    let (first, rest) = kind.split_at(1);
    first.to_ascii_uppercase() + rest
}
