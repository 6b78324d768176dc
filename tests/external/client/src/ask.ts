import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type OperationDefinitionNode, print } from "graphql";

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** The name of the operation that is asked: a document may have several. */
const nameOf = (document: TypedDocumentNode<unknown, never>): string | undefined =>
  document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === "OperationDefinition",
  )?.name?.value;

/** Ask a server for what a document asks; an answer with errors is thrown. */
export async function ask<Data, Variables>(
  address: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json",
    },
    body: JSON.stringify({ query: print(document), variables, operationName: nameOf(document) }),
  });
  const answer = (await response.json()) as Answer<Data>;
  if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer));
  return answer.data;
}
