/**
 * Keeps what a replacement was launched with: once a Spot Instance has ended, and what was to take its place is lost, EC2 shows neither of
 * them whole. User data may hold passwords, so that EC2 alone keeps them.
 */
import { secretText, type LaunchBlueprint } from "../../adapters/aws/ec2/blueprint.ts";
import { readUserDataOf } from "../../adapters/aws/ec2/launch.ts";
import { loadKeptLaunch, saveKeptLaunch } from "../../adapters/store/kept-launches.ts";
import { takesDataBack } from "../../core/decide/linear/data-way-back.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import { swapOf, type LinearSession } from "./session.ts";

interface KeptLaunch {
  readonly blueprint: Omit<LaunchBlueprint, "userData">;
  readonly hasUserData: boolean;
}

/**
 * Before the evaluation's first launch: nothing is given up yet, and whatever it launches may be taken back. Who launches anew is a recovery, of loads
 * without data, or a way back with data.
 */
export const keepLaunch = async (
  { context, evaluation }: LinearSession,
  { userData, ...blueprint }: LaunchBlueprint,
): Promise<void> => {
  if (evaluation.policy.consistency !== "stateless" && !takesDataBack(evaluation)) return;
  const kept: KeptLaunch = { blueprint, hasUserData: userData !== undefined };
  await saveKeptLaunch(context.table, evaluation.evaluationId, kept);
};

const withoutUserData = ({ evaluation }: LinearSession): SpotOptimizerError => {
  const { instanceId } = evaluation.subject;
  return new SpotOptimizerError(
    "BrokenFacts",
    `EC2 no longer shows the user data with which ${instanceId} was launched: without them nothing is launched in its place.`,
    {
      resource: instanceId,
      nextStep: isRecovery(evaluation)
        ? 'Launch it by hand, and register it anew: see "Interruptions" in the runbook.'
        : 'See "ONLY_FORWARD" in the runbook.',
    },
  );
};

/** @param instanceIds who may still have them, in order */
const readUserData = async (
  session: LinearSession,
  instanceIds: readonly string[],
): Promise<string> => {
  const { ec2 } = await session.customer();
  for (const instanceId of instanceIds) {
    const found = await readUserDataOf(ec2, instanceId);
    if (found !== undefined && found !== "") return found;
  }
  throw withoutUserData(session);
};

/**
 * @param from that kept it. Default: this one
 * @param originalId that may still be stopped, in its cool-off
 * @throws BrokenFacts when none was kept, or the user data can't be read any longer
 */
export const readKeptLaunch = async (
  session: LinearSession,
  from?: { readonly evaluationId: EvaluationId; readonly originalId: string },
): Promise<LaunchBlueprint> => {
  const { context, evaluation } = session;
  const evaluationId = from?.evaluationId ?? evaluation.evaluationId;
  const kept = (await loadKeptLaunch(context.table, evaluationId)) as KeptLaunch | undefined;
  if (kept === undefined) {
    throw new SpotOptimizerError("BrokenFacts", `No launch was kept for ${evaluationId}.`, {
      resource: evaluationId,
    });
  }
  const { blueprint, hasUserData } = kept;
  if (!hasUserData) return blueprint;
  const replacement = swapOf(session)?.replacement?.instanceId;
  const known = [replacement, evaluation.subject.instanceId, from?.originalId];
  const instanceIds = known.filter((id) => id !== undefined);
  return { ...blueprint, userData: secretText(await readUserData(session, instanceIds)) };
};
