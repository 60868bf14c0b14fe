/** Whom the owner of a group has protected from scale-in, and whom we had no right to leave protected. */
import { changesOf } from "../../../core/model/intent.ts";
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import type { OwnRun } from "./runs.ts";

interface Wish {
  readonly instanceId: string;
  readonly atMs: number;
}

/** He was not refused, as far as it is still a member. */
const wishesIn = ({ happened, before }: Pick<OwnRun, "happened" | "before">): readonly Wish[] =>
  happened.flatMap(({ act, atMs }) => {
    if (act.kind !== "PROTECT" || !act.isProtected) return [];
    const { instanceId } = before.members[act.member] ?? {};
    return instanceId === undefined ? [] : [{ instanceId, atMs }];
  });

/** Who protects a member while we hold it says nothing that could be seen: it is released with the others. */
export const protectedUnseen = (run: OwnRun): ReadonlySet<string> => {
  const holds = run.ending.intents.filter(({ change }) => change.kind === "HOLD_MEMBERS");
  const unseen = wishesIn(run).filter(({ instanceId, atMs }) =>
    holds.some(
      (hold) =>
        changesOf([hold], "HOLD_MEMBERS").some((change) =>
          change.instanceIds.includes(instanceId),
        ) &&
        Date.parse(hold.plannedAt) <= atMs &&
        atMs <= Date.parse(hold.undoneAt ?? hold.plannedAt),
    ),
  );
  return new Set(unseen.map(({ instanceId }) => instanceId));
};

/** Replacements and others alike: a refresh would wait for each of them, and fail. */
export const leftProtected = (run: OwnRun, { members }: GroupSummary): readonly string[] => {
  const wished = new Set(wishesIn(run).map(({ instanceId }) => instanceId));
  return members
    .filter(({ instanceId, isProtected }) => isProtected && !wished.has(instanceId))
    .map(({ instanceId }) => `${instanceId} is still protected from scale-in`);
};
