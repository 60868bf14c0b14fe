/** Groups and their members as callers describe them. */
import type {
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  Filter,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import { regionOf, type AutoScalingContext } from "./context.ts";
import { pageOf } from "./paging.ts";
import { invalid } from "./refusals.ts";
import type { Group } from "./state.ts";
import { viewDetails, viewGroup } from "./view.ts";

/** `tag:<key>`, `tag-key`, `tag-value`, `propagate-at-launch`. (API reference, Filter.) */
const matchesTags = (group: Group, filters: readonly Filter[]): boolean =>
  filters.every(({ Name: name = "", Values: values = [] }) => {
    if (name === "tag-key") return group.tags.some(({ Key: key = "" }) => values.includes(key));
    if (name === "tag-value") {
      return group.tags.some(({ Value: value = "" }) => values.includes(value));
    }
    if (name === "propagate-at-launch") {
      return group.tags.some(({ PropagateAtLaunch: is }) => values.includes(String(is)));
    }
    if (!name.startsWith("tag:")) throw invalid(`Filter type ${name} is not valid.`);
    const tag = group.tags.find(({ Key: key }) => key === name.slice("tag:".length));
    return tag !== undefined && (values.length === 0 || values.includes(tag.Value ?? ""));
  });

const describeGroups =
  (context: AutoScalingContext) =>
  (call: Call, input: AutoScalingGroupNamesType): AutoScalingGroupsType => {
    const { AutoScalingGroupNames: names = [], Filters: filters = [] } = input;
    // One that does not exist is left out: it is not refused.
    const groups = [...regionOf(context, call).groups.values()]
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .filter((group) => matchesTags(group, filters));
    const { items, next } = pageOf(groups, input, context.settings.pageSize);
    const isWhole = input.IncludeInstances !== false;
    return { AutoScalingGroups: items.map((group) => viewGroup(context, group, isWhole)), ...next };
  };

const describeInstances =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeAutoScalingInstancesType): AutoScalingInstancesType => {
    const { InstanceIds: ids = [] } = input;
    const members = [...regionOf(context, call).groups.values()].flatMap((group) =>
      [...group.members.values()]
        .filter(({ instanceId }) => ids.length === 0 || ids.includes(instanceId))
        .map((member) => viewDetails(context, group, member)),
    );
    const { items, next } = pageOf(members, input, context.settings.pageSize);
    return { AutoScalingInstances: items, ...next };
  };

export const groupReads = (context: AutoScalingContext) => ({
  DescribeAutoScalingGroups: describeGroups(context),
  DescribeAutoScalingInstances: describeInstances(context),
});
