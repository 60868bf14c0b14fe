/**
 * Waiting for the replacement on its final root: EC2's task that gives it that root, and its checks after the reboot. Both ways
 * that keep the replacement use it, with the root from an image and with the original's own volume.
 */
import { readSpotCode } from "../../adapters/aws/ec2/health.ts";
import { readReplaceRootVolumeTask } from "../../adapters/aws/ec2/images.ts";
import { takesDataBack } from "../../core/decide/linear/data-way-back.ts";
import { finalChecks, paces } from "../../core/decide/linear/paces.ts";
import { judgeRootTask } from "../../core/decide/linear/root-move.ts";
import { isRestfulRequest } from "../../core/decide/switch/health.ts";
import { isSecondLook } from "../../core/decide/switch/pace.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Awaited } from "../evaluation/waiting.ts";
import { isBoughtOnDemand } from "./bought.ts";
import { checkAwaitedReplacement, checkReplacement } from "./guards.ts";
import { replacementId, type LinearSession } from "./session.ts";

/** What is waited for, by the name of its wait in the record. */
export interface Missing extends Pick<Awaited, "phase" | "pace" | "within"> {
  readonly sentence: string;
}

const taskWait = "replace-root";
const checksWait = "root-checks";

export const untilTask = (sentence: string): Missing => ({
  phase: taskWait,
  pace: paces.rootTask,
  sentence,
});

/** Of a task that was begun by this very invocation: it takes longer than that, and the replacement was looked at right before. */
export const untilBegunTask = (taskId: string): Missing =>
  untilTask(`Replacing the root volume: ${taskId} was begun.`);

/** The task failed, and the replacement runs on the root that it had. */
export class RootNotReplaced extends Error {
  readonly taskId: string;

  constructor(message: string, taskId: string) {
    super(message);
    this.taskId = taskId;
  }
}

/**
 * EC2 says no to this way of bringing the root, now or later, or the role may not ask for it: another way does. A record that could not
 * be written is not a reason to launch another.
 */
export const isRootRefused = (error: unknown): error is Error =>
  error instanceof RootNotReplaced ||
  (error instanceof SpotOptimizerError &&
    !error.isOwn &&
    (error.name === "BrokenRequest" ||
      (error.name === "BrokenPermission" && error.action === "CreateReplaceRootVolumeTask")));

const withoutRoot = (session: LinearSession, taskId: string): SpotOptimizerError => {
  const instanceId = replacementId(session);
  return new SpotOptimizerError(
    "BrokenReplacement",
    `${taskId} has taken its root volume from ${instanceId} and put none in its place.`,
    {
      resource: instanceId,
      nextStep: takesDataBack(session.evaluation)
        ? "Nothing: another one is launched."
        : "Nothing: the original is restored.",
    },
  );
};

/** Of a Spot Instance its request tells, too, that its owner or his account ended it. */
const isSurelyHeld = async (session: LinearSession): Promise<boolean> => {
  if (isBoughtOnDemand(session)) return false;
  const { ec2 } = await session.customer();
  return isRestfulRequest(await readSpotCode(ec2, replacementId(session)));
};

/**
 * While it reboots its checks say nothing; that it is lost ends the wait, for then the task may never end. Asked at every second look: EC2
 * announces an interruption two minutes before.
 */
const refuseLost = async (session: LinearSession): Promise<void> => {
  const wait = session.evaluation.waits[taskWait];
  if (wait !== undefined && !isSecondLook(wait, session.now)) return;
  if (await isSurelyHeld(session)) return;
  try {
    await checkReplacement(session);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenReplacement") throw error;
  }
};

/** A sentence while the task is under way. Throws RootNotReplaced when it failed, else what ends the switch. */
const whatTaskLacks = async (
  session: LinearSession,
  taskId: string,
): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  const task = await readReplaceRootVolumeTask(ec2, { taskId });
  const state = task?.state ?? "not visible yet";
  const standing = judgeRootTask(task?.state);
  if (standing === "SUCCEEDED") return undefined;
  if (standing === "OPEN") {
    await refuseLost(session);
    return `Replacing the root volume: ${taskId} is ${state}.`;
  }
  // A lost replacement is not a reason for another way: the original is down, and a roll-back surely brings it back.
  await checkReplacement(session);
  if (standing === "FAILED_DETACHED") throw withoutRoot(session, taskId);
  throw new RootNotReplaced(`${taskId} is ${state}`, taskId);
};

/** First the task, and once it has succeeded the checks alone. Undefined: the replacement is proved on its final root. */
export const whatFinalRootLacks = async (
  session: LinearSession,
  taskId: string,
): Promise<Missing | undefined> => {
  if (session.evaluation.waits[checksWait] === undefined) {
    const sentence = await whatTaskLacks(session, taskId);
    if (sentence !== undefined) return untilTask(sentence);
  }
  const health = await checkAwaitedReplacement(session, checksWait);
  if (health.kind === "HEALTHY") return undefined;
  return {
    phase: checksWait,
    within: taskWait,
    pace: finalChecks(session.evaluation),
    sentence: health.sentence,
  };
};
