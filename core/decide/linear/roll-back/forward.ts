/**
 * The roll-back of a way back with data. Once its Spot Instance was ended, by us or by EC2, nothing can be given back to it: its data stay
 * where they are, nothing is undone or deleted, and a person resumes, adopts, or launches by hand from what is named.
 */
import { hasEnded } from "../../../model/instance.ts";
import { onlyForward } from "../../../model/held-reason.ts";
import { changesOf, type Intent } from "../../../model/intent.ts";
import { planRelease } from "./claim-tag.ts";
import { isAlive, listed } from "./problems.ts";
import { wait } from "./return.ts";
import { hasStayedWell, isOriginalGivenUp } from "./serving.ts";
import { planRemains } from "./superseded.ts";
import { hasBeenAsked } from "../../switch/launches.ts";
import type { RollbackInput, RollbackPlan } from "./world.ts";

/** `vol-… (root), vol-… on /dev/sdf`: by which a person finds the data, whatever was attached where. */
const dataOf = ({ before }: RollbackInput): string =>
  listed(
    (before?.volumes ?? []).map(({ volumeId, deviceName }) =>
      deviceName === undefined || deviceName === before?.rootDeviceName
        ? `${volumeId} (root)`
        : `${volumeId} on ${deviceName}`,
    ),
  );

const heldPlan = (input: RollbackInput, why: string): RollbackPlan => {
  const alive = input.replacements.filter(isAlive).map(({ instanceId }) => instanceId);
  const next =
    alive.length === 0
      ? `launch an On-Demand Instance in the zone of the volumes with that root, attach the others, and adopt it`
      : `resume the evaluation: ${listed(alive)} takes over`;
  return {
    kind: "NEEDS_OPERATOR",
    isHeld: true,
    heldBecause: onlyForward,
    sentence:
      `${why} Its data are on ${dataOf(input)}: nothing was undone, and no volume is deleted. ` +
      `Next: ${next}; see "ONLY_FORWARD" in the runbook.`,
  };
};

/** Our call may have acted though EC2 does not show it yet: what takes its place is not ended meanwhile. */
const planUnknownEnd = (input: RollbackInput): RollbackPlan | undefined => {
  const intent = input.intents.find(
    ({ change, status }) => change.kind === "END_ORIGINAL" && status !== "UNDONE",
  );
  if (intent === undefined) return undefined;
  const { status, plannedAt, actedAt = plannedAt } = intent;
  return status === "PLANNED" && hasBeenAsked(input, actedAt)
    ? undefined
    : wait(`Whether ${input.originalId} was asked to end is not known: EC2 shows it running.`, [
        "original",
      ]);
};

const isOf =
  (...kinds: readonly Intent["change"]["kind"][]) =>
  ({ change: { kind }, status }: Intent): boolean =>
    status !== "UNDONE" && kinds.includes(kind);

/** The load's own root is on its way. */
const bringsRoot = isOf("REPLACE_ROOT", "CREATE_SNAPSHOT", "CREATE_IMAGE");
/** What was written since is on another volume than that. */
const isByImage = isOf("CREATE_SNAPSHOT", "CREATE_IMAGE");

/**
 * Until its root is on its way a host is given up, and a later recovery launches another. So it is where a host is lost to which the root itself went:
 * it outlives that, with all that was written since.
 */
const planFromTaken = (input: RollbackInput): RollbackPlan | undefined => {
  const { intents, originalId, serving } = input;
  if (!intents.some(bringsRoot)) return undefined;
  const held = heldPlan(input, `EC2 has taken the Spot Instance ${originalId}.`);
  if (intents.some(isByImage)) return held;
  const alive = input.replacements.find(isAlive);
  if (alive === undefined) return undefined;
  if (serving?.health.kind === "LOST") {
    return wait(`EC2 takes ${alive.instanceId} back, too.`, ["replacements"], "MINUTES");
  }
  if (hasStayedWell(input)) return held;
  const sentence = `${alive.instanceId} is ${alive.state}, as EC2 shows it: it is looked at again before that is said.`;
  return { ...wait(sentence, ["replacements", "serving"]), isTimed: true };
};

const hasLaunched = ({ intents, replacements }: RollbackInput): boolean =>
  replacements.length > 0 || changesOf(intents, "LAUNCH_INSTANCE").length > 0;

/** Undefined: nothing was given up yet, so that all can be undone. */
const planWayBack = (input: RollbackInput): RollbackPlan | undefined => {
  const { original, originalId, intents, originalTaken } = input;
  if (original === undefined) {
    return isOriginalGivenUp(intents)
      ? heldPlan(input, `The Spot Instance ${originalId} was ended.`)
      : undefined;
  }
  if (hasEnded(original.state)) {
    // A recovery launches a host, and takes the volumes over. EC2 shows for an hour what has ended, and our claim on it.
    if (!hasLaunched(input)) return planRelease(input) ?? planRemains(input) ?? { kind: "DONE" };
    return heldPlan(input, `The Spot Instance ${originalId} is ${original.state}.`);
  }
  if (originalTaken !== undefined && input.replacements.some(isAlive)) {
    return heldPlan(input, `EC2 takes the Spot Instance ${originalId} back: ${originalTaken}`);
  }
  return planUnknownEnd(input);
};

/** Undefined: of another kind, or what was made can be given up. */
export const planForward = (input: RollbackInput): RollbackPlan | undefined => {
  const { takesDataBack = false, isRecovery } = input;
  if (!takesDataBack) return undefined;
  return isRecovery === true ? planFromTaken(input) : planWayBack(input);
};
