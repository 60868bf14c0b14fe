/** Holds a case against the capacity invariant and what a conversion promises: capacity, exact restore, no orphan, no open intent, no lease, no secret. */
import { leftRaise, leftSettings } from "../../../core/decide/cluster/left-settings.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import { changesOf } from "../../../core/model/intent.ts";
import { isHeld, readLease } from "../../../adapters/store/leases.ts";
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import { judgeCapacity } from "../../lab/capacity-judge.ts";
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import { orphansOf, strangersOf } from "../../lab/group-judge.ts";
import { namedToOperator, type Named } from "./left-open.ts";
import { leftProtected, readBefore } from "./protection.ts";
import type { OwnRun, TwinRun } from "./runs.ts";
import { spreadOf } from "./shifts.ts";
import { withoutUnseen } from "./twin-samples.ts";

/** What only the customer changes in the long run; by name of the setting. */
const settingsOf = ({ min, max, suspended, hooks, tags }: GroupSummary) => ({
  min,
  max,
  suspended: suspended.toSorted(),
  hooks,
  tags,
});

/** Of members that are in both runs: the first ones. */
const protectionOf = (group: GroupSummary, ids: ReadonlySet<string>): readonly string[] =>
  group.members
    .filter(({ instanceId, isProtected }) => isProtected && ids.has(instanceId))
    .map(({ instanceId }) => instanceId);

/**
 * In the very second of our suspension somebody suspended the process too: the group shows the same reason as before. (API reference,
 * SuspendedProcess, SuspensionReason: a time of whole seconds.)
 */
const isSuspendedUnseen = ({ lab, ending }: OwnRun): boolean => {
  const seconds = new Set(
    changesOf(ending.intents, "SUSPEND_AZ_REBALANCE").map(({ reason = "" }) =>
      Date.parse(reason.replace(/^.* at /, "")),
    ),
  );
  return lab.platform.cloud.journal.some(
    ({ operation, sessionName, at }) =>
      operation === "SuspendProcesses" &&
      sessionName === undefined &&
      seconds.has(Math.floor(at / 1000) * 1000),
  );
};

/**
 * Somebody suspends the process between our look at the group and our call that resumes it: AWS takes no condition with that call, and afterwards the group shows the same as if nobody
 * had (docs/workflows/cluster.md, "What is missing").
 */
const isResumedUnseen = ({ lab }: OwnRun): boolean => {
  const { journal } = lab.platform.cloud;
  const suspended = journal.filter(
    ({ operation, sessionName }) => operation === "SuspendProcesses" && sessionName === undefined,
  );
  return journal
    .filter(
      ({ operation, sessionName }) => operation === "ResumeProcesses" && sessionName !== undefined,
    )
    .some((resumed) =>
      suspended.some(({ at }) => readBefore(journal, resumed) <= at && at <= resumed.at),
    );
};

/** Who sets what we have set already says nothing that could be seen: it is put back with ours. */
const isHidden = (run: OwnRun, key: string, wanted: unknown): boolean =>
  (key === "max" &&
    changesOf(run.ending.intents, "RAISE_MAX").some(({ maxRaised }) => maxRaised === wanted)) ||
  (key === "suspended" && (isSuspendedUnseen(run) || isResumedUnseen(run)));

interface Found {
  /** As what a person is told names it. */
  readonly setting: string;
  readonly sentence: string;
}

const protectionFound = (
  run: OwnRun,
  [own, other]: readonly [GroupSummary, GroupSummary],
): readonly string[] => {
  const inBoth = new Set(
    run.before.members
      .map(({ instanceId }) => instanceId)
      .filter((id) =>
        [own, other].every(({ members }) => members.some(({ instanceId }) => instanceId === id)),
      ),
  );
  const [is, wanted] = [own, other].map((group) => protectionOf(group, inBoth).join(" "));
  return [
    ...(is === wanted ? [] : [`protected are ${String(is)}, without us ${String(wanted)}`]),
    ...leftProtected(run, own),
  ];
};

