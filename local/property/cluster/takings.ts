/** What EC2 takes back of what we brought: as far as it stands for a member of the run without us, one is missing there too. */
import { evaluationTag } from "../../../core/model/tags.ts";
import type { Change } from "../../cloud/autoscaling/events.ts";
import type { GroupEnding, GroupLab } from "../../lab/group-lab.ts";
import type { SpotAct } from "./interference.ts";
import { replacedWithinMs, type Notice } from "./twin-samples.ts";

/** That EC2 takes a replacement back, and one of its zone is missing without us. */
export interface Taken extends Notice {
  readonly zoneName: string;
}

/** That EC2 takes a replacement back. */
export interface Taking extends Taken {
  readonly instanceId: string;
  /** It served, but for an application that was silent just then, and no surplus stood beside it. */
  readonly wasMissed: boolean;
  /** The group may be about to take as many as others had asked for less: whom it takes itself is not missed. */
  readonly unlessSelected?: boolean;
}

/** What is asked of the group, and what it has beyond that because of us. */
const standing = ({ capacity }: GroupLab): { readonly asked: number; readonly surplus: number } => {
  const { asked = 0, desired = 0 } = capacity.samples.at(-1) ?? {};
  return { asked, surplus: desired - asked };
};

/** Who served when their applications fell silent. */
export interface Silenced {
  readonly fromMs: number;
  readonly seconds: number;
  readonly ids: readonly string[];
}

/** Those that serve, and those that the group keeps in service until their applications answer again, as it does in the twin. EC2 has announced the end of none. */
const servingBut = (
  { platform, name }: GroupLab,
  silenced: readonly Silenced[],
): readonly string[] => {
  const nowMs = platform.clock.now();
  const { control } = platform.autoScaling;
  const { members = [] } = control.find(name) ?? {};
  const isKept = (id: string): boolean => {
    const { state, spotStatus = "fulfilled" } = platform.ec2.control.find(id) ?? {};
    const member = members.find(({ instanceId }) => instanceId === id);
    return member?.state === "InService" && state === "running" && spotStatus === "fulfilled";
  };
  const silent = silenced
    .filter(({ fromMs, seconds }) => nowMs < fromMs + seconds * 1000 + replacedWithinMs)
    .flatMap(({ ids }) => ids)
    .filter(isKept);
  return [...new Set([...control.serving(name), ...silent])];
};

/** One of those that run; none where there is none. */
export const interrupt = (
  lab: GroupLab,
  { replacement, noticeSeconds }: Extract<SpotAct, { kind: "INTERRUPT" }>,
  silenced: readonly Silenced[] = [],
): readonly Taking[] => {
  const { platform, name } = lab;
  const { control } = platform.ec2;
  const running = control
    .instances(name.accountId)
    .filter(
      ({ state, tags, lifecycle }) =>
        state === "running" && lifecycle === "spot" && tags[evaluationTag] !== undefined,
    );
  const taken = running[replacement % Math.max(1, running.length)];
  if (taken === undefined) return [];
  const fromMs = platform.clock.now();
  const serving = servingBut(lab, silenced);
  const { asked, surplus } = standing(lab);
  control.interrupt(taken.instanceId, { noticeSeconds });
  const { instanceId, zoneName } = taken;
  const unlessSelected = serving.length > asked;
  const wasMissed = serving.includes(instanceId) && (!unlessSelected || surplus <= 0);
  const toMs = fromMs + noticeSeconds * 1000;
  return [{ fromMs, toMs, instanceId, zoneName, wasMissed, unlessSelected }];
};

const isMember = ({ platform, name }: GroupLab, id: string): boolean =>
  platform.autoScaling.control
    .find(name)
    ?.members.some(
      ({ instanceId, state }) =>
        instanceId === id && (state === "InService" || state.startsWith("Pending")),
    ) ?? false;

