/**
 * A state table that was restored: what is to hold from the first instant on, what in it does not agree with the world, and when
 * the kill switch may be lifted.
 */
import { createHash } from "node:crypto";
import { findExecution } from "../../adapters/aws/stepfunctions.ts";
import { forgetAbsence, listAbsencesIn } from "../../adapters/store/absences.ts";
import { listAllAccounts } from "../../adapters/store/accounts.ts";
import { voidApprovals } from "../../adapters/store/approval-settings.ts";
import { listEvaluations } from "../../adapters/store/evaluations.ts";
import { setKillSwitch } from "../../adapters/store/kill-switch.ts";
import { cutLease } from "../../adapters/store/leases.ts";
import { readRestore, readRestoredTable, updateRestore } from "../../adapters/store/restores.ts";
import { listReadings, noteReading, readUnclaimedIn } from "../../adapters/store/unclaimed.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { wasReadSince } from "../../core/decide/unclaimed.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { Place } from "../../core/model/place.ts";
import { hasItsSettings, type Restore } from "../../core/model/restore.ts";
import type { Unclaimed } from "../../core/model/unclaimed.ts";
import { executionNameOf } from "../evaluation/unstarted.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";

const largestPage = 100;

/** What declaring one needs: the command that sets a restored table's settings does it before any function reads the table. */
type Declaring = Pick<ApiContext, "now" | "randomId" | "table">;

