use std::time::{Duration,Instant};
use vario_bench::{floor,probes,measure::{median,time}};
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn m(name:&str, mut f: impl FnMut()){ for _ in 0..200 {f()} let v:Vec<Duration>=(0..2000).map(|_|time(&mut f)).collect(); println!("{name:30} {:.1}", median(v).as_secs_f64()*1e6); }
fn main(){
  let _=Instant::now();
  m("lua new+drop", || { drop(mlua::Lua::new()); });
  m("lua new libs none", || { drop(mlua::Lua::new_with(mlua::StdLib::NONE, mlua::LuaOptions::new()).unwrap()); });
  let b=floor::lua::compile(probes::DEPOT_LUA).unwrap();
  m("lua floor", || { floor::lua::run(&b).unwrap(); });
  m("lua load", || { let l=mlua::Lua::new(); let t:mlua::Table=l.load(&b[..]).set_mode(mlua::chunk::ChunkMode::Binary).call(()).unwrap(); drop(t); });
  m("lua load+call", || { let l=mlua::Lua::new(); let t:mlua::Table=l.load(&b[..]).set_mode(mlua::chunk::ChunkMode::Binary).call(()).unwrap(); let f:mlua::Function=t.get("probe").unwrap(); let r:mlua::Table=f.call(()).unwrap(); drop(r); });
  m("js rt libc", || { drop(rquickjs::Runtime::new().unwrap()); });
  m("js ctx libc", || { let r=rquickjs::Runtime::new().unwrap(); drop(rquickjs::Context::full(&r).unwrap()); });
  m("js ctx rust", || { let r=rquickjs::Runtime::new_with_alloc(rquickjs::allocator::RustAllocator).unwrap(); drop(rquickjs::Context::full(&r).unwrap()); });
  let b=floor::js::compile(probes::DEPOT_JS).unwrap();
  m("js floor", || { floor::js::run(&b).unwrap(); });
}