/** Who ends a member with its place asks for one less without us, too: `missedWithOriginal` says what is missing then. */
const setsDesired = ({ call }: Extract<Change, { kind: "DESIRED" }>): boolean =>
  call === undefined ||
  (call.caller.sessionName === undefined &&
    call.operation !== "TerminateInstanceInAutoScalingGroup");

/**
 * Others set the desired capacity while our surplus stands, which absorbs it: whom EC2 takes of us, and nobody missed beside its original, is now one of those
 * that are asked for. The group counts it as long as it is there, and takes others.
 */
export const missedOnceAbsorbed = (
  lab: GroupLab,
  takings: readonly Taking[],
  change: Change,
): readonly Taking[] => {
  if (change.kind !== "DESIRED" || !setsDesired(change)) return [];
  const nowMs = lab.platform.clock.now();
  const before = lab.capacity.samples.findLast(({ atMs }) => atMs < nowMs);
  if (before === undefined || change.from <= before.asked) return [];
  return takings
    .filter(({ instanceId, wasMissed }) => !wasMissed && isMember(lab, instanceId))
    .map((taking) => ({
      ...taking,
      fromMs: nowMs,
      toMs: Math.max(nowMs, taking.toMs),
      wasMissed: true,
      unlessSelected: true,
    }));
};

/** The group took this one itself when it followed what others had asked for. */
const isSelected = ({ platform, name }: GroupLab, { instanceId, fromMs }: Taking): boolean =>
  platform.autoScaling.control.activities(name).some(({ StartTime: at, ...told }) => {
    const afterMs = (at?.getTime() ?? 0) - fromMs;
    return (
      told.Description === `Terminating EC2 instance: ${instanceId}` &&
      (told.Cause ?? "").includes(`${instanceId} was selected for termination`) &&
      afterMs >= 0 &&
      afterMs < replacedWithinMs
    );
  });

/** Each of them once: from the instant on at which it was missed first. */
const firstOfEach = (takings: readonly Taking[]): readonly Taking[] =>
  takings.filter(
    ({ instanceId }, index) =>
      takings.findIndex((other) => other.instanceId === instanceId) === index,
  );

/**
 * One that stands for its original takes the place of a member of the twin with it: under notice an instance serves in neither run. One beside its original
 * is missed in neither.
 */
export const noticesOf = (
  lab: GroupLab,
  takings: readonly Taking[],
  { swaps, intents }: Pick<GroupEnding, "swaps" | "intents">,
): readonly Taken[] => {
  const missed = takings.filter((taking) => {
    const { instanceId, fromMs, wasMissed, unlessSelected = false } = taking;
    const swap = swaps.find(({ replacement }) => replacement?.instanceId === instanceId);
    const hasTakenOver = intents.some(
      ({ swapId, change, status, plannedAt }) =>
        swapId === swap?.swapId &&
        change.kind === "REMOVE_MEMBER" &&
        status === "COMMITTED" &&
        Date.parse(plannedAt) < fromMs,
    );
    const isMissed = wasMissed && !(unlessSelected && isSelected(lab, taking));
    return isMissed || hasTakenOver;
  });
  return firstOfEach(missed);
};

/**
 * Our surplus alone lets the owner take this member out, below his own minimum: what EC2 has taken of us a moment before, and nobody missed beside its original, stands for that one.
 */
export const missedWithOriginal = (
  { platform, name, capacity }: GroupLab,
  takings: readonly Taking[],
): readonly Taking[] => {
  const asked = capacity.samples.at(-1)?.asked ?? 0;
  const min = platform.autoScaling.control.find(name)?.min ?? 0;
  if (asked > min) return [];
  const atMs = platform.clock.now();
  const last = takings.findLast(
    ({ toMs, wasMissed }) => !wasMissed && atMs - toMs < replacedWithinMs,
  );
  return last === undefined ? [] : [{ ...last, fromMs: atMs, toMs: atMs, wasMissed: true }];
};
