// What the types do not let through: each line that follows a mark would not compile without it.
import { ask } from "./ask.js";
import { CustomerBlockersDocument, FindPathsDocument, OfferWithTargetsDocument } from "./generated.js";

const address = "http://127.0.0.1:8000/graphql";

export async function refused(): Promise<unknown[]> {
  // @ts-expect-error The id is not given.
  await ask(address, CustomerBlockersDocument, {});
  // @ts-expect-error There is no such mode.
  await ask(address, CustomerBlockersDocument, { customerId: "x", mode: "WITH_LUCK" });
  // @ts-expect-error A goal is exactly one thing.
  await ask(address, FindPathsDocument, { from: "x", to: { offer: "x", product: "y" } });
  const { offer } = await ask(address, OfferWithTargetsDocument, { catalogId: "x" });
  // @ts-expect-error It may not have been found.
  const title: string = offer.title;
  if (offer.__typename !== "Offer") return [title];
  // @ts-expect-error It may be null.
  const most: number = offer.maximumSeats;
  // @ts-expect-error The document does not ask for it.
  return [most, offer.segment];
}
