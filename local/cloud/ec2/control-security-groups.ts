/** Security groups of the simulated EC2, as scenarios declare and judges look at them. */
import type { Ec2Context } from "./context.ts";
import { findInstance } from "./disk-writes.ts";
import { openRegion } from "./regions.ts";
import { interfacesOf } from "./interface-records.ts";
import { declareGroup, rulesIn } from "./security-group-records.ts";
import type { Instance, RegionState } from "./state.ts";

interface SecurityGroupSummary {
  readonly groupId: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Inbound and outbound together. */
  readonly rules: number;
}

export interface SecurityGroupControl {
  /** One that the owner has, with rules. One that is there already stays as it is. */
  addSecurityGroup(group: {
    readonly accountId: string;
    readonly region: string;
    readonly groupId: string;
    /** Default: the id. */
    readonly name?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): void;
  /** All groups of the account: its VPCs' own, those of a scenario, and those that were created. */
  securityGroups(accountId: string): readonly SecurityGroupSummary[];
  /** Whether all interfaces of the instance are only in groups without any rule. */
  isIsolated(instanceId: string): boolean;
}

/** Whether all its interfaces are in groups without any rule alone: nothing reaches it, and it reaches nobody. */
const isIsolated = (region: RegionState, instance: Instance): boolean =>
  interfacesOf(region, instance)
    .flatMap(({ groups }) => groups)
    .every((id) => {
      const group = region.securityGroups.get(id);
      return group !== undefined && rulesIn(group) === 0;
    });

export const securityGroupControls = (context: Ec2Context): SecurityGroupControl => ({
  addSecurityGroup: ({ accountId, region, groupId: id, name = id, tags = {} }) => {
    declareGroup(context, openRegion(context, accountId, region), { id, name, tags: { ...tags } });
  },
  securityGroups: (accountId) => {
    context.timeline.settle();
    return [...(context.accounts.get(accountId)?.regions.values() ?? [])].flatMap((region) =>
      [...region.securityGroups.values()].map((group) => ({
        groupId: group.id,
        accountId,
        region: region.region,
        name: group.name,
        tags: { ...group.tags },
        rules: rulesIn(group),
      })),
    );
  },
  isIsolated: (instanceId) => {
    context.timeline.settle();
    const found = findInstance(context, instanceId);
    if (found === undefined) throw new Error(`There is no instance ${instanceId}.`);
    return isIsolated(found.region, found.instance);
  },
});
