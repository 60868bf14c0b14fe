/**
 * What became of a request with an Idempotency-Key. The key must name its caller too where there are several.
 * Entries live 24 hours by the time in them; TTL only clears them away later.
 */
import { SpotOptimizerError } from "../../core/errors.ts";
import { requestKey } from "./keys.ts";
import { keptSeconds } from "./retention.ts";
import type { Item, Table } from "./table.ts";
import { firstVersion, untilWritten, updateItem } from "./update-item.ts";

interface StoredRequest {
  readonly bodyHash: string;
  /** ISO 8601 */
  readonly begunAt: string;
  /** What the request set in motion, once that is known: an evaluation id. */
  readonly reference?: string;
  readonly answer?: { readonly status: number; readonly body: unknown };
}

export type Begun =
  | { readonly kind: "NEW" }
  | { readonly kind: "REPLAY"; readonly status: number; readonly body: unknown }
  /** The key was used with another body. */
  | { readonly kind: "MISMATCH" }
  | { readonly kind: "IN_PROGRESS"; readonly reference?: string };

const lifetimeMs = keptSeconds.requests * 1000;

/** Longest run of a Lambda function: a request begun before that, with nothing noted, died before it did anything. */
const longestRunMs = 15 * 60 * 1000;

/** DynamoDB refuses keys over 2,048 bytes; nobody needs more than this. */
const maxKeyBytes = 1024;

const read = (item: Item): StoredRequest => item.data as StoredRequest;

const toItem =
  (key: string) =>
  (request: StoredRequest, version: number): Item => ({
    ...requestKey(key),
    version,
    ttl: Math.ceil((Date.parse(request.begunAt) + lifetimeMs) / 1000),
    data: request,
  });

const isOver = (request: StoredRequest, now: Date): boolean => {
  const ageMs = now.getTime() - Date.parse(request.begunAt);
  const hasTrace = request.reference !== undefined || request.answer !== undefined;
  return ageMs >= (hasTrace ? lifetimeMs : longestRunMs);
};

const judge = (stored: StoredRequest, bodyHash: string): Begun => {
  const { answer, reference } = stored;
  if (stored.bodyHash !== bodyHash) return { kind: "MISMATCH" };
  if (answer !== undefined) return { kind: "REPLAY", ...answer };
  return { kind: "IN_PROGRESS", ...(reference !== undefined && { reference }) };
};

/**
 * NEW to one caller only. One that died before it noted a reference is NEW again after 15 minutes, so note the
 * reference before the first effect. @throws BrokenInput naming Idempotency-Key; RetryableContention.
 */
export const beginRequest = async (
  table: Table,
  request: { readonly key: string; readonly bodyHash: string; readonly now: Date },
): Promise<Begun> => {
  const { key, bodyHash, now } = request;
  if (key === "" || Buffer.byteLength(key) > maxKeyBytes) {
    const message = `Idempotency-Key must have 1 to ${String(maxKeyBytes)} bytes.`;
    throw new SpotOptimizerError("BrokenInput", message, { resource: "Idempotency-Key" });
  }
  return untilWritten<Begun>(`request ${key}`, async () => {
    const item = await table.get(requestKey(key));
    if (item !== undefined && !isOver(read(item), now)) return judge(read(item), bodyHash);
    const begunAt = now.toISOString();
    const version = item === undefined ? firstVersion(begunAt) : item.version + 1;
    const { kind } = await table.put(
      toItem(key)({ bodyHash, begunAt }, version),
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? { kind: "NEW" } : undefined;
  });
};

const change = async (
  table: Table,
  key: string,
  addition: Pick<StoredRequest, "reference" | "answer">,
): Promise<void> => {
  await updateItem(table, requestKey(key), {
    name: `request ${key}`,
    read,
    change: (stored) => ({ ...stored, ...addition }),
    toItem: toItem(key),
  });
};

/** @throws BrokenNotFound if the request was never begun; RetryableContention. */
export const noteReference = (table: Table, key: string, reference: string): Promise<void> =>
  change(table, key, { reference });

/** @throws BrokenNotFound if the request was never begun; RetryableContention. */
export const finishRequest = (
  table: Table,
  request: { readonly key: string; readonly status: number; readonly body: unknown },
): Promise<void> =>
  change(table, request.key, { answer: { status: request.status, body: request.body } });
