/** What the fronts that listen share: whole bodies, answers with their length. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireRequest, WireResponse } from "../messages.ts";

/** Far above any request of AWS's APIs (user data has 16 KiB, a workflow definition 1 MB) and of Kubernetes (3 MB). */
const largestBody = 8 * 1024 * 1024;

export const tooLarge: WireResponse = {
  status: 413,
  headers: { "content-type": "text/plain" },
  body: "The body is too large.",
};

/** How a request comes to what answers it: on a clock of its own, it is let in at an instant. */
export type Enter = <Answer>(answer: () => Promise<Answer>) => Promise<Answer>;

export const atOnce: Enter = (answer) => answer();

export const wireRequestOf = (request: IncomingMessage, url: URL): Omit<WireRequest, "body"> => ({
  method: request.method ?? "GET",
  path: url.pathname,
  query: url.searchParams,
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  ),
});

/** Undefined for one that is too large. */
export const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

export const send = (response: ServerResponse, { status, headers, body }: WireResponse): void => {
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  response.writeHead(status, { ...headers, "content-length": bytes.byteLength });
  response.end(bytes);
};
