/**
 * Idempotency-Key: the same key with the same request is answered once, with a success or with a problem of the
 * caller's. What failed on our side or AWS's is not an answer: a repeat goes on from the reference that the
 * first attempt noted before its first effect, so that nothing is made twice.
 */
import { hash } from "node:crypto";
import * as z from "./zod.ts";
import { beginRequest, finishRequest, noteReference } from "../../adapters/store/idempotency.ts";
import { requestPrefix } from "../../adapters/store/keys.ts";
import { glanceAtRestore } from "../../adapters/store/restores.ts";
import { rememberingTable } from "../../adapters/store/remembering-table.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { mayHaveLostKeys } from "../../core/model/restore.ts";
import { actorOf, principalOf } from "./caller.ts";
import type { ApiContext, ApiRequest } from "./context.ts";
import { ApiProblem, problemKindSchema, problemOf } from "./problem.ts";

/** Thrown by `act`: what the reference names has ended before it began. The request then begins anew, under another one. */
export class SpentReference extends Error {
  override readonly name = "SpentReference";
}

export interface AnswerOnce<Body> {
  readonly schema: z.ZodType<Body>;
  readonly status: number;
  /** The body as parsed: two spellings of one body are the same request. */
  readonly body: unknown;
  /** Makes the id of what the request will make. */
  readonly newReference: () => string;
  /** Must do no harm when it runs again with the same reference. */
  readonly act: (reference: string) => Promise<Body>;
}

const keyHeader = "idempotency-key";
/** Statuses from here on are not an answer: the request may be repeated with its key. */
const firstServerError = 500;

const storedProblemSchema = z.object({
  kind: problemKindSchema,
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).exactOptional(),
  evaluationId: z.string().exactOptional(),
});

const bodyHashOf = (request: ApiRequest, body: unknown): string =>
  hash("sha256", canonicalJson({ method: request.req.method, path: request.req.path, body }));

const replay = <Body>(
  schema: z.ZodType<Body>,
  stored: { readonly status: number; readonly body: unknown },
): Body => {
  if (stored.status < 400) return schema.parse(stored.body);
  const { kind, detail, ...parts } = storedProblemSchema.parse(stored.body);
  throw new ApiProblem(kind, detail, parts);
};

/** Keeps a problem of the caller's as the answer to the key. */
const keepProblem = async (context: ApiContext, key: string, problem: ApiProblem) => {
  if (problem.status >= firstServerError) return;
  const { errors, evaluationId } = problem.parts;
  await finishRequest(context.table, {
    key,
    status: problem.status,
    body: {
      kind: problem.kind,
      detail: problem.message,
      ...(errors === undefined ? {} : { errors }),
      ...(evaluationId === undefined ? {} : { evaluationId }),
    },
  });
};

const actAndKeep = async <Body>(
  context: ApiContext,
  key: string,
  work: { readonly once: AnswerOnce<Body>; readonly reference: string },
): Promise<Body> => {
  const { once, reference } = work;
  try {
    const body = await once.act(reference);
    await finishRequest(context.table, { key, status: once.status, body });
    return body;
  } catch (error) {
    if (error instanceof SpentReference) {
      const next = once.newReference();
      await noteReference(context.table, key, next);
      return actAndKeep(context, key, { once, reference: next });
    }
    await keepProblem(context, key, problemOf(error));
    throw error;
  }
};

/** Throws the problem 409 for a key that may have been used in what a restore of the table has lost: it is refused for a day. */
const refuseLost = async (context: ApiContext, header: string): Promise<void> => {
  const restore = await glanceAtRestore(context.table);
  if (restore === undefined || !mayHaveLostKeys(restore, context.now())) return;
  const { restoreId, at } = restore;
  if (header.startsWith(restoreId)) return;
  throw new ApiProblem(
    "conflict",
    `The state table was restored at ${at}: nobody can tell whether this Idempotency-Key was used before. See what it may have done, and send the request under one that begins with ${restoreId}.`,
    { errors: [{ field: "Idempotency-Key", message: `must begin with ${restoreId}` }] },
  );
};

/** What it has written of the request it need not read again. */
const answerUnder = async <Body>(
  context: ApiContext,
  request: ApiRequest,
  { key, once }: { readonly key: string; readonly once: AnswerOnce<Body> },
): Promise<Body> => {
  const begun = await beginRequest(context.table, {
    key,
    bodyHash: bodyHashOf(request, once.body),
    now: context.now(),
  });
  switch (begun.kind) {
    case "REPLAY":
      return replay(once.schema, begun);
    case "MISMATCH":
      throw new ApiProblem(
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request within the last 24 hours. Use a new one.",
        { errors: [{ field: "Idempotency-Key", message: "was used for another request" }] },
      );
    case "NEW": {
      const reference = once.newReference();
      await noteReference(context.table, key, reference);
      return actAndKeep(context, key, { once, reference });
    }
    case "IN_PROGRESS":
      if (begun.reference !== undefined) {
        return actAndKeep(context, key, { once, reference: begun.reference });
      }
      throw new ApiProblem(
        "request-in-progress",
        "A request with this Idempotency-Key has just been begun. Ask again in a moment.",
        { headers: { "retry-after": "2" } },
      );
  }
};

/** Throws problems 409 (being worked on, nothing noted yet) and 422 (the key was used otherwise). */
export const answerOnce = async <Body>(
  context: ApiContext,
  request: ApiRequest,
  once: AnswerOnce<Body>,
): Promise<Body> => {
  const header = request.req.header(keyHeader);
  if (header === undefined) return once.act(once.newReference());
  await refuseLost(context, header);
  // A key is its caller's: nobody is answered with what another was told.
  const key = `${principalOf(actorOf(context, request))}#${header}`;
  return answerUnder(
    { ...context, table: rememberingTable(context.table, (pk) => pk.startsWith(requestPrefix)) },
    request,
    { key, once },
  );
};
