/** The targets of an account that are nodes: one node and its whole group can't both be registered. */
import { listTargets } from "../../adapters/store/targets.ts";
import type { Table } from "../../adapters/store/table.ts";
import { canonicalJson } from "../../core/canonical.ts";
import type { AccountId, TargetId } from "../../core/model/ids.ts";
import { nodeGroupSubject } from "../../core/model/subject.ts";
import type { TargetOf } from "../../core/model/target.ts";

const pageSize = 100;

export const nodeTargets = async (
  table: Table,
  accountId: AccountId,
): Promise<readonly TargetOf<"KUBERNETES">[]> => {
  const found: TargetOf<"KUBERNETES">[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items.filter((target) => target.pipelineMode === "KUBERNETES"));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
};

/** Another one that takes some of the nodes which this one would take: a group's target takes them all. */
export const holderOfNodes = (
  registered: readonly TargetOf<"KUBERNETES">[],
  target: TargetOf<"KUBERNETES">,
): TargetId | undefined => {
  const key = canonicalJson(nodeGroupSubject(target));
  return registered.find(
    (found) =>
      found.targetId !== target.targetId &&
      canonicalJson(nodeGroupSubject(found)) === key &&
      (found.node.scope === "ALL" || target.node.scope === "ALL"),
  )?.targetId;
};
