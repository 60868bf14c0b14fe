/** May a stopped original be terminated now? Asked right before it is. */
import { hasEnded, type InstanceFacts } from "../../model/instance.ts";

export type Retirement =
  | { readonly kind: "TERMINATE"; readonly sentence: string }
  /** A person decided otherwise, or it is gone: nothing more to do, ever. */
  | { readonly kind: "LET_BE"; readonly sentence: string }
  /** Not now; asked again at the next run. */
  | { readonly kind: "POSTPONE"; readonly sentence: string };

/** EC2 shows a terminated instance for about an hour; what it has not shown for a day is gone. */
const goneAfterMs = 24 * 3_600_000;

const judgeUnseen = (input: { readonly dueAt: string; readonly now: Date }): Retirement =>
  input.now.getTime() - Date.parse(input.dueAt) > goneAfterMs
    ? { kind: "LET_BE", sentence: "EC2 has not shown the original for a day: it is gone." }
    : { kind: "POSTPONE", sentence: "EC2 does not show the original." };

/**
 * Only what is still stopped, still carries our tag of this very retirement, and whose successor runs. A successor
 * that is gone makes the stopped original the last copy.
 */
export const judgeRetirement = (input: {
  readonly original: InstanceFacts | undefined;
  readonly successor: InstanceFacts | undefined;
  /** Key of the tag that must name this due time. */
  readonly tagKey: string;
  /** ISO 8601 */
  readonly dueAt: string;
  readonly now: Date;
}): Retirement => {
  const { original, successor, tagKey, dueAt } = input;
  if (original === undefined) return judgeUnseen(input);
  const { instanceId, state } = original;
  if (hasEnded(state)) {
    return { kind: "LET_BE", sentence: `${instanceId} is ${state} already.` };
  }
  if (original.tags[tagKey] !== dueAt) {
    return { kind: "LET_BE", sentence: `Somebody changed the tag ${tagKey} of ${instanceId}.` };
  }
  if (state !== "stopped") {
    return { kind: "LET_BE", sentence: `Somebody started ${instanceId} again (${state}).` };
  }
  if (successor?.state !== "running") {
    return {
      kind: "POSTPONE",
      sentence: `The successor of ${instanceId} is ${successor?.state ?? "not shown"}.`,
    };
  }
  return { kind: "TERMINATE", sentence: `${instanceId} has had its cool-off.` };
};
