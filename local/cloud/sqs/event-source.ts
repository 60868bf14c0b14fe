/**
 * Lambda's event source of a queue: it receives batches, invokes the function with each, and deletes what was dealt with. What was not is
 * visible again after the queue's time-out. Sources: Lambda developer guide, "Using Lambda with Amazon SQS", "Handling errors for an SQS
 * event source" (partial batch responses), "Configuring scaling behavior for SQS event source mappings".
 */
import * as z from "zod";
import type { Clock } from "../clock.ts";
import type { Message, Queues } from "./queues.ts";

/** As the function is given it. Source: Lambda developer guide, "Example standard queue message event". */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, never>>;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

interface Mapping {
  readonly queueArn: string;
  /** Records of one invocation at most. */
  readonly batchSize: number;
  /** FunctionResponseTypes has ReportBatchItemFailures. */
  readonly reportsItemFailures: boolean;
  readonly invoke: (event: { readonly Records: readonly SqsRecord[] }) => Promise<unknown>;
  /** Told of each invocation that failed as a whole. */
  readonly failed: (error: unknown) => void;
}

/** "Lambda starts with five concurrent batches … increases by 300 a minute … up to 1,250". */
const firstBatches = 5;
const moreBatchesPerMinute = 300;
const mostBatches = 1_250;

/** From a message's coming to its receipt: Lambda polls long. † A few tens of milliseconds. */
const pollMs = 40;

const responseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** Undefined: the batch failed as a whole, as "a response that is not valid JSON" or "an unknown messageId" makes it. */
const failuresIn = (
  answer: unknown,
  messages: readonly Message[],
): ReadonlySet<string> | undefined => {
  const read = responseSchema.safeParse(answer ?? {});
  if (!read.success) return undefined;
  const failed = (read.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const isKnown = (id: string): boolean => messages.some(({ messageId }) => messageId === id);
  return failed.every(isKnown) ? new Set(failed) : undefined;
};

const recordOf = (queueArn: string, message: Message): SqsRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentMs),
  },
  messageAttributes: {},
  eventSource: "aws:sqs",
  eventSourceARN: queueArn,
  awsRegion: queueArn.split(":")[3] ?? "",
});

class EventSource {
  readonly #clock: Clock;
  readonly #queues: Queues;
  readonly #mapping: Mapping;
  #running = 0;
  #isDue = false;
  /** Since when there has been more than could be taken; undefined: there is not. */
  #busySinceMs: number | undefined;

  constructor(clock: Clock, queues: Queues, mapping: Mapping) {
    this.#clock = clock;
    this.#queues = queues;
    this.#mapping = mapping;
    queues.watch(mapping.queueArn, () => {
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.schedule(this.#clock.now() + pollMs, () => {
      this.#isDue = false;
      this.#poll();
    });
  }

  #limit(): number {
    const minutes = Math.floor((this.#clock.now() - (this.#busySinceMs ?? Infinity)) / 60_000);
    return Math.min(mostBatches, firstBatches + moreBatchesPerMinute * Math.max(0, minutes));
  }

  #poll(): void {
    const { queueArn, batchSize } = this.#mapping;
    while (this.#running < this.#limit()) {
      const messages = this.#queues.receive(queueArn, batchSize);
      if (messages.length === 0) {
        if (this.#running === 0) this.#busySinceMs = undefined;
        return;
      }
      this.#running += 1;
      this.#clock.schedule(this.#clock.now(), () => this.#run(messages));
    }
    this.#busySinceMs ??= this.#clock.now();
  }

  async #run(messages: readonly Message[]): Promise<void> {
    const { queueArn, invoke, reportsItemFailures, failed } = this.#mapping;
    try {
      const answer = await invoke({ Records: messages.map((each) => recordOf(queueArn, each)) });
      const failures = reportsItemFailures ? failuresIn(answer, messages) : new Set<string>();
      if (failures === undefined) throw new Error("The batch's response names no failed items.");
      for (const { messageId, receiptHandle } of messages) {
        if (!failures.has(messageId)) this.#queues.delete(queueArn, receiptHandle);
      }
    } catch (error) {
      failed(error);
    } finally {
      this.#running -= 1;
      this.#wake();
    }
  }
}

/** From now on the function is invoked with what comes to the queue. */
export const mapQueue = (clock: Clock, queues: Queues, mapping: Mapping): void => {
  new EventSource(clock, queues, mapping);
};
