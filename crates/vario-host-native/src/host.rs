mod databases;
mod files;
mod places;
mod programs;
mod work;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use parking_lot::Mutex;
use vario_host::{Call, Cancel, Host, HostError, RunId, Scope, Witnessed};
use vario_http::HttpClient;
use vario_model::Need;
use vario_value::Value;

use crate::access::Wish;
use crate::config::NativeConfig;
use crate::credentials::Credentials;
use crate::database::Databases;
use crate::env::EnvCache;
use crate::refusal::{self, Failure};
use crate::wait;

/// Answers host calls with the real thing, as far as the plugin has the right to it.
///
/// Every call comes through [`NativeHost::call`], which is the one place where rights are asked,
/// before anything is touched; one that is not allowed looks to the plugin as design section 5
/// says. The scope's witness is told of each call, answered, failed or refused.
///
/// Any call fails with `probe timed out` once the run's deadline has passed, and none outlasts it
/// by much. What a run has open, databases and programs, ends with it; its calls have to be over
/// or cancelled by then. The end of a run may have to wait for the exchange of a token, which is never cut.
pub struct NativeHost {
    config: NativeConfig,
    client: Arc<HttpClient>,
    env_cache: EnvCache,
    real_home: OnceLock<Option<PathBuf>>,
    /// What is known of the credentials in each run that had to do with any.
    runs: Mutex<HashMap<RunId, Arc<Credentials>>>,
    /// What each run has open that had anything open.
    kept: Mutex<HashMap<RunId, Arc<Kept>>>,
}

/// What a run has open beyond a call.
struct Kept {
    databases: Databases,
    /// Fires when the run is over, which is the end of its programs.
    ended: Cancel,
}

impl NativeHost {
    /// A host that works with this configuration. Nothing is touched before the first call.
    pub fn new(config: NativeConfig) -> Self {
        let client = Arc::new(HttpClient::new(config.proxy.clone()));
        Self {
            config,
            client,
            env_cache: EnvCache::default(),
            real_home: OnceLock::new(),
            runs: Mutex::default(),
            kept: Mutex::default(),
        }
    }

    /// Reads the call, asks for the rights and does the work.
    fn answer(&self, call: &Call, scope: &Scope, report: &mut Report) -> Result<Value, HostError> {
        let wish = Wish::read(call, self.config.home.as_deref());
        if let Ok(wish) = &wish {
            report.target.clone_from(&wish.target);
        }
        wait::check(scope)?;
        let Wish { work, accesses, refused, sent, .. } = wish?;
        let rights = &scope.rights;
        // All that is lacking is told at once, so that it can be asked for at once.
        let lacking: Vec<_> =
            accesses.iter().filter_map(|access| rights.check(access).err()).collect();
        report.needs = lacking.iter().map(refusal::need).collect();
        let allowed = lacking.into_iter().next().map_or(Ok(()), Err);
        match allowed.map_err(Failure::Refused).and_then(|()| self.work(work, scope)) {
            Ok(value) => {
                report.bytes = (sent + text_bytes(&value)) as u64;
                Ok(value)
            }
            Err(Failure::Refused(refusal)) => {
                let need = refusal::need(&refusal);
                if !report.needs.contains(&need) {
                    report.needs.push(need);
                }
                refusal::answer(refused, &refusal)
            }
            Err(Failure::Host(error)) => Err(error),
        }
    }

    /// What is known of credentials in this run.
    fn credentials(&self, scope: &Scope) -> Arc<Credentials> {
        if let Some(known) = self.runs.lock().get(&scope.run_id) {
            return Arc::clone(known);
        }
        // It looks at the disk, and other runs must not wait for that.
        let new = Credentials::new(scope, self.config.home.as_deref());
        Arc::clone(self.runs.lock().entry(scope.run_id).or_insert(new))
    }

    /// What this run has open.
    fn kept(&self, scope: &Scope) -> Arc<Kept> {
        let new = || Arc::new(Kept { databases: Databases::new(scope), ended: Cancel::new() });
        Arc::clone(self.kept.lock().entry(scope.run_id).or_insert_with(new))
    }
}

impl Host for NativeHost {
    fn call(&self, call: &Call, scope: &Scope) -> Result<Value, HostError> {
        let started = Instant::now();
        let mut report = Report::default();
        // Whatever a plugin made a library stumble over, its own run is all that may suffer.
        let answer = catch_unwind(AssertUnwindSafe(|| self.answer(call, scope, &mut report)))
            .unwrap_or_else(|_| Err(HostError::failed("the host call failed")));
        scope.witness.called(Witnessed {
            function: call.name.clone().into_owned(),
            target: report.target,
            ok: report.needs.is_empty() && answer.is_ok(),
            needs: report.needs,
            bytes: report.bytes,
            duration: started.elapsed(),
        });
        answer
    }

    fn end_run(&self, scope: &Scope) {
        let kept = self.kept.lock().remove(&scope.run_id);
        if let Some(kept) = kept {
            kept.ended.cancel();
            kept.databases.end();
        }
        let credentials = self.runs.lock().remove(&scope.run_id);
        if let Some(credentials) = credentials {
            // This may be called while a run is unwinding, where a second panic would be the end.
            let _broken = catch_unwind(AssertUnwindSafe(|| credentials.end()));
        }
    }
}

/// What the witness is told, as far as it is known.
#[derive(Default)]
struct Report {
    target: String,
    needs: Vec<Need>,
    bytes: u64,
}

/// How much text an answer holds.
pub(crate) fn text_bytes(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.iter().map(text_bytes).sum(),
        Value::Map(map) => map.values().map(text_bytes).sum(),
        _ => 0,
    }
}
