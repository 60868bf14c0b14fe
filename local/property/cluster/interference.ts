/** Draws what a customer and AWS do to a group while it is converted, and when. */
import { oneOf, type Random } from "../../cloud/random.ts";
import type { OwnerAct } from "../../lab/group-owner.ts";
import type { DrawnGroup } from "./groups.ts";

/** What happens only where there are Spot Instances. */
export type SpotAct =
  /** EC2 takes a replacement back. Counted from 0, of those that are there then. */
  | { readonly kind: "INTERRUPT"; readonly replacement: number; readonly noticeSeconds: 0 | 120 }
  /** No pool gives another Spot Instance for so long. */
  | { readonly kind: "POOLS_EMPTY"; readonly minutes: number };

export type Trigger =
  | { readonly kind: "AT"; readonly afterSeconds: number }
  /** Right after our changing call of that number, from 1. */
  | { readonly kind: "AFTER_CALL"; readonly nth: number };

export interface Interference {
  readonly trigger: Trigger;
  readonly act: OwnerAct | SpotAct;
}

type Draw = (random: Random, group: DrawnGroup) => OwnerAct | SpotAct;

const anyMember = (random: Random, { size }: DrawnGroup): number => random.integer(0, size - 1);

/** Around its size and its limits. */
const anyDesired = (random: Random, { size, max }: DrawnGroup): number =>
  random.integer(Math.max(0, size - 2), max + 1);

const draws: readonly Draw[] = [
  (random, group) => ({ kind: "POLICY", desired: anyDesired(random, group) }),
  (random, group) => ({ kind: "POLICY", desired: anyDesired(random, group) }),
  (random, group) => ({ kind: "DESIRED", desired: anyDesired(random, group) }),
  (random, group) => ({ kind: "SCHEDULED", desired: anyDesired(random, group) }),
  (random, group) => {
    const desired = anyDesired(random, group);
    return oneOf<OwnerAct>(random, [
      { kind: "SIZES", min: Math.max(0, desired - 1), max: desired + 1, desired },
      { kind: "SIZES", max: group.max + random.integer(0, 3) },
      { kind: "SIZES", max: group.size },
      { kind: "SIZES", min: random.integer(0, group.size) },
    ]);
  },
  (random, group) => ({ kind: "PROTECT", member: anyMember(random, group), isProtected: true }),
  (random, group) => ({ kind: "LOSE", member: anyMember(random, group) }),
  (random, group) => ({
    kind: "TERMINATE",
    member: anyMember(random, group),
    decrements: random.next() < 0.5,
  }),
  (random, group) => ({
    kind: "SILENT",
    member: anyMember(random, group),
    seconds: oneOf(random, [40, 300]),
  }),
  (random) => ({ kind: "FLAPPING", seconds: oneOf(random, [30, 90]) }),
  (random) => ({
    kind: oneOf(random, ["SUSPEND", "RESUME"] as const),
    processes: ["AZRebalance"],
  }),
  () => ({ kind: "TEMPLATE", monitoring: true }),
  () => ({ kind: "REFRESH" }),
  () => ({ kind: "DELETE" }),
  (random) => ({ kind: "POOLS_EMPTY", minutes: oneOf(random, [2, 30, 600]) }),
  (random) => ({
    kind: "INTERRUPT",
    replacement: random.integer(0, 3),
    noticeSeconds: oneOf(random, [0, 120] as const),
  }),
];

/** A batch makes some six calls for each pair. */
const mostCalls = 30;
/** A batch takes five minutes. */
const mostSeconds = 900;

const drawTrigger = (random: Random): Trigger =>
  random.next() < 0.5
    ? { kind: "AT", afterSeconds: random.integer(0, mostSeconds) }
    : { kind: "AFTER_CALL", nth: random.integer(1, mostCalls) };

/** None to three. */
export const drawInterference = (random: Random, group: DrawnGroup): readonly Interference[] =>
  Array.from({ length: random.integer(0, 3) }, () => ({
    trigger: drawTrigger(random),
    act: oneOf(random, draws)(random, group),
  }));

export const tellInterference = ({ trigger, act }: Interference): string => {
  const when =
    trigger.kind === "AT"
      ? `at second ${String(trigger.afterSeconds)}`
      : `after changing call ${String(trigger.nth)}`;
  return `${when}: ${JSON.stringify(act)}`;
};
