/**
 * Runs a drawn group twice: with us, while customer and AWS interfere, and as a twin without us, to which the same happens at the same
 * instants.
 */
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import { createGroupOwner, type GroupOwner, type OwnerAct } from "../../lab/group-owner.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../lab/group-lab.ts";
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { collectSecrets, findLeaks, type Secrets } from "../../lab/secrets.ts";
import { smallMarketTypes } from "../../lab/small-market.ts";
import { isOurChange, type Fault } from "./faults.ts";
import type { Interference, SpotAct } from "./interference.ts";
import { awaitJanitor } from "./janitor.ts";
import { isSeen } from "./protection.ts";
import {
  isEven,
  launchShifts,
  lookShifts,
  rebalanceShifts,
  refreshedOut,
  type Shift,
} from "./shifts.ts";
import {
  interrupt,
  missedOnceAbsorbed,
  missedWithOriginal,
  noticesOf,
  type Silenced,
  type Taken,
  type Taking,
} from "./takings.ts";
import { atLeast, type Happened } from "./twin-samples.ts";

const minuteMs = 60_000;

/** What is drawn for a case, beside the group. */
export interface Drawn {
  readonly interferences: readonly Interference[];
  readonly faults: readonly Fault[];
  /** The group is converted in peace first, and brought back to On-Demand then. Absent: it is converted. */
  readonly isWayBack?: boolean;
}

export interface OwnRun {
  readonly lab: GroupLab;
  /** Right before it happens: members in the order in which they are named. */
  readonly before: GroupSummary;
  readonly ending: GroupEnding;
  readonly endMs: number;
  readonly happened: readonly Happened[];
  readonly notices: readonly Taken[];
  /** Members that their owner ended by name while what we had attached was on its way: our surplus lets him, and no protection hinders it. */
  readonly ended: readonly Shift[];
  /** Its owner took a member by name, and the zones that were even before it were so no longer. Milliseconds since the epoch. */
  readonly unevenMs: readonly number[];
  readonly leaks: readonly string[];
}

interface Tape {
  readonly happened: Happened[];
  readonly takings: Taking[];
  readonly ended: Shift[];
  readonly unevenMs: number[];
}

/** Pending lasts some three seconds after an attach. */
const joinMs = 3_000;

const isJoining = (lab: GroupLab): boolean =>
  lab
    .group()
    ?.members.some(
      ({ instanceId, state }) =>
        state === "Pending" &&
        lab.platform.ec2.control.find(instanceId)?.tags[evaluationTag] !== undefined,
    ) ?? false;

const isSpotAct = (act: OwnerAct | SpotAct): act is SpotAct =>
  act.kind === "INTERRUPT" || act.kind === "POOLS_EMPTY";

const emptyPools = ({ platform, name }: GroupLab, minutes: number): void => {
  const { control } = platform.ec2;
  const pools = control
    .zones(name.accountId, name.region)
    .flatMap(({ id: zoneId }) =>
      smallMarketTypes.map((instanceType) => ({ zoneId, instanceType })),
    );
  for (const pool of pools) control.setCapacity(pool, 0);
  platform.clock.schedule(platform.clock.now() + minutes * minuteMs, () => {
    for (const pool of pools) control.setCapacity(pool, undefined);
  });
};

/** By zone: after a conversion others stand there, as many in each. */
const withNamed = (group: GroupSummary): GroupSummary => ({
  ...group,
  members: group.members.toSorted((one, other) => one.zoneName.localeCompare(other.zoneName)),
});

const groupOf = (lab: GroupLab, { isWayBack = false }: Pick<Drawn, "isWayBack">): GroupSummary => {
  const group = lab.group();
  if (group === undefined) throw new Error("The laboratory is empty.");
  return isWayBack ? withNamed(group) : group;
};

const isEvenNow = (lab: GroupLab): boolean => {
  const group = lab.group();
  return group !== undefined && isEven(group);
};

/** When he has taken a member and even zones were so no longer; nothing where it left them as they were. */
const actAs = async (
  lab: GroupLab,
  owner: Pick<GroupOwner, "act">,
  what: OwnerAct,
): Promise<readonly number[]> => {
  const wasEven = isEvenNow(lab);
  await owner.act(what);
  const isTaken = what.kind === "TERMINATE" && what.decrements;
  return isTaken && wasEven && !isEvenNow(lab) ? [lab.platform.clock.now()] : [];
};

