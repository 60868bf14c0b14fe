/**
 * Prepare image. `warm`: of the running original, without a reboot, so that the replacement can be launched and
 * the later image is a small delta. `final`: of the stopped original, holding every acknowledged write. Data
 * volumes are left out: they move themselves. The original is claimed first: from here on something is made.
 */
import * as z from "zod";
import { createImage, findImage } from "../../../adapters/aws/ec2/images.ts";
import { getIntent } from "../../../adapters/store/intents.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { startsIsolated } from "../../../core/decide/linear/isolation.ts";
import { finalImage, paces } from "../../../core/decide/linear/paces.ts";
import { isLookForFigure } from "../../../core/decide/switch/pace.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { Intent, IntentChange } from "../../../core/model/intent.ts";
import { limitName } from "../../../core/policy/limit-name.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import { readProofs, withProofs, type Asked, type ProofClients } from "../../evaluation/prove.ts";
import { claimOriginal } from "../claim.ts";
import { isOriginalEnded } from "../end-original.ts";
import { readOriginal } from "../facts.ts";
import { revalidateShown } from "../guards.ts";
import { prepareIsolation } from "../isolation.ts";
import { giveWayToRecovery } from "../taken.ts";
import { takeOverRetirement } from "../take-over.ts";
import { imageOfLost } from "./of-lost.ts";
import { imageOfVolume } from "./of-volume.ts";
import { readPercent } from "./percent.ts";
import { waitForIsolation } from "./wait-for-isolation.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { type LinearSession, type LinearResult, withProgress } from "../session.ts";

const outputSchema = pollingOutput(["READY", "WAITING", "POSTPONED"]);
type Output = z.infer<typeof outputSchema>;
type Purpose = "warm" | "final";

const imageOf = (change: IntentChange): string | undefined =>
  change.kind === "CREATE_IMAGE" ? change.imageId : undefined;

const nameOf = ({ evaluation }: LinearSession, purpose: Purpose): string =>
  `spot-optimizer-${evaluation.evaluationId}-${purpose}`;

const startImage = async (
  session: LinearSession,
  purpose: Purpose,
  original: InstanceFacts,
): Promise<string> => {
  const { evaluation } = session;
  const imageName = nameOf(session, purpose);
  const { ec2 } = await session.customer();
  const made = await perform(session, {
    intent: { id: `image-${purpose}`, change: { kind: "CREATE_IMAGE", purpose, imageName } },
    action: "CreateImage",
    resource: original.instanceId,
    call: () =>
      createImage(ec2, {
        instanceId: original.instanceId,
        name: imageName,
        noReboot: true,
        excludeDevices: original.volumes
          .filter((volume) => !volume.isRoot)
          .map((volume) => volume.deviceName),
        tags: ourTags(evaluation),
      }),
    acted: (result, change) =>
      change.kind === "CREATE_IMAGE" ? { ...change, imageId: result.imageId } : change,
  });
  return made.imageId;
};

/** As EC2 spells the states from which an image never becomes available. */
const hopeless: ReadonlySet<string> = new Set(["failed", "invalid", "error", "deregistered"]);

const ready = (
  purpose: Purpose,
  imageId: string,
  summary = `The ${purpose} image ${imageId} is ready.`,
): LinearResult<Output> => ({
  output: { kind: "READY", summary },
  change: withProgress(purpose === "warm" ? { warmImageId: imageId } : { finalImageId: imageId }),
});

const phaseOf = (purpose: Purpose) => `image-${purpose}` as const;

interface Pending {
  readonly imageId: string;
  readonly state: string;
  /** Of the slowest of its snapshots. */
  readonly percent?: number | undefined;
}

const waitForImage = (
  session: LinearSession,
  purpose: Purpose,
  { imageId, state, percent }: Pending,
): LinearResult<Output> =>
  waitFor(session, {
    phase: phaseOf(purpose),
    pace: purpose === "warm" ? paces.warmImage : finalImage(session.evaluation),
    percent,
    minutes: session.evaluation.policy.imageDeadlineMinutes,
    sentence: `The ${purpose} image ${imageId} is ${state}.`,
    resource: imageId,
    nextStep: `Raise ${limitName("imageDeadlineMinutes")} if the volume is large.`,
  });

const awaitImage = async (
  session: LinearSession,
  purpose: Purpose,
  imageId: string,
): Promise<LinearResult<Output>> => {
  const { ec2 } = await session.customer();
  const wait = session.evaluation.waits[phaseOf(purpose)];
  const isFigureOfUse = wait !== undefined && isLookForFigure(wait, session.now);
  // At once: what is a hint only must not cost downtime.
  const [image, percent] = await Promise.all([
    findImage(ec2, { imageId }),
    isFigureOfUse ? readPercent(session, imageId) : undefined,
  ]);
  const state = image?.state ?? "not visible yet";
  if (state === "available")
    return (await waitForIsolation(session, purpose)) ?? ready(purpose, imageId);
  if (hopeless.has(state)) {
    throw new SpotOptimizerError(
      "BrokenRequest",
      `EC2 could not make the ${purpose} image ${imageId}: ${image?.stateReason ?? state}.`,
      { resource: imageId },
    );
  }
  return waitForImage(session, purpose, { imageId, state, percent });
};

