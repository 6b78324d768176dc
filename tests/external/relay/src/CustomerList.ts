import { graphql } from "relay-runtime";

/** A page of customers that grows: the refetchable connection is one of the root's. */
export const query = graphql`
  query CustomerListQuery($count: Int!, $cursor: String) {
    ...CustomerList_query @arguments(count: $count, cursor: $cursor)
  }
`;

export const list = graphql`
  fragment CustomerList_query on Query
  @refetchable(queryName: "CustomerListPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    customers(first: $count, after: $cursor) @connection(key: "CustomerList_customers") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

/** One customer's subscriptions: refetched through `node(id:)`. */
export const holdings = graphql`
  fragment CustomerHoldings_customer on Customer
  @refetchable(queryName: "CustomerHoldingsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    name
    subscriptions(first: $count, after: $cursor) @connection(key: "CustomerHoldings_subscriptions") {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`;
