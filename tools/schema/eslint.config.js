// What the schema is held to: every rule of graphql-eslint for schemas, and Relay's.
// Whatever is switched off or eased says why.
import graphql from "@graphql-eslint/eslint-plugin";

const FILE = "schema/schema.graphql";
const SUBSCRIPTIONS = "FieldDefinition[parent.name.value=Subscription]";
const SUBSCRIPTION_ROOT = "FieldDefinition[parent.name.value=SubscriptionRoot]";
const { rules: forSchemas } = graphql.configs["flat/schema-all"];
const { rules: forRelay } = graphql.configs["flat/schema-relay"];

const stricter = {
  "require-description": [
    "error",
    {
      types: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
      // GraphQL's own; the printer writes it out without its description.
      ignoredSelectors: ["DirectiveDefinition[name.value=oneOf]"],
    },
  ],
};

const eased = {
  // All lists are long in one direction alone: `first` and `after`.
  "relay-arguments": ["error", { includeBoth: false }],
  // Short lists are lists, and some connections are of values that have no id of their own.
  "relay-edge-types": [
    "error",
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  ],
};

const [, { [SUBSCRIPTIONS]: ofSubscriptions, ...names }] =
  forSchemas["@graphql-eslint/naming-convention"];
const renamed = {
  // Our `Subscription` is what a customer holds; the root is called otherwise.
  "naming-convention": ["error", { ...names, [SUBSCRIPTION_ROOT]: ofSubscriptions }],
};

const off = {
  // The order of fields tells: first what a thing is, then what it has.
  alphabetize: "off",
  // Few arguments are clearer by name, and some inputs serve a question and a change.
  "input-name": "off",
  // It is for schemas that shall have neither mutations nor subscriptions.
  "no-root-type": "off",
  // `id` is Relay's; the id that people and other systems know is called after its type.
  "no-typename-prefix": "off",
  // The specification's @deprecated has no such argument: a test looks for the date in the reason.
  "require-deprecation-date": "off",
  // What may fail to be there is a union with its problems; null would say nothing.
  "require-nullable-result-in-root": "off",
  // What is no node has no id. That nodes have theirs the interface sees to.
  "strict-id-in-types": "off",
};

const ours = Object.entries({ ...stricter, ...eased, ...renamed, ...off }).map(([name, setting]) => [
  `@graphql-eslint/${name}`,
  setting,
]);

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: FILE } },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@graphql-eslint": graphql },
    rules: { ...forSchemas, ...forRelay, ...Object.fromEntries(ours) },
  },
];
