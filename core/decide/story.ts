/** What a reader of an evaluation asks beside its record: since when a replacement serves, what holds it up, and which phases are still to come. */
import type { Evaluation, LinearEvaluation } from "../model/evaluation.ts";
import { kindOf } from "../model/evaluation-kind.ts";
import type { Blocker } from "../model/kubernetes/drain.ts";
import type { Swap } from "../model/swap.ts";
import { callsForAction } from "../model/verdict.ts";

const earliest = (times: readonly string[]): string | undefined => times.toSorted()[0];

/** When the first of the replacements came to serve, ISO 8601. Undefined: none has yet. */
export const servedFrom = (evaluation: Evaluation, swaps: readonly Swap[]): string | undefined => {
  switch (evaluation.mode) {
    case "LINEAR":
      return evaluation.progress.servedFrom;
    case "CLUSTER":
      return earliest(swaps.flatMap(({ joinedAt }) => joinedAt ?? []));
    case "KUBERNETES": {
      const joined = evaluation.phases.filter(({ name }) => name === "await-joined");
      return swaps.some(({ stage }) => stage === "JOINED" || stage === "DONE")
        ? earliest(joined.flatMap(({ endedAt }) => endedAt ?? []))
        : undefined;
    }
  }
};

/** What holds pods on the node that is drained now, the oldest first. */
export const blockersOf = (evaluation: Evaluation): readonly Blocker[] =>
  evaluation.mode === "KUBERNETES" && evaluation.endedAt === undefined
    ? (evaluation.progress.drain?.blockers ?? [])
    : [];

/** How the root comes over, between the stop of the original and the identity. */
const transferOf = ({ policy, progress }: LinearEvaluation): readonly string[] => {
  if (policy.consistency !== "stop-and-image") return [];
  switch (progress.rootTransfer ?? policy.rootTransfer) {
    case "move-root-volume":
      return ["move-root"];
    case "replace-root-volume":
      return ["final-image", "replace-root"];
    case "relaunch":
      return ["final-image", "relaunch", "await-relaunched"];
  }
};

/** The way through, without detours. */
const wayOf = (evaluation: Evaluation): readonly string[] => {
  switch (evaluation.mode) {
    case "LINEAR":
      return [
        "prepare-image",
        "launch",
        "await-healthy",
        "freeze-original",
        ...transferOf(evaluation),
        "move-identity",
        "verify",
        "retire-original",
      ];
    case "CLUSTER":
      return [
        "plan-batch",
        "launch",
        "await-healthy",
        "register",
        "attach",
        "await-in-service",
        "remove-originals",
        "restore",
      ];
    case "KUBERNETES":
      return [
        "plan-node",
        "launch",
        "await-joined",
        "cordon",
        "drain-poll",
        "await-detached",
        "terminate",
        "await-gone",
        "release",
      ];
  }
};

/** A switch that goes its way: what has failed or recovers goes another. */
const goesItsWay = ({ status, verdict, phases, ...evaluation }: Evaluation): boolean =>
  status === "RUNNING" &&
  kindOf(evaluation) === "SWITCH" &&
  verdict !== undefined &&
  callsForAction(verdict) &&
  phases.every(({ name }) => name !== "roll-back" && name !== "adopt");

/** Names of those that are still to come, in order: of a group and of nodes those of this batch or node. */
export const phasesToCome = (evaluation: Evaluation): readonly string[] => {
  if (!goesItsWay(evaluation)) return [];
  const round = Math.max(0, ...evaluation.phases.map((phase) => phase.round ?? 0));
  const begun = new Set(
    evaluation.phases.filter((phase) => (phase.round ?? round) === round).map(({ name }) => name),
  );
  return [...wayOf(evaluation), "record"].filter((name) => !begun.has(name));
};
