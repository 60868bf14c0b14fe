/** A storm of groups: EC2 takes a third of all pools back within three minutes, and members of many groups behind load balancers with them. */
import { isThrottle } from "../../../adapters/aws/error-codes.ts";
import { listWarned } from "../../../adapters/store/spot-events.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { boots, defaultSettings } from "../../cloud/ec2/settings.ts";
import { seededMarket } from "../../cloud/market/seeded.ts";
import { openAccount, type LabAccount } from "../../lab/account.ts";
import { watchCapacity, type CapacityLedger } from "../../lab/capacity-ledger.ts";
import { changedSettings, orphansOf, strangersOf } from "../../lab/group-judge.ts";
import { registerGroup } from "../../lab/group-subject.ts";
import { allowAllAtOnce, runStormOn } from "../../lab/storm.ts";
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import { addGroup, type GroupOfOwner } from "../../platform/customer-group.ts";
import { awaitStorm } from "../../platform/market-storm.ts";
import { quantilesOf, shareServed, type Quantiles, type ShareServed } from "./aims.ts";
import { prepareFor, type Answered } from "./interruption-case.ts";

const usual = { groups: 40, members: 6 } as const;

export interface GroupsInterrupted {
  readonly groups: number;
  /** Of all groups, when the storm began: each on Spot. */
  readonly members: number;
  /** Of these, and of what came in their place, announced and taken. */
  readonly lost: number;
  /** From each notice until as many others as were lost by then have had the load balancer's traffic. */
  readonly served: Quantiles;
  readonly beforeEnd: Pick<ShareServed, "share" | "fits">;
  /** Of the lost ones, those whose place one of the group's own launches has taken first. */
  readonly byGroup: number;
  /** Warnings that EC2 gave, and that we have not stored. */
  readonly eventsLost: number;
  /** Launched by us, beyond one for each that was lost. */
  readonly duplicates: number;
  /** Whose place nobody had taken half an hour later. */
  readonly unserved: number;
  /** Calls that AWS refused because they were too many. */
  readonly throttled: number;
  /** What of the promises is broken, in sentences. */
  readonly complaints: readonly string[];
  /** Of the processor, the conversions before it included. */
  readonly cpuSeconds: number;
}

const startMs = Date.parse("2026-03-02T09:00:00Z");

const open = (seed: number): Promise<LabAccount> =>
  openAccount({
    market: seededMarket({ seed }),
    seed,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "storm",
    front: "direct",
    settings: {
      answersAfter: boots.usual,
      // The owner has asked EC2 for a quota that holds the old ones and the new ones.
      spotVcpus: { ...defaultSettings.spotVcpus, Standard: 5000 },
    },
  });

interface Converted extends GroupOfOwner {
  readonly targetId: string;
}

interface Newcomer {
  readonly instanceId: string;
  readonly atMs: number;
}

/** What is seen of one group from now on. */
interface Watched extends Converted {
  readonly before: GroupSummary;
  readonly originals: ReadonlySet<string>;
  readonly ledger: CapacityLedger;
  /** That have had the load balancer's traffic, in their order. */
  readonly newcomers: Newcomer[];
}

const register = async (
  account: LabAccount,
  { groups, members }: { readonly groups: number; readonly members: number },
): Promise<readonly Converted[]> => {
  const converted: Converted[] = [];
  for (let count = 0; count < groups; count += 1) {
    const group = addGroup(account, {
      name: `web-${String(count)}`,
      size: members,
      max: members,
      zones: 3,
      // Two checks of the load balancer, five seconds apart.
      healthyAfterSeconds: 10,
    });
    const targetId = await registerGroup(account, group.name, { policy: { batch_size: members } });
    converted.push({ ...group, targetId });
  }
  return converted;
};

const watch = ({ platform }: LabAccount, group: Converted): Watched => {
  const before = platform.autoScaling.control.find(group.name);
  if (before === undefined) throw new Error(`There is no group ${group.name.name}.`);
  return {
    ...group,
    before,
    originals: new Set(before.members.map(({ instanceId }) => instanceId)),
    ledger: watchCapacity(platform, { group: group.name }),
    newcomers: [],
  };
};

const look = ({ platform, clock }: LabAccount, group: Watched): void => {
  const { originals, newcomers, targetGroupArn } = group;
  for (const instanceId of platform.elb.healthyIn(targetGroupArn)) {
    const isKnown =
      originals.has(instanceId) || newcomers.some((one) => one.instanceId === instanceId);
    if (!isKnown) newcomers.push({ instanceId, atMs: clock.now() });
  }
};

/** Instances of which EC2 has said that it takes them, with the time. */
const announcedBy = ({ platform, clock }: LabAccount): ReadonlyMap<string, number> => {
  const announced = new Map<string, number>();
  platform.ec2.control.onEvent((event) => {
    if (event["detail-type"] !== "EC2 Spot Instance Interruption Warning") return;
    announced.set(event.detail["instance-id"] ?? "", clock.now());
  });
  return announced;
};

type Launched = Awaited<ReturnType<typeof prepareFor>>;

interface Place extends Pick<Answered, "bootSeconds" | "servedAfterSeconds"> {
  readonly isOurs: boolean;
}