/** Of what serves now: a proof that it fails would prove nothing of its replacement. */
const readProofsNow = async (session: LinearSession<"ec2" | ProofClients>) => {
  const { instanceId, targetGroups } = await readOriginal(session);
  return readProofs(session, { stage: "before", instanceId, targetGroups });
};

const postponed = (unproved: string, proofs: readonly Asked[]): LinearResult<Output> => {
  const sentence = `${unproved} Nothing was begun: mend the application, or its proofs in the policy.`;
  return {
    output: { kind: "POSTPONED", summary: sentence },
    change: (record) =>
      withProofs(proofs)({ ...record, postponed: { reason: "PROOF_FAILS", sentence } }),
  };
};

/** Undefined when all hold. Those that have no answer yet are waited for, unless another has failed already. */
const whyNotYet = (
  session: LinearSession<never>,
  proofs: readonly Asked[],
): LinearResult<Output> | undefined => {
  const failed = unprovedIn(proofs.filter(({ isOpen }) => isOpen !== true));
  if (failed !== undefined) return postponed(failed, proofs);
  const sentence = unprovedIn(proofs);
  if (sentence === undefined) return undefined;
  return waitFor(session, {
    phase: "proof-before",
    pace: paces.proofBefore,
    minutes: session.evaluation.policy.proofDeadlineMinutes,
    sentence,
    resource: session.evaluation.subject.instanceId,
  });
};

const prepare = async (
  session: LinearSession,
  purpose: Purpose,
  { original, planned }: { readonly original: InstanceFacts; readonly planned: Intent | undefined },
): Promise<LinearResult<Output>> => {
  if (purpose === "warm" && session.evaluation.policy.consistency === "stateless") {
    const { imageId: own } = original;
    return ready(purpose, own, `Stateless: the original's own image ${own} is used.`);
  }
  // Before the image, which takes minutes: what EC2 refuses is known then, and it shows the group meanwhile.
  if (startsIsolated(session.evaluation, purpose)) await prepareIsolation(session);
  const imageId = await startImage(session, purpose, original);
  // EC2 makes none within the invocation that asked for it. What an earlier one had asked for may be there.
  return planned === undefined
    ? waitForImage(session, purpose, { imageId, state: "pending" })
    : awaitImage(session, purpose, imageId);
};

/** Of what has ended nothing but its root volume is left. */
const imageAfterEnd = async (session: LinearSession): Promise<LinearResult<Output>> => {
  const made = await imageOfVolume(session, nameOf(session, "final"));
  return typeof made === "string"
    ? waitForImage(session, "final", { imageId: made, state: "pending" })
    : made;
};

const firstOfLost = async (session: LinearSession): Promise<LinearResult<Output>> => {
  const found = await imageOfLost(session);
  return "imageId" in found ? ready("warm", found.imageId, found.summary) : found;
};

/** Of a load that leaves a Spot Instance: what comes before anything is made of that. Undefined: nothing stands against it. */
const ofSpot = async (session: LinearSession): Promise<LinearResult<Output> | undefined> => {
  const { evaluation } = session;
  if (isRecovery(evaluation)) return firstOfLost(session);
  if (takesDataBack(evaluation)) await giveWayToRecovery(session);
  return undefined;
};

/** Of a way back that is resumed after its Spot Instance was ended. */
const afterEnd = async (session: LinearSession): Promise<LinearResult<Output> | undefined> => {
  const { warmImageId } = session.evaluation.progress;
  return warmImageId !== undefined && (await isOriginalEnded(session))
    ? ready("warm", warmImageId, "The Spot Instance was ended: nothing is made of it again.")
    : undefined;
};

/** What stands already, of an earlier invocation or of before a person resumed it; or there is nothing of which an image could be made. */
const known = async (
  session: LinearSession,
  purpose: Purpose,
  planned: Intent | undefined,
): Promise<LinearResult<Output> | undefined> => {
  const imageId = planned?.status === "ACTED" ? imageOf(planned.change) : undefined;
  if (imageId !== undefined) return awaitImage(session, purpose, imageId);
  if (purpose === "warm") return afterEnd(session);
  return takesDataBack(session.evaluation) ? imageAfterEnd(session) : undefined;
};

export const prepareImageStep = defineEvaluationStep({
  name: "prepare-image",
  clients: ["cloudWatch", "ec2", "elb", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ purpose: z.enum(["warm", "final"]) }),
  output: outputSchema,
  phase: ({ purpose }) => (purpose === "warm" ? "prepare-image" : "final-image"),
  run: async (session, { purpose }) => {
    const { context, evaluation } = session;
    const first = purpose === "warm" ? await ofSpot(session) : undefined;
    if (first !== undefined) return first;
    const planned = await getIntent(context.table, evaluation.evaluationId, `image-${purpose}`);
    const standing = await known(session, purpose, planned);
    if (standing !== undefined) return standing;
    const { facts: original } = await revalidateShown(session, {
      states: [purpose === "warm" ? "running" : "stopped"],
    });
    const proofs = purpose === "warm" ? await readProofsNow(session) : [];
    const notYet = whyNotYet(session, proofs);
    if (notYet !== undefined) return notYet;
    if (purpose === "warm") await takeOverRetirement(session, original);
    if (purpose === "warm") await claimOriginal(session, original);
    const prepared = await prepare(session, purpose, { original, planned });
    return {
      ...prepared,
      change: (record) => withProofs(proofs)(prepared.change?.(record) ?? record),
    };
  },
});
