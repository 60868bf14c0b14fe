/** Pauses and retires targets of which nothing is left, with a row in the audit trail for each. */
import { listAllEvaluations } from "../../../adapters/store/all-evaluations.ts";
import { forgetAbsence, writeAbsence } from "../../../adapters/store/absences.ts";
import { appendAudit } from "../../../adapters/store/audit.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { deleteTarget, getTarget } from "../../../adapters/store/targets.ts";
import { canonicalJson } from "../../../core/canonical.ts";
import {
  outlivedBy,
  tellPaused,
  tellRetired,
  tellShownAgain,
} from "../../../core/decide/fleet/absence.ts";
import { mayHaveActed } from "../../../core/model/evaluation.ts";
import type { Absence } from "../../../core/model/absence.ts";
import { sweepStarter } from "../../../core/model/starter.ts";
import { dueTimeOf } from "../../../core/model/intent.ts";
import { retirementOf } from "../../../core/model/lease-holder.ts";
import type { Target } from "../../../core/model/target.ts";
import { underTargetLease } from "../../evaluation/target-lease.ts";
import type { CommonContext } from "../../runtime/context.ts";

export type GoneContext = Pick<CommonContext, "log" | "now" | "table"> & {
  /** 20 characters of `0-9a-z`. */
  readonly randomId: () => string;
};

/** Only while no evaluation works on it, and none has left anything open. @returns whether it was done */
const underLease = async (
  context: GoneContext,
  target: Target,
  act: () => Promise<boolean>,
): Promise<boolean> => {
  const done = await underTargetLease(context, target, {
    owner: retirementOf(context.randomId()),
    act: async () => {
      const current = await getTarget(context.table, target.targetId);
      return canonicalJson(current) === canonicalJson(target) && (await act());
    },
  });
  return done.kind === "DONE" && done.result;
};

const audit = (
  { table }: GoneContext,
  { targetId, instanceId }: Target,
  { action, absence }: { readonly action: string; readonly absence: Absence },
): Promise<void> => {
  const { subject, since, readings, lastAt: at, gone } = absence;
  const detail = { instanceId, subject, since, readings, ...gone };
  const resource = `target ${targetId}`;
  return appendAudit(table, { at, actor: sweepStarter, action, resource, detail });
};

/** Together with what is to stand beside it. @returns whether it is paused */
export const pause = (
  context: GoneContext,
  target: Target,
  { absence, version }: { readonly absence: Absence; readonly version: number | undefined },
): Promise<boolean> =>
  underLease(context, target, async () => {
    if ((await writeAbsence(context.table, absence, version)).kind !== "WRITTEN") return false;
    await audit(context, target, { action: "PAUSE_TARGET", absence });
    context.log.warn(tellPaused(absence, target), { targetId: target.targetId });
    return true;
  });

/** Something of its evaluations is still to be ended: an original that is kept, an image. */
const hasDue = async (table: Table, { targetId }: Target): Promise<boolean> => {
  const all = await listAllEvaluations(table, { targetId });
  for (const { evaluationId } of all.filter(mayHaveActed)) {
    const intents = await listIntents(table, evaluationId);
    if (intents.some((intent) => dueTimeOf(intent) !== undefined)) return true;
  }
  return false;
};

/** @returns whether it is retired: neither while something of a switch is still to be ended, nor where only a person can tell */
export const retire = async (
  context: GoneContext,
  target: Target,
  absence: Absence,
): Promise<boolean> => {
  const { table, log } = context;
  const { targetId } = target;
  if (outlivedBy(target) || (await hasDue(table, target))) return false;
  return underLease(context, target, async () => {
    await audit(context, target, { action: "RETIRE_TARGET", absence });
    await deleteTarget(table, targetId);
    await forgetAbsence(table, target, targetId);
    log.warn(tellRetired(absence, target), { targetId });
    return true;
  });
};

/** It is judged again. */
export const resume = async (
  context: GoneContext,
  target: Target,
  absence: Absence,
): Promise<void> => {
  await audit(context, target, { action: "RESUME_TARGET", absence });
  context.log.info(tellShownAgain(absence, target), { targetId: target.targetId });
};
