/** What is another after nodes were replaced, and which of them they are, for who agrees to it. */
import type { Incarnation } from "../../approval/bounds.ts";
import type { FactsOn } from "../../model/evaluation.ts";
import type { Policy } from "../../policy/policy.ts";

export const changesOfNodes = ({
  spotNodeGroup,
  deletePodsAtDeadline,
  allowUnmanagedPods,
}: Policy): readonly string[] => [
  "nodes are drained and replaced, one after the other",
  ...(spotNodeGroup === "" ? [] : [`new nodes in node group ${spotNodeGroup}`]),
  ...(deletePodsAtDeadline ? ["pods that can't be evicted are deleted at the deadline"] : []),
  ...(allowUnmanagedPods ? ["pods that nothing makes anew end"] : []),
];

/** Of one node its launch time, else the group behind the node group. */
export const incarnationOfNodes = ({ group, onlyInstance }: FactsOn<"KUBERNETES">): Incarnation => {
  if (onlyInstance === undefined) return group === undefined ? {} : { groupArn: group.arn };
  const launchedAt = group?.members.find(({ instanceId }) => instanceId === onlyInstance)?.instance
    ?.launchedAt;
  return launchedAt === undefined ? {} : { launchedAt };
};
