/**
 * Zod as the schemas of the API take it: extended by the API's framework before the first of them is made, which a schema that is made
 * earlier would lack. All by name, so that a bundle has what is used and no more.
 */
import "@hono/zod-openapi";

export * from "zod";
