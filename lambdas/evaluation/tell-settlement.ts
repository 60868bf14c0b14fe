/** Tells what became of something due where its owner looks: on the evaluation that made it due, on the target, in the log. */
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { noteHandedBack } from "../../adapters/store/raised-maxima.ts";
import { getTarget, updateTarget } from "../../adapters/store/targets.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import {
  isMarkChange,
  isSettingChange,
  type ChangeOf,
  type DueKind,
} from "../../core/model/intent.ts";
import type { Settlement } from "../../core/model/settlement.ts";
import type { Target } from "../../core/model/target.ts";
import type { CommonContext } from "../runtime/context.ts";
import type { Told } from "./duty.ts";

/** By its id, or by what it was to be made by where the answer was lost. */
const madeBy = (change: ChangeOf<"RESERVE_CAPACITY" | "ISOLATE" | "KEEP_TEMPLATE">): string => {
  switch (change.kind) {
    case "RESERVE_CAPACITY":
      return change.reservationId ?? change.clientToken;
    case "ISOLATE":
      return change.groupId ?? change.groupName;
    case "KEEP_TEMPLATE":
      return change.templateId ?? change.templateName;
  }
};

const resourceOf = (change: ChangeOf<DueKind>): string => {
  if (isSettingChange(change)) return change.asgName;
  if (isMarkChange(change)) return change.nodeName;
  switch (change.kind) {
    case "RETIRE_ORIGINAL":
      return change.instanceId;
    case "EXPIRE_IMAGE":
      return change.imageId;
    case "RESERVE_CAPACITY":
    case "ISOLATE":
    case "KEEP_TEMPLATE":
      return madeBy(change);
  }
};

const isAbout = (one: Settlement, other: Settlement): boolean =>
  one.of === other.of && one.resource === other.resource;

/** The time aside: what is found again is not news. */
const isSame = (one: Settlement | undefined, other: Settlement): boolean =>
  one !== undefined &&
  isAbout(one, other) &&
  one.kind === other.kind &&
  one.reason === other.reason &&
  one.sentence === other.sentence;

type Follow = (target: Target, settlement: Settlement, evaluationId: EvaluationId) => Target;

/** What the target says of it, too. */
const onTarget: Readonly<Partial<Record<DueKind, Follow>>> = {
  RETIRE_ORIGINAL: (target, settlement, evaluationId) =>
    target.pipelineMode !== "LINEAR" || isSame(target.retirement, settlement)
      ? target
      : { ...target, retirement: { ...settlement, evaluationId } },
};

/** Once: what is told already is not written again. */
export const tellSettlement = async (
  { table, log, now }: Pick<CommonContext, "table" | "log" | "now">,
  evaluationId: EvaluationId,
  news: {
    readonly change: ChangeOf<DueKind>;
    readonly settled: Told;
  },
): Promise<void> => {
  const { change } = news;
  const { isAsked: _, ...settled } = news.settled;
  const resource = resourceOf(change);
  const settlement = { of: change.kind, resource, ...settled, at: now().toISOString() };
  const { targetId, accountId, region } = await updateEvaluation(table, evaluationId, (stored) => {
    const before = stored.settlements ?? [];
    if (before.some((each) => isSame(each, settlement))) return stored;
    const others = before.filter((each) => !isAbout(each, settlement));
    return { ...stored, settlements: [...others, settlement] };
  });
  const keys = { evaluationId, resource, settled: settled.kind };
  const isForOwner = settled.kind === "KEPT" || settled.kind === "WAITING";
  if (isForOwner) log.warn(settled.sentence, keys);
  else log.info(settled.sentence, keys);
  if (change.kind === "RAISE_MAX" && settlement.kind !== "WAITING") {
    await noteHandedBack(table, { accountId, region, asgName: change.asgName }, evaluationId);
  }
  const follow = onTarget[change.kind];
  if (follow === undefined || (await getTarget(table, targetId)) === undefined) return;
  await updateTarget(table, targetId, (target) => follow(target, settlement, evaluationId));
};
