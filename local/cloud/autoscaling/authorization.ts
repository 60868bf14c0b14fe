/**
 * What a call is authorised on: the group that it names, with its tags; for tags, those of the request. Source: Service Authorization
 * Reference, "Actions, resources, and condition keys for Amazon EC2 Auto Scaling"; reads are on no resource.
 */
import type { Authorization, Call } from "../contract.ts";
import { asked, type ResourceFacts } from "../iam/asked.ts";
import { placeOf, regionOf, type AutoScalingContext } from "./context.ts";
import type { Group } from "./state.ts";

type Tags = Readonly<Record<string, string>>;

interface TagShape {
  readonly ResourceId?: string | undefined;
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** What the calls that change something have in common. */
interface Named {
  readonly AutoScalingGroupName?: string | undefined;
  readonly InstanceId?: string | undefined;
  readonly InstanceIds?: readonly string[] | undefined;
  readonly Tags?: readonly TagShape[] | undefined;
  readonly MinSize?: number | undefined;
  readonly MaxSize?: number | undefined;
}

const recordOf = (tags: readonly TagShape[]): Tags =>
  Object.fromEntries(tags.map(({ Key: key = "", Value: value = "" }) => [key, value]));

const type = "autoScalingGroup";

const factsOf = (group: Group, input: Named): ResourceFacts => {
  const tags = recordOf(group.tags);
  const requested = input.Tags?.filter(({ ResourceId: id = group.name }) => id === group.name);
  const sizes = { "autoscaling:MinSize": input.MinSize, "autoscaling:MaxSize": input.MaxSize };
  return {
    arn: group.arn,
    type,
    tags,
    requestTags: requested === undefined ? undefined : recordOf(requested),
    keys: Object.fromEntries(
      Object.entries(sizes).map(([key, value]) => [
        key,
        value === undefined ? undefined : String(value),
      ]),
    ),
  };
};

const groupsNamed = (context: AutoScalingContext, call: Call, input: Named): readonly Group[] => {
  const { groups } = regionOf(context, call);
  const { accountId } = placeOf(call);
  const ids = [input.InstanceId ?? [], input.InstanceIds ?? []].flat();
  const owners = ids.flatMap((id) => context.memberships.get(id) ?? []);
  const names = [
    input.AutoScalingGroupName ?? [],
    ...(input.Tags ?? []).map(({ ResourceId: id }) => id ?? []),
  ].flat();
  const named = names.flatMap((name) => groups.get(name) ?? []);
  const found = input.AutoScalingGroupName === undefined ? [...named, ...owners] : named;
  return [...new Set(found)].filter((group) => group.accountId === accountId);
};

const onGroups =
  (context: AutoScalingContext): Authorization<Named> =>
  (call, input) => {
    context.timeline.settle();
    const action = `autoscaling:${call.operation}`;
    return [
      asked(
        action,
        groupsNamed(context, call, input).map((group) => factsOf(group, input)),
      ),
    ];
  };

/** It has no id yet. */
const onNewGroup = (): Authorization<Named> => (call, input) => {
  const { accountId, region } = placeOf(call);
  const name = input.AutoScalingGroupName ?? "";
  const arn = `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${name}`;
  const facts = { arn, type, requestTags: recordOf(input.Tags ?? []) };
  return [asked(`autoscaling:${call.operation}`, [facts])];
};

export const authorizationOf = (
  context: AutoScalingContext,
  operations: readonly string[],
): Readonly<Record<string, Authorization<never>>> => {
  const changing = operations.filter((name) => !name.startsWith("Describe"));
  const entries = changing
    .filter((name) => name !== "PutAccountSetting")
    .map((name) => [name, name === "CreateAutoScalingGroup" ? onNewGroup() : onGroups(context)]);
  return Object.fromEntries(entries) as Readonly<Record<string, Authorization<never>>>;
};
