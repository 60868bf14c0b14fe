/** Takes the marks of a retirement from the original again, and writes back what stood in their place. */
import { readInstanceTags } from "../../adapters/aws/ec2/instances.ts";
import { createTags, deleteTags } from "../../adapters/aws/ec2/tags.ts";
import { requestIdOf } from "../../adapters/aws/translate-error.ts";
import { getIntent } from "../../adapters/store/intents.ts";
import {
  retirementTags,
  returnTags,
  type TagReturn,
} from "../../core/decide/switch/retirement-tags.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { ourTags } from "./our-tags.ts";
import { recordEffect, type Acted } from "./perform.ts";
import type { DueSession } from "./session.ts";

type Session = DueSession<PipelineMode, "ec2">;

/** What is gone has no tags to be taken away: the roll-back goes on, and says what became of the original. */
export const unlessGone = async (call: Promise<Acted>): Promise<Acted> => {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenNotFound") throw error;
    return { requestId: requestIdOf(error), doneBefore: error.message };
  }
};

/** The evaluation that has marked it. */
type Retiring = Parameters<typeof ourTags>[0];

type Return = TagReturn & { readonly instanceId: string };

/** Undefined where nothing was marked. */
const planReturn = async (
  session: Session,
  by: Retiring,
  intentId: string,
): Promise<Return | undefined> => {
  const { context } = session;
  const intent = await getIntent(context.table, by.evaluationId, intentId);
  if (intent?.change.kind !== "RETIRE_ORIGINAL") return undefined;
  const { before = {}, change } = intent;
  const { ec2 } = await session.customer();
  const found = await readInstanceTags(ec2, change.instanceId);
  if (found === undefined) {
    // What stood there before could not be written back: not shown is not without tags.
    throw new SpotOptimizerError("RetryableNotVisible", "EC2 does not show the original's tags.", {
      resource: change.instanceId,
    });
  }
  const { instanceId, dueAt } = change;
  return {
    instanceId,
    ...returnTags(retirementTags(ourTags(by), dueAt, before), before, found),
  };
};

const isEmpty = (tags: Readonly<Record<string, string>>): boolean => Object.keys(tags).length === 0;

/**
 * Each call is harmless when it acted already: an earlier value first, so that what is ours is known by its value until then.
 * @param by whose intent it is: the evaluation itself, or an earlier one that keeps the original
 */
export const cancelRetirement = async (
  session: Session,
  by: Retiring,
  intentId: string,
): Promise<void> => {
  const planned = await planReturn(session, by, intentId);
  if (planned === undefined) return;
  const { instanceId: resource, remove, restore } = planned;
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
