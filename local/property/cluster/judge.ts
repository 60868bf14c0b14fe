/** Holds a case against the capacity invariant and what a conversion promises: capacity, exact restore, no orphan, no open intent, no lease, no secret. */
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import { changesOf } from "../../../core/model/intent.ts";
import { isHeld, readLease } from "../../../adapters/store/leases.ts";
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import { judgeCapacity } from "../../lab/capacity-ledger.ts";
import { orphansOf, strangersOf } from "../../lab/group-judge.ts";
import { leftProtected, protectedUnseen } from "./protection.ts";
import type { OwnRun, TwinRun } from "./runs.ts";

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

/** Who sets the maximum to what we have raised it to says nothing that could be seen: it is lowered again. */
const isHidden = ({ ending }: OwnRun, key: string, wanted: unknown): boolean =>
  key === "max" &&
  changesOf(ending.intents, "RAISE_MAX").some(({ maxRaised }) => maxRaised === wanted);

const unrestored = (run: OwnRun, twin: TwinRun): readonly string[] => {
  const { lab, before } = run;
  const [own, other] = [lab.group(), twin.lab.group()];
  if (own === undefined || other === undefined) {
    return own === other ? [] : [`the group is ${own === undefined ? "gone" : "left"}`];
  }
  const [is, wanted] = [settingsOf(own), settingsOf(other)];
  const keys = Object.keys(is) as (keyof typeof is)[];
  const unseen = protectedUnseen(run);
  const first = new Set(
    before.members.flatMap(({ instanceId }) => (unseen.has(instanceId) ? [] : [instanceId])),
  );
  const inBoth = new Set(
    [...first].filter((id) =>
      [own, other].every(({ members }) => members.some(({ instanceId }) => instanceId === id)),
    ),
  );
  const protectedIn = [own, other].map((group) => protectionOf(group, inBoth).join(" "));
  const last = lab.capacity.samples.at(-1);
  return [
    ...keys
      .filter((key) => JSON.stringify(is[key]) !== JSON.stringify(wanted[key]))
      .filter((key) => !isHidden(run, key, wanted[key]))
      .map(
        (key) => `${key} is ${JSON.stringify(is[key])}, without us ${JSON.stringify(wanted[key])}`,
      ),
    ...(protectedIn[0] === protectedIn[1]
      ? []
      : [`protected are ${String(protectedIn[0])}, without us ${String(protectedIn[1])}`]),
    ...leftProtected(run, own),
    // Who sets what stands already, with our surplus in it, asks for it all the same.
    ...(last !== undefined && last.asked !== last.desired && last.desired !== other.desired
      ? [`desired is ${String(last.desired)}, asked for are ${String(last.asked)}`]
      : []),
  ];
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
  const capacity = [...lab.capacity.broken, ...judgeCapacity(lab.capacity.samples, twin.samples)];
  const group = lab.group();
  const isLeft = ending.status === "NEEDS_OPERATOR";
  const rest = isLeft
    ? []
    : [
        ...unrestored(own, twin),
        ...orphansOf(lab),
        ...strangersOf(lab, group),
        ...ending.intents.filter(isOpenIntent).map(({ id }) => `intent ${id} is open`),
      ];
  return [
    ...capacity,
    ...rest,
    ...(await heldLeases(own)),
    ...leaks,
    ...(ending.executionStatus === "SUCCEEDED" || ending.executionStatus === "FAILED"
      ? []
      : [`the execution is ${ending.executionStatus}`]),
  ];
};
