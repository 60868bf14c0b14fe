/**
 * Which instances Systems Manager manages: those on which its agent runs, and has registered under the id of that instance. A
 * launch from an image of one has the agent too, and registers anew. Source: Systems Manager user guide, "Working with SSM
 * Agent". † How long it takes after the boot is not documented.
 */
import type { InstanceState } from "../../../core/model/instance.ts";
import type { Clock } from "../clock.ts";
import type { Ec2Event } from "../ec2/events.ts";

export interface InstancePlace {
  readonly accountId: string;
  readonly region: string;
  readonly instanceId: string;
}

export interface InstanceDirectory {
  /** Undefined where the account's region has no such instance. */
  find(
    place: InstancePlace,
  ):
    { readonly state: InstanceState; readonly tags?: Readonly<Record<string, string>> } | undefined;
}

/** After it runs, until its agent has registered. */
const registrationMs = 10_000;

export type PingStatus = "Online" | "ConnectionLost";

export class Agents {
  readonly #clock: Clock;
  readonly #directory: InstanceDirectory;
  /** Accounts whose images have the agent. */
  readonly #accounts = new Set<string>();
  readonly #silent = new Set<string>();
  /** Since when each runs that was seen to start; one that was declared has been running for long. */
  readonly #runningSince = new Map<string, number>();
  readonly #registered = new Set<string>();

  constructor(clock: Clock, directory: InstanceDirectory) {
    this.#clock = clock;
    this.#directory = directory;
  }

  install(accountId: string): void {
    this.#accounts.add(accountId);
  }

  setSilent(instanceId: string, isSilent: boolean): void {
    if (isSilent) this.#silent.add(instanceId);
    else this.#silent.delete(instanceId);
  }

  hear({ detail }: Ec2Event): void {
    const { "instance-id": instanceId = "", state } = detail;
    if (state === "running") this.#runningSince.set(instanceId, this.#clock.now());
    if (state === "pending") this.#runningSince.set(instanceId, Infinity);
  }

  isAnswering(place: InstancePlace): boolean {
    const { accountId, instanceId } = place;
    const since = this.#runningSince.get(instanceId) ?? 0;
    const answers =
      this.#accounts.has(accountId) &&
      !this.#silent.has(instanceId) &&
      this.#directory.find(place)?.state === "running" &&
      this.#clock.now() - since >= registrationMs;
    if (answers) this.#registered.add(instanceId);
    return answers;
  }

  /** Undefined: it is not managed, or not yet. */
  pingOf(place: InstancePlace): PingStatus | undefined {
    if (this.isAnswering(place)) return "Online";
    const state = this.#directory.find(place)?.state;
    const isThere = state !== undefined && state !== "shutting-down" && state !== "terminated";
    return isThere && this.#registered.has(place.instanceId) ? "ConnectionLost" : undefined;
  }
}
