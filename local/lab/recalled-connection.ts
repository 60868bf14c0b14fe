/**
 * What a connection came to, for the laboratories after the first of a process: the same calls and the same items, with the ids and
 * the times of another seed. Two thousand connections took a tenth of what was tried on them.
 */
import { appendAudit, type AuditEntry } from "../../adapters/store/audit.ts";
import { auditPartition } from "../../adapters/store/keys.ts";
import type { Item } from "../../adapters/store/table.ts";
import { customerRoleArn } from "../../lambdas/api/role-template.ts";
import type { Role } from "../cloud/iam/identities.ts";
import type { JournalEntry } from "../cloud/journal.ts";
import type { MemoryTable } from "../platform/memory-table.ts";
import type { Platform } from "../platform/platform.ts";

export interface Connection {
  readonly externalId: string;
  /** How many requests with an Idempotency-Key it took. */
  readonly posted: number;
}

/** A connection that was made. */
interface Kept extends Connection {
  /** The name of the session that proved the role. */
  readonly proof: string;
  readonly role: Role;
  readonly regions: readonly string[];
  /** As JSON, in which ids and times are replaced. */
  readonly calls: string;
  readonly items: string;
}

interface Place {
  readonly platform: Platform;
  readonly table: MemoryTable;
}

const connections = new Map<string, Kept>();

/** @param name of all that decides how the connection goes */
export const keepConnection = (
  name: string,
  { platform: { cloud, clock }, table }: Place,
  made: Connection & { readonly accountId: string; readonly regions: readonly string[] },
): void => {
  const role = cloud.identities.role(customerRoleArn(made.accountId));
  const proof = cloud.journal.find(({ dryRun }) => dryRun)?.sessionName;
  if (role === undefined || proof === undefined || cloud.journal.at(-1)?.at !== clock.now()) {
    throw new Error(`Account ${made.accountId} was connected otherwise than is known.`);
  }
  const items = JSON.stringify(table.items());
  connections.set(name, { ...made, proof, role, calls: JSON.stringify(cloud.journal), items });
};

const isoOf = (atMs: number): string => new Date(atMs).toISOString();
const isoTimes = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** The calls once more. Returns what time has become of each at which one had ended. */
const recallCalls = async (
  { cloud }: Platform,
  role: Role,
  calls: readonly JournalEntry[],
): Promise<ReadonlyMap<string, string>> => {
  const times = new Map<string, string>();
  for (const call of calls) {
    await cloud.recall(call);
    const nowMs = cloud.clock.now();
    times.set(isoOf(call.at), isoOf(nowMs));
    if (call.operation !== "AssumeRole" || !call.hadEffect) continue;
    // Its keys were drawn, and they are no longer used.
    cloud.identities.openSession({ roleArn: role.arn, sessionName: "ended", expiresAtMs: nowMs });
  }
  return times;
};

/** An audit entry's digest is part of its key, and is made of its time. */
const writeItems = async (table: MemoryTable, items: readonly Item[]): Promise<void> => {
  for (const item of items) {
    if (item.pk === auditPartition) await appendAudit(table, item.data as AuditEntry);
    else await table.put(item, { ifAbsent: true });
  }
};

/**
 * @param randomId the platform's own source of ids
 * @returns undefined where none of that name was made
 */
export const recallConnection = async (
  name: string,
  { platform, table }: Place,
  randomId: () => string,
): Promise<Connection | undefined> => {
  const kept = connections.get(name);
  if (kept === undefined) return undefined;
  const { cloud, ec2 } = platform;
  ec2.control.addAccount(kept.role.accountId, kept.regions);
  const externalId = `spot-optimizer-${randomId()}${randomId()}`;
  const role = cloud.identities.addRole({ ...kept.role, externalId });
  const proof = `verify-${randomId()}`;
  const reworded = (text: string): string =>
    text.replaceAll(kept.externalId, externalId).replaceAll(kept.proof, proof);
  const calls = JSON.parse(reworded(kept.calls)) as readonly JournalEntry[];
  const times = await recallCalls(platform, role, calls);
  const items = reworded(kept.items).replace(isoTimes, (time) => times.get(time) ?? time);
  await writeItems(table, JSON.parse(items) as readonly Item[]);
  return { externalId, posted: kept.posted };
};
