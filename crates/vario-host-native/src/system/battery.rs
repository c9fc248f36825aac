use starship_battery::units::energy::watt_hour;
use starship_battery::units::power::watt;
use starship_battery::{Manager, State};
use vario_value::Value;

use super::{integer, percent};

/// One battery: how much it holds and could hold in Wh, how fast that changes in W, and which way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) energy: f64,
    pub(super) full: f64,
    pub(super) rate: f64,
    pub(super) state: State,
}

/// The battery, as the plugin gets it: null without one.
pub(super) fn read() -> Value {
    let Ok(batteries) = Manager::new().and_then(|manager| manager.batteries()) else {
        return Value::Null;
    };
    let cells: Vec<Cell> = batteries
        .filter_map(Result::ok)
        .map(|battery| Cell {
            energy: f64::from(battery.energy().get::<watt_hour>()),
            full: f64::from(battery.energy_full().get::<watt_hour>()),
            rate: f64::from(battery.energy_rate().get::<watt>()),
            state: battery.state(),
        })
        .filter(|cell| cell.full > 0.0)
        .collect();
    together(&cells)
}

/// Several batteries are told as one, the sum of them.
pub(super) fn together(cells: &[Cell]) -> Value {
    if cells.is_empty() {
        return Value::Null;
    }
    let sum = |part: fn(&Cell) -> f64| cells.iter().map(part).sum::<f64>();
    let (energy, full) = (sum(|cell| cell.energy), sum(|cell| cell.full));
    let rate = sum(|cell| cell.rate);
    let state = state(cells);
    let hours_while = |wanted: State, energy: f64| {
        if state == wanted && rate > 0.0 { seconds(energy / rate) } else { Value::Null }
    };
    Value::from([
        ("percent", percent(energy / full * 100.0)),
        ("state", Value::from(word(state))),
        ("timeToEmptySeconds", hours_while(State::Discharging, energy)),
        ("timeToFullSeconds", hours_while(State::Charging, full - energy)),
    ])
}

/// A machine with several batteries uses one at a time: the busiest state is that of the machine.
fn state(cells: &[Cell]) -> State {
    [State::Discharging, State::Charging, State::Paused]
        .into_iter()
        .find(|state| cells.iter().any(|cell| cell.state == *state))
        .or_else(|| cells.first().map(|cell| cell.state))
        .unwrap_or_default()
}

fn word(state: State) -> &'static str {
    match state {
        State::Charging => "charging",
        State::Discharging => "discharging",
        State::Empty => "empty",
        State::Full => "full",
        State::Paused => "paused",
        State::Unknown => "unknown",
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be within a year")]
#[expect(clippy::cast_sign_loss, reason = "checked not to be negative")]
fn seconds(hours: f64) -> Value {
    let seconds = (hours * 3600.0).round();
    let is_sane = (0.0..=365.0 * 86_400.0).contains(&seconds);
    if is_sane { integer(seconds as u64) } else { Value::Null }
}
