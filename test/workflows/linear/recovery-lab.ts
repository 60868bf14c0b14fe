/** What the tests of recoveries ask a laboratory. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { asOwner } from "../../../local/lab/scenarios.ts";

export const minuteMs = 60_000;

export const targetOf = (lab: Lab) => getTarget(lab.table, targetIdSchema.parse(lab.targetId));

/** The newest first. */
export const evaluationsOf = async (lab: Lab) => {
  const targetId = targetIdSchema.parse(lab.targetId);
  return (await listEvaluations(lab.table, { targetId, limit: 20 })).items;
};

export const pass = (lab: Lab, ms: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + ms });

export const sweep = async (lab: Lab, afterMs: number): Promise<void> => {
  await lab.platform.functions.invoke("schedule-sweep", {});
  await pass(lab, afterMs);
};

interface Launch {
  readonly InstanceMarketOptions?: object;
  readonly NetworkInterfaces?: readonly { readonly SubnetId?: string }[];
  readonly DryRun?: boolean;
}

interface Subnets {
  readonly Subnets?: readonly { readonly SubnetId: string; readonly AvailabilityZoneId: string }[];
}

/** Says in which zone a launch is asked for. */
export const zonesOfLaunches = async (
  lab: Lab,
): Promise<(launch: Launch) => string | undefined> => {
  const { Subnets: subnets = [] } = (await asOwner(lab)("DescribeSubnets", {})) as Subnets;
  const zones = new Map(subnets.map((found) => [found.SubnetId, found.AvailabilityZoneId]));
  return ({ NetworkInterfaces: [first] = [] }) => zones.get(first?.SubnetId ?? "");
};

export const isSpot = ({ InstanceMarketOptions: options }: Launch): boolean =>
  options !== undefined;

/** EC2 has no room for launches of this kind until the returned function is called. */
export const withoutRoom = (
  lab: Lab,
  isMeant: (input: Launch) => boolean,
  code = "InsufficientInstanceCapacity",
): (() => void) => {
  let isOver = false;
  lab.platform.cloud.faults.before(({ operation, input }) => {
    const launch = input as Launch;
    if (isOver || operation !== "RunInstances" || launch.DryRun === true) return;
    if (isMeant(launch)) {
      throw new CloudError(code, "There is no room.", code.startsWith("Insufficient") ? 500 : 400);
    }
  });
  return () => {
    isOver = true;
  };
};
