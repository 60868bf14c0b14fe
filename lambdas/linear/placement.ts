/**
 * Finds the switch that launched a Spot Instance. Its tag finds the evaluation, and entitles to nothing: the evaluation's own
 * record says that it launched this very instance for this very target, and that the switch was made.
 */
import { loadEvaluation, type StoredEvaluation } from "../../adapters/store/evaluations.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Placement } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type TargetId } from "../../core/model/ids.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { placementIn, wasMade } from "./last-launch.ts";
import { swapOf } from "./session.ts";

/** Launched by it, for the same target; undefined: it was not. */
const ofOwnSwitch = async (
  table: Table,
  { evaluation, ...stored }: StoredEvaluation,
  { instanceId, targetId }: { readonly instanceId: string; readonly targetId: string },
): Promise<Placement | undefined> => {
  const isIts = swapOf(stored)?.replacement?.instanceId === instanceId;
  if (evaluation.mode !== "LINEAR" || !isIts || evaluation.targetId !== targetId) return undefined;
  return wasMade(evaluation) ? placementIn(table, evaluation) : undefined;
};

/** Undefined for what is not a Spot Instance, and for one of its owner's. */
export const findPlacement = async (
  table: Table,
  targetId: TargetId,
  { instanceId, lifecycle, tags }: Pick<InstanceFacts, "instanceId" | "lifecycle" | "tags">,
): Promise<Placement | undefined> => {
  const named = evaluationIdSchema.safeParse(tags[evaluationTag]);
  if (lifecycle !== "spot" || !named.success) return undefined;
  const stored = await loadEvaluation(table, named.data);
  return stored && ofOwnSwitch(table, stored, { instanceId, targetId });
};
