/** What the editor holds when someone opens it for the first time. */
export const firstQuery = `{ catalog { id } }
`;
