/** Calls the control API as an operator would, and holds each answer against the schema that the API publishes. */
import type * as z from "zod";
import { apiBasePath, type ApiApp } from "../../lambdas/api/context.ts";

export interface ApiClient {
  /** @throws Error with the problem document's sentence for any answer but success */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  post<T>(path: string, schema: z.ZodType<T>, body?: unknown): Promise<T>;
  getText(path: string): Promise<string>;
}

export const createApiClient = (app: ApiApp): ApiClient => {
  let requests = 0;
  const send = async (path: string, init: RequestInit): Promise<string> => {
    const response = await app.request(`${apiBasePath}${path}`, init);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(
        `${init.method ?? "GET"} ${path} answered ${String(response.status)}: ${text}`,
      );
    }
    return text;
  };
  return {
    get: async (path, schema) => schema.parse(JSON.parse(await send(path, { method: "GET" }))),
    getText: (path) => send(path, { method: "GET" }),
    post: async (path, schema, body) => {
      requests += 1;
      const text = await send(path, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": `request-${String(requests)}`,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return schema.parse(JSON.parse(text));
    },
  };
};
