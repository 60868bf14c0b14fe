/** What a preflight tells beside the verdict: how many instances would go to Spot, and what later happens to them by itself. */
import type { EvaluationFacts } from "../../../model/evaluation.ts";
import { isOnDemand, type GroupFacts } from "../../../model/group.ts";
import type { Target } from "../../../model/target.ts";
import { policyOfGroup, readGroupTags } from "../../../policy/group-tags.ts";
import type { Policy } from "../../../policy/policy.ts";
import { toSpot } from "../../cluster/convertible.ts";
import { laterOf } from "../../cluster/outlook.ts";

export interface Beside {
  readonly instances: number;
  readonly later: readonly string[];
}

const groupIn = (facts: EvaluationFacts): GroupFacts | undefined =>
  "group" in facts ? facts.group : undefined;

/** Source of the minutes: kubernetes-sigs/aws-ebs-csi-driver, issues 542, 833 and 1955. */
const volumesOfLostNode =
  "when EC2 takes a node before it is drained, volumes of its pods can stay attached to it for 6 to 25 minutes";

const replacedInTime =
  "when EC2 takes it back, two minutes after a notice, another is launched at once: where that needs longer until it answers, it is down meanwhile";

/** Minutes: `npm run bench -- interruptions`, in the simulated cloud. The longest: cloudstax/firecamp, issue 46. */
const disksOfLost =
  "when EC2 takes it back, it is down until the old instance has ended and another has booted from its disks: some three to four minutes, and in the field once 37, until EC2 had ended it";

export const besideVerdict = (
  { pipelineMode }: Pick<Target, "pipelineMode">,
  facts: EvaluationFacts,
  policy: Policy,
): Beside => {
  const group = groupIn(facts);
  switch (pipelineMode) {
    case "LINEAR":
      return {
        instances: 1,
        later: [policy.consistency === "stateless" ? replacedInTime : disksOfLost],
      };
    case "CLUSTER":
      return group === undefined
        ? { instances: 0, later: [] }
        : {
            instances: toSpot(group, policyOfGroup(policy, readGroupTags(group.tags))).most,
            later: laterOf(group),
          };
    case "KUBERNETES":
      return {
        instances: group?.members.filter(isOnDemand).length ?? 0,
        later: [volumesOfLostNode],
      };
  }
};
