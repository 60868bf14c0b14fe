/**
 * Reads the health of instances once for all recoveries of an account and region, where EC2 takes many there at once: whoever comes first reads for
 * all, and the others go by that. Nobody waits for one who has died, and whoever finds nothing to go by reads by himself. What is decided before
 * something is given up never rests on it: that is read by itself, right before.
 */
import { readRequestStatuses } from "../../adapters/aws/ec2/spot-request.ts";
import { readSpotHealths } from "../../adapters/aws/ec2/spot-health.ts";
import {
  askForReading,
  endLead,
  getSharedReading,
  keepSharedReading,
  listAskedFor,
  takeLead,
} from "../../adapters/store/shared-readings.ts";
import { areManyWarned } from "../../adapters/store/spot-events.ts";
import {
  askedForMs,
  atOnceMs,
  healthIn,
  isCovered,
  leadUntil,
  manyAtOnce,
  mayLead,
  nextLeadFrom,
  type Wanted,
} from "../../core/decide/switch/shared-reading.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { SharedHealth, SharedReading } from "../../core/model/shared-reading.ts";
import type { EvaluationSession } from "./session.ts";

type Session = EvaluationSession<PipelineMode, "ec2">;

/** Asked once, as a recovery begins: one read request more. */
export const isOneOfMany = async ({
  context,
  evaluation,
  now,
}: Pick<EvaluationSession, "context" | "evaluation" | "now">): Promise<boolean> =>
  isRecovery(evaluation) &&
  areManyWarned(context.table, evaluation, {
    since: new Date(now.getTime() - atOnceMs).toISOString(),
    many: manyAtOnce,
  });

/** Named by their ids in one call. Source: EC2 API reference, DescribeInstanceStatus. */
const mostIds = 100;

const pagesOf = (instanceIds: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(instanceIds.length / mostIds) }, (_, page) =>
    instanceIds.slice(page * mostIds, (page + 1) * mostIds),
  );

const readHealths = async (
  session: Session,
  instanceIds: readonly string[],
): Promise<readonly SharedHealth[]> => {
  const { ec2 } = await session.customer();
  const requests = await readRequestStatuses(ec2, instanceIds);
  const codes = new Map([...requests].map(([id, { code }]) => [id, code]));
  const pages = await Promise.all(
    pagesOf(instanceIds).map((page) => readSpotHealths(ec2, page, codes)),
  );
  return pages.flat().map((health) => {
    const since = requests.get(health.instanceId)?.since;
    return since === undefined ? health : { ...health, spotStatusSince: since };
  });
};

const readForAll = async (session: Session, own: Wanted): Promise<SharedReading> => {
  const { table, now } = session.context;
  const { evaluation } = session;
  const began = now();
  try {
    const since = new Date(began.getTime() - askedForMs).toISOString();
    const asked = new Set(await listAskedFor(table, evaluation, since)).add(own.instanceId);
    const healths = await readHealths(session, [...asked]);
    const reading = { beganAt: began.toISOString(), healths };
    await keepSharedReading(table, evaluation, reading);
    return reading;
  } finally {
    const { evaluationId } = evaluation;
    await endLead(table, evaluation, { evaluationId, until: nextLeadFrom(began) });
  }
};

/** True for one of those who ask at a time, and not again until that has come to its end. */
const mayRead = ({ context, evaluation }: Session): Promise<boolean> => {
  const { evaluationId } = evaluation;
  return takeLead(context.table, evaluation, (stored) => {
    const now = context.now();
    return mayLead(stored, now) ? { evaluationId, until: leadUntil(now) } : undefined;
  });
};

const pauseMs = 500;
/** Of 500 ms: until one that has begun is there, and the next has been made. */
const mostPauses = 8;

/** Of an instance of which one of many recoveries waits for something. Undefined: it is to be read by itself. */
export const readSharedHealth = async (
  session: Session,
  wanted: Wanted,
): Promise<SharedHealth | undefined> => {
  const { evaluation, context } = session;
  if (evaluation.sharesReadings !== true) return undefined;
  const { table, now, pause } = context;
  let isAsked = false;
  for (let pauses = 0; pauses <= mostPauses; pauses += 1) {
    const reading = await getSharedReading(table, evaluation);
    const found = healthIn(reading, wanted, now());
    if (found !== undefined) return found;
    if (!isAsked && !isCovered(reading, wanted)) {
      const { instanceId, causedAt: at } = wanted;
      await askForReading(table, evaluation, { instanceId, at });
      isAsked = true;
    }
    if (await mayRead(session)) {
      return healthIn(await readForAll(session, wanted), wanted, now());
    }
    await pause(pauseMs);
  }
  return undefined;
};
