import { graphql } from "relay-runtime";

/** What a screen about one offer reads: unions, and objects that are refetched by their id. */
export const query = graphql`
  query OfferPathsQuery($from: String!, $goal: GoalInput!) {
    offer(catalogId: $from) {
      ... on Offer {
        ...OfferPaths_offer @alias(as: "shown")
      }
      ... on OfferNotFound {
        code
        remedy
      }
    }
    paths(from: $from, to: $goal) {
      __typename
      ... on PathsFound {
        paths {
          readiness
          steps {
            kind
            to {
              id
              title
            }
          }
        }
      }
    }
  }
`;

export const offer = graphql`
  fragment OfferPaths_offer on Offer @refetchable(queryName: "OfferPathsRefetchQuery") {
    catalogId
    title
  }
`;
