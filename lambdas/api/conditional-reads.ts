/** Says in the OpenAPI document of each GET what holds for all of them: an answer has a name, and who has it already is told so. */

type Json = Readonly<Record<string, unknown>>;

const ifNoneMatch = {
  name: "if-none-match",
  in: "header",
  required: false,
  description:
    "`ETag` of an earlier answer to the same call: where nothing has changed since, the answer is 304.",
  schema: { type: "string", example: 'W/"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"' },
} as const;

const etag = {
  description: "Name of this answer, from its bytes. Weak.",
  schema: { type: "string" },
} as const;

const notModified = {
  description: "The answer is the one that `If-None-Match` names.",
  headers: { ETag: etag },
} as const;

interface Operation {
  readonly parameters?: readonly unknown[];
  readonly responses: Readonly<Record<string, Json>>;
}

const conditional = ({ parameters = [], responses, ...operation }: Operation): Operation => {
  const { "200": answer, ...others } = responses;
  return {
    ...operation,
    parameters: [...parameters, ifNoneMatch],
    responses: {
      ...(answer !== undefined && { "200": { ...answer, headers: { ETag: etag } } }),
      "304": notModified,
      ...others,
    },
  };
};

type Paths = Readonly<Record<string, Readonly<{ get?: Operation }>>>;

/** @param document of all routes, as their schemas say it */
export const withConditionalReads = <Document extends { readonly paths?: unknown }>(
  document: Document,
): Document => {
  const paths = Object.entries(document.paths as Paths).map(([path, { get, ...others }]) => [
    path,
    get === undefined ? others : { ...others, get: conditional(get) },
  ]);
  return { ...document, paths: Object.fromEntries(paths) as unknown };
};
