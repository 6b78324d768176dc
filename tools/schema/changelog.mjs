// A rule for `graphql-inspector diff`: breaking changes that CHANGELOG.md names are accepted.
// They stand under "Breaking" in its newest part, each by its path in backquotes; in a path `*`
// stands for a name. What is neither breaking nor dangerous is not told.
import { readFileSync } from "node:fs";

const newest = (text) => text.split(/^## /m)[1] ?? "";
const breaking = (part) => part.split(/^### /m).find((each) => each.startsWith("Breaking")) ?? "";
const named = (part) => [...part.matchAll(/`([^`]+)`/g)].map(([, name]) => pattern(name));
const escaped = (text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
const pattern = (name) => new RegExp(`^${name.split("*").map(escaped).join("\\w+")}$`);

/** Where a change is; changes of the roots have no path of their own. */
const place = (change) => change.path || "schema";

/** What `graphql-inspector` calls with all that it found. */
export default function rule({ changes }) {
  const accepted = named(breaking(newest(readFileSync("CHANGELOG.md", "utf8"))));
  return changes
    .filter((change) => change.criticality.level !== "NON_BREAKING")
    .map((change) => {
      if (change.criticality.level !== "BREAKING") return change;
      if (accepted.some((each) => each.test(place(change)))) {
        return { ...change, criticality: { ...change.criticality, level: "DANGEROUS" } };
      }
      const where = `CHANGELOG.md does not name \`${place(change)}\` under "Breaking"`;
      return { ...change, message: `${change.message}: ${where}` };
    });
}
