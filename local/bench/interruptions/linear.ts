/** An interruption of a single instance, with data or without: when another serves at its address, and how long nobody does. */
import { complaintsAbout } from "../../lab/judge.ts";
import type { Lab } from "../../lab/contract.ts";
import { createLabAtRisk, type LabOptions } from "../../lab/lab.ts";
import { provedIn } from "../../lab/service.ts";
import {
  duplicatesAmong,
  notServed,
  prepareFor,
  responseTo,
  secondsUntil,
  settingsOf,
  type Answered,
  type InterruptionCase,
} from "./interruption-case.ts";

/** Of a load with data, in the order in which its downtime passes. */
export const milestones = ["host", "ended", "volumes", "root", "boot", "identity"] as const;
type Milestone = (typeof milestones)[number];

export interface AnsweredInstance extends Answered {
  /** Nothing that answers ran at its address. */
  readonly downSeconds: number;
  /** That EBS had acknowledged. */
  readonly writesLost: number;
  /** Seconds from the notice. */
  readonly reached: Readonly<Partial<Record<Milestone, number>>>;
}

const loads = {
  stateless: { consistency: "stateless", instance: { rootGib: 30 } },
  data: {
    consistency: "stop-and-image",
    instance: { rootGib: 30, dataVolumes: [{ sizeGib: 100 }] },
  },
} as const satisfies Readonly<Record<string, LabOptions>>;

/** One that still boots does not answer. */
const isAnswered = ({ account, control, watch }: Lab): boolean => {
  const [allocationId = ""] = watch.allocationIds;
  const holder = control.holderOf(account.accountId, allocationId);
  return holder !== undefined && provedIn(account).has(holder);
};

type Milestones = Readonly<Partial<Record<Milestone, () => boolean>>>;

/** As the simulated cloud has it. */
const milestonesOf = (lab: Lab, isStateless: boolean): Milestones => {
  const { account, control, originalId, watch } = lab;
  const [allocationId = ""] = watch.allocationIds;
  const isProved = (): boolean => {
    const id = lab.replacement()?.instanceId;
    return id !== undefined && provedIn(account).has(id);
  };
  const hasAll = (ids: readonly string[]): boolean => {
    const volumes = lab.replacement()?.volumes ?? [];
    return ids.every((id) =>
      volumes.some(({ volumeId, isAttached }) => volumeId === id && isAttached),
    );
  };
  const hasRoot = (): boolean => hasAll([watch.rootVolumeId]);
  const always = {
    host: isProved,
    ended: () => control.stateOf(originalId) === "terminated",
    identity: () =>
      control.holderOf(account.accountId, allocationId) !== originalId && isAnswered(lab),
  };
  if (isStateless) return always;
  return {
    ...always,
    volumes: () => hasAll(watch.dataVolumeIds),
    root: hasRoot,
    boot: () => hasRoot() && isProved(),
  };
};

const lostWrites = ({ watch, control }: Lab): number =>
  [watch.rootVolumeId, ...watch.dataVolumeIds]
    .map((id) => Math.max(0, (watch.acknowledged.get(id) ?? 0) - (control.writesOn(id) ?? 0)))
    .reduce((sum, lost) => sum + lost, 0);

const run = async (one: InterruptionCase, load: LabOptions): Promise<AnsweredInstance> => {
  const lab = await createLabAtRisk({ ...load, ...settingsOf(one), seed: one.seed });
  const { account, control } = lab;
  const launched = await prepareFor(account, one);
  control.interrupt(lab.originalId);
  const isStateless = load.consistency === "stateless";
  let downSeconds = 0;
  const reached = await secondsUntil(account, milestonesOf(lab, isStateless), () => {
    if (!isAnswered(lab)) downSeconds += 1;
  });
  const ending = await lab.finish(await responseTo(account, lab.targetId));
  const { identity } = reached;
  return {
    seed: one.seed,
    bootSeconds: launched[0]?.bootSeconds,
    servedAfterSeconds: identity,
    duplicates: duplicatesAmong(launched),
    downSeconds,
    writesLost: isStateless ? 0 : lostWrites(lab),
    reached,
    complaints: [
      ...(identity === undefined ? [notServed] : []),
      ...(await complaintsAbout(lab, ending)),
    ],
  };
};

export const interruptStateless = (one: InterruptionCase): Promise<AnsweredInstance> =>
  run(one, loads.stateless);

export const interruptWithData = (one: InterruptionCase): Promise<AnsweredInstance> =>
  run(one, loads.data);
