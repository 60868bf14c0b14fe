/**
 * Names each answer to a GET by its bytes, and tells who has it already that nothing has changed, without a body (RFC 9110, sections 8.8.3,
 * 13.1.2 and 15.4.5). The names are weak: whoever stands in between may compress what goes through.
 */
import { hash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { ApiHonoEnvironment } from "./context.ts";

/** It may be kept by who asked, and is asked for each time. What is not to be kept at all says so itself. */
const askEachTime = "no-cache, private";

/** Opaque-tags without what says that they are weak: for this question all are. */
const tagsIn = (header: string): readonly string[] =>
  [...header.matchAll(/"[\x21\x23-\x7e\x80-\xff]*"/g)].map(([tag]) => tag);

const opaqueTagOf = (body: string): string => `"${hash("sha256", body, "base64url")}"`;

const hasIt = (header: string | undefined, opaqueTag: string): boolean =>
  header !== undefined && (header.trim() === "*" || tagsIn(header).includes(opaqueTag));

export const answerUnchanged: MiddlewareHandler<ApiHonoEnvironment> = async (request, next) => {
  await next();
  const { res } = request;
  if (request.req.method !== "GET" || res.status !== 200) return;
  const body = await res.text();
  const opaqueTag = opaqueTagOf(body);
  const headers = new Headers(res.headers);
  headers.set("etag", `W/${opaqueTag}`);
  if (!headers.has("cache-control")) headers.set("cache-control", askEachTime);
  const isKnown = hasIt(request.req.header("if-none-match"), opaqueTag);
  if (isKnown) headers.delete("content-type");
  // Whatever is set in place of an answer is joined with the headers of what stood there.
  request.res = undefined;
  request.res = isKnown
    ? new Response(null, { status: 304, headers })
    : new Response(body, { status: 200, headers });
};