/** The first newcomer has taken the place of the first that was announced, and so on. */
const placesIn = (
  { originals, newcomers }: Watched,
  announced: ReadonlyMap<string, number>,
  launched: Launched,
): readonly Place[] => {
  const own = new Set([...originals, ...newcomers.map(({ instanceId }) => instanceId)]);
  return [...announced]
    .filter(([instanceId]) => own.has(instanceId))
    .sort(([, one], [, other]) => one - other)
    .map(([, atMs], index) => {
      const newcomer = newcomers[index];
      const launch = launched.find(({ instanceId }) => instanceId === newcomer?.instanceId);
      return {
        bootSeconds: launch?.bootSeconds,
        servedAfterSeconds: newcomer && (newcomer.atMs - atMs) / 1000,
        isOurs: launch?.isOurs === true,
      };
    });
};

const complaintsAbout = ({ platform }: LabAccount, group: Watched): readonly string[] => {
  const { before, ledger, name } = group;
  const now = platform.autoScaling.control.find(name);
  const sentences =
    now === undefined
      ? ["It is gone."]
      : [
          ...changedSettings(before, now),
          ...strangersOf({ platform, name, targetGroupArn: group.targetGroupArn }, now),
          ...ledger.broken,
        ];
  return sentences.map((sentence) => `${name.name}: ${sentence}`);
};

const lastsSeconds = 30 * 60;

export const keepsGroups = (storm: GroupsInterrupted): boolean =>
  storm.eventsLost === 0 &&
  storm.duplicates === 0 &&
  storm.unserved === 0 &&
  storm.complaints.length === 0;

interface StormWanted {
  readonly groups?: number;
  readonly members?: number;
  readonly seed?: number;
}

/** What EC2 has announced since, and who has come. */
interface Storm {
  readonly watched: readonly Watched[];
  readonly announced: ReadonlyMap<string, number>;
  readonly launched: Launched;
}

const strike = async (
  account: LabAccount,
  converted: readonly Converted[],
  seed: number,
): Promise<Storm> => {
  const { platform, clock, accountId } = account;
  const launched = await prepareFor(account, { seed, boot: "usual" });
  const watched = converted.map((group) => watch(account, group));
  const announced = announcedBy(account);
  const beganMs = clock.now();
  const nobody = (): void => undefined;
  awaitStorm({ platform, clock, accountIds: [accountId], seed, tell: nobody, note: nobody });
  for (let second = 1; second <= lastsSeconds; second += 1) {
    await clock.run({ atMostMs: beganMs + second * 1000 });
    for (const group of watched) look(account, group);
  }
  return { watched, announced, launched };
};

const countTold = async ({ table, accountId, region }: LabAccount, sinceMs: number) => {
  const place = { accountId: accountIdSchema.parse(accountId), region };
  return (await listWarned(table, place, new Date(sinceMs).toISOString())).size;
};

const throttledSince = ({ platform, accountId }: LabAccount, first: number): number =>
  platform.cloud.journal
    .slice(first)
    .filter(({ accountId: by, errorCode = "" }) => by === accountId && isThrottle(errorCode))
    .length;

const figuresOf = (
  account: LabAccount,
  { watched, announced, launched }: Storm,
): Pick<
  GroupsInterrupted,
  "lost" | "served" | "beforeEnd" | "byGroup" | "duplicates" | "unserved" | "complaints"
> => {
  const places = watched.flatMap((group) => placesIn(group, announced, launched));
  const ours = launched.filter(({ isOurs }) => isOurs).length;
  const [any] = watched;
  return {
    lost: places.length,
    served: quantilesOf(places.map(({ servedAfterSeconds = Infinity }) => servedAfterSeconds)),
    beforeEnd: shareServed(places),
    byGroup: places.filter(({ isOurs }) => !isOurs).length,
    duplicates: Math.max(0, ours - places.length),
    unserved: places.filter(({ servedAfterSeconds }) => servedAfterSeconds === undefined).length,
    complaints: [
      ...(any === undefined ? [] : orphansOf({ ...any, platform: account.platform })),
      ...watched.flatMap((group) => complaintsAbout(account, group)),
    ],
  };
};

/** @throws Error where a group is not to be had */
export const measureStormOfGroups = async ({
  groups = usual.groups,
  members = usual.members,
  seed = 1,
}: StormWanted = {}): Promise<GroupsInterrupted> => {
  const since = process.cpuUsage();
  const account = await open(seed);
  const { platform, clock } = account;
  await allowAllAtOnce(account);
  const converted = await register(account, { groups, members });
  const sites = converted.map(({ targetId }) => ({ targetId, allocationIds: [] }));
  await runStormOn(account, sites);
  const first = platform.cloud.journal.length;
  const beganMs = clock.now();
  const storm = await strike(account, converted, seed);
  const { user, system } = process.cpuUsage(since);
  return {
    groups,
    members: groups * members,
    ...figuresOf(account, storm),
    eventsLost: storm.announced.size - (await countTold(account, beganMs)),
    throttled: throttledSince(account, first),
    cpuSeconds: (user + system) / 1_000_000,
  };
};
