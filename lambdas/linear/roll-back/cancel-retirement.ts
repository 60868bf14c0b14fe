/** Takes the marks of a retirement from the original again, and writes back what stood in their place. */
import { readInstanceTags } from "../../../adapters/aws/ec2/instances.ts";
import { createTags, deleteTags } from "../../../adapters/aws/ec2/tags.ts";
import { requestIdOf } from "../../../adapters/aws/translate-error.ts";
import { getIntent } from "../../../adapters/store/intents.ts";
import {
  retirementTags,
  returnTags,
  type TagReturn,
} from "../../../core/decide/linear/retirement-tags.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { recordEffect, type Acted } from "../../evaluation/perform.ts";
import type { LinearSession } from "../session.ts";

/** What is gone has no tags to be taken away: the roll-back goes on, and says what became of the original. */
export const unlessGone = async (call: Promise<Acted>): Promise<Acted> => {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenNotFound") throw error;
    return { requestId: requestIdOf(error), doneBefore: error.message };
  }
};

const planReturn = async (session: LinearSession, intentId: string): Promise<TagReturn> => {
  const { context, evaluation } = session;
  const intent = await getIntent(context.table, evaluation.evaluationId, intentId);
  if (intent?.change.kind !== "RETIRE_ORIGINAL") return { remove: {}, restore: {} };
  const { before = {}, change } = intent;
  const { ec2 } = await session.customer();
  const found = await readInstanceTags(ec2, change.instanceId);
  if (found === undefined) {
    // What stood there before could not be written back: not shown is not without tags.
    throw new SpotOptimizerError("RetryableNotVisible", "EC2 does not show the original's tags.", {
      resource: change.instanceId,
    });
  }
  return returnTags(retirementTags(ourTags(evaluation), change.dueAt, before), before, found);
};

const isEmpty = (tags: Readonly<Record<string, string>>): boolean => Object.keys(tags).length === 0;

/** Each call is harmless when it acted already: an earlier value first, so that what is ours is known by its value until then. */
export const cancelRetirement = async (session: LinearSession, intentId: string): Promise<void> => {
  const { instanceId: resource } = session.evaluation.subject;
  const { remove, restore } = await planReturn(session, intentId);
  const { ec2 } = await session.customer();
  const resources = [resource];
  if (!isEmpty(restore)) {
    const call = () => createTags(ec2, { resources, tags: restore });
    await recordEffect(session, { action: "CreateTags", resource, call });
  }
  if (!isEmpty(remove)) {
    const call = () => unlessGone(deleteTags(ec2, { resources, tags: remove }));
    await recordEffect(session, { action: "DeleteTags", resource, call });
  }
};
