/**
 * Receives what AWS tells of Spot in customers' accounts, in batches from our queues. Each event is stored first, and then acted on: what
 * fails after that comes again by itself, and what is told twice, late or out of order does no harm. A message that is not one of these
 * events is failed until it is a dead letter, which raises an alarm: a parser that no longer fits must not go unseen.
 */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { tell as tellOwner } from "../../../adapters/store/outbox.ts";
import { keepSpotEvent } from "../../../adapters/store/spot-events.ts";
import { readSpotInstance } from "../../../adapters/store/spot-instances.ts";
import type { SpotEvent, SpotEventOf } from "../../../core/model/spot-event.ts";
import { noticeMs } from "../../../core/model/spot-status.ts";
import { noticeOfInterruption } from "../../../core/notice/of-interruption.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { heed, type Heeded } from "./heed.ts";
import { readEvent } from "./read-event.ts";
import { remember, type Remembered } from "./remember.ts";
import {
  respond,
  type EndEvent,
  type RespondContext,
  type Responded,
  type Told,
} from "./respond.ts";

/** Lambda developer guide, "Using Lambda with Amazon SQS": of a record what is read of it. */
const recordSchema = z.object({
  messageId: z.string().min(1),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().positive() }),
});
type QueueRecord = z.infer<typeof recordSchema>;

const inputSchema = z.object({ Records: z.array(recordSchema) });
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({
  kind: z.literal("RECEIVED"),
  summary: z.string(),
  /** Only these come again (partial batch response). */
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
  /** Told before. */
  repeated: z.int(),
  /** After the two minutes of a notice. */
  late: z.int(),
  outcomes: z.record(z.string(), z.int()),
  /** What was started for those that tell of an end, or recommend to leave. */
  responses: z.record(z.string(), z.int()),
});
type Output = z.infer<typeof outputSchema>;

export type ReceiveContext = StepContext<"ec2"> & RespondContext;

/** KEPT: stored, and nothing is remembered of it. */
type Outcome = Remembered | "KEPT" | "FAILED";

interface Received {
  readonly messageId: string;
  readonly outcome: Outcome;
  readonly response?: Responded | Heeded;
  readonly isRepeated: boolean;
  readonly isLate: boolean;
}

const tellsOfEnd = (event: SpotEvent): event is EndEvent =>
  event.kind === "INTERRUPTION_WARNING" || event.kind === "STATE_CHANGE";

type Recommendation = SpotEventOf<"REBALANCE_RECOMMENDATION">;

const concernsInstance = (event: SpotEvent): event is EndEvent | Recommendation =>
  tellsOfEnd(event) || event.kind === "REBALANCE_RECOMMENDATION";

/** Stored: whatever becomes of this invocation, it was told. */
interface Kept extends Pick<Received, "messageId" | "isRepeated"> {
  readonly event: SpotEvent;
  /** Of what tells of an end, or recommends to leave: whose, and of which instance. */
  readonly known?: Told;
}

const keep = async (
  { table, now }: ReceiveContext,
  { messageId, body, attributes }: QueueRecord,
): Promise<Kept> => {
  const event = readEvent(body, now());
  const { kind } = await keepSpotEvent(table, event);
  const kept = { messageId, event, isRepeated: kind === "KNOWN" };
  if (!concernsInstance(event)) return kept;
  const [account, instance] = await Promise.all([
    getAccount(table, event.accountId),
    readSpotInstance(table, event, event.instanceId),
  ]);
  const receipts = attributes.ApproximateReceiveCount;
  return { ...kept, known: { account, instance, receipts } };
};

/** A message that waits for another evaluation comes each ten seconds: told three times at most, which is one notice. */
const toldReceipts = 3;

const tellOfEnd = async (
  { table }: ReceiveContext,
  event: EndEvent,
  { account, instance, receipts }: Told,
): Promise<void> => {
  const isServed = account !== undefined && account.status !== "DISABLED";
  if (event.kind !== "INTERRUPTION_WARNING" || !isServed || receipts > toldReceipts) return;
  if (instance?.targetId === undefined) return;
  const { targetId } = instance;
  await tellOwner(table, noticeOfInterruption(event, { ...instance, targetId }));
};

