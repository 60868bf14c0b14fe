/** What tests of a group's bad days share: a laboratory, the moment at which something happens, and what its owner does. */
import type { FaultCall } from "../../../local/cloud/faults.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";
import type { Swap } from "../../../core/model/swap.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";

export type DayLab = GroupLab & { readonly before: GroupSummary };

/** With its group as it is now. */
export const withBefore = (lab: GroupLab): DayLab => {
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

export const labOf = async (options: GroupLabOptions): Promise<DayLab> =>
  withBefore(await createGroupLab(options));

/** Right after our nth call of the operation. */
export const after = (
  { platform, name }: GroupLab,
  operation: string,
  nth: number,
  happens: () => unknown,
): void => {
  let seen = 0;
  platform.cloud.faults.after(async (call) => {
    const isOurs = call.caller.accountId === name.accountId && call.caller.sessionName;
    if (call.operation !== operation || isOurs === undefined) return;
    seen += 1;
    if (seen === nth) await happens();
  });
};

/** The first that a call names. */
export const memberIn = ({ input }: FaultCall): string => {
  const { InstanceId: one, InstanceIds: [first] = [] } = input as {
    readonly InstanceId?: string;
    readonly InstanceIds?: readonly string[];
  };
  return one ?? first ?? "";
};

/** Right before our first call of the operation: after our last look at the group. */
export const rightBefore = (
  { platform }: GroupLab,
  operation: string,
  happens: (instanceId: string) => Promise<unknown>,
): { readonly taken: () => string } => {
  let taken = "";
  platform.cloud.faults.before(async (call) => {
    const isOurs = call.operation === operation && call.caller.sessionName !== undefined;
    if (!isOurs || taken !== "") return;
    taken = memberIn(call);
    await happens(taken);
  });
  return { taken: () => taken };
};

/** The owner of the account calls Auto Scaling. */
export const asOwner = ({ platform, name }: GroupLab) => {
  const { accountId, region } = name;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  return (operation: string, input: object): Promise<unknown> =>
    platform.cloud.call({
      service: "autoscaling",
      operation,
      region,
      accessKeyId,
      input: { AutoScalingGroupName: name.name, ...input },
    });
};

export const stagesOf = (swaps: readonly Swap[]): readonly string[] =>
  swaps.map(({ stage }) => stage);

export const onSpot = (group: GroupSummary | undefined): number =>
  group?.members.filter(({ lifecycle }) => lifecycle === "spot").length ?? 0;

/** Our launches, dry runs aside. */
export const launchesOf = ({ platform }: GroupLab): number =>
  platform.cloud.journal.filter(({ operation, dryRun }) => operation === "RunInstances" && !dryRun)
    .length;

/** How often we made the call. */
export const callsOf = ({ effects }: GroupEnding, action: string): number =>
  effects.filter((effect) => effect.action === action).length;

export const membersOf = (group: GroupSummary | undefined): readonly string[] =>
  group?.members.map(({ instanceId }) => instanceId) ?? [];

/** The batch's replacements, as EC2 has them. */
export const replacementsOf = ({ swaps }: GroupEnding): readonly string[] =>
  swaps.flatMap(({ replacement }) => replacement?.instanceId ?? []);
