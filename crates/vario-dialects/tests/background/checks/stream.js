const assert = require("assert");
const stream = require("stream");
const { Readable, Writable, Transform, PassThrough, pipeline } = stream;
const wait = [];
module.exports = { wait };
const upper = () => new Transform({ transform(chunk, _encoding, done) { done(null, String(chunk).toUpperCase()); }, flush(done) { this.push("!"); done(); } });
wait.push((async () => {
  const out = [];
  const source = Readable.from(["a", "b"]);
  const sink = new Writable({ write(chunk, _encoding, done) { out.push(String(chunk)); done(); } });
  await stream.promises.pipeline(source, upper(), sink);
  assert.deepStrictEqual(out, ["A", "B", "!"]);
})());
wait.push((async () => {
  const all = [];
  const readable = new Readable({ read() { this.push("x"); this.push(null); } });
  for await (const chunk of readable) all.push(String(chunk));
  assert.deepStrictEqual(all, ["x"]);
})());
wait.push(new Promise((resolve, reject) => {
  const seen = [];
  const through = new PassThrough();
  through.setEncoding("utf8");
  through.on("data", (chunk) => seen.push(chunk));
  through.on("end", () => { try { assert.strictEqual(seen.join(""), "one two"); resolve(); } catch (error) { reject(error); } });
  through.write("one ");
  through.end("two");
}));
wait.push(new Promise((resolve, reject) => {
  const broken = new Transform({ transform(_chunk, _encoding, done) { done(new Error("broken")); } });
  pipeline(Readable.from(["a"]), broken, (error) => { try { assert.match(error.message, /broken/); resolve(); } catch (failure) { reject(failure); } });
}));
wait.push((async () => {
  class Count extends Writable {
    constructor() { super(); this.count = 0; }
    _write(chunk, _encoding, done) { this.count += chunk.length; done(); }
  }
  const count = new Count();
  count.write("abc");
  await new Promise((resolve) => count.end(resolve));
  assert.strictEqual(count.count, 3);
})());
wait.push((async () => {
  const controller = new AbortController();
  let reason;
  controller.signal.addEventListener("abort", () => { reason = controller.signal.reason.name; });
  controller.abort();
  assert.strictEqual(reason, "AbortError");
  const form = new FormData();
  form.append("a", "1");
  form.append("f", new Blob(["hey"], { type: "text/plain" }), "f.txt");
  assert.strictEqual(form.get("f").name, "f.txt");
  assert.strictEqual(await form.get("f").text(), "hey");
  const response = new Response("héy", { status: 201, headers: { "X-A": "1" } });
  assert.ok(response.ok);
  assert.strictEqual(response.headers.get("x-a"), "1");
  assert.strictEqual(await response.clone().text(), "héy");
  assert.strictEqual((await response.arrayBuffer()).byteLength, 4);
  await assert.rejects(response.text(), TypeError);
  const reader = new Response("abc").body.getReader();
  const first = await reader.read();
  assert.strictEqual(Buffer.from(first.value).toString(), "abc");
  assert.ok((await reader.read()).done);
  assert.deepStrictEqual(await Response.json({ a: 1 }).json(), { a: 1 });
  const request = new Request("http://a.example/x", { method: "post", body: new URLSearchParams({ q: "1" }) });
  assert.strictEqual(request.method, "POST");
  assert.match(request.headers.get("content-type"), /^application\/x-www-form-urlencoded/);
  assert.strictEqual(await request.text(), "q=1");
})());
wait.push((async () => {
  const order = [];
  setTimeout(() => order.push("timeout"), 60);
  setImmediate(() => order.push("immediate"));
  process.nextTick(() => order.push("tick"));
  Promise.resolve().then(() => order.push("promise"));
  const timer = setTimeout(() => order.push("never"), 1);
  clearTimeout(timer);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepStrictEqual(order, ["tick", "promise", "immediate", "timeout"]);
  let ticks = 0;
  await new Promise((resolve) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); resolve(); } }, 5); });
  assert.strictEqual(ticks, 3);
  assert.strictEqual(await require("timers/promises").setTimeout(1, "v"), "v");
  assert.strictEqual(await require("util").promisify(setTimeout)(1, "w"), "w");
})());
