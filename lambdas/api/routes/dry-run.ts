/** Tries a request without carrying it out: through its own route, on a table that keeps what is written to itself. */
import { createRoute } from "@hono/zod-openapi";
import { auditedIn } from "../../../adapters/store/audit.ts";
import { apiBasePath, type ApiApp, type ApiContext, type ApiRequest } from "../context.ts";
import type { AddRoutes } from "../create-app.ts";
import { differencesBetween } from "../differences.ts";
import { problemFrom } from "../problem.ts";
import { rehearse, type Rehearsal } from "../rehearsal.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  dryRunRequestSchema,
  dryRunSchema,
  type DryRunJson,
  type DryRunRequestJson,
} from "../schemas/dry-run.ts";

const dryRunRoute = createRoute({
  method: "post",
  path: "/dry-run",
  tags: ["operations"],
  operationId: "dryRun",
  summary: "Tell what a request would do, and do nothing",
  description:
    "The request takes its own way through the same checks, on the state table and the accounts as they are: a request that would be refused is answered as it would be, with the same problem. Nothing is stored, started or changed; EC2 is asked by its own dry runs where the request asks so itself. Let those alone call it who may call what they try: API Gateway's permission for that call is not asked for.",
  request: { headers: idempotencyHeaders, body: jsonBody(dryRunRequestSchema) },
  responses: {
    200: json("What it would do.", dryRunSchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

/** What shows by itself what a request changes: the longest part of a path that names one thing. */
const subjects = [
  /^\/accounts\/[^/?]+\/(?:enforcer|notices|waste)(?=$|[/?])/,
  /^\/(?:accounts|approvals|evaluations|lab\/instances|models|waste)\/[^/?]+/,
];

const subjectOf = (path: string): string | undefined =>
  subjects.map((pattern) => pattern.exec(path)?.[0]).find((found) => found !== undefined);

type Send = (method: string, path: string, body?: unknown) => Promise<Response>;

/** As whoever asks for the dry run, by whatever says who that is. */
const senderOf =
  (app: ApiApp, request: ApiRequest): Send =>
  async (method, path, body) => {
    const headers = new Headers(request.req.raw.headers);
    for (const name of ["content-length", "idempotency-key"]) headers.delete(name);
    if (body === undefined) headers.delete("content-type");
    const { origin } = new URL(request.req.url);
    const sent = new Request(`${origin}${apiBasePath}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return app.fetch(sent, request.env);
  };

const bodyOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
};

/** Undefined: there is no such thing, or it is not shown by itself. */
const show = async (send: Send, subject: string | undefined): Promise<unknown> => {
  if (subject === undefined) return undefined;
  const shown = await send("GET", subject);
  return shown.ok ? bodyOf(shown) : undefined;
};

/** Undefined: what comes next depends on the answer of a call that was not made. */
const answerOf = async (response: Response, { omitted }: Rehearsal) => {
  if (omitted.length > 0) return undefined;
  const body = await bodyOf(response);
  if (!response.ok) throw problemFrom(body);
  return { status: response.status, ...(body !== undefined && { answer: body }) };
};

const differences = (subject: string | undefined, before: unknown, after: unknown) => {
  const changes = differencesBetween(before, after).map(({ path, stored, recomputed }) => ({
    path,
    ...(stored !== undefined && { before: stored }),
    ...(recomputed !== undefined && { after: recomputed }),
  }));
  const isShown = subject !== undefined && (before !== undefined || after !== undefined);
  return { ...(isShown && { subject }), changes };
};

/** Throws the problem that the request itself would be answered with. */
const tryOut = async (
  send: Send,
  rehearsal: Rehearsal,
  { method, path, body }: DryRunRequestJson,
): Promise<DryRunJson> => {
  const subject = subjectOf(path);
  const before = await show(send, subject);
  const answer = await answerOf(await send(method, path, body), rehearsal);
  // What was written so far stays where it is when AWS answers.
  const after = await show(send, subject);
  return {
    is_complete: answer !== undefined,
    ...answer,
    ...differences(subject, before, after),
    actions: auditedIn(rehearsal.table.written()),
    calls: [...new Set(rehearsal.omitted)].map((operation) => ({ operation })),
  };
};

/** @param createApi the API of a context */
export const addDryRunRoute =
  (createApi: (context: ApiContext) => ApiApp): AddRoutes =>
  (app, context) => {
    app.openapi(dryRunRoute, async (request) => {
      const rehearsal = rehearse(context);
      const send = senderOf(createApi(rehearsal.context), request);
      // What only reads needs no key: it is tried anew each time, and nothing is noted of it.
      return request.json(await tryOut(send, rehearsal, request.req.valid("json")), 200);
    });
  };
