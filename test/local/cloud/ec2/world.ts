/** A small simulated EC2 for these tests: virtual time, a fixed seed, calls as one account in one region. */
import { createEc2, type Ec2, type Ec2Operations } from "../../../../local/cloud/ec2/service.ts";
import type { Ec2Event } from "../../../../local/cloud/ec2/events.ts";
import type { InstanceDeclaration } from "../../../../local/cloud/ec2/scenario-instance.ts";
import type { Ec2Settings } from "../../../../local/cloud/ec2/settings.ts";
import type { Call } from "../../../../local/cloud/contract.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import type { Market } from "../../../../local/cloud/market/market.ts";
import { seededMarket } from "../../../../local/cloud/market/seeded.ts";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import { createRandom } from "../../../../local/cloud/random.ts";

export const account = "222233334444";
export const region = "us-east-1";
export const startMs = Date.parse("2026-03-02T10:00:00Z");

export interface World {
  readonly clock: VirtualClock;
  readonly ec2: Ec2;
  readonly events: Ec2Event[];
  call<Name extends keyof Ec2Operations>(
    operation: Name,
    input: Parameters<Ec2Operations[Name]>[1],
    as?: { readonly accountId?: string; readonly region?: string },
  ): ReturnType<Ec2Operations[Name]>;
  /** Lets that many seconds pass. */
  pass(seconds: number): Promise<void>;
  addInstance(declaration?: Partial<InstanceDeclaration>): string;
}

export const createWorld = (
  settings: Partial<Ec2Settings> = {},
  market: Market = seededMarket({ seed: 7, outageFactor: 0 }),
): World => {
  const clock = new VirtualClock(startMs);
  const ec2 = createEc2(
    { clock, random: createRandom(11) },
    { market, settings: { visibilityMs: [0, 0], jitter: 0, ...settings } },
  );
  ec2.control.addAccount(account);
  const events: Ec2Event[] = [];
  ec2.control.onEvent((event) => events.push(event));
  let calls = 0;
  return {
    clock,
    ec2,
    events,
    call: (operation, input, as = {}) => {
      calls += 1;
      const call: Call = {
        service: "ec2",
        operation,
        region: as.region ?? region,
        caller: { accountId: as.accountId ?? account, arn: "arn:aws:iam::222233334444:role/test" },
        requestId: `request-${String(calls)}`,
        at: clock.now(),
      };
      const handler = ec2.operations[operation] as (
        call: Call,
        input: unknown,
      ) => ReturnType<Ec2Operations[typeof operation]>;
      return handler(call, input);
    },
    pass: (seconds) => clock.run({ atMostMs: clock.now() + seconds * 1000 }),
    addInstance: (declaration = {}) =>
      ec2.control.addInstance({
        accountId: account,
        region,
        instanceType: "m5.large",
        ...declaration,
      }),
  };
};

/** The code that the call is refused with. */
export const refusalOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof CloudError) return error.code;
    throw error;
  }
  return "not refused";
};

/** The value, which must be there. */
export const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("A value is missing.");
  return value;
};

/** The one instance as DescribeInstances shows it. */
export const describeOne = (world: World, instanceId: string) =>
  present(
    world.call("DescribeInstances", { InstanceIds: [instanceId] }).Reservations?.[0]
      ?.Instances?.[0],
  );

/** A Spot request for a clone: image, type and subnet of that instance. */
export const spotLaunchOf = (world: World, instanceId: string) => {
  const original = describeOne(world, instanceId);
  return {
    MinCount: 1,
    MaxCount: 1,
    ImageId: original.ImageId,
    InstanceType: original.InstanceType,
    SubnetId: original.SubnetId,
    InstanceMarketOptions: { MarketType: "spot" as const },
  };
};

/** Launches it, and lets it boot. */
export const runningSpot = async (world: World, instanceId: string): Promise<string> => {
  const answer = world.call("RunInstances", spotLaunchOf(world, instanceId));
  await world.pass(25);
  return present(answer.Instances?.[0]?.InstanceId);
};
