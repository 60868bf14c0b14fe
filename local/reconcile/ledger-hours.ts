/** What the savings ledger says each resource cost in each hour, as its API exports it. */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { nanoOf } from "./amount.ts";
import { comparedKinds, type ComparedKind } from "./kinds.ts";
import { RefusalError } from "./refusal.ts";

const hourSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:00:00(\.000)?Z$/, "is not the beginning of an hour in UTC")
  .transform((text) => Date.parse(text));

const documentSchema = z.strictObject({
  format: z.literal("ledger-hours/1"),
  account_id: z.string(),
  from: hourSchema,
  to: hourSchema,
  hours: z.array(
    z.strictObject({
      resource_id: z.string().min(1),
      hour: hourSchema,
      kind: z.enum(comparedKinds),
      usd: z.string().transform((text, context): bigint => {
        const nano = nanoOf(text);
        if (nano !== undefined) return nano;
        context.addIssue(`"${text}" is not a decimal number`);
        return z.NEVER;
      }),
      source: z.enum(["billed", "priced", "estimated", "unknown"]),
      instance_type: z.string().exactOptional(),
    }),
  ),
});

export interface LedgerHour {
  readonly accountId: string;
  readonly resourceId: string;
  readonly hourMs: number;
  readonly kind: ComparedKind;
  readonly nanoUsd: bigint;
  /** The ledger says that it does not know it: it is not compared. */
  readonly isUnknown: boolean;
  readonly instanceType: string | undefined;
}

export interface LedgerExport {
  readonly hours: readonly LedgerHour[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** @throws RefusalError UNREADABLE */
const readOne = (path: string, name: string): LedgerExport => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new RefusalError("UNREADABLE", `${name} is not JSON.`, { cause: error });
  }
  const { data, error } = documentSchema.safeParse(parsed);
  if (data === undefined) {
    const [issue] = error.issues;
    throw new RefusalError(
      "UNREADABLE",
      `${name} is not an export of the ledger's hours: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
    );
  }
  return {
    fromMs: data.from,
    toMs: data.to,
    hours: data.hours.map((hour) => ({
      accountId: data.account_id,
      resourceId: hour.resource_id,
      hourMs: hour.hour,
      kind: hour.kind,
      nanoUsd: hour.usd,
      isUnknown: hour.source === "unknown",
      instanceType: hour.instance_type,
    })),
  };
};

export interface NamedFile {
  readonly path: string;
  readonly name: string;
}

/** @throws RefusalError UNREADABLE, OVERLAPPING_LEDGER */
export const readLedger = (files: readonly NamedFile[]): LedgerExport => {
  const documents = files.map(({ path, name }) => readOne(path, name));
  const hours = documents.flatMap((document) => document.hours);
  const seen = new Set<string>();
  for (const { kind, resourceId, hourMs } of hours) {
    const key = `${kind} ${resourceId} ${String(hourMs)}`;
    if (seen.has(key)) {
      const hour = new Date(hourMs).toISOString();
      throw new RefusalError(
        "OVERLAPPING_LEDGER",
        `The ledger's files have ${resourceId} twice in the hour of ${hour}.`,
      );
    }
    seen.add(key);
  }
  return {
    hours,
    fromMs: Math.min(...documents.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...documents.map(({ toMs }) => toMs)),
  };
};
