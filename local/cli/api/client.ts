/** The API as the document describes it: every path, parameter, body and answer with its type. */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.ts";
import { sendOver, type Transport } from "./transport.ts";

export type Api = Client<paths>;

export type Schemas = components["schemas"];

/** Its calls throw a Failure for whatever is not an answer of the API, and for its problems. */
export const createApi = (transport: Transport): Api =>
  createClient<paths>({ baseUrl: transport.address.url, fetch: sendOver(transport) });

/** What a call has answered. */
export const dataOf = async <Data>(
  call: Promise<{ readonly data?: Data | undefined; readonly error?: unknown }>,
): Promise<Data> => {
  const { data, error } = await call;
  if (data !== undefined) return data;
  throw new Error(`An answer without a body was not expected: ${JSON.stringify(error)}`);
};

/** The same of a route that answers with a table for spreadsheets where it is asked for one. */
export const documentOf = async <Data>(
  call: Promise<{ readonly data?: Data | undefined; readonly error?: unknown }>,
): Promise<Exclude<Data, string>> => {
  const data = await dataOf(call);
  if (typeof data !== "string") return data as Exclude<Data, string>;
  throw new Error("A document was asked for, and a text was answered.");
};
