/** Compares a restored state table with the world, and says whether somebody who has looked may go on. */
import { hash } from "node:crypto";
import { findExecution } from "../../adapters/aws/stepfunctions.ts";
import { readDeploymentId } from "../../adapters/store/deployment.ts";
import { readRestore, readRestoredTable, updateRestore } from "../../adapters/store/restores.ts";
import type { Table } from "../../adapters/store/table.ts";
import { listReadings, readUnclaimedIn } from "../../adapters/store/unclaimed.ts";
import { canonicalJson } from "../../core/canonical.ts";
import type { RestoredTarget } from "../../core/decide/restored-target.ts";
import { wasReadSince } from "../../core/decide/unclaimed.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import { placeKey, type Place } from "../../core/model/place.ts";
import { hasItsSettings, type Restore } from "../../core/model/restore.ts";
import type { Unclaimed } from "../../core/model/unclaimed.ts";
import { executionNameOf } from "../evaluation/unstarted.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";
import { compareTargets } from "./restored-targets.ts";
import { listAllOpen, listConnectedPlaces, type Declared } from "./restore.ts";

export interface Reconciliation {
  readonly restore: Restore;
  /** All that a restore does not bring along was set and read back (`npm run restore`). */
  readonly hasItsSettings: boolean;
  /** Open in the table; what Step Functions says of its execution. */
  readonly evaluations: readonly {
    readonly evaluation: Evaluation;
    readonly execution: "RUNNING" | "ENDED" | "UNKNOWN";
  }[];
  /** Of which the table does not say what is. */
  readonly targets: readonly RestoredTarget[];
  /** Not read since, or not to be read, so that nothing is known of what stands there. */
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

/** Of what a person agrees to; states that pass by themselves (stopping, stopped) are not in it. */
const hashOf = ({
  restore,
  targets,
  unclaimed,
}: Pick<Reconciliation, "restore" | "targets" | "unclaimed">): string => {
  const named = {
    restoreId: restore.restoreId,
    targets: targets.map(({ targetId, instanceId, standing, running }) => [
      targetId,
      instanceId,
      standing,
      ...running,
    ]),
    unclaimed: unclaimed.map(({ accountId, region, kind, id }) => [accountId, region, kind, id]),
  };
  return hash("sha256", canonicalJson(named));
};

/** A table from before the first evaluation has no id of its deployment: no tag tells what is ours, and no reading comes. */
const readSince = async (
  table: Table,
  { at }: Restore,
): Promise<ReadonlySet<string> | "NOTHING_TAGGED"> =>
  (await readDeploymentId(table)) === undefined
    ? "NOTHING_TAGGED"
    : new Set(
        (await listReadings(table)).filter(({ dueAt }) => wasReadSince(dueAt, at)).map(placeKey),
      );

/** Reads, and changes nothing. Throws the problem 404, and what Step Functions and EC2 answer. */
export const reconcile = async (context: ApiContext): Promise<Reconciliation> => {
  const { table } = context;
  const restore = await readRestore(table);
  if (restore === undefined) throw new ApiProblem("not-found", "No restore was declared.");
  const evaluations = [];
  for (const evaluation of await listAllOpen(context)) {
    evaluations.push({ evaluation, execution: await executionOf(context, evaluation) });
  }
  const connected = await listConnectedPlaces(context);
  const places = connected.map(({ account: { accountId }, region }) => ({ accountId, region }));
  const { targets, unread } = await compareTargets(context, connected);
  const read = await readSince(table, restore);
  const unreadable = new Set(unread.map(placeKey));
  const isRead = (place: Place): boolean =>
    !unreadable.has(placeKey(place)) && (read === "NOTHING_TAGGED" || read.has(placeKey(place)));
  const rows = await Promise.all(places.map((place) => readUnclaimedIn(table, place)));
  const unclaimed = rows.flat().map(({ row }) => row);
  return {
    restore,
    hasItsSettings: await tableHasItsSettings(context, restore),
    evaluations,
    targets,
    unread: places.filter((place) => !isRead(place)),
    unclaimed,
    hash: hashOf({ restore, targets, unclaimed }),
  };
};

const whyNot = (found: Reconciliation, agreed: string): string | undefined => {
  const { evaluations, targets, unread, hash } = found;
  if (!found.hasItsSettings) {
    return "The settings of the table were not read back since. Next: npm run restore -- --table NAME --reason WHY --apply.";
  }
  const [open] = evaluations;
  if (open !== undefined) {
    const { evaluationId, status } = open.evaluation;
    return `Evaluation ${evaluationId} is ${status} in the table, and its execution is ${open.execution}. Roll it back, or adopt what serves.`;
  }
  const elsewhere = targets.find(({ standing }) => standing === "ANOTHER_RUNS");
  if (elsewhere !== undefined) return `Target ${elsewhere.targetId}: ${elsewhere.sentence}`;
  const [place] = unread;
  if (place !== undefined) {
    return `${place.region} of account ${place.accountId} was not read since: find-unclaimed does so within 15 minutes, where the role of the account lets it.`;
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
