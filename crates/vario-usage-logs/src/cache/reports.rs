//! The last reports, each with what stands for everything it was made of.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use super::{Cache, MAGIC, Reader, Writer, replace, split_part, verified, write_part};
use crate::question::Question;
use crate::{ModelRow, Problem, Report, Row, Tokens};

/// How many reports are kept: a few questions are asked again and again.
const KEPT: usize = 8;

impl Cache {
    /// The report that was made of exactly the same.
    pub(crate) fn report(&self, question: &Question<'_>, fingerprint: u128) -> Option<Report> {
        let path = self.reports(question.source, question.rules)?;
        let bytes = fs::read(path).ok()?;
        let (_, sum, part) = entries(&bytes).into_iter().find(|(key, ..)| *key == fingerprint)?;
        let mut input = Reader::new(verified(sum, part)?);
        input.wide()?;
        let models = input.texts()?;
        let count = input.count(1)?;
        let rows: Option<_> = (0..count).map(|_| read_row(&mut input, &models)).collect();
        let count = input.count(1)?;
        let problems: Option<_> = (0..count).map(|_| read_problem(&mut input)).collect();
        let mut report = Report {
            source: question.source,
            rules: question.rules,
            grouping: question.grouping,
            rows: rows?,
            tokens: Tokens::default(),
            cost: 0.0,
            files: input.number()?,
            problems: problems?,
            unchanged: true,
        };
        report.sum_up();
        input.is_empty().then_some(report)
    }

    /// Keeps a report, and the latest ones before it.
    pub(crate) fn store_report(&self, report: &Report, fingerprint: u128) {
        let Some(path) = self.reports(report.source, report.rules) else { return };
        let Some(part) = written(report, fingerprint) else { return };
        let before = fs::read(&path).unwrap_or_default();
        let others = entries(&before).into_iter().filter(|(key, ..)| *key != fingerprint);
        let others: Vec<_> = others.filter_map(|(_, sum, part)| verified(sum, part)).collect();
        let _ = replace(&path, |out| {
            out.write_all(MAGIC)?;
            for part in std::iter::once(part.written()).chain(others).take(KEPT) {
                write_part(out, part)?;
            }
            Ok(())
        });
    }
}

/// What a file of reports holds, latest first: what each was made of, its sum, and itself.
fn entries(bytes: &[u8]) -> Vec<(u128, u128, &[u8])> {
    let mut rest = bytes.strip_prefix(MAGIC).unwrap_or_default();
    let mut entries = Vec::new();
    while let Some((sum, part)) = split_part(&mut rest) {
        let Some((key, _)) = part.split_first_chunk() else { break };
        entries.push((u128::from_le_bytes(*key), sum, part));
    }
    entries
}

/// The report as bytes; nothing when a path is no text, which happens to nobody twice.
fn written(report: &Report, fingerprint: u128) -> Option<Writer> {
    let mut known = HashMap::new();
    let mut names = Vec::new();
    for model in report.rows.iter().flat_map(|row| &row.models) {
        known.entry(model.model.as_str()).or_insert_with(|| {
            names.push(model.model.clone());
            names.len() as u64 - 1
        });
    }
    let mut out = Writer::default();
    out.wide(fingerprint);
    out.texts(&names);
    out.number(report.rows.len() as u64);
    for row in &report.rows {
        out.bytes(row.name.as_bytes());
        out.optional_text(row.project.as_deref());
        out.option(row.first);
        out.option(row.last);
        write_tokens(&mut out, row.tokens);
        out.float(row.cost);
        out.number(row.models.len() as u64);
        for model in &row.models {
            out.number(known[model.model.as_str()]);
            write_tokens(&mut out, model.tokens);
            out.float(model.cost);
            out.byte(u8::from(model.assumed));
            out.byte(u8::from(model.unpriced));
        }
    }
    out.number(report.problems.len() as u64);
    for problem in &report.problems {
        out.bytes(problem.path.to_str()?.as_bytes());
        out.optional_text(problem.unreadable.as_deref());
        out.number(problem.malformed);
        out.number(problem.too_long);
        out.byte(u8::from(problem.unfinished));
    }
    out.number(report.files);
    Some(out)
}

fn read_row(input: &mut Reader<'_>, names: &[String]) -> Option<Row> {
    let name = input.text()?;
    let project = input.optional_text()?;
    let (first, last) = (input.option()?, input.option()?);
    let (tokens, cost) = (read_tokens(input)?, input.float()?);
    let count = input.count(1)?;
    let models: Option<_> = (0..count).map(|_| read_model(input, names)).collect();
    Some(Row { name, project, first, last, tokens, cost, models: models? })
}

fn read_model(input: &mut Reader<'_>, names: &[String]) -> Option<ModelRow> {
    let name = usize::try_from(input.number()?).ok()?;
    Some(ModelRow {
        model: names.get(name)?.clone(),
        tokens: read_tokens(input)?,
        cost: input.float()?,
        assumed: input.byte()? != 0,
        unpriced: input.byte()? != 0,
    })
}

fn read_problem(input: &mut Reader<'_>) -> Option<Problem> {
    Some(Problem {
        path: PathBuf::from(input.text()?),
        unreadable: input.optional_text()?,
        malformed: input.number()?,
        too_long: input.number()?,
        unfinished: input.byte()? != 0,
    })
}

fn write_tokens(out: &mut Writer, tokens: Tokens) {
    let Tokens { input, output, cache_write, cache_read, reasoning, total } = tokens;
    for count in [input, output, cache_write, cache_read, reasoning, total] {
        out.number(count);
    }
}

fn read_tokens(input: &mut Reader<'_>) -> Option<Tokens> {
    Some(Tokens {
        input: input.number()?,
        output: input.number()?,
        cache_write: input.number()?,
        cache_read: input.number()?,
        reasoning: input.number()?,
        total: input.number()?,
    })
}
