/**
 * What must hold at every instant of every run, looked at after each call to the simulated cloud: the original runs,
 * or a replacement is held; no Elastic IP is lost; nothing of the original is given up. Meanwhile the software on
 * the instances writes, so that lost writes are seen.
 */
import type { FaultCall } from "../../local/cloud/faults.ts";
import type { JournalEntry } from "../../local/cloud/journal.ts";
import type { InstanceSummary } from "../../local/cloud/ec2/control-reads.ts";
import { isMutating } from "../../local/cloud/journal.ts";
import type { Platform } from "../../local/platform/platform.ts";

interface Moment {
  readonly atMs: number;
  readonly operation: string;
  readonly original: string;
  readonly replacements: readonly { readonly instanceId: string; readonly state: string }[];
  /** Instance that holds each Elastic IP of the original; "nobody" otherwise. */
  readonly holders: Readonly<Record<string, string>>;
}

export interface Watch {
  readonly moments: readonly Moment[];
  /** Sentences: what did not hold, and when. Empty is well. */
  readonly broken: readonly string[];
  /** Writes that were acknowledged, by volume id. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Root volume of the original. */
  readonly rootVolumeId: string;
  readonly dataVolumeIds: readonly string[];
  readonly allocationIds: readonly string[];
  readonly secondaryInterfaceIds: readonly string[];
  /** All but the primary one: those of the primary interface and of the others. */
  readonly secondaryPrivateIps: readonly string[];
  /** Mutating calls in the customer's account since the watch began, dry runs aside. */
  mutations(): readonly JournalEntry[];
  /** The rule about a call that is not allowed from now on; returns its end. */
  forbid(rule: (call: FaultCall) => string | undefined): () => void;
  /** Somebody else ends the original or the replacement in this test: the rules about it end too. */
  excuse(what: "original" | "replacement"): void;
}

const isAlive = (state: string): boolean => state === "running" || state === "pending";
const isKept = (state: string): boolean => state !== "terminated" && state !== "shutting-down";

/** Calls that destroy; in no case are they about something of the customer's. */
const neverCalled: ReadonlySet<string> = new Set([
  "DeleteVolume",
  "ReleaseAddress",
  "DisassociateAddress",
  "DeleteNetworkInterface",
  "RebootInstances",
]);

interface Subject {
  readonly accountId: string;
  readonly originalId: string;
  /** Two where one is held while another is launched from the final image. */
  readonly maxReplacements: number;
}

const idsIn = (input: unknown, key: string): readonly string[] => {
  const value = (input as Readonly<Record<string, unknown>>)[key];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? (value as string[]) : [];
};

/** What a call itself may not be, whenever it comes. */
const judgeCall = (
  call: FaultCall,
  { originalId }: Subject,
  all: readonly InstanceSummary[],
): string | undefined => {
  if (neverCalled.has(call.operation)) return `${call.operation} was called`;
  if (call.operation !== "TerminateInstances") return undefined;
  const ids = idsIn(call.input, "InstanceIds");
  if (ids.includes(originalId)) return "the original was terminated by us";
  // Another one that runs has the identity, or the original is back.
  const isServed = all.some(
    ({ instanceId, state, allocationIds }) =>
      state === "running" && !ids.includes(instanceId) && allocationIds.length > 0,
  );
  return isServed ? undefined : `${ids.join()} was terminated while nobody else served`;
};

export const watch = (platform: Platform, subject: Subject): Watch => {
  const { cloud, ec2 } = platform;
  const { control } = ec2;
  const { accountId, originalId, maxReplacements } = subject;
  const from = cloud.journal.length;
  const first = control.find(originalId);
  const [rootVolumeId = ""] = (first?.volumes ?? [])
    .filter(({ deviceName }) => deviceName === "/dev/xvda")
    .map(({ volumeId }) => volumeId);
  const volumeIds = (first?.volumes ?? []).map(({ volumeId }) => volumeId);
  const allocationIds = first?.allocationIds ?? [];
  const moments: Moment[] = [];
  const broken: string[] = [];
  const acknowledged = new Map(volumeIds.map((id) => [id, 0]));
  const excused = new Set<string>();
  const rules = new Set<(call: FaultCall) => string | undefined>();

  const complain = (sentence: string | undefined, operation: string): void => {
    if (sentence === undefined) return;
    broken.push(`${new Date(cloud.clock.now()).toISOString()} (${operation}): ${sentence}`);
  };

  const look = (operation: string): void => {
    const all = control.instances(accountId);
    const original = all.find(({ instanceId }) => instanceId === originalId);
    const replacements = all.filter(
      ({ instanceId, tags }) => instanceId !== originalId && tags["ManagedBy"] !== undefined,
    );
    const holders = Object.fromEntries(
      allocationIds.map((id) => [
        id,
        all.find((each) => each.allocationIds.includes(id))?.instanceId ?? "nobody",
      ]),
    );
    const state = original?.state ?? "gone";
    moments.push({ atMs: cloud.clock.now(), operation, original: state, replacements, holders });
    const alive = replacements.filter((each) => isAlive(each.state));
    if (state !== "running" && alive.length === 0 && excused.size === 0) {
      complain(`the original is ${state}, and no replacement is held`, operation);
    }
    if (alive.length > maxReplacements) {
      complain(`${String(alive.length)} replacements at once`, operation);
    }
    if (!isKept(state) && !excused.has("original")) complain(`the original is ${state}`, operation);
    for (const [id, holder] of Object.entries(holders)) {
      if (holder === "nobody" && excused.size === 0) complain(`nobody holds ${id}`, operation);
    }
    for (const id of volumeIds) {
      if (control.write(id).acknowledged) acknowledged.set(id, (acknowledged.get(id) ?? 0) + 1);
    }
  };

  cloud.faults.before((call) => {
    if (call.caller.accountId !== accountId || !isMutating(call.operation)) return;
    const isDryRun = (call.input as { readonly DryRun?: boolean }).DryRun === true;
    if (isDryRun) return;
    complain(judgeCall(call, subject, control.instances(accountId)), call.operation);
    for (const rule of rules) complain(rule(call), call.operation);
  });
  cloud.faults.after((call) => {
    look(call.operation);
  });

  return {
    moments,
    broken,
    acknowledged,
    rootVolumeId,
    dataVolumeIds: volumeIds.filter((id) => id !== rootVolumeId),
    allocationIds,
    secondaryInterfaceIds: (first?.networkInterfaceIds ?? []).slice(1),
    secondaryPrivateIps: (first?.privateIps ?? []).slice(1),
    mutations: () =>
      cloud.journal
        .slice(from)
        .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun),
    forbid: (rule) => {
      rules.add(rule);
      return () => rules.delete(rule);
    },
    excuse: (what) => {
      excused.add(what);
    },
  };
};
