/** Lets scenarios and tests read where instances stand, and what they hold. */
import type { Ec2Context } from "./context.ts";
import { bearersIn, holdersIn, instancesIn, runningIn } from "./control-reads.ts";
import { findInstance } from "./disk-writes.ts";
import { requestOf } from "./spot-requests.ts";
import type { RegionState } from "./state.ts";
import { provedIn, statusesOf } from "./status.ts";

/** Reads all of the account's regions. */
export type InRegions = <Found>(
  accountId: string,
  read: (region: RegionState) => readonly Found[],
) => readonly Found[];

export const instanceReads = (context: Ec2Context, inRegions: InRegions) => ({
  instances: (accountId: string, except?: ReadonlySet<string>) =>
    inRegions(accountId, (region) => instancesIn(region, except)),
  stateOf: (instanceId: string) => {
    context.timeline.settle();
    return findInstance(context, instanceId)?.instance.state;
  },
  spotStatusOf: (instanceId: string) => {
    context.timeline.settle();
    const found = findInstance(context, instanceId);
    return found === undefined ? undefined : requestOf(found.region, found.instance)?.status.code;
  },
  running: (accountId: string) => inRegions(accountId, runningIn),
  statuses: (accountId: string) => inRegions(accountId, (region) => statusesOf(context, region)),
  proved: (accountId: string) => inRegions(accountId, (region) => provedIn(context, region)),
  holderOf: (accountId: string, allocationId: string) =>
    inRegions(accountId, (region) => holdersIn(region, allocationId))[0],
  bearerOf: (accountId: string, allocationId: string) =>
    inRegions(accountId, (region) => bearersIn(region, allocationId))[0]?.id,
});
