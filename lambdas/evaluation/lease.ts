/** The leases of an evaluation's subject: taken in one order, renewed together, given back together. */
import { listIntents } from "../../adapters/store/intents.ts";
import {
  acquireLease,
  isFresh,
  releaseLease,
  renewLease,
  type Acquired,
  type Lease,
} from "../../adapters/store/leases.ts";
import type { Table } from "../../adapters/store/table.ts";
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { HeldLease } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import { holderNameFirst } from "../../core/model/lease-holder.ts";
import { leasesOf, nameOf, type Subject } from "../../core/model/subject.ts";
import type { DueSession } from "./session.ts";

/**
 * Three times the longest gap between two invocations: the slowest poll waits 60 s, a step may run 60 s and be
 * retried after 60 s; 15 minutes leave room for a redrive by hand.
 */
export const leaseSeconds = 15 * 60;

export interface LeaseRequest {
  readonly subject: Subject;
  /** An evaluation's id, or another name that a message may show. */
  readonly owner: string;
  readonly now: Date;
  /** Default: `leaseSeconds`. */
  readonly seconds?: number;
  /** The owner is an evaluation that begins, and not one that goes on or undoes. Default: false. */
  readonly begins?: boolean;
  /** For this evaluation they are taken: what it has left open itself is not in the way. */
  readonly onBehalfOf?: EvaluationId;
}

export type Leases =
  | {
      readonly kind: "HELD";
      readonly leases: readonly [HeldLease, ...HeldLease[]];
      /** The evaluation that was begun under them last, where it is not the owner: the subject is its, not the owner's. */
      readonly supersededBy?: EvaluationId;
    }
  | { readonly kind: "BUSY"; readonly owner: string }
  /** Nobody holds them, and that evaluation has left open what it had begun. */
  | { readonly kind: "UNFINISHED"; readonly evaluationId: EvaluationId };

export const releaseLeases = async (
  table: Table,
  owner: string,
  leases: readonly HeldLease[],
): Promise<void> => {
  for (const { resource, fence } of leases.toReversed()) {
    await releaseLease(table, { resource, owner, fence });
  }
};

const hasLeftOpen =
  (table: Table, onBehalfOf: EvaluationId | undefined) =>
  async (evaluationId: string): Promise<boolean> =>
    evaluationId !== onBehalfOf &&
    (await listIntents(table, evaluationIdSchema.parse(evaluationId))).some(isOpenIntent);

const supersededBy = (
  owner: string,
  begunBy: string | undefined,
): { readonly supersededBy?: EvaluationId } =>
  begunBy === undefined || begunBy === owner
    ? {}
    : { supersededBy: evaluationIdSchema.parse(begunBy) };

/** All or none: what was taken before one that can't be had is given back. @throws RetryableContention naming the resource. */
export const acquireLeases = async (
  table: Table,
  { subject, owner, now, seconds = leaseSeconds, begins = false, onBehalfOf }: LeaseRequest,
): Promise<Leases> => {
  const held: HeldLease[] = [];
  let begunBy: string | undefined;
  for (const resource of leasesOf(subject)) {
    const leftOpen = hasLeftOpen(table, onBehalfOf);
    const wanted = { resource, owner, now, seconds, begins, leftOpen };
    const lease: Acquired = await acquireLease(table, wanted);
    if (lease.kind !== "HELD") {
      await releaseLeases(table, owner, held);
      return lease.kind === "BUSY"
        ? { kind: "BUSY", owner: lease.owner }
        : { kind: "UNFINISHED", evaluationId: evaluationIdSchema.parse(lease.evaluationId) };
    }
    begunBy = lease.begunBy;
    held.push({ resource, fence: lease.fence, expiresAt: lease.expiresAt });
  }
  return {
    kind: "HELD",
    leases: held as [HeldLease, ...HeldLease[]],
    // That of the subject's own lease, the last in the order.
    ...supersededBy(owner, begunBy),
  };
};

type HeldLeases = Leases & { readonly kind: "HELD" };

/** Why the lease is not ours. Undefined: it was never taken. */
const whyLost = (
  name: string,
  { resource, fence }: HeldLease,
  lease: Lease | undefined,
): string => {
  if (lease === undefined) return `The lease of ${name} (${resource}) was never taken.`;
  if (lease.fence === fence) return `The lease of ${name} was given back by this evaluation.`;
  return lease.isReleased
    ? `The lease of ${name} was taken by others since (fence ${String(lease.fence)}, ours is ${String(fence)}).`
    : `${holderNameFirst(lease.owner)} holds the lease of ${name}.`;
};

/**
 * Asks the table whether our leases are ours, and renews them once a third is gone. One that is free is not taken: whoever
 * gave it back has nothing more to do here. Right before each call that changes something. Throws StaleLease.
 */
export const holdLease = async ({
  context,
  evaluation,
}: DueSession): Promise<HeldLeases["leases"]> => {
  const name = nameOf(evaluation.subject);
  const held: HeldLease[] = [];
  for (const ours of evaluation.leases) {
    const { resource, fence } = ours;
    const renewed = await renewLease(context.table, {
      resource,
      owner: evaluation.evaluationId,
      fence,
      now: context.now(),
      seconds: leaseSeconds,
    });
    if (renewed.kind === "LOST") {
      throw new SpotOptimizerError("StaleLease", whyLost(name, ours, renewed.lease), {
        resource: name,
        nextStep: "Wait for the evaluation that works on it, if any, to end.",
      });
    }
    held.push({ resource, fence, expiresAt: renewed.expiresAt });
  }
  return held as [HeldLease, ...HeldLease[]];
};

/**
 * At the beginning of an invocation: while the record says that two thirds are left, nobody can have taken them, and the table
 * is not asked. Returns them as they are to stand in the record.
 */
export const keepLeases = (session: DueSession): Promise<HeldLeases["leases"]> => {
  const { leases } = session.evaluation;
  const areFresh = leases.every(
    ({ expiresAt }) =>
      expiresAt !== undefined && isFresh(expiresAt, session.context.now(), leaseSeconds),
  );
  return areFresh ? Promise.resolve(leases) : holdLease(session);
};
