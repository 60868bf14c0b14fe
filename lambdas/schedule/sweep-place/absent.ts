/** Follows targets whose subject a reading does not show: counts, asks for it by name, pauses, and retires a day later. */
import type { EKSClient } from "@aws-sdk/client-eks";
import { describeGroup } from "../../../adapters/aws/autoscaling/describe.ts";
import { isInstanceKnown } from "../../../adapters/aws/ec2/describe.ts";
import { readNodeGroup } from "../../../adapters/aws/eks.ts";
import type { PlaceClients } from "../../../adapters/aws/fleet/read-place.ts";
import {
  forgetAbsence,
  listAbsencesIn,
  writeAbsence,
  type StoredAbsence,
} from "../../../adapters/store/absences.ts";
import {
  goneAs,
  isToAskFor,
  isToRetire,
  noteSight,
  ownNameOf,
  sightOf,
} from "../../../core/decide/fleet/absence.ts";
import type { Absence, GoneHow } from "../../../core/model/absence.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { Place } from "../../../core/model/place.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";
import type { Target } from "../../../core/model/target.ts";
import type { OneByOne } from "../one-by-one.ts";
import { pause, resume, retire, type GoneContext } from "./gone.ts";

interface Clients extends PlaceClients {
  readonly eks: EKSClient;
}

export interface AbsentInput {
  readonly place: Place;
  readonly reading: PlaceReading;
  readonly targets: readonly Target[];
  readonly turns: OneByOne;
  /** Of the session in the customer's account. */
  readonly clients: () => Promise<Clients>;
}

/** Asked for by id alone, an instance takes of EC2's smaller bucket: a quarter of what it bears at once. */
const mostAsked = 12;

const isKnown = async (clients: Clients, target: Target): Promise<boolean> => {
  const own = ownNameOf(target);
  switch (own.api) {
    case "EC2":
      return isInstanceKnown(clients.ec2, own.instanceId);
    case "Auto Scaling":
      return (await describeGroup(clients.autoScaling, own.asgName)) !== undefined;
    case "EKS":
      return (await readNodeGroup(clients.eks, own)) !== undefined;
  }
};

class Absences {
  readonly #context: GoneContext;
  readonly #input: AbsentInput;
  #asked = 0;

  constructor(context: GoneContext, input: AbsentInput) {
    this.#context = context;
    this.#input = input;
  }

  /** KNOWN: the lists do not tell all, and it is counted anew. Undefined: nobody can tell yet. */
  async #how(target: Target, absence: Absence): Promise<GoneHow | "KNOWN" | undefined> {
    if (sightOf(this.#input.reading, target) === "TERMINATED") return "TERMINATED";
    if (!isToAskFor(absence) || this.#asked >= mostAsked) return undefined;
    this.#asked += 1;
    return (await isKnown(await this.#input.clients(), target)) ? "KNOWN" : "NOT_FOUND";
  }

  async #followCounted(target: Target, absence: Absence, version?: number): Promise<boolean> {
    const { table } = this.#context;
    const how = await this.#how(target, absence);
    if (how === "KNOWN") {
      await forgetAbsence(table, target, target.targetId);
      return false;
    }
    if (how !== undefined) {
      const gone = { absence: goneAs(absence, how), version };
      if (await pause(this.#context, target, gone)) return true;
    }
    await writeAbsence(table, absence, version);
    return false;
  }

  async #followGone(
    target: Target,
    absence: Absence,
    stored: StoredAbsence | undefined,
  ): Promise<void> {
    if (isToRetire(absence) && (await retire(this.#context, target, absence))) return;
    // What stands in the way of its retirement may stand there for long: there is nothing left to count.
    if (stored !== undefined && isToRetire(stored.absence)) return;
    await writeAbsence(this.#context.table, absence, stored?.version);
  }

  async #forget(target: Target, { absence }: StoredAbsence): Promise<void> {
    if (absence.gone !== undefined) await resume(this.#context, target, absence);
    await forgetAbsence(this.#context.table, target, target.targetId);
  }

  /** @returns whether the target is paused, or was retired */
  async follow(target: Target, stored: StoredAbsence | undefined): Promise<boolean> {
    const { reading } = this.#input;
    const seen = { sight: sightOf(reading, target), readAt: reading.readAt };
    const absence = noteSight(stored?.absence, target, seen);
    if (absence === undefined) {
      if (stored !== undefined) await this.#forget(target, stored);
      return false;
    }
    const isPaused = absence.gone !== undefined;
    if (absence === stored?.absence) return isPaused;
    if (!isPaused) return this.#followCounted(target, absence, stored?.version);
    await this.#followGone(target, absence, stored);
    return true;
  }
}

/** @returns targets that are paused or retired: nothing of them is judged */
export const followAbsent = async (
  context: GoneContext,
  input: AbsentInput,
): Promise<ReadonlySet<TargetId>> => {
  const { place, targets, turns } = input;
  const stored = await listAbsencesIn(context.table, place);
  const absences = new Absences(context, input);
  const paused = new Set<TargetId>();
  for (const target of targets) {
    const { targetId } = target;
    const name = `Whether ${targetId} is gone is looked at again by the next sweep`;
    const before = stored.get(targetId);
    const isPaused = await turns.attempt({ name, keys: { targetId } }, () =>
      absences.follow(target, before),
    );
    if (isPaused ?? before?.absence.gone !== undefined) paused.add(targetId);
  }
  const known = new Set(targets.map(({ targetId }) => targetId));
  for (const targetId of stored.keys()) {
    if (!known.has(targetId)) await forgetAbsence(context.table, place, targetId);
  }
  return paused;
};
