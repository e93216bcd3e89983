// The peer's server: express-pouchdb over LevelDB, on loopback, in a process of its own.
import { createRequire } from "node:module";
const require = createRequire(process.env.PEER_MODULES + "/");
const express = require("express");
const PouchDB = require("pouchdb").defaults({ prefix: process.argv[2] + "/" });
const app = express();
app.use("/", require("express-pouchdb")(PouchDB, { inMemoryConfig: true, logPath: process.argv[2] + "/log.txt" }));
const listener = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: listener.address().port })));
