/**
 * Finds what was kept of the last launch for a target: which of its evaluations launched an instance, and what that knew of the load. EC2
 * forgets an instance an hour after its end, so that a recovery rests on our own records.
 */
import {
  listEvaluations,
  loadEvaluation,
  loadSubjectFacts,
  type StoredEvaluation,
} from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { loadKeptLaunch } from "../../adapters/store/kept-launches.ts";
import type { Table } from "../../adapters/store/table.ts";
import { secondsAfterLaunch } from "../../core/decide/linear/paces.ts";
import { lastRootOf } from "../../core/decide/linear/last-root.ts";
import { buysOnDemand } from "../../core/decide/linear/recovery.ts";
import { primaryInterface } from "../../core/decide/linear/travelling-parts.ts";
import type { Evaluation, LinearFacts, Placement } from "../../core/model/evaluation.ts";
import type { EvaluationId, InstanceId, TargetId } from "../../core/model/ids.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import { changesOf, type Intent } from "../../core/model/intent.ts";
import type { Pool } from "../../core/model/market.ts";
import { swapOf } from "./session.ts";

/** One that was left open, and then given to the instance by a person, counts as made. */
export const wasMade = ({ status }: Evaluation): boolean =>
  status === "SWITCHED" || status === "ADOPTED";

export interface LastLaunch {
  readonly placedBy: Placement;
  readonly pool: Pool;
  /** As the evaluation before the launch saw it, by the lost instance's name. Absent: its facts are not kept. */
  readonly instance?: InstanceFacts;
  readonly originalType?: LinearFacts["originalType"];
  /** On which it ran. Undefined: our records don't say, as of a load without data. */
  readonly rootVolumeId: string | undefined;
  /** The last one that was made of the load, else its owner's. */
  readonly imageId: string | undefined;
  readonly isOnDemand: boolean;
  /** From the launch until its checks had passed; 0 where nobody waited for them. */
  readonly bootSeconds: number;
}

/** What the evaluation left: a recovery, and a move, were held against what the first switch had found. */
export const placementIn = async (
  table: Table,
  { evaluationId, kind, subject, registered }: Evaluation & { readonly mode: "LINEAR" },
): Promise<Placement | undefined> => {
  if (kind === "RECOVER" || kind === "MOVE") {
    const { placedBy } = ((await loadSubjectFacts(table, evaluationId)) ?? {}) as LinearFacts;
    if (placedBy !== undefined) return { ...placedBy, evaluationId };
  }
  const originalType = registered?.target.instanceType;
  return originalType === undefined
    ? undefined
    : { evaluationId, originalId: subject.instanceId, originalType };
};

/** The interface to which the identity of the primary one was moved. Undefined: nothing of the identity hung on it. */
const movedTo = (intents: readonly Intent[], interfaceId: string): string | undefined =>
  [...changesOf(intents, "MOVE_ADDRESS"), ...changesOf(intents, "MOVE_PRIVATE_IPS")].find(
    ({ fromInterfaceId }) => fromInterfaceId === interfaceId,
  )?.toInterfaceId;

/** As the instance that was launched had it: its name, and the interface from which the identity is taken now. */
const standsAt = (
  instance: InstanceFacts,
  instanceId: InstanceId,
  intents: readonly Intent[],
): InstanceFacts => {
  const primary = primaryInterface(instance)?.networkInterfaceId;
  const moved = primary === undefined ? undefined : movedTo(intents, primary);
  return {
    ...instance,
    instanceId,
    lifecycle: "spot",
    networkInterfaces: instance.networkInterfaces.map((found) =>
      moved !== undefined && found.networkInterfaceId === primary
        ? { ...found, networkInterfaceId: moved }
        : found,
    ),
  };
};

/** What it knew of the load. A version before this one kept no launch: then nothing can be launched anew. */
const factsOf = async (table: Table, evaluationId: EvaluationId): Promise<LinearFacts> => {
  const isKept = (await loadKeptLaunch(table, evaluationId)) !== undefined;
  // What is stored of an evaluation is of its mode.
  return (isKept ? await loadSubjectFacts(table, evaluationId) : undefined) ?? {};
};

const read = async (
  table: Table,
  { evaluation, swaps }: StoredEvaluation,
  instanceId: InstanceId,
): Promise<LastLaunch | undefined> => {
  const replacement = swapOf({ swaps })?.replacement;
  if (evaluation.mode !== "LINEAR" || replacement?.instanceId !== instanceId) return undefined;
  const placedBy = await placementIn(table, evaluation);
  if (placedBy === undefined) return undefined;
  const { evaluationId, progress, verdict } = evaluation;
  const { instance, originalType } = await factsOf(table, evaluationId);
  const intents = await listIntents(table, evaluationId);
  return {
    placedBy,
    pool: replacement.pool,
    isOnDemand: verdict !== undefined && buysOnDemand(verdict, progress),
    rootVolumeId: lastRootOf(progress, intents, instanceId),
    imageId: progress.finalImageId ?? progress.warmImageId,
    bootSeconds: Math.max(0, secondsAfterLaunch(evaluation)),
    ...(instance === undefined ? {} : { instance: standsAt(instance, instanceId, intents) }),
    ...(originalType === undefined ? {} : { originalType }),
  };
};

const pageSize = 50;

/** Newest first. Undefined: none of the target's evaluations has launched this instance and was made. */
export const findLastLaunch = async (
  table: Table,
  { targetId, instanceId }: { readonly targetId: TargetId; readonly instanceId: InstanceId },
): Promise<LastLaunch | undefined> => {
  let cursor: string | undefined;
  do {
    const page = await listEvaluations(table, {
      targetId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { evaluationId } of page.items.filter(wasMade)) {
      const stored = await loadEvaluation(table, evaluationId);
      const found = stored && (await read(table, stored, instanceId));
      if (found !== undefined) return found;
    }
    ({ cursor } = page);
  } while (cursor !== undefined);
  return undefined;
};
