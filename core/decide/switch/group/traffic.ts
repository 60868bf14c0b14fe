/** Rules about where members get their traffic from: what can't be read can't be proved. */
import { unservedIn } from "../../../model/target-group.ts";
import { listed } from "../objection.ts";
import type { GroupRule } from "./rule.ts";

/** AWS answers an attach with "Provided Load Balancers may not be valid". */
const targetGroupsExist: GroupRule = ({ group: { asgName, traffic } }) =>
  traffic.missing.length === 0
    ? undefined
    : {
        code: "TARGET_GROUP_MISSING",
        sentence: `Group ${asgName} names ${listed(traffic.missing)}, which Elastic Load Balancing does not know: it can neither attach nor end members properly. Take it out of the group (aws autoscaling detach-traffic-sources).`,
      };

const isReadable: GroupRule = ({ group: { asgName, traffic } }) =>
  traffic.unreadable.length === 0
    ? undefined
    : {
        code: "TRAFFIC_SOURCE_UNREADABLE",
        sentence: `Group ${asgName} gets traffic from ${listed(traffic.unreadable)}, whose health checks can't be read in this version, so that nothing proves a replacement: use a load balancer with target groups, or keep the group On-Demand.`,
      };

/** Its members in a zone that a balancer does not serve get nothing, and neither would their replacements. */
const isServed: GroupRule = ({ group: { asgName, zones, traffic } }) => {
  const found = zones.flatMap(({ zoneId, zoneName }) => {
    const unserved = unservedIn(traffic.targetGroups, zoneId);
    return unserved === undefined ? [] : [{ ...unserved, zoneName }];
  })[0];
  return found === undefined
    ? undefined
    : {
        code: "ZONE_WITHOUT_LOAD_BALANCER",
        sentence: `Load balancer ${found.loadBalancer.arn} of target group ${found.group.arn} does not serve ${found.zoneName}, a zone of group ${asgName}: enable that zone for the load balancer, or take it out of the group.`,
      };
};

export const trafficRules: readonly GroupRule[] = [targetGroupsExist, isReadable, isServed];
