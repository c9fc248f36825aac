mod audit;
mod broken;
mod saving;
mod series;
mod values;

use vario_model::Snapshot;
use vario_output::{Format, Line, Output, ProgressLine, TextLine};
use vario_test_support::TempHome;

use crate::{Paths, Store, StoreMode};

/// A home folder with a store.
struct Fixture {
    home: TempHome,
    paths: Paths,
}

impl Fixture {
    fn new() -> Self {
        let home = TempHome::new();
        let paths = Paths::below(home.path());
        Self { home, paths }
    }

    /// A store that lasts and has nothing to say.
    #[track_caller]
    fn store(&self) -> Store {
        let store = Store::open(&self.paths).unwrap();
        assert_eq!(store.take_warnings(), Vec::<String>::new());
        assert_eq!(store.mode(), StoreMode::Lasting);
        store
    }
}

fn text(value: &str) -> Line {
    Line::Text(TextLine { label: "T".into(), value: value.into(), ..TextLine::default() })
}

fn quota(label: &str, used: f64, limit: f64) -> Line {
    Line::Progress(ProgressLine {
        label: label.into(),
        used,
        limit,
        format: Format::Dollars,
        resets_at: None,
        period_duration_ms: None,
        color: None,
    })
}

fn snapshot(plugin: &str, lines: Vec<Line>, at_ms: i64) -> Snapshot {
    Snapshot::new(plugin, plugin, Output { plan: Some("Pro".into()), lines }, at_ms, 5)
}
