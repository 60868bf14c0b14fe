/**
 * Keeps what a replacement was launched with, for a load with data that goes back: once the Spot Instance has ended, and what was to take
 * its place is lost, EC2 shows neither of them whole. User data may hold passwords, so that EC2 alone keeps them.
 */
import { secretText, type LaunchBlueprint } from "../../adapters/aws/ec2/blueprint.ts";
import { readUserDataOf } from "../../adapters/aws/ec2/launch.ts";
import { loadKeptLaunch, saveKeptLaunch } from "../../adapters/store/kept-launches.ts";
import { takesDataBack } from "../../core/decide/linear/data-way-back.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { replacementId, type LinearSession } from "./session.ts";

interface KeptLaunch {
  readonly blueprint: Omit<LaunchBlueprint, "userData">;
  readonly hasUserData: boolean;
}

/** Before its first launch: nothing is given up yet. */
export const keepLaunch = async (
  session: LinearSession,
  { userData, ...blueprint }: LaunchBlueprint,
): Promise<void> => {
  if (!takesDataBack(session.evaluation)) return;
  const kept: KeptLaunch = { blueprint, hasUserData: userData !== undefined };
  await saveKeptLaunch(session.context.table, session.evaluation.evaluationId, kept);
};

const withoutUserData = (instanceId: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenFacts",
    `EC2 no longer shows the user data with which ${instanceId} was launched: without them nothing is launched in its place.`,
    { resource: instanceId, nextStep: 'See "ONLY_FORWARD" in the runbook.' },
  );

const readUserData = async (session: LinearSession): Promise<string> => {
  const { ec2 } = await session.customer();
  const { instanceId: originalId } = session.evaluation.subject;
  for (const instanceId of [replacementId(session), originalId]) {
    const found = await readUserDataOf(ec2, instanceId);
    if (found !== undefined && found !== "") return found;
  }
  throw withoutUserData(originalId);
};

/** @throws BrokenFacts when none was kept, or the user data can't be read any longer */
export const readKeptLaunch = async (session: LinearSession): Promise<LaunchBlueprint> => {
  const { context, evaluation } = session;
  const { evaluationId } = evaluation;
  const kept = (await loadKeptLaunch(context.table, evaluationId)) as KeptLaunch | undefined;
  if (kept === undefined) {
    throw new SpotOptimizerError("BrokenFacts", `No launch was kept for ${evaluationId}.`, {
      resource: evaluationId,
    });
  }
  const { blueprint, hasUserData } = kept;
  return hasUserData
    ? { ...blueprint, userData: secretText(await readUserData(session)) }
    : blueprint;
};
