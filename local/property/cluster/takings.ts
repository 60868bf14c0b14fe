/** What EC2 takes back of what we brought: as far as it stands for a member of the run without us, one is missing there too. */
import { evaluationTag } from "../../../core/model/tags.ts";
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
  /** It served, and no surplus stood beside it. */
  readonly wasMissed: boolean;
}

/** One of those that run; none where there is none. */
export const interrupt = (
  { platform, name, capacity }: GroupLab,
  { replacement, noticeSeconds }: Extract<SpotAct, { kind: "INTERRUPT" }>,
): readonly Taking[] => {
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
  const serving = platform.autoScaling.control.serving(name);
  const asked = capacity.samples.at(-1)?.asked ?? 0;
  control.interrupt(taken.instanceId, { noticeSeconds });
  const { instanceId, zoneName } = taken;
  const wasMissed = serving.includes(instanceId) && serving.length <= asked;
  return [{ fromMs, toMs: fromMs + noticeSeconds * 1000, instanceId, zoneName, wasMissed }];
};

/**
 * One that stands for its original takes the place of a member of the twin with it: under notice an instance serves in neither run. One beside its original
 * is missed in neither.
 */
export const noticesOf = (
  takings: readonly Taking[],
  { swaps, intents }: Pick<GroupEnding, "swaps" | "intents">,
): readonly Taken[] =>
  takings.filter(({ instanceId, fromMs, wasMissed }) => {
    const swap = swaps.find(({ replacement }) => replacement?.instanceId === instanceId);
    const hasTakenOver = intents.some(
      ({ swapId, change, status, plannedAt }) =>
        swapId === swap?.swapId &&
        change.kind === "REMOVE_MEMBER" &&
        status === "COMMITTED" &&
        Date.parse(plannedAt) < fromMs,
    );
    return wasMissed || hasTakenOver;
  });

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
