/** May a stopped original be terminated now? Asked right before it is. */
import type { InstanceFacts } from "../model/instance.ts";

export type Retirement =
  | { readonly kind: "TERMINATE"; readonly sentence: string }
  /** A person decided otherwise, or it is gone: nothing more to do, ever. */
  | { readonly kind: "LET_BE"; readonly sentence: string }
  /** Not now; asked again at the next run. */
  | { readonly kind: "POSTPONE"; readonly sentence: string };

/**
 * Only what is still stopped, still carries our tag of this very retirement, and whose successor runs. A successor
 * that is gone makes the stopped original the last copy.
 */
export const judgeRetirement = (input: {
  readonly original: InstanceFacts | undefined;
  readonly successor: InstanceFacts | undefined;
  /** Key and value that the tag must have. */
  readonly tag: { readonly key: string; readonly value: string };
}): Retirement => {
  const { original, successor, tag } = input;
  if (original === undefined) {
    return { kind: "POSTPONE", sentence: "EC2 does not show the original." };
  }
  const { instanceId, state } = original;
  if (state === "terminated" || state === "shutting-down") {
    return { kind: "LET_BE", sentence: `${instanceId} is ${state} already.` };
  }
  if (original.tags[tag.key] !== tag.value) {
    return { kind: "LET_BE", sentence: `Somebody changed the tag ${tag.key} of ${instanceId}.` };
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
