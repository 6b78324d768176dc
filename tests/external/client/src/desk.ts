// What a front end does with the guide's documents, one after the other, on a started server.
import { ask } from "./ask.js";
import {
  ApprovePlanDocument,
  CustomerBlockersDocument,
  CustomersPageDocument,
  FindPathsDocument,
  ImportCustomersDocument,
  OfferWithTargetsDocument,
  PlanCustomerDocument,
  PortfolioSummaryDocument,
  type Readiness,
  RefetchNodeDocument,
  SavePlanDocument,
  SearchOffersDocument,
} from "./generated.js";

const address = process.argv[2] ?? "http://127.0.0.1:8000/graphql";
const BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C";
const ROWAN = "a6e7dc1d-1f82-5cc6-87bc-b15843019829";

const colour = (readiness: Readiness): string => {
  switch (readiness) {
    case "READY":
      return "green";
    case "CONDITIONAL":
      return "yellow";
    case "UNKNOWN":
      return "grey";
    case "BLOCKED":
      return "red";
  }
};

class Refused extends Error {
  constructor(problem: { code: string; message: string }) {
    super(`${problem.code}: ${problem.message}`);
  }
}

async function offers(): Promise<string[]> {
  const { offers } = await ask(address, SearchOffersDocument, { text: "business basic", first: 5 });
  return offers.edges.map(({ node }) => `${node.commerce} ${node.title}`);
}

async function targets(): Promise<string[]> {
  const { offer } = await ask(address, OfferWithTargetsDocument, { catalogId: BASIC, first: 3 });
  if (offer.__typename !== "Offer") throw new Refused(offer);
  return offer.reachable.edges.map(({ node, path }) => `${node.title}: ${colour(path.readiness)}`);
}

async function path(to: string): Promise<string[]> {
  const { paths } = await ask(address, FindPathsDocument, { from: BASIC, to: { offer: to } });
  switch (paths.__typename) {
    case "PathsFound":
      return paths.paths[0]?.steps.map((step) => step.to.title) ?? [];
    case "NoPath":
      return paths.causes.map((cause) => cause.code);
    case "OfferNotFound":
      return [paths.code];
  }
}

async function everyCustomer(): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: { after: string | null } = { after };
    const { customers } = await ask(address, CustomersPageDocument, { first: 20, ...page });
    ids.push(...customers.edges.map(({ node }) => node.id));
    after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
  } while (after !== null);
  return ids;
}

async function blockers(customerId: string): Promise<string[]> {
  const { blockers } = await ask(address, CustomerBlockersDocument, { customerId });
  if (blockers.__typename !== "CustomerBlockers") throw new Refused(blockers);
  return blockers.subscriptions.flatMap(({ answer }) =>
    answer.__typename === "Option" ? answer.blockers.map((found) => found.code) : [answer.code],
  );
}

async function approved(customerId: string): Promise<string> {
  const { planFor } = await ask(address, PlanCustomerDocument, { customerId });
  if (planFor.__typename !== "Plan") throw new Refused(planFor);
  const { contentHash } = planFor;
  const { savePlan } = await ask(address, SavePlanDocument, { customerId, contentHash });
  if (savePlan.__typename !== "SavedPlan") throw new Refused(savePlan);
  const { planId, fingerprint } = savePlan;
  const { approvePlan } = await ask(address, ApprovePlanDocument, { planId, fingerprint });
  if (approvePlan.__typename !== "SavedPlan") throw new Refused(approvePlan);
  return approvePlan.status;
}

async function imported(content: string): Promise<number | string> {
  const file = { name: "customers.csv", content };
  const { importCustomers } = await ask(address, ImportCustomersDocument, { file });
  if (importCustomers.__typename === "CustomersImported") return importCustomers.customersAdded;
  return importCustomers.code;
}

async function customer(id: string): Promise<string | null> {
  const { node } = await ask(address, RefetchNodeDocument, { id, first: 1 });
  return node?.__typename === "Customer" ? node.name : null;
}

const { portfolio } = await ask(address, PortfolioSummaryDocument, {});
const ids = await everyCustomer();
const told = {
  offers: await offers(),
  targets: await targets(),
  path: await path("CFQ7TTC0LDPB:0001"),
  unknown: await path("11111111-1111-4111-8111-111111111111"),
  customers: ids.length,
  first: await customer(ids[0] ?? ""),
  blockers: await blockers(ROWAN),
  approved: await approved(ROWAN),
  subscriptions: portfolio.total.subscriptions,
  refused: await imported("customer_id,name\nnobody,Nobody\n"),
};
process.stdout.write(JSON.stringify(told));
