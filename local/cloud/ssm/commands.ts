/**
 * Commands that were sent, and how far each is: it waits until the agent answers, at most until its time-out; then it runs as
 * long as its document takes. Sources: Systems Manager user guide, "Understanding command statuses"; API reference, SendCommand.
 */
import type { Clock } from "../clock.ts";
import { type Random, uuidOf } from "../random.ts";
import type { Agents, InstancePlace } from "./agents.ts";

/** What a document does on an instance. */
export interface Run {
  /** Exit code of its one step. */
  readonly exitCode: number;
  /** Default: a second. */
  readonly lastsMs?: number;
}

export interface DocumentDeclaration {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Called when it begins to run. */
  readonly run: (instanceId: string) => Run;
  /** Of parameters that must be given. Default: none. */
  readonly requiredParameters?: readonly string[];
  /** Default: a `Command` document, which is the kind that SendCommand runs. */
  readonly type?: "Command" | "Automation";
  /** After which the agent ends it. Default: an hour, as AWS-RunShellScript has it. */
  readonly executionTimeoutSeconds?: number;
}

export interface Command extends InstancePlace {
  readonly commandId: string;
  readonly comment: string | undefined;
  readonly document: DocumentDeclaration;
  readonly sentAt: number;
  /** When lists begin to show it. */
  readonly visibleAt: number;
  readonly deliverUntil: number;
  running?: { readonly since: number; readonly run: Run };
  /** It was not delivered in time. */
  isLate?: true;
}

/** † Not documented: GetCommandInvocation and the lists may lag a moment behind SendCommand. */
const latestVisibleMs = 4_000;

/** How often the simulated service tries to deliver. */
const deliveryEveryMs = 1_000;

interface Standing {
  readonly Status: "Pending" | "InProgress" | "Success" | "Failed" | "TimedOut";
  readonly StatusDetails: string;
  /** Of the step: −1 until it has one. */
  readonly code: number;
}

const pending: Standing = { Status: "Pending", StatusDetails: "Pending", code: -1 };
const inProgress: Standing = { Status: "InProgress", StatusDetails: "InProgress", code: -1 };
const notDelivered: Standing = {
  Status: "TimedOut",
  StatusDetails: "DeliveryTimedOut",
  code: -1,
};
const tooLong: Standing = {
  Status: "TimedOut",
  StatusDetails: "ExecutionTimedOut",
  code: 137,
};

const defaultExecutionSeconds = 3_600;

const ended = (exitCode: number): Standing =>
  exitCode === 0
    ? { Status: "Success", StatusDetails: "Success", code: 0 }
    : { Status: "Failed", StatusDetails: "Failed", code: exitCode };

export class Commands {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #agents: Agents;
  readonly #all: Command[] = [];

  constructor(clock: Clock, random: Random, agents: Agents) {
    this.#clock = clock;
    this.#random = random;
    this.#agents = agents;
  }

  /** Returns the command's id. */
  send(
    place: InstancePlace,
    sent: {
      readonly document: DocumentDeclaration;
      readonly comment: string | undefined;
      readonly timeoutSeconds: number;
    },
  ): string {
    const now = this.#clock.now();
    const commandId = uuidOf(this.#random);
    const command: Command = {
      ...place,
      commandId,
      comment: sent.comment,
      document: sent.document,
      sentAt: now,
      visibleAt: now + this.#random.integer(0, latestVisibleMs),
      deliverUntil: now + sent.timeoutSeconds * 1000,
    };
    this.#all.push(command);
    this.#deliverAt(command, now);
    return commandId;
  }

  /** Those of the account's region that lists show now. */
  shown(place: Omit<InstancePlace, "instanceId">): readonly Command[] {
    return this.#all.filter(
      ({ accountId, region, visibleAt }) =>
        accountId === place.accountId && region === place.region && visibleAt <= this.#clock.now(),
    );
  }

  knows(commandId: string): boolean {
    return this.#all.some((command) => command.commandId === commandId);
  }

  standingOf({ running, isLate, document }: Command): Standing {
    if (isLate === true) return notDelivered;
    if (running === undefined) return pending;
    const { since, run } = running;
    const lastsMs = run.lastsMs ?? 1_000;
    const mostMs = (document.executionTimeoutSeconds ?? defaultExecutionSeconds) * 1000;
    const goneMs = this.#clock.now() - since;
    if (goneMs < Math.min(lastsMs, mostMs)) return inProgress;
    return lastsMs > mostMs ? tooLong : ended(run.exitCode);
  }

  #deliverAt(command: Command, atMs: number): void {
    this.#clock.schedule(atMs, () => {
      const now = this.#clock.now();
      if (now > command.deliverUntil) command.isLate = true;
      else if (this.#agents.isAnswering(command)) {
        const run = command.document.run(command.instanceId);
        command.running = { since: now, run };
      } else this.#deliverAt(command, now + deliveryEveryMs);
    });
  }
}
