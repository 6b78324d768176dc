/** The query editor, speaking to /graphql of the server it came from. */
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import { firstQuery } from "./firstQuery";
import "./page.css";

const http = new URL("/graphql", window.location.href);
const socket = new URL(http);
socket.protocol = http.protocol === "https:" ? "wss:" : "ws:";

const fetcher = createGraphiQLFetcher({
  url: http.href,
  subscriptionUrl: socket.href,
  // The server has neither @defer nor @stream: ask for plain JSON.
  enableIncrementalDelivery: false,
});

const place = document.getElementById("ide");
if (place === null) throw new Error("index.html has no #ide");

createRoot(place).render(
  <GraphiQL fetcher={fetcher} defaultQuery={firstQuery}>
    <GraphiQL.Logo>offerpath</GraphiQL.Logo>
  </GraphiQL>,
);
