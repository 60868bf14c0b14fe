/** Finds what an evaluation has launched, and how that stands which had the traffic: nothing more is asked of what has ended. */
import {
  findHoldings,
  findLaunched,
  readHoldings,
  type InstanceHoldings,
} from "../../../adapters/aws/ec2/instance-holdings.ts";
import type { FoundInstance, RollbackInput } from "../../../core/decide/linear/roll-back/world.ts";
import { isOriginalGivenUp } from "../../../core/decide/linear/roll-back/serving.ts";
import { trafficMoves } from "../../../core/decide/linear/served.ts";
import { judgeHealth, type HealthJudgement } from "../../../core/decide/switch/health.ts";
import { launchesIn, launchOf } from "../../../core/decide/switch/launches.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import type { ChangeOf, Intent } from "../../../core/model/intent.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { readReplacementHealth } from "../guards.ts";
import { swapOf, type LinearSession, type LinearClients } from "../session.ts";

export type FoundReplacement = InstanceHoldings & Pick<FoundInstance, "isTagged">;

/** A launch whose instance is not among those found; EC2 may show an instance before its tags, or by one way of asking alone. */
const notAmong = (
  intents: readonly Intent[],
  found: readonly InstanceHoldings[],
): readonly ChangeOf<"LAUNCH_INSTANCE">[] => {
  const seen = new Set(found.map((instance) => launchOf(intents, instance)?.id));
  return launchesIn(intents)
    .filter(({ id }) => !seen.has(id))
    .map(({ change }) => change);
};

/**
 * All that carry the evaluation's tag or stand in an intent, by tag, by client token and by id; the original carries the tag once
 * it is retired.
 */
export const findReplacements = async (
  { ec2 }: Pick<LinearClients, "ec2">,
  { evaluation }: Pick<LinearSession, "evaluation">,
  intents: readonly Intent[],
): Promise<readonly FoundReplacement[]> => {
  const own = { key: evaluationTag, value: evaluation.evaluationId };
  const tagged = (await findHoldings(ec2, own)).map((found) => ({ ...found, isTagged: true }));
  const tokens = notAmong(intents, tagged).map(({ clientToken }) => clientToken);
  const launched = [...tagged, ...(await findLaunched(ec2, tokens))];
  const ids = notAmong(intents, launched).flatMap(({ instanceId }) => instanceId ?? []);
  return [...launched, ...(await readHoldings(ec2, [...new Set(ids)]))].filter(
    ({ instanceId }) => instanceId !== evaluation.subject.instanceId,
  );
};

/** Of what has ended nothing more is to be known. */
const lostAs = ({ instanceId, state }: FoundReplacement): HealthJudgement =>
  judgeHealth({
    instanceId,
    state,
    system: "unknown",
    instance: "unknown",
    attachedEbs: "unknown",
  });

/** @param ended those that an invocation has seen to have ended: they stay so */
export const readServing = async (
  session: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
  ended: () => Promise<readonly FoundReplacement[]>,
): Promise<RollbackInput["serving"] | undefined> => {
  const instanceId = swapOf(session)?.replacement?.instanceId;
  const { evaluation } = session;
  const mayNotReturn =
    evaluation.policy.consistency !== "stateless" ||
    isRecovery(evaluation) ||
    isOriginalGivenUp(intents);
  if (!mayNotReturn || instanceId === undefined) return undefined;
  if (trafficMoves(intents).length === 0) return undefined;
  const over = (await ended()).find((found) => found.instanceId === instanceId);
  const health =
    over === undefined
      ? judgeHealth(await readReplacementHealth(session, instanceId))
      : lostAs(over);
  return { instanceId, health };
};

/** Reads replacements, and knows those that were seen to have ended. */
export const watchReplacements = (session: LinearSession<"ec2" | "elb">) => {
  let latest: Promise<readonly FoundReplacement[]> = Promise.resolve([]);
  const ended = new Map<string, FoundReplacement>();
  return {
    read: (intents: readonly Intent[]): Promise<readonly FoundReplacement[]> => {
      const reading = session
        .customer()
        .then((clients) => findReplacements(clients, session, intents));
      latest = reading.then((found) => {
        for (const one of found) if (hasEnded(one.state)) ended.set(one.instanceId, one);
        return found;
      });
      return latest;
    },
    ended: async (): Promise<readonly FoundReplacement[]> => {
      // Parts that are read at the same time begin one after the other: this one after those that were asked for with it.
      await Promise.resolve();
      await latest;
      return [...ended.values()];
    },
  };
};
