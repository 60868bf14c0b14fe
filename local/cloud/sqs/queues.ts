/**
 * Standard queues of SQS: at least once, in no promised order, invisible for a while to whoever has received, moved to the dead-letter queue
 * after too many receipts. Sources: SQS developer guide, "Amazon SQS visibility timeout", "Using dead-letter queues", "Amazon SQS
 * at-least-once delivery", "Policy examples" (`aws:SourceArn`).
 */
import type { Clock } from "../clock.ts";
import { type Random, uuidOf } from "../random.ts";
import { arnLike } from "../iam/wildcards.ts";

export interface QueueDeclaration {
  readonly arn: string;
  /** How long a message that was received stays hidden. Default: 30 s. */
  readonly visibilitySeconds?: number;
  /** Default: four days. */
  readonly retentionSeconds?: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  /** ARNs, with wildcards, of those on whose behalf a service may send: its policy's `aws:SourceArn`. */
  readonly letsIn?: readonly string[];
}

export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentMs: number;
  readonly receiveCount: number;
  readonly receiptHandle: string;
}

interface Kept extends Omit<Message, "receiveCount" | "receiptHandle"> {
  receiveCount: number;
  receiptHandle: string;
  visibleAtMs: number;
}

interface Queue extends QueueDeclaration {
  readonly messages: Map<string, Kept>;
  readonly watchers: Set<() => void>;
}

export interface Sent {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly sender: {
    readonly service: string;
    readonly sourceArn: string;
    readonly accountId: string;
  };
}

export class Queues {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #queues = new Map<string, Queue>();

  constructor({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = clock;
    this.#random = random.fork("sqs");
  }

  add(declaration: QueueDeclaration): void {
    const { arn } = declaration;
    this.#queues.set(arn, { ...declaration, messages: new Map(), watchers: new Set() });
  }

  /** Undefined: it was taken. */
  send(arn: string, sent: Sent): "NO_RESOURCE" | "NO_PERMISSIONS" | undefined {
    const queue = this.#queues.get(arn);
    if (queue === undefined) return "NO_RESOURCE";
    const isLetIn = (queue.letsIn ?? []).some((each) => arnLike(each, sent.sender.sourceArn));
    if (!isLetIn) return "NO_PERMISSIONS";
    this.#put(queue, {
      body: sent.body,
      attributes: sent.attributes ?? {},
      sentMs: this.#clock.now(),
    });
    return undefined;
  }

  /** What is there, hidden or not, oldest first. @throws Error for a queue that is not there */
  messages(arn: string): readonly Message[] {
    const queue = this.#require(arn);
    this.#expire(queue);
    return [...queue.messages.values()];
  }

  /** At most so many that are visible, each hidden from now on. */
  receive(arn: string, most: number): readonly Message[] {
    const queue = this.#require(arn);
    this.#expire(queue);
    const received: Message[] = [];
    for (const message of this.#visible(queue)) {
      if (received.length === most) break;
      if (this.#redrive(queue, message)) continue;
      message.receiveCount += 1;
      message.receiptHandle = this.#random.hex(24);
      message.visibleAtMs = this.#clock.now() + (queue.visibilitySeconds ?? 30) * 1000;
      this.#clock.schedule(message.visibleAtMs, () => {
        if (queue.messages.has(message.messageId)) notify(queue);
      });
      received.push({ ...message });
    }
    return received;
  }

  /** By the handle of its last receipt: an older one deletes nothing. */
  delete(arn: string, receiptHandle: string): void {
    const { messages } = this.#require(arn);
    for (const [id, message] of messages) {
      if (message.receiptHandle === receiptHandle) messages.delete(id);
    }
  }

  /** Called whenever a message has become visible. */
  watch(arn: string, watcher: () => void): void {
    this.#require(arn).watchers.add(watcher);
  }

  #require(arn: string): Queue {
    const queue = this.#queues.get(arn);
    if (queue === undefined) throw new Error(`There is no queue ${arn}.`);
    return queue;
  }

  #put(queue: Queue, message: Pick<Kept, "body" | "attributes" | "sentMs">): void {
    const messageId = uuidOf(this.#random);
    const visibleAtMs = this.#clock.now();
    queue.messages.set(messageId, {
      ...message,
      messageId,
      visibleAtMs,
      receiveCount: 0,
      receiptHandle: "",
    });
    notify(queue);
  }

  /** In whatever order: a standard queue promises none. */
  #visible(queue: Queue): readonly Kept[] {
    const nowMs = this.#clock.now();
    return [...queue.messages.values()]
      .filter(({ visibleAtMs }) => visibleAtMs <= nowMs)
      .map((message) => ({ message, place: this.#random.next() }))
      .sort((one, other) => one.place - other.place)
      .map(({ message }) => message);
  }

  /** "When the ReceiveCount exceeds the maxReceiveCount, SQS moves the message." */
  #redrive(queue: Queue, message: Kept): boolean {
    const { redrive } = queue;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    const { messageId, body, attributes, sentMs } = message;
    queue.messages.delete(messageId);
    this.#put(this.#require(redrive.deadLetterArn), { body, attributes, sentMs });
    return true;
  }

  #expire({ messages, retentionSeconds = 345_600 }: Queue): void {
    const latestMs = this.#clock.now() - retentionSeconds * 1000;
    for (const [id, { sentMs }] of messages) if (sentMs < latestMs) messages.delete(id);
  }
}

const notify = ({ watchers }: Queue): void => {
  for (const watcher of watchers) watcher();
};
