/** May an original that is kept stopped be terminated now? Looked at while its cool-off lasts, and asked again right before it is. In every mode. */
import { hasEnded, type InstanceFacts } from "../../model/instance.ts";
import type { KeepingReason } from "../../model/settlement.ts";
import { deploymentTag, evaluationTag, retireAfterTag } from "../../model/tags.ts";

/** Left to its owner: a person decided otherwise, or uses it. Never asked again. */
export interface Keeping {
  readonly kind: "KEPT";
  readonly reason: KeepingReason;
  readonly sentence: string;
}

export type Rest =
  | Keeping
  /** Nothing more to do, ever. */
  | { readonly kind: "GONE"; readonly sentence: string }
  /** Not now; asked again at the next run. */
  | { readonly kind: "WAITING"; readonly sentence: string }
  /** It rests, and its time has not come. */
  | { readonly kind: "RESTS" }
  | { readonly kind: "DUE" };

/** What was noted when it was retired. */
interface Retired {
  readonly instanceId: string;
  /** ISO 8601 */
  readonly dueAt: string;
  /** As EC2 showed it then: it changes with each start, so that a later one tells of a start in between. ISO 8601 */
  readonly launchedAt: string;
  readonly evaluationId: string;
  readonly deploymentId: string;
}

interface RestInput {
  readonly original:
    Pick<InstanceFacts, "instanceId" | "state" | "launchedAt" | "tags"> | undefined;
  readonly retired: Retired;
  /** Who serves instead; absent: nobody is known to. */
  readonly successorId: string | undefined;
  readonly now: Date;
}

/** EC2 shows a terminated instance for about an hour; what it has not shown for a day is gone. */
const goneAfterMs = 24 * 3_600_000;

const judgeUnseen = ({ retired: { dueAt }, now }: RestInput): Rest =>
  now.getTime() - Date.parse(dueAt) > goneAfterMs
    ? { kind: "GONE", sentence: "EC2 has not shown the original for a day: it is gone." }
    : { kind: "WAITING", sentence: "EC2 does not show the original." };

const kept = (reason: KeepingReason, sentence: string): Keeping => ({
  kind: "KEPT",
  reason,
  sentence,
});

/** What its owner has done with it since, as the instance itself shows. */
const decidedOtherwise = (
  { instanceId, state, launchedAt, tags }: NonNullable<RestInput["original"]>,
  { retired, successorId }: RestInput,
): Keeping | undefined => {
  if (instanceId === successorId) {
    return kept(
      "SERVES",
      `${instanceId} is the instance of its target again. It is left to its owner.`,
    );
  }
  if (state !== "stopped") {
    return kept(
      "STARTED_AGAIN",
      `Somebody started ${instanceId} again: it is ${state}, beside its successor ${successorId ?? "(unknown)"}. Next: stop or terminate the one that is not needed.`,
    );
  }
  if (launchedAt !== retired.launchedAt) {
    return kept(
      "USED_SINCE",
      `Somebody started ${instanceId} at ${launchedAt} and stopped it again: it may hold writes that its successor lacks. Next: take these over, then terminate it.`,
    );
  }
  if (tags[retireAfterTag] !== retired.dueAt) {
    return kept(
      "TAG_CHANGED",
      `Somebody changed the tag ${retireAfterTag} of ${instanceId}. It is left to its owner.`,
    );
  }
  const isOurs =
    tags[evaluationTag] === retired.evaluationId && tags[deploymentTag] === retired.deploymentId;
  return isOurs
    ? undefined
    : kept(
        "NOT_OURS",
        `${instanceId} carries the tags of evaluation ${tags[evaluationTag] ?? "none"} of deployment ${tags[deploymentTag] ?? "none"}. It is left to these.`,
      );
};

/** From the instance itself. Says nothing of its successor's health, nor of what uses the original. */
export const judgeRest = (input: RestInput): Rest => {
  const { original, retired, now } = input;
  if (original === undefined) return judgeUnseen(input);
  const { instanceId, state } = original;
  if (hasEnded(state)) {
    return { kind: "GONE", sentence: `${instanceId} is ${state} already.` };
  }
  const keeping = decidedOtherwise(original, input);
  if (keeping !== undefined) return keeping;
  return now.getTime() < Date.parse(retired.dueAt) ? { kind: "RESTS" } : { kind: "DUE" };
};

/** A reason to keep an original whose time has come; undefined: it is used for nothing. */
export const judgeUse = (input: {
  readonly original: Pick<InstanceFacts, "instanceId" | "disableApiTermination">;
  /** Ids of what hangs on it and did not when it was retired. */
  readonly brought: readonly string[];
  /** Target groups, by ARN, and classic load balancers, by name, that have it. */
  readonly groups: readonly string[];
  /** Whoever has it by a tag, without its owner's consent; in the words of a sentence. */
  readonly hands: readonly string[];
}): Keeping | undefined => {
  const { original, brought, groups, hands } = input;
  const { instanceId, disableApiTermination } = original;
  if (disableApiTermination) {
    return kept(
      "PROTECTED",
      `${instanceId} is protected from termination. It is left to its owner.`,
    );
  }
  if (brought.length > 0) {
    return kept(
      "IN_USE",
      `Somebody attached ${brought.join(", ")} to ${instanceId} since it was retired. It is left to its owner.`,
    );
  }
  if (hands.length > 0) {
    return kept(
      "OWNED_BY_OTHERS",
      `${instanceId} is in the hands of ${hands.join(" and ")}, and its owner has not consented that it is replaced. It is left to its owner. Next: take it out there, then terminate it.`,
    );
  }
  return groups.length === 0
    ? undefined
    : kept("REGISTERED", `${instanceId} is in ${groups.join(", ")}. It is left to its owner.`);
};
