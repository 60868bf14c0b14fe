/** In the end the target group has whoever serves, and nobody else, and the load balancer sends traffic there. */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { Lab } from "../contract.ts";
import type { Promised } from "./promise.ts";

/** Membership is not traffic: whoever serves is healthy there, unless no load balancer uses the group. */
const withoutTraffic = async (
  lab: Lab,
  arn: string,
  server: InstanceSummary,
): Promise<readonly string[]> => {
  if (lab.platform.elb.loadBalancerOf(arn) === undefined) return [];
  const state = await lab.healthOf(server.instanceId);
  return state === "healthy"
    ? []
    : [`${server.instanceId} is ${state ?? "absent"} in the target group`];
};

export const trafficGoesToServer: Promised = {
  atEnd: async ({ lab, server, end }) => {
    const { targetGroupArn: arn } = lab;
    if (server === undefined || arn === undefined) return [];
    // A person must decide, or has said who serves, whatever the group has.
    if (end === "HELD" || end === "ADOPTED") return [];
    const members = [...(await lab.membersOf(arn))].sort().join();
    return [
      ...(members === server.instanceId
        ? []
        : [`the target group has ${members}, not ${server.instanceId}`]),
      ...(end === "SWITCHED" ? await withoutTraffic(lab, arn, server) : []),
    ];
  },
};
