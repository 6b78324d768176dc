import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of the schema's answers to the guide's documents, and the documents with their types. */
const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: "documents/*.graphql",
  generates: {
    "src/generated.ts": {
      plugins: ["typescript-operations", "typed-document-node"],
      config: {
        useTypeImports: true,
        strictScalars: true,
        scalars: {
          Day: "string",
          Instant: "string",
          Decimal: "string",
          JSON: "unknown",
          SafeInt: "number",
        },
      },
    },
  },
};

export default config;