/** Who sets what stands already, with our surplus in it, asks for it all the same. Whose minimum is above what is asked for asks for the minimum. */
export const desiredFound = (
  last: Pick<CapacitySample, "asked" | "desired"> | undefined,
  [own, other]: readonly [Pick<GroupSummary, "min">, Pick<GroupSummary, "desired">],
): readonly string[] => {
  if (last === undefined) return [];
  const asked = Math.max(last.asked, own.min);
  return asked === last.desired || last.desired === other.desired
    ? []
    : [`desired is ${String(last.desired)}, asked for are ${String(asked)}`];
};

/** The evaluation has left it to the janitor, and what stands in the way stands there still. */
const isLeft = (run: OwnRun, key: string, own: GroupSummary): boolean => {
  const { intents } = run.ending;
  const kinds = leftSettings(intents, "").map(({ of }) => of);
  if (key === "suspended") {
    return kinds.includes("SUSPEND_AZ_REBALANCE") && spreadOf(own) > 1;
  }
  const raise = leftRaise(intents);
  return (
    key === "max" &&
    raise?.maxRaised === own.max &&
    Math.max(own.desired, own.members.length) > raise.maxOriginal
  );
};

const unrestored = (run: OwnRun, twin: TwinRun, { settings }: Named): readonly string[] => {
  const [own, other] = [run.lab.group(), twin.lab.group()];
  if (own === undefined || other === undefined) {
    return own === other ? [] : [`the group is ${own === undefined ? "gone" : "left"}`];
  }
  const [is, wanted] = [settingsOf(own), settingsOf(other)];
  const keys = Object.keys(is) as (keyof typeof is)[];
  const found: readonly Found[] = [
    ...keys
      .filter((key) => JSON.stringify(is[key]) !== JSON.stringify(wanted[key]))
      .filter((key) => !isHidden(run, key, wanted[key]) && !isLeft(run, key, own))
      .map((key) => ({
        setting: key,
        sentence: `${key} is ${JSON.stringify(is[key])}, without us ${JSON.stringify(wanted[key])}`,
      })),
    ...protectionFound(run, [own, other]).map((sentence) => ({ setting: "protected", sentence })),
    ...desiredFound(run.lab.capacity.samples.at(-1), [own, other]).map((sentence) => ({
      setting: "desired",
      sentence,
    })),
  ];
  return found.filter(({ setting }) => !settings.has(setting)).map(({ sentence }) => sentence);
};

const heldLeases = async ({ lab, ending }: OwnRun): Promise<readonly string[]> => {
  const { table, clock } = lab.account;
  const held: string[] = [];
  for (const { resource } of ending.evaluation.leases) {
    const lease = await readLease(table, resource);
    if (lease !== undefined && isHeld(lease, new Date(clock.now()))) {
      held.push(`the lease of ${resource} is held`);
    }
  }
  return held;
};

/** Sentences of what was broken. Empty is well. */
export const judgeCase = async (own: OwnRun, twin: TwinRun): Promise<readonly string[]> => {
  const { lab, ending, leaks } = own;
  const { samples } = lab.capacity;
  const capacity = [
    ...lab.capacity.broken,
    ...judgeCapacity(samples, withoutUnseen(twin.samples, samples)),
  ];
  const group = lab.group();
  const named = namedToOperator(ending);
  const isUnnamed = (sentence: string): boolean =>
    ![...named.ids].some((id) => sentence.startsWith(id));
  // What a person is to decide stays open.
  const open = ending.status === "NEEDS_OPERATOR" ? [] : ending.intents.filter(isOpenIntent);
  return [
    ...capacity,
    ...unrestored(own, twin, named),
    ...[...orphansOf(lab), ...strangersOf(lab, group)].filter(isUnnamed),
    ...open.map(({ id }) => `intent ${id} is open`),
    ...(await heldLeases(own)),
    ...leaks,
    ...(ending.executionStatus === "SUCCEEDED" || ending.executionStatus === "FAILED"
      ? []
      : [`the execution is ${ending.executionStatus}`]),
  ];
};
