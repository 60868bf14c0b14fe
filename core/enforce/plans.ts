/** What persons are asked to agree to, from ids and kinds alone: the text of a tag is written by anybody. */
import type { FindingsPlan } from "../approval/findings.ts";
import type { Finding } from "../model/enforcer.ts";
import { findingIdOf } from "./finding-id.ts";

/** What the enforcer asks about. */
export type EnforcerPlan = FindingsPlan & {
  readonly kind: NonNullable<Finding["agreed"]>["kind"];
};

const withEffect = (
  findings: readonly Finding[],
  effect: Finding["effects"][number],
  sentence: string,
): readonly string[] =>
  findings
    .filter(({ effects }) => effects.includes(effect))
    .map(({ instanceId }) => `${instanceId}: ${sentence}`);

export const stopPlan = (findings: readonly Finding[]): EnforcerPlan => {
  const erased = [
    ...withEffect(
      findings,
      "INSTANCE_STORE_DISKS",
      "the data of its instance-store disks are erased",
    ),
    ...withEffect(
      findings,
      "INSTANCE_STORE_UNKNOWN",
      "data of instance-store disks, if it has any, are erased",
    ),
  ];
  return {
    kind: "STOP_INSTANCES",
    subject: "what nobody owns",
    findings: findings.map(findingIdOf),
    changes: [
      "each instance of the list is stopped, one after the other",
      ...erased,
      ...withEffect(findings, "CLOUDFORMATION_STACK", "its CloudFormation stack drifts"),
    ],
    isIrreversible: erased.length > 0,
  };
};

export const terminationPlan = (findings: readonly Finding[]): EnforcerPlan => ({
  kind: "TERMINATE_INSTANCES",
  subject: "what stands stopped that nobody owned",
  findings: findings.map(findingIdOf),
  changes: [
    "each instance of the list is terminated, with the volumes that are deleted on termination: that can't be taken back",
  ],
  isIrreversible: true,
});
