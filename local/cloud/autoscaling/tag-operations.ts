/** Tags of groups, and the load balancers that a group is attached to. */
import type {
  AttachLoadBalancerTargetGroupsType,
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  DetachLoadBalancerTargetGroupsType,
  Filter,
  Tag,
  TagDescription,
  TagsType,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import { groupOf, inServiceIn, regionOf, type AutoScalingContext } from "./context.ts";
import { mergedTags, requireCalm } from "./group-operations.ts";
import { register } from "./members.ts";
import { pageOf } from "./paging.ts";
import { deadBalancer, invalid } from "./refusals.ts";

const byGroup = (tags: readonly Tag[]): ReadonlyMap<string, readonly Tag[]> => {
  const groups = new Map<string, Tag[]>();
  for (const tag of tags) {
    const { ResourceId: name = "" } = tag;
    groups.set(name, [...(groups.get(name) ?? []), tag]);
  }
  return groups;
};

/** They reach instances that are launched from now on; those that run keep theirs. (User guide, "Tag Auto Scaling groups".) */
const setTags =
  (context: AutoScalingContext) =>
  (call: Call, { Tags: tags = [] }: CreateOrUpdateTagsType): Record<string, never> => {
    const groups = [...byGroup(tags)].map(([name, own]) => ({
      group: groupOf(context, call, name),
      own,
    }));
    for (const { group, own } of groups) {
      requireCalm(context, call, group.name);
      if (own.some(({ Key: key = "" }) => key.toLowerCase().startsWith("aws:"))) {
        throw invalid("Tag keys starting with 'aws:' are reserved for internal use");
      }
      group.tags = mergedTags(group, own);
    }
    return {};
  };

const deleteTags =
  (context: AutoScalingContext) =>
  (call: Call, { Tags: tags = [] }: DeleteTagsType): Record<string, never> => {
    for (const [name, own] of byGroup(tags)) {
      const group = groupOf(context, call, name);
      requireCalm(context, call, group.name);
      const keys = new Set(own.map(({ Key: key }) => key));
      group.tags = group.tags.filter(({ Key: key }) => !keys.has(key));
    }
    return {};
  };

const fields: Readonly<Record<string, (tag: TagDescription) => string>> = {
  "auto-scaling-group": ({ ResourceId: name = "" }) => name,
  key: ({ Key: key = "" }) => key,
  value: ({ Value: value = "" }) => value,
  "propagate-at-launch": ({ PropagateAtLaunch: is = false }) => String(is),
};

const matches = (
  tag: TagDescription,
  { Name: name = "", Values: values = [] }: Filter,
): boolean => {
  const read = fields[name];
  if (read === undefined) throw invalid(`Filter type ${name} is not valid.`);
  return values.includes(read(tag));
};

const describeTags =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeTagsType): TagsType => {
    const { Filters: filters = [] } = input;
    const tags = [...regionOf(context, call).groups.values()]
      .flatMap((group) => group.tags)
      .filter((tag) => filters.every((filter) => matches(tag, filter)));
    const { items, next } = pageOf(tags, input, context.settings.pageSize);
    return { Tags: items, ...next };
  };

/** The members that serve are registered there too. (API reference, AttachLoadBalancerTargetGroups.) */
const attachTargets =
  (context: AutoScalingContext) =>
  (call: Call, input: AttachLoadBalancerTargetGroupsType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const arns = input.TargetGroupARNs ?? [];
    if (arns.some((arn) => !context.targets.isThere(arn))) throw deadBalancer();
    const before = group.definition.TargetGroupARNs ?? [];
    group.definition = {
      ...group.definition,
      TargetGroupARNs: [...new Set([...before, ...arns])],
    };
    for (const member of inServiceIn(group)) register(context, group, member);
    return {};
  };

const detachTargets =
  (context: AutoScalingContext) =>
  (call: Call, input: DetachLoadBalancerTargetGroupsType): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const arns = input.TargetGroupARNs ?? [];
    for (const arn of arns) {
      for (const id of group.members.keys()) context.targets.deregister(arn, id);
    }
    const before = group.definition.TargetGroupARNs ?? [];
    group.definition = {
      ...group.definition,
      TargetGroupARNs: before.filter((arn) => !arns.includes(arn)),
    };
    context.changed(group, { kind: "MEMBERS" });
    return {};
  };

export const tagOperations = (context: AutoScalingContext) => ({
  CreateOrUpdateTags: setTags(context),
  DeleteTags: deleteTags(context),
  DescribeTags: describeTags(context),
  AttachLoadBalancerTargetGroups: attachTargets(context),
  DetachLoadBalancerTargetGroups: detachTargets(context),
});