/** Everything of a case that happens to a group. */
const interfere = (
  lab: GroupLab,
  before: GroupSummary,
  interferences: readonly Interference[],
): Tape & { readonly lastMs: number } => {
  const { platform, name } = lab;
  const { clock } = platform;
  const begin = clock.now();
  const owner = createGroupOwner(platform, name, before.members);
  const tape: Tape = { happened: [], takings: [], ended: [], unevenMs: [] };
  const silenced: Silenced[] = [];
  const act = async (what: OwnerAct | SpotAct): Promise<void> => {
    if (!isSpotAct(what)) {
      const atMs = clock.now();
      tape.happened.push({ atMs, act: what });
      if (what.kind === "SILENT" || what.kind === "FLAPPING") {
        const ids = platform.autoScaling.control.serving(name);
        silenced.push({ fromMs: atMs, seconds: what.seconds, ids });
      }
      if (what.kind === "TERMINATE" && what.decrements) {
        tape.takings.push(...missedWithOriginal(lab, tape.takings));
      }
      if (what.kind === "TERMINATE" && isJoining(lab)) {
        tape.ended.push({ fromMs: atMs, toMs: atMs + joinMs });
      }
      tape.unevenMs.push(...(await actAs(lab, owner, what)));
    } else if (what.kind === "INTERRUPT") tape.takings.push(...interrupt(lab, what, silenced));
    else emptyPools(lab, what.minutes);
  };
  platform.autoScaling.control.onChange((group, change) => {
    if (group.name === name.name) {
      tape.takings.push(...missedOnceAbsorbed(lab, tape.takings, change));
    }
  });
  const matches = isOurChange(lab);
  let seen = 0;
  platform.cloud.faults.after(async (call) => {
    if (!matches(call)) return;
    seen += 1;
    const nth = seen;
    for (const { trigger, act: what } of interferences) {
      if (trigger.kind === "AFTER_CALL" && trigger.nth === nth) await act(what);
    }
  });
  let lastMs = begin;
  for (const { trigger, act: what } of interferences) {
    if (trigger.kind !== "AT") continue;
    const atMs = begin + trigger.afterSeconds * 1000;
    lastMs = Math.max(lastMs, atMs);
    clock.schedule(atMs, () => act(what));
  }
  return { ...tape, lastMs };
};

const leaksOf = async (
  { account, platform }: GroupLab,
  ending: GroupEnding,
  found: { readonly secrets: Secrets; readonly logged: readonly string[] },
): Promise<readonly string[]> => {
  const path = `/evaluations/${ending.evaluationId}`;
  const { text } = await account.api.send({ method: "GET", path });
  return findLeaks(platform, { ...ending, answer: text }, found);
};

/** Long enough for what happened last to come to its end. */
const settleMs = 15 * minuteMs;

export const runWithUs = async (options: GroupLabOptions, drawn: Drawn): Promise<OwnRun> => {
  const logged: string[] = [];
  const note = (message: string, keys: unknown = {}): void => {
    logged.push(`${message} ${JSON.stringify(keys)}`);
  };
  const found: { secrets?: Secrets } = {};
  const lab = await createGroupLab({
    ...options,
    watchers: {
      log: { info: note, warn: note, error: note },
      onPlatform: (platform) => {
        found.secrets = collectSecrets(platform);
      },
    },
  });
  const { secrets } = found;
  if (secrets === undefined) throw new Error("The laboratory has no platform.");
  secrets.add(lab.account.externalId);
  if (drawn.isWayBack === true) await lab.run();
  const before = groupOf(lab, drawn);
  const { happened, takings, ended, unevenMs, lastMs } = interfere(
    lab,
    before,
    drawn.interferences,
  );
  for (const fault of drawn.faults) fault.begin(lab);
  const ending = await lab.run(drawn.isWayBack === true ? "ON_DEMAND" : undefined);
  const { clock } = lab.account;
  const settledMs = Math.max(clock.now(), lastMs) + settleMs;
  await clock.run({ atMostMs: settledMs });
  const intents = await awaitJanitor(lab, ending);
  const endMs = clock.now() > settledMs ? clock.now() + settleMs : settledMs;
  await clock.run({ atMostMs: endMs });
  const leaks = await leaksOf(lab, ending, { secrets, logged });
  const group = lab.group();
  const notices = noticesOf(lab, takings, ending);
  return {
    lab,
    before,
    ending: { ...ending, intents, group },
    endMs,
    happened,
    notices,
    ended,
    unevenMs,
    leaks,
  };
};

export interface TwinRun {
  readonly lab: GroupLab;
  readonly samples: readonly CapacitySample[];
}

/** The same group, and what happened to it, without us. */
export const runTwin = async (
  options: GroupLabOptions,
  own: OwnRun,
  drawn: Pick<Drawn, "isWayBack"> = {},
): Promise<TwinRun> => {
  const { notices, endMs } = own;
  const happened = own.happened.filter(isSeen(own));
  const lab = await createGroupLab(options);
  const { clock } = lab.account;
  const owner = createGroupOwner(lab.platform, lab.name, groupOf(lab, drawn).members);
  for (const { atMs, act } of happened) clock.schedule(atMs, () => owner.act(act));
  for (const { toMs, zoneName } of notices) {
    const place = own.before.members.findIndex((member) => member.zoneName === zoneName);
    clock.schedule(toMs, () => owner.act({ kind: "LOSE", member: Math.max(0, place) }));
  }
  await clock.run({ atMostMs: endMs });
  const shifts = [
    ...rebalanceShifts(own.lab, lab, own.unevenMs),
    ...launchShifts(own.lab, lab),
    ...lookShifts(own.lab, lab),
    ...(owner.refused.some((told) => told.startsWith("TERMINATE")) ? own.ended : []),
  ];
  return {
    lab,
    samples: atLeast(lab.capacity.samples, { ...own, refreshed: refreshedOut(own.lab) }, shifts),
  };
};
