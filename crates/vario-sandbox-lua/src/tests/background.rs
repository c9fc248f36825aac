use vario_sandbox::{ErrorKind, Handle, Source, SourceKind, StopReason};
use vario_value::{Shape, Value};

use super::support::{Setup, World};

/// Keeps coroutines over many messages, as preludes of background plugins do.
const PRELUDE: &str = "
local waiting = {}
return {
    deliver = function(message)
        if message.kind == 'start' then
            local co = coroutine.create(function(n)
                local answer = coroutine.yield()
                return n + answer
            end)
            coroutine.resume(co, message.n)
            waiting[message.n] = co
        elseif message.kind == 'answer' then
            local co = waiting[message.n]
            waiting[message.n] = nil
            local _, sum = coroutine.resume(co, message.n)
            return sum
        elseif message.kind == 'deep' then
            local function deep() return 1 + deep() end
            return deep()
        elseif message.kind == 'loop' then
            pcall(host.test.stop)
            while true do pcall(error) end
        elseif message.kind == 'fill' then
            local all = {}
            while true do all[#all + 1] = string.rep('x', 65536) .. #all end
        end
        return collectgarbage('count')
    end,
}
";

struct Long {
    world: World,
    deliver: Handle,
    mark: u32,
}

impl Long {
    fn open(setup: Setup) -> Self {
        let mut world = setup.open_background();
        let prelude = Source::new(SourceKind::Prelude, "main.lua", PRELUDE);
        let made = world.instance.eval(&prelude).expect("it is fine");
        let deliver = world.instance.get(made, "deliver").expect("it has one");
        let mark = world.instance.mark();
        Self { world, deliver, mark }
    }

    fn say(&mut self, kind: &str, n: i64) -> Result<Value, ErrorKind> {
        let message = Value::from([("kind", Value::from(kind)), ("n", Value::Int(n))]);
        let instance = &mut self.world.instance;
        let said = instance.make(&message).and_then(|message| {
            let answer = instance.call(self.deliver, &[message])?;
            instance.read(answer, &Shape::Any)
        });
        instance.drain().expect("there is nothing to drain");
        instance.release(self.mark);
        assert_eq!(instance.mark(), self.mark);
        said.map_err(|error| error.kind)
    }

    fn heap_kb(&mut self) -> f64 {
        self.say("count", 0).expect("it counts").as_f64().expect("it is a number")
    }
}

#[test]
fn a_hundred_thousand_messages_leave_nothing_behind() {
    let mut long = Long::open(Setup { heap_bytes: 4 << 20, ..Setup::default() });
    for n in 0..1_000 {
        long.say("start", n).expect("it starts");
        assert_eq!(long.say("answer", n), Ok(Value::Int(2 * n)));
    }
    let before = long.heap_kb();
    for n in 0..50_000 {
        long.say("start", n).expect("it starts");
        long.say("answer", n).expect("it ends");
    }
    let after = long.heap_kb();
    assert!(after < before + 1_024.0, "{before} KB grew to {after} KB");
}

#[test]
fn many_coroutines_can_wait_at_once() {
    let mut long = Long::open(Setup::default());
    for n in 0..10_000 {
        long.say("start", n).expect("it starts");
    }
    for n in (0..10_000).rev() {
        assert_eq!(long.say("answer", n), Ok(Value::Int(2 * n)));
    }
}

#[test]
fn a_used_up_stack_is_over_with_its_message() {
    let mut long = Long::open(Setup::default());
    for _ in 0..20 {
        assert_eq!(long.say("deep", 0), Err(ErrorKind::Stopped(StopReason::Stack)));
        assert!(long.heap_kb() > 0.0);
    }
}

#[test]
fn the_heap_limit_holds_over_many_messages() {
    let mut long = Long::open(Setup { heap_bytes: 8 << 20, ..Setup::default() });
    for _ in 0..5 {
        assert_eq!(long.say("fill", 0), Err(ErrorKind::Stopped(StopReason::Memory)));
        long.say("start", 1).expect("there is room again");
        assert_eq!(long.say("answer", 1), Ok(Value::Int(2)));
    }
}

#[test]
fn the_stop_signal_reaches_a_late_message() {
    let mut long = Long::open(Setup::default());
    for n in 0..100 {
        long.say("start", n).expect("it starts");
    }
    assert_eq!(long.say("loop", 0), Err(ErrorKind::Stopped(StopReason::HostCalls)));
    assert_eq!(long.say("start", 0), Err(ErrorKind::Stopped(StopReason::HostCalls)));
}

#[test]
fn ordinary_worlds_have_no_engine_at_hand() {
    let mut world = Setup::default().open();
    assert_eq!(world.value("return host._engine == nil").expect("it is fine"), Value::Bool(true));
    let mut world = Setup::default().open_background();
    assert_eq!(
        world.value("return type(host._engine.run)").expect("it is fine"),
        Value::from("function")
    );
}
