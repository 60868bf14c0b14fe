/** What of a group and of where its traffic comes from lacks the owner's tag of enrolment. */
import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GroupTraffic } from "../../../core/model/group-traffic.ts";
import { isEnrolled } from "../../../core/model/tags.ts";
import { readUnenrolledGroups } from "../elb.ts";
import { tagsOfGroup } from "./group-settings.ts";

/** The group by its name, target groups by ARN. A call for each 20 target groups. */
export const readUnenrolled = async (
  elb: ElasticLoadBalancingV2Client,
  group: AutoScalingGroup,
  { targetGroups }: GroupTraffic,
): Promise<readonly string[]> => [
  ...(isEnrolled(tagsOfGroup(group).tags) ? [] : [group.AutoScalingGroupName ?? "the group"]),
  ...(await readUnenrolledGroups(
    elb,
    targetGroups.map(({ arn }) => arn),
  )),
];
