/** Finds the members of a group that are targets of their own. */
import type { Table } from "../../adapters/store/table.ts";
import { findTargetOf } from "../../adapters/store/targets.ts";
import type { GroupFacts } from "../../core/model/group.ts";

/** Table readings at a time. */
const atATime = 20;

/** Members that are targets of their own: two evaluations would work on one instance. */
export const linearTargetsAmong = async (
  table: Table,
  members: GroupFacts["members"],
): Promise<GroupFacts["linearTargets"]> => {
  const found: GroupFacts["linearTargets"][number][] = [];
  for (let first = 0; first < members.length; first += atATime) {
    const some = members.slice(first, first + atATime);
    const targets = await Promise.all(
      some.map(({ instanceId }) => findTargetOf(table, instanceId)),
    );
    for (const target of targets) {
      if (target?.pipelineMode !== "LINEAR") continue;
      found.push({ instanceId: target.instanceId, targetId: target.targetId });
    }
  }
  return found;
};
