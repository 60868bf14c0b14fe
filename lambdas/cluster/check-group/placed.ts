/**
 * Finds the Spot members that an evaluation of this group has put in. A tag finds the evaluation, and entitles to nothing: its own record says that it
 * launched this very instance for this very group, and that it stayed.
 */
import { loadEvaluation } from "../../../adapters/store/evaluations.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { isOnSpot, type GroupFacts } from "../../../core/model/group.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { deploymentTag, evaluationTag } from "../../../core/model/tags.ts";

/** Records read at a time. */
const atATime = 10;

/** The evaluations that its Spot members name, under our own deployment. */
const namedBy = (
  { members }: Pick<GroupFacts, "members">,
  deploymentId: string,
): readonly EvaluationId[] => {
  const named = members.filter(isOnSpot).flatMap(({ instance }) => {
    const { [deploymentTag]: deployment, [evaluationTag]: tag } = instance?.tags ?? {};
    const parsed = evaluationIdSchema.safeParse(tag);
    return deployment === deploymentId && parsed.success ? [parsed.data] : [];
  });
  return [...new Set(named)];
};

/** Instances that it has launched on Spot, and that stayed in the group. */
const placedIn = async (
  table: Table,
  evaluationId: EvaluationId,
  { accountId, region, asgName }: Pick<GroupFacts, "accountId" | "region" | "asgName">,
): Promise<readonly string[]> => {
  const stored = await loadEvaluation(table, evaluationId);
  if (stored?.evaluation.mode !== "CLUSTER") return [];
  const { subject } = stored.evaluation;
  const isSame =
    subject.accountId === accountId && subject.region === region && subject.asgName === asgName;
  if (!isSame) return [];
  return stored.swaps
    .filter(({ stage, purchase }) => purchase === undefined && stage !== "UNDONE")
    .flatMap(({ replacement }) => replacement?.instanceId ?? []);
};

export const placedAmong = async (
  { table, deploymentId }: { readonly table: Table; readonly deploymentId: string },
  group: Pick<GroupFacts, "accountId" | "region" | "asgName" | "members">,
): Promise<NonNullable<GroupFacts["placed"]>> => {
  const named = namedBy(group, deploymentId);
  const placed: { readonly instanceId: string; readonly evaluationId: string }[] = [];
  for (let first = 0; first < named.length; first += atATime) {
    const found = await Promise.all(
      named.slice(first, first + atATime).map(async (evaluationId) => {
        const ids = new Set(await placedIn(table, evaluationId, group));
        return group.members
          .filter(({ instanceId }) => ids.has(instanceId))
          .map(({ instanceId }) => ({ instanceId, evaluationId }));
      }),
    );
    placed.push(...found.flat());
  }
  return placed;
};
