// PostGraphile over one database: `node server.mjs PORT`, the address in DATABASE_URL.
// Prints "ready" once it listens.
import { createServer } from "node:http";

import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { postgraphile } from "postgraphile";

const preset = {
  extends: [PostGraphileAmberPreset],
  // It would order by indexed columns alone, and a customer's subscriptions are a handful.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: Number(process.env.POOL_MAX) },
    }),
  ],
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false },
  grafast: {
    explain: false,
    // A partner is named where its rows are asked for: a question about the catalog alone spares
    // PostGraphile the transaction that its settings need.
    context(request) {
      const partner = request.node?.req.headers["x-partner"];
      return partner ? { pgSettings: { "offerpath.partner_id": partner } } : {};
    },
  },
};

const server = createServer();
const served = postgraphile(preset).createServ(grafserv);
await served.addTo(server);
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));
