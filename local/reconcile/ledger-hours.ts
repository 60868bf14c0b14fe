/** What the savings ledger says each resource cost in each hour, as its API exports it. */
import * as z from "zod";
import { nanoOf } from "./amount.ts";
import { comparedKinds, type ComparedKind } from "./kinds.ts";
import { bytesOf, textOfFile } from "./open-table.ts";
import { RefusalError } from "./refusal.ts";

const hourMs = 3_600_000;
const hoursOfDay = 24;
const dayMs = hoursOfDay * hourMs;

type Cost = bigint | "unknown";

const costSchema = z.string().transform((text, context): Cost => {
  const cost = text === "unknown" ? text : nanoOf(text);
  if (cost !== undefined) return cost;
  context.addIssue(`"${text}" is neither a decimal number nor "unknown"`);
  return z.NEVER;
});

const documentSchema = z.strictObject({
  format: z.literal("ledger-hours/1"),
  account_id: z.string(),
  day: z.iso.date(),
  resources: z.array(
    z.strictObject({
      resource_id: z.string().min(1),
      kind: z.enum(comparedKinds),
      instance_type: z.string().exactOptional(),
      // An hour each; null: it cost nothing in it.
      usd: z.array(costSchema.nullable()).length(hoursOfDay),
    }),
  ),
  // Of the next page: whoever gives one page has to give them all.
  cursor: z.string().exactOptional(),
});
type LedgerDocument = z.infer<typeof documentSchema>;

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
const readOne = (path: string, name: string): LedgerDocument => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(textOfFile(bytesOf(path, name), name));
  } catch (error) {
    if (error instanceof RefusalError) throw error;
    throw new RefusalError("UNREADABLE", `${name} is not JSON.`, { cause: error });
  }
  const { data, error } = documentSchema.safeParse(parsed);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new RefusalError(
    "UNREADABLE",
    `${name} is not an export of the ledger's hours: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
};

const hoursOf = ({ account_id: accountId, day, resources }: LedgerDocument): LedgerHour[] =>
  resources.flatMap(({ resource_id: resourceId, kind, instance_type: instanceType, usd }) =>
    usd.flatMap((cost, hour) => {
      if (cost === null) return [];
      const isUnknown = cost === "unknown";
      const nanoUsd = isUnknown ? 0n : cost;
      const hourAtMs = Date.parse(day) + hour * hourMs;
      return [{ accountId, resourceId, kind, instanceType, hourMs: hourAtMs, nanoUsd, isUnknown }];
    }),
  );

/** Without it whatever ran on that day would be in the bill alone. */
const requireEachDay = (days: readonly number[]): void => {
  const first = Math.min(...days);
  for (let day = first; day < Math.max(...days); day += dayMs) {
    if (days.includes(day)) continue;
    throw new RefusalError(
      "MISSING_DAY",
      `The ledger's files have nothing of ${new Date(day).toISOString().slice(0, 10)}.`,
    );
  }
};

export interface NamedFile {
  readonly path: string;
  readonly name: string;
}

/** @throws RefusalError UNREADABLE, MISSING_DAY, OVERLAPPING_LEDGER */
export const readLedger = (files: readonly NamedFile[]): LedgerExport => {
  const documents = files.map(({ path, name }) => readOne(path, name));
  const days = documents.map(({ day }) => Date.parse(day));
  requireEachDay(days);
  const hours = documents.flatMap(hoursOf);
  const seen = new Set<string>();
  for (const { kind, resourceId, hourMs: at } of hours) {
    const key = `${kind} ${resourceId} ${String(at)}`;
    if (seen.has(key)) {
      throw new RefusalError(
        "OVERLAPPING_LEDGER",
        `The ledger's files have ${resourceId} twice in the hour of ${new Date(at).toISOString()}.`,
      );
    }
    seen.add(key);
  }
  return { hours, fromMs: Math.min(...days), toMs: Math.max(...days) + dayMs };
};
