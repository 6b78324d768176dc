/** What the editor holds when someone opens it for the first time. */
export const firstQuery = `{
  paths(
    from: "BD938F12-058F-4927-BBA3-AE36B1D2501C"
    to: { offer: "CFQ7TTC0LF8R:0001" }
  ) {
    ... on PathsFound {
      paths {
        readiness
        steps { kind evidence from { title } to { title catalogId } }
        conditions { code message }
      }
    }
    ... on NoPath { verdict message causes { code message remedy } }
    ... on OfferNotFound { message remedy }
  }
}
`;
