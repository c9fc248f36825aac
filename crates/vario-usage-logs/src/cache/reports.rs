//! The last reports, each with what stands for everything it was made of.

use std::fs;

use serde::{Deserialize, Serialize};

use super::{Cache, MAGIC, REPORTS, read_part, replace, write_part};
use crate::question::Question;
use crate::{Problem, Report, Row, Tokens};

/// How many reports are kept: a few questions are asked again and again.
const KEPT: usize = 8;

/// A report without what the question says.
#[derive(Serialize, Deserialize)]
struct Kept {
    rows: Vec<Row>,
    tokens: Tokens,
    cost: f64,
    files: u64,
    problems: Vec<Problem>,
}

impl Cache {
    /// The report that was made of exactly the same.
    pub(crate) fn report(&self, question: &Question<'_>, fingerprint: u128) -> Option<Report> {
        let path = self.path(question.source, question.rules, REPORTS)?;
        let bytes = fs::read(path).ok()?;
        let (_, body) = entries(&bytes).into_iter().find(|(key, _)| *key == fingerprint)?;
        let kept: Kept = serde_json::from_slice(body).ok()?;
        Some(Report {
            source: question.source,
            rules: question.rules,
            grouping: question.grouping,
            rows: kept.rows,
            tokens: kept.tokens,
            cost: kept.cost,
            files: kept.files,
            problems: kept.problems,
            unchanged: true,
        })
    }

    /// Keeps a report, and the latest ones before it.
    pub(crate) fn store_report(&self, report: &Report, fingerprint: u128) {
        let Some(path) = self.path(report.source, report.rules, REPORTS) else { return };
        let kept = Kept {
            rows: report.rows.clone(),
            tokens: report.tokens,
            cost: report.cost,
            files: report.files,
            problems: report.problems.clone(),
        };
        let Ok(body) = serde_json::to_vec(&kept) else { return };
        let before = fs::read(&path).unwrap_or_default();
        let others = entries(&before).into_iter().filter(|(key, _)| *key != fingerprint);
        let latest = std::iter::once((fingerprint, body.as_slice())).chain(others).take(KEPT);
        let latest: Vec<_> = latest.collect();
        let _ = replace(&path, |out| {
            out.write_all(MAGIC)?;
            for (key, body) in latest {
                write_part(out, &[&key.to_le_bytes(), body].concat())?;
            }
            Ok(())
        });
    }
}

/// What a file of reports holds, latest first.
fn entries(bytes: &[u8]) -> Vec<(u128, &[u8])> {
    let mut rest = bytes.strip_prefix(MAGIC).unwrap_or_default();
    let mut entries = Vec::new();
    while let Some(part) = read_part(&mut rest) {
        let Some((key, body)) = part.split_first_chunk() else { break };
        entries.push((u128::from_le_bytes(*key), body));
    }
    entries
}
