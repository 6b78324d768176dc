// Loads one address with autocannon: `node load.mjs`, what to do as JSON on stdin, what came of it
// as JSON on stdout. Times are those of every answer: autocannon's own histogram knows whole
// milliseconds alone.
import autocannon from "autocannon";
import { text } from "node:stream/consumers";

const { url, body, headers, connections, seconds } = JSON.parse(await text(process.stdin));
const times = [];
let refused = 0;
const run = autocannon({
  url,
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body,
  connections,
  duration: seconds,
  excludeErrorStats: true,
});
run.on("response", (_client, status, _bytes, milliseconds) => {
  if (status === 200) times.push(milliseconds);
  else refused += 1;
});
const told = await run;
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
console.log(
  JSON.stringify({
    perSecond: times.length / told.duration,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    refused: refused + told.errors + told.timeouts,
  }),
);