const listOpen = async (
  { table }: Pick<ApiContext, "table">,
  status: "PENDING" | "RUNNING",
): Promise<readonly Evaluation[]> => {
  const open: Evaluation[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvaluations(table, {
      status,
      limit: largestPage,
      ...(cursor === undefined ? {} : { cursor }),
    });
    open.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return open;
};

const listAllOpen = async (context: Pick<ApiContext, "table">): Promise<readonly Evaluation[]> => [
  ...(await listOpen(context, "PENDING")),
  ...(await listOpen(context, "RUNNING")),
];

const listPlaces = async ({ table }: Pick<ApiContext, "table">): Promise<readonly Place[]> =>
  (await listAllAccounts(table))
    .filter(({ status }) => status === "ACTIVE")
    .flatMap(({ accountId, regions }) => regions.map((region) => ({ accountId, region })));

/** Absences are counted anew, and what carries our tags is read again at once. */
const startClocksAnew = async (context: Declaring, { at }: Restore): Promise<void> => {
  const { table } = context;
  for (const place of await listPlaces(context)) {
    for (const { absence } of (await listAbsencesIn(table, place)).values()) {
      await forgetAbsence(table, place, absence.targetId);
    }
    await noteReading(table, { ...place, dueAt: at });
  }
};

export interface Declared {
  readonly by: string;
  readonly reason: string;
}

/**
 * The kill switch first: whoever dies after it has stopped everything, and begins again. One that nobody has reconciled goes on under
 * its epoch.
 */
export const declareRestore = async (
  context: Declaring,
  { by, reason }: Declared,
): Promise<Restore> => {
  const { table, now } = context;
  const why = `The state table was restored: ${reason}`;
  await setKillSwitch(table, { scope: "global", engaged: true, reason: why, by, now: now() });
  const at = now().toISOString();
  const epoch = Math.floor(now().getTime() / 1000);
  const restoreId = `rst-${context.randomId()}`;
  const restore = await updateRestore(table, (stored) =>
    stored !== undefined && stored.reconciled === undefined
      ? stored
      : { restoreId, epoch: Math.max(epoch, (stored?.epoch ?? 0) + 1), at, by, reason },
  );
  await voidApprovals(table, restore.at);
  for (const { leases } of await listAllOpen(context)) {
    for (const { resource } of leases) await cutLease(table, resource, restore.epoch);
  }
  await startClocksAnew(context, restore);
  return restore;
};

export interface Reconciliation {
  readonly restore: Restore;
  /** All that a restore does not bring along was set and read back (`npm run restore`). */
  readonly hasItsSettings: boolean;
  /** Open in the table; what Step Functions says of its execution. */
  readonly evaluations: readonly {
    readonly evaluation: Evaluation;
    readonly execution: "RUNNING" | "ENDED" | "UNKNOWN";
  }[];
  /** Not read since, so that nothing is known of what carries our tags there. */
  readonly unread: readonly Place[];
  readonly unclaimed: readonly Unclaimed[];
  readonly hash: string;
}

const executionOf = async (
  { sfn, workflowOf }: ApiContext,
  evaluation: Evaluation,
): Promise<"RUNNING" | "ENDED" | "UNKNOWN"> => {
  const stateMachineArn = workflowOf(evaluation.mode);
  if (stateMachineArn === undefined) return "UNKNOWN";
  const name = executionNameOf(evaluation, evaluation.resolutions?.at(-1)?.resolutionId);
  return (await findExecution(sfn, { stateMachineArn, name })).kind;
};

/** A table of the laptop has none to lose. */
const tableHasItsSettings = async (
  { table, emulated }: ApiContext,
  restore: Restore,
): Promise<boolean> =>
  emulated ||
  table.name === undefined ||
  hasItsSettings(restore, table.name, await readRestoredTable(table));

/** Reads, and changes nothing. Throws the problem 404, and what Step Functions answers. */
export const reconcile = async (context: ApiContext): Promise<Reconciliation> => {
  const { table } = context;
  const restore = await readRestore(table);
  if (restore === undefined) throw new ApiProblem("not-found", "No restore was declared.");
  const evaluations = [];
  for (const evaluation of await listAllOpen(context)) {
    evaluations.push({ evaluation, execution: await executionOf(context, evaluation) });
  }
  const places = await listPlaces(context);
  const readings = await listReadings(table);
  const isRead = (place: Place): boolean =>
    readings.some(
      (each) =>
        each.accountId === place.accountId &&
        each.region === place.region &&
        wasReadSince(each.dueAt, restore.at),
    );
  const rows = await Promise.all(places.map((place) => readUnclaimedIn(table, place)));
  const unclaimed = rows.flat().map(({ row }) => row);
  const named = {
    restoreId: restore.restoreId,
    unclaimed: unclaimed.map(({ accountId, region, kind, id }) => [accountId, region, kind, id]),
  };
  return {
    restore,
    hasItsSettings: await tableHasItsSettings(context, restore),
    evaluations,
    unread: places.filter((place) => !isRead(place)),
    unclaimed,
    hash: createHash("sha256").update(canonicalJson(named)).digest("hex"),
  };
};

const whyNot = (found: Reconciliation, agreed: string): string | undefined => {
  const { evaluations, unread, hash } = found;
  if (!found.hasItsSettings) {
    return "The settings of the table were not read back since. Next: npm run restore -- --table NAME --reason WHY --apply.";
  }
  const [open] = evaluations;
  if (open !== undefined) {
    const { evaluationId, status } = open.evaluation;
    return `Evaluation ${evaluationId} is ${status} in the table, and its execution is ${open.execution}. Roll it back, or adopt what serves.`;
  }
  const [place] = unread;
  if (place !== undefined) {
    return `${place.region} of account ${place.accountId} was not read since: find-unclaimed does so within 15 minutes.`;
  }
  return hash === agreed ? undefined : `The findings are ${hash} by now: read them again.`;
};

/** Throws the problems 404 and 409. */
export const noteReconciled = async (
  context: ApiContext,
  { by, reason, hash }: Declared & { readonly hash: string },
): Promise<Restore> => {
  const found = await reconcile(context);
  const why = whyNot(found, hash);
  if (why !== undefined) throw new ApiProblem("conflict", why);
  const reconciled = { at: context.now().toISOString(), by, reason, hash };
  return updateRestore(context.table, (stored) => ({ ...(stored ?? found.restore), reconciled }));
};

/** Throws the problem 409 as long as nobody has looked at what a restore means. */
export const requireReconciled = async ({ table }: ApiContext): Promise<void> => {
  const restore = await readRestore(table);
  if (restore === undefined || restore.reconciled !== undefined) return;
  throw new ApiProblem(
    "conflict",
    `The state table was restored at ${restore.at}. Look at GET /restore and answer PUT /restore/reconciled before the kill switch is lifted.`,
  );
};
