/**
 * Adopt: a person has said which instance serves. The target follows it, what was left open is settled, and what is not ours
 * any longer loses our tags. No instance is started, stopped or ended, and nothing is deleted.
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import * as z from "zod";
import { findImages, findTaggedImages } from "../../../adapters/aws/ec2/images.ts";
import { readHoldings } from "../../../adapters/aws/ec2/instance-holdings.ts";
import { readInstancePlace, type InstancePlace } from "../../../adapters/aws/ec2/instances.ts";
import { findTagged } from "../../../adapters/aws/ec2/tagged.ts";
import { deleteTags } from "../../../adapters/aws/ec2/tags.ts";
import { listIntents, updateIntents } from "../../../adapters/store/intents.ts";
import { updateTarget } from "../../../adapters/store/targets.ts";
import { flagsOfOwner } from "../../../core/decide/linear/deletion-flags.ts";
import { tagsToTakeAway } from "../../../core/decide/linear/adoption.ts";
import { isolationDueNow } from "../../../core/decide/linear/isolation.ts";
import { dueNow } from "../../../core/decide/linear/return-capacity.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import { lastResolution, type InstanceWish } from "../../../core/model/resolution.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { holdLease } from "../../evaluation/lease.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { recordEffect } from "../../evaluation/perform.ts";
import { readOriginal } from "../facts.ts";
import { findReplacements, type FoundReplacement } from "../roll-back/replacements.ts";
import { swapOf, type LinearSession } from "../session.ts";

type Adoption = Extract<InstanceWish, { readonly kind: "ADOPT" }>;

/** Throws BrokenInput where nobody asked for an adoption. */
const adoptionOf = ({ evaluation }: LinearSession): Adoption => {
  const resolution = lastResolution(evaluation);
  if (resolution?.kind === "ADOPT" && resolution.serving !== undefined) {
    return { kind: "ADOPT", serving: resolution.serving };
  }
  const { evaluationId } = evaluation;
  const sentence = `Nobody asked that an instance be adopted for evaluation ${evaluationId}.`;
  throw new SpotOptimizerError("BrokenInput", sentence, { resource: evaluationId });
};

/** It ran when the person decided. Throws StaleOriginal when it does not any longer. */
const readServing = async (session: LinearSession, serving: string): Promise<InstancePlace> => {
  const { ec2 } = await session.customer();
  const found = await readInstancePlace(ec2, serving);
  if (found?.state === "running") return found;
  const sentence = `${serving} is ${found?.state ?? "not shown by EC2"}.`;
  throw new SpotOptimizerError("StaleOriginal", sentence, {
    resource: serving,
    nextStep: "Start it, or adopt another instance.",
  });
};

/** Of every kind. A repeated adoption finds what an earlier one has left. */
const findCarrying = async (
  { ec2 }: { readonly ec2: EC2Client },
  { evaluation }: LinearSession,
  replacements: readonly FoundReplacement[],
): Promise<ReadonlySet<string>> => {
  const tag = { key: evaluationTag, value: evaluation.evaluationId };
  const [images, things] = await Promise.all([findTaggedImages(ec2, tag), findTagged(ec2, tag)]);
  return new Set([
    ...images.map(({ imageId }) => imageId),
    ...things.map(({ id }) => id),
    ...replacements.filter(({ isTagged }) => isTagged === true).map(({ instanceId }) => instanceId),
  ]);
};

/** In one call, for all that has them: a tag that is not there, or has another value, stays as it is. */
const takeTagsAway = async (
  session: LinearSession,
  serving: string,
  intents: readonly Intent[],
): Promise<readonly string[]> => {
  const { evaluation } = session;
  const { instanceId: originalId } = evaluation.subject;
  const clients = await session.customer();
  const names = changesOf(intents, "CREATE_IMAGE").map(({ imageName }) => imageName);
  const replacements = await findReplacements(clients, session, intents);
  const { tags, resources, left } = tagsToTakeAway({
    originalId,
    original: (await readHoldings(clients.ec2, [originalId]))[0],
    serving,
    replacements,
    images: await findImages(clients.ec2, names),
    carrying: await findCarrying(clients, session, replacements),
    intents,
    ourTags: ourTags(evaluation),
  });
  if (resources.length === 0) return left;
  await holdLease(session);
  await recordEffect(session, {
    action: "DeleteTags",
    resource: resources.join(" "),
    call: () => deleteTags(clients.ec2, { resources, tags }),
  });
  return left;
};

/** To the instance, its type and its zone: whatever somebody launched by hand need not be like the original. */
const follow = async (
  session: LinearSession,
  serving: Adoption["serving"],
  { instanceType, availabilityZone }: InstancePlace,
): Promise<void> => {
  const { context, evaluation, now } = session;
  const isReplacement = swapOf(session)?.replacement?.instanceId === serving;
  const flags = isReplacement ? flagsOfOwner(await readOriginal(session)) : undefined;
  const updatedAt = now.toISOString();
  await updateTarget(context.table, evaluation.targetId, (stored) => {
    // What a target is can't be changed while something is open.
    const target = stored as TargetOf<"LINEAR">;
    const place = { instanceType, availabilityZone };
    if (target.instanceId === serving) return { ...target, ...place };
    return {
      ...target,
      ...place,
      instanceId: serving,
      updatedAt,
      ...(flags === undefined
        ? {}
        : {
            lastSwitchAt: updatedAt,
            ...(kindOf(evaluation) === "FALL_BACK" && {
              staysOnDemand: { evaluationId: evaluation.evaluationId, since: updatedAt },
            }),
            ownersDeletionFlags: target.ownersDeletionFlags ?? flags,
          }),
    };
  });
};

/** What is held for nobody any longer costs money and serves nobody, nor does a group that isolates nobody: the janitor ends both. */
const settle = ({ context, evaluation, now }: LinearSession): Promise<void> =>
  updateIntents(context.table, evaluation.evaluationId, (intent) => {
    if (!isOpenIntent(intent)) return intent;
    const { change } = intent;
    switch (change.kind) {
      case "RESERVE_CAPACITY":
        return { ...intent, status: "COMMITTED", change: dueNow(change, now) };
      case "ISOLATE":
        return { ...intent, status: "COMMITTED", change: isolationDueNow(change, now) };
      default:
        return { ...intent, status: "SETTLED" };
    }
  });

const done =
  (doneAt: string) =>
  (record: LinearEvaluation): LinearEvaluation => ({
    ...record,
    resolutions: (record.resolutions ?? []).map((each, index, all) =>
      index === all.length - 1 ? { ...each, doneAt } : each,
    ),
  });

export const adoptStep = defineEvaluationStep({
  name: "adopt",
  clients: ["ec2"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("ADOPTED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const { serving } = adoptionOf(session);
    const place = await readServing(session, serving);
    const intents = await listIntents(context.table, evaluation.evaluationId);
    const left = await takeTagsAway(session, serving, intents);
    await follow(session, serving, place);
    // Last: until all the rest is done, no other evaluation may begin.
    await settle(session);
    const rest =
      left.length === 0 ? "Nothing else is left" : `Left to the owner: ${left.join(", ")}`;
    return {
      output: { kind: "ADOPTED", summary: `${serving} serves. ${rest}.` },
      change: done(context.now().toISOString()),
    };
  },
});
