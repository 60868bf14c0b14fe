/** Reads one message of the queue: which event of AWS it holds, and what that says. Whatever else an event has is not looked at. */
import * as z from "zod";
import { atFirstUse } from "../../../core/at-first-use.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { regionSchema } from "../../../core/model/partition.ts";
import { clocksApartMs, type SpotEvent } from "../../../core/model/spot-event.ts";
import { fisExperiment } from "./messages/fis-experiment.ts";
import { interruptionWarning } from "./messages/interruption-warning.ts";
import type { Message } from "./messages/message.ts";
import { rebalanceRecommendation } from "./messages/rebalance-recommendation.ts";
import { stateChange } from "./messages/state-change.ts";
import { terminateHook } from "./messages/terminate-hook.ts";

const messages: readonly Message[] = [
  interruptionWarning,
  rebalanceRecommendation,
  stateChange,
  terminateHook,
  fisExperiment,
];

const envelopeSchema = atFirstUse(() =>
  z.object({
    source: z.string(),
    "detail-type": z.string(),
    account: accountIdSchema,
    region: regionSchema,
    time: z.iso.datetime({ offset: true }),
    detail: z.unknown(),
  }),
);

const broken = (what: string, error?: z.ZodError): SpotOptimizerError => {
  const faults = error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  return new SpotOptimizerError(
    "BrokenInput",
    `${what}${faults.length === 0 ? "" : ` (${faults.join("; ")})`}.`,
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpotOptimizerError("BrokenInput", "The message is not JSON.", { cause });
  }
};

/** @throws BrokenInput for what is not one of these events, naming what is wrong with it */
export const readEvent = (body: string, now: Date): SpotEvent => {
  const envelope = envelopeSchema().safeParse(parseJson(body));
  if (!envelope.success) throw broken("The message is not an event of AWS", envelope.error);
  const { source, "detail-type": type, account, region, time, detail } = envelope.data;
  const message = messages.find((each) => each.source === source && each.detailType === type);
  if (message === undefined) throw broken(`There is no reader for "${type}" of ${source}`);
  const read = message.detail().safeParse(detail);
  if (!read.success) throw broken(`The detail of "${type}" is not as AWS has it`, read.error);
  // By AWS's clock, so that whoever tells it again names the same time. One from years ahead would never be forgotten.
  const atMs = Math.min(Date.parse(time), now.getTime() + clocksApartMs);
  return {
    accountId: account,
    region,
    at: new Date(atMs).toISOString(),
    receivedAt: now.toISOString(),
    ...read.data,
  };
};
