/**
 * Keeps what a replacement was launched with: once a Spot Instance has ended, and what was to take its place is lost, EC2 shows neither of
 * them whole. User data may hold passwords, so that EC2 alone keeps them.
 */
import { secretText, type LaunchBlueprint } from "../../adapters/aws/ec2/blueprint.ts";
import { readUserDataOf } from "../../adapters/aws/ec2/launch.ts";
import { loadKeptLaunch, saveKeptLaunch } from "../../adapters/store/kept-launches.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { DueSession } from "../evaluation/session.ts";
import { swapOf, type LinearSession } from "./session.ts";

interface KeptLaunch {
  readonly blueprint: Omit<LaunchBlueprint, "userData">;
  readonly hasUserData: boolean;
}

/** Before the evaluation's first launch: nothing is given up yet, and whatever it launches may be taken back. */
export const keepLaunch = async (
  { context, evaluation }: LinearSession,
  { userData, ...blueprint }: LaunchBlueprint,
): Promise<void> => {
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

/** Of what this evaluation has launched, and which still runs. Undefined: no launch was kept, or EC2 no longer shows its user data. */
export const readLaunchOf = async ({
  context,
  evaluation,
  swaps,
  customer,
}: DueSession<PipelineMode, "ec2">): Promise<LaunchBlueprint | undefined> => {
  const kept = (await loadKeptLaunch(context.table, evaluation.evaluationId)) as
    KeptLaunch | undefined;
  const instanceId = swapOf({ swaps })?.replacement?.instanceId;
  if (kept === undefined || instanceId === undefined) return undefined;
  if (!kept.hasUserData) return kept.blueprint;
  const { ec2 } = await customer();
  const found = await readUserDataOf(ec2, instanceId);
  return found === undefined || found === ""
    ? undefined
    : { ...kept.blueprint, userData: secretText(found) };
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
 * @throws BrokenFacts when none was kept
 */
const loadLaunch = async (
  { context, evaluation }: LinearSession,
  { evaluationId }: { readonly evaluationId: EvaluationId } = evaluation,
): Promise<KeptLaunch> => {
  const kept = (await loadKeptLaunch(context.table, evaluationId)) as KeptLaunch | undefined;
  if (kept !== undefined) return kept;
  throw new SpotOptimizerError("BrokenFacts", `No launch was kept for ${evaluationId}.`, {
    resource: evaluationId,
  });
};

/**
 * Of a host that is given the root of what was lost: user data would run there once more, for the host's name is another, and some of them make
 * a file system anew.
 * @param from that kept it. Default: this one
 * @throws BrokenFacts when none was kept
 */
export const readLaunchOfHost = async (
  session: LinearSession,
  from?: { readonly evaluationId: EvaluationId },
): Promise<LaunchBlueprint> => (await loadLaunch(session, from)).blueprint;

/**
 * @param from that kept it. Default: this one
 * @param originalId that may still be stopped, in its cool-off
 * @throws BrokenFacts when none was kept, or the user data can't be read any longer
 */
export const readKeptLaunch = async (
  session: LinearSession,
  from?: { readonly evaluationId: EvaluationId; readonly originalId: string },
): Promise<LaunchBlueprint> => {
  const { evaluation } = session;
  const { blueprint, hasUserData } = await loadLaunch(session, from);
  if (!hasUserData) return blueprint;
  const replacement = swapOf(session)?.replacement?.instanceId;
  const known = [replacement, evaluation.subject.instanceId, from?.originalId];
  const instanceIds = known.filter((id) => id !== undefined);
  return { ...blueprint, userData: secretText(await readUserData(session, instanceIds)) };
};
