/**
 * Receives what AWS tells of Spot in customers' accounts, in batches from our queues. Each event is stored first, and then acted on: what
 * fails after that comes again by itself, and what is told twice, late or out of order does no harm. A message that is not one of these
 * events is failed until it is a dead letter, which raises an alarm: a parser that no longer fits must not go unseen.
 */
import * as z from "zod";
import { keepSpotEvent } from "../../../adapters/store/spot-events.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { readEvent } from "./read-event.ts";
import { remember, type Remembered } from "./remember.ts";

/** Lambda developer guide, "Using Lambda with Amazon SQS": of a record what is read of it. */
const recordSchema = z.object({ messageId: z.string().min(1), body: z.string() });
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
});
type Output = z.infer<typeof outputSchema>;

/** KEPT: stored, and nothing else follows from it. */
type Outcome = Remembered | "KEPT" | "FAILED";

interface Received {
  readonly messageId: string;
  readonly outcome: Outcome;
  readonly isRepeated: boolean;
  readonly isLate: boolean;
}

const noticeMs = 120_000;

const receive = async (
  context: StepContext<"ec2">,
  { messageId, body }: QueueRecord,
): Promise<Received> => {
  const event = readEvent(body, context.now());
  const { kind } = await keepSpotEvent(context.table, event);
  const outcome =
    event.kind === "INTERRUPTION_WARNING" ? await remember(context, event) : ("KEPT" as const);
  const isLate = Date.parse(event.receivedAt) - Date.parse(event.at) > noticeMs;
  return { messageId, outcome, isRepeated: kind === "KNOWN", isLate };
};

const attempt = async (context: StepContext<"ec2">, record: QueueRecord): Promise<Received> => {
  try {
    return await receive(context, record);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const { messageId } = record;
    context.log.error(`A message was not dealt with: ${message}`, { error: name, messageId });
    return { messageId, outcome: "FAILED", isRepeated: false, isLate: false };
  }
};

const counted = (received: readonly Received[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of received) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

export const receiveStep: Step<Input, Output, StepContext<"ec2">> = {
  name: "receive",
  clients: ["ec2"],
  input: inputSchema,
  output: outputSchema,
  run: async (context, { Records: records }) => {
    const received = await Promise.all(records.map((record) => attempt(context, record)));
    const outcomes = counted(received);
    const failed = received.filter(({ outcome }) => outcome === "FAILED");
    const told = Object.entries(outcomes).map(([name, count]) => `${String(count)} ${name}`);
    const output = {
      kind: "RECEIVED" as const,
      summary: `${String(records.length)} events: ${told.join(", ")}.`,
      batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
      repeated: received.filter(({ isRepeated }) => isRepeated).length,
      late: received.filter(({ isLate }) => isLate).length,
      outcomes,
    };
    context.log.info(output.summary, { ...outcomes, repeated: output.repeated, late: output.late });
    return output;
  },
};
