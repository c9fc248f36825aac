use vario_bench::{probes,ours::Ours,floor};
use vario_sandbox::Language;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main(){
  let a=std::env::args().nth(1).unwrap();
  let l= if a.contains("lua") {Language::Lua} else {Language::JavaScript};
  if a.starts_with("floor") { 
    if a.contains("lua") { let b=floor::lua::compile(probes::DEPOT_LUA).unwrap(); for _ in 0..8000 { floor::lua::run(&b).unwrap(); } }
    else { let b=floor::js::compile(probes::DEPOT_JS).unwrap(); for _ in 0..8000 { floor::js::run(&b).unwrap(); } }
    return }
  let o=Ours::new(l, probes::depot(l));
  for _ in 0..8000 { std::hint::black_box(o.run()); }
}