/** None waits for another, nor for its success: what was not dealt with comes again. */
const dealWith = async (
  context: ReceiveContext,
  { event, known, isRepeated }: Kept,
): Promise<Pick<Received, "outcome" | "response">> => {
  if (known === undefined || !concernsInstance(event)) return { outcome: "KEPT" };
  if (!tellsOfEnd(event)) return { outcome: "KEPT", response: await heed(context, event, known) };
  const [response, outcome, notice] = await Promise.allSettled([
    respond(context, event, known),
    event.kind === "INTERRUPTION_WARNING"
      ? remember(context, event, { ...known, isRepeated })
      : Promise.resolve("KEPT" as const),
    tellOfEnd(context, event, known),
  ]);
  if (response.status === "rejected") throw response.reason;
  if (outcome.status === "rejected") throw outcome.reason;
  if (notice.status === "rejected") throw notice.reason;
  return { outcome: outcome.value, response: response.value };
};

const conclude = async (context: ReceiveContext, kept: Kept): Promise<Received> => {
  const { messageId, isRepeated, event } = kept;
  const isLate = Date.parse(event.receivedAt) - Date.parse(event.at) > noticeMs;
  return { messageId, isRepeated, isLate, ...(await dealWith(context, kept)) };
};

/** Of a message alone: what becomes of the others does not depend on it. */
const attempt = async <Result>(
  context: ReceiveContext,
  messageId: string,
  run: () => Promise<Result>,
): Promise<Result | Received> => {
  try {
    return await run();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    context.log.error(`A message was not dealt with: ${message}`, { error: name, messageId });
    return { messageId, outcome: "FAILED", isRepeated: false, isLate: false };
  }
};

const isOver = (one: Kept | Received): one is Received => "outcome" in one;
const isKept = (one: Kept | Received): one is Kept => !isOver(one);
const isOfProd = ({ known }: Kept): boolean => known?.account?.environment === "PROD";

/** All are stored before anything is begun for one of them, and PROD's responses are begun before any other's. */
const receiveAll = async (
  context: ReceiveContext,
  records: readonly QueueRecord[],
): Promise<readonly Received[]> => {
  const told = await Promise.all(
    records.map((record) => attempt(context, record.messageId, () => keep(context, record))),
  );
  const kept = told.filter(isKept);
  const concludeAll = (these: readonly Kept[]): Promise<readonly Received[]> =>
    Promise.all(these.map((one) => attempt(context, one.messageId, () => conclude(context, one))));
  return [
    ...told.filter(isOver),
    ...(await concludeAll(kept.filter(isOfProd))),
    ...(await concludeAll(kept.filter((one) => !isOfProd(one)))),
  ];
};

const counted = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const isToComeAgain = ({ outcome, response }: Received): boolean =>
  outcome === "UNCONFIRMED" || outcome === "FAILED" || response === "AWAITED";

const tell = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(", ");

export const receiveStep: Step<Input, Output, ReceiveContext> = {
  name: "receive",
  clients: ["ec2"],
  input: inputSchema,
  output: outputSchema,
  run: async (context, { Records: records }) => {
    const received = await receiveAll(context, records);
    const outcomes = counted(received.map(({ outcome }) => outcome));
    const responses = counted(received.flatMap(({ response }) => response ?? []));
    const told = tell(responses);
    const output = {
      kind: "RECEIVED" as const,
      summary: `${String(records.length)} events: ${tell(outcomes)}.${told === "" ? "" : ` Responses: ${told}.`}`,
      batchItemFailures: received
        .filter(isToComeAgain)
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
      repeated: received.filter(({ isRepeated }) => isRepeated).length,
      late: received.filter(({ isLate }) => isLate).length,
      outcomes,
      responses,
    };
    const { repeated, late } = output;
    context.log.info(output.summary, { ...outcomes, repeated, late });
    return output;
  },
};
