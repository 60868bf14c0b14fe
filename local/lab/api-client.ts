/** Calls the control API as an operator would, and holds each answer against the schema that the API publishes. */
import type * as z from "zod";
import { apiBasePath } from "../../lambdas/api/context.ts";
import type { Platform } from "../platform/platform.ts";

interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

interface ApiRequest {
  readonly method: string;
  /** Behind the API's base path. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiClient {
  /** Whatever the API answers. A POST has an Idempotency-Key of its own unless the headers name one. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** @throws Error with the problem document's sentence for any answer but success */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  post<T>(path: string, schema: z.ZodType<T>, body?: unknown): Promise<T>;
  getText(path: string): Promise<string>;
  /** How many requests had a key of this client's. */
  posted(): number;
}

/** @param posted how many such keys were used before */
export const createApiClient = (gateway: Platform["gateway"], posted = 0): ApiClient => {
  let requests = posted;
  const send: ApiClient["send"] = async ({ method, path, body, headers }) => {
    if (method === "POST") requests += 1;
    const request = new Request(`http://api.local${apiBasePath}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(method === "POST" ? { "idempotency-key": `request-${String(requests)}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await gateway(request);
    return { status: response.status, text: await response.text() };
  };
  const must = async (request: ApiRequest): Promise<string> => {
    const { status, text } = await send(request);
    if (status < 300) return text;
    throw new Error(`${request.method} ${request.path} answered ${String(status)}: ${text}`);
  };
  return {
    send,
    get: async (path, schema) => schema.parse(JSON.parse(await must({ method: "GET", path }))),
    getText: (path) => must({ method: "GET", path }),
    posted: () => requests,
    post: async (path, schema, body) =>
      schema.parse(JSON.parse(await must({ method: "POST", path, body }))),
  };
};
