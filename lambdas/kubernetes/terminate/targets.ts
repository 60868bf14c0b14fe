/** In which target groups of its cluster's load balancers a node stands by its instance id, and in which classic load balancers. */
import { readClassicLoadBalancersOf } from "../../../adapters/aws/classic-elb.ts";
import { readClusterTargetGroups, readStandings } from "../../../adapters/aws/elb.ts";
import { orAbsent } from "../../../adapters/aws/or-absent.ts";
import type { NodeTarget } from "../../../core/decide/kubernetes/traffic.ts";
import type { KubernetesSession } from "../session.ts";

/** Undefined: one was deleted while they were read, and they are to be read again. */
export const readNodeTargets = async (
  session: KubernetesSession<"classicElb" | "elb">,
  instanceId: string,
): Promise<readonly NodeTarget[] | undefined> => {
  const { classicElb, elb } = await session.customer();
  const { clusterName } = session.evaluation.subject;
  const arns = await orAbsent(() => readClusterTargetGroups(elb, clusterName));
  if (arns === undefined) return undefined;
  const found: NodeTarget[] = [];
  for (const arn of arns) {
    const targets = (await readStandings(elb, arn)) ?? [];
    for (const { standing, instanceId: its } of targets) {
      if (its === instanceId) found.push({ arn, standing });
    }
  }
  // As long as one has it, requests come; how long it lets them end afterwards, it does not show.
  const classic = await readClassicLoadBalancersOf(classicElb, instanceId);
  return [
    ...found,
    ...classic.map((name) => ({
      arn: `classic load balancer ${name}`,
      standing: "ready" as const,
    })),
  ];
};
