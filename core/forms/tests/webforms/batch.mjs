// Runs many form scripts on Web Forms' engine in one process: each line of the input names a form and a script,
// separated by a tab, and gives one line of JSON. The peer is a program for one of each: it is read anew for every line.
import readline from 'node:readline';

process.exit = () => {};
let count = 0;
for await (const line of readline.createInterface({ input: process.stdin })) {
  process.argv.splice(2, Infinity, ...line.split('\t'));
  count += 1;
  await import(`./webforms-peer.mjs?${count}`);
}
