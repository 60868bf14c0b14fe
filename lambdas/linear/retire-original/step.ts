/** Retire original: stopped, tagged with its due time and kept; the janitor terminates it after the cool-off. */
import { readRootDevice, terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import { createTags } from "../../../adapters/aws/ec2/tags.ts";
import { setDeleteOnTermination } from "../../../adapters/aws/ec2/volumes.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { retireAfterTag } from "../../../core/model/tags.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { actedIntent, perform } from "../../evaluation/perform.ts";
import { checkReplacement } from "../guards.ts";
import { stopIntent, stopOriginal } from "../stop-original.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { type LinearSession, replacementId, swapOf } from "../session.ts";

const hourMs = 3_600_000;

/** Returns when the cool-off ends, ISO 8601. */
const startCooloff = async (session: LinearSession, instanceId: string): Promise<string> => {
  const { evaluation, now } = session;
  const { ec2 } = await session.customer();
  let dueAt = new Date(now.getTime() + evaluation.policy.cooloffHours * hourMs).toISOString();
  await perform(session, {
    intent: { id: "retire-original", change: { kind: "RETIRE_ORIGINAL", instanceId, dueAt } },
    action: "CreateTags",
    resource: instanceId,
    call: ({ change }) => {
      if (change.kind === "RETIRE_ORIGINAL") dueAt = change.dueAt;
      const tags = { ...ourTags(evaluation), [retireAfterTag]: dueAt };
      return createTags(ec2, { resources: [instanceId], tags });
    },
  });
  return dueAt;
};

/**
 * The last thing before the record, so that a roll-back never leaves a root volume behind. Stateless loads have
 * nothing on it worth keeping.
 */
const keepRoot = async (session: LinearSession): Promise<void> => {
  if (session.evaluation.policy.consistency === "stateless") return;
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  const root = await readRootDevice(ec2, instanceId);
  if (root === undefined) {
    throw new SpotOptimizerError("RetryableNotVisible", "EC2 does not show the root volume.", {
      resource: instanceId,
    });
  }
  if (!root.deleteOnTermination) return;
  const { deviceName } = root;
  await perform(session, {
    intent: { id: "keep-root", change: { kind: "KEEP_ROOT", instanceId, deviceName } },
    action: "ModifyInstanceAttribute",
    resource: instanceId,
    call: () => setDeleteOnTermination(ec2, { instanceId, deviceName, value: false }),
  });
};

/** The first replacement kept Spot capacity while another was launched from the final image. */
const releaseHeld = async (session: LinearSession): Promise<void> => {
  const heldId = swapOf(session)?.heldId;
  if (heldId === undefined || (await actedIntent(session, "release-held")) !== undefined) return;
  const { ec2 } = await session.customer();
  await perform(session, {
    intent: { id: "release-held", change: { kind: "RELEASE_HELD", instanceId: heldId } },
    action: "TerminateInstances",
    resource: heldId,
    call: () => terminateInstance(ec2, heldId),
  });
};

export const retireOriginalStep = defineEvaluationStep({
  name: "retire-original",
  clients: ["ec2"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: pollingOutput(["RETIRED", "WAITING"]),
  run: async (session) => {
    const resource = replacementId(session);
    const { stopDeadlineMinutes: minutes } = session.evaluation.policy;
    const wait = { phase: "retire", minutes, pace: paces.retire };
    const health = await checkReplacement(session);
    if (health.kind === "WAITING") {
      return waitFor(session, { ...wait, sentence: health.sentence, resource });
    }
    const { instanceId, state } = await stopOriginal(session, await stopIntent(session));
    if (state === "stopped") {
      await releaseHeld(session);
      const dueAt = await startCooloff(session, instanceId);
      await keepRoot(session);
      return {
        output: {
          kind: "RETIRED",
          summary: `${resource} has taken over; ${instanceId} is kept stopped until ${dueAt}.`,
        },
      };
    }
    const sentence = `${instanceId} is ${state}.`;
    return waitFor(session, { ...wait, sentence, resource: instanceId });
  },
});
