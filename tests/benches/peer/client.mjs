// The peer's client: pushes N documents of 1 kB, pulls them into a fresh database, syncs with nothing to do.
// node client.mjs PORT FOLDER N BATCH  ->  one line of JSON, milliseconds
import { createRequire } from "node:module";
import { randomBytes } from "node:crypto";
const require = createRequire(process.env.PEER_MODULES + "/");
const PouchDB = require("pouchdb");
const [port, folder, n, batch] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const remote = `http://127.0.0.1:${port}/bench`;
const options = { batch_size: batch };
const timed = async (work) => {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
};
const author = new PouchDB(folder + "/author");
for (let made = 0; made < n; made += 1000) {
  const docs = Array.from({ length: Math.min(1000, n - made) }, (_, i) => ({
    _id: String(made + i).padStart(8, "0"),
    body: randomBytes(512).toString("hex"),
  }));
  await author.bulkDocs(docs);
}
const result = { docs: n, batch };
result.push_ms = await timed(() => author.replicate.to(remote, options));
await author.sync(remote, options);
const empty = [];
for (let i = 0; i < 9; i += 1) empty.push(await timed(() => author.sync(remote, options)));
result.empty_ms = empty.sort((a, b) => a - b)[4];
const reader = new PouchDB(folder + "/reader");
result.pull_ms = await timed(() => reader.replicate.from(remote, options));
result.pulled = (await reader.info()).doc_count;
console.log(JSON.stringify(result));
