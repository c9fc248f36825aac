//! `vario bus`: the event bus of whoever hosts background plugins.

use serde_json::{Value as Json, json};

use crate::cli::{BusArgs, BusCommand, Global};
use crate::commands::background::{ask, connect, value_of};
use crate::commands::{cancel_on_signal, open, options};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &BusArgs) -> anyhow::Result<Exit> {
    let vario = open(options(global))?;
    match &args.command {
        BusCommand::Publish(args) => {
            let payload = args.payload.as_deref().map_or(Json::Null, value_of);
            ask(&vario, &json!({ "do": "publish", "type": args.kind, "payload": payload }))?;
            Ok(Exit::Ok)
        }
        BusCommand::Tail(args) => {
            let mut client = connect(&vario)?;
            let cancel = cancel_on_signal()?;
            let command =
                json!({ "do": "tail", "pattern": args.pattern.clone().unwrap_or_default() });
            let mut left = args.count.unwrap_or(u64::MAX);
            let mut printed = Ok(true);
            let told = client.manage(&command, &cancel, &mut |event| {
                printed = terminal::print_json_line(&event);
                left -= 1;
                matches!(printed, Ok(true)) && left > 0
            });
            match (printed?, told) {
                (true, Ok(Some(Err(words)))) => Err(crate::exit::not_ok(words)),
                (true, Err(_)) if !cancel.is_cancelled() => {
                    Err(anyhow::anyhow!("the running vario has ended"))
                }
                _ => Ok(Exit::Ok),
            }
        }
    }
}
