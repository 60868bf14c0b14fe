/** Tells of an evaluation while it runs: its states as they are left, its verdict once, and what came of it. */
import { loadEvaluation } from "../../adapters/store/evaluations.ts";
import type { Table } from "../../adapters/store/table.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { StateVisit } from "../interpreter/visits.ts";
import type { Line, Named } from "./line.ts";
import { statusWords, verdictWords } from "./words.ts";

export interface Naming {
  /** By the tag `Name` of an instance. */
  readonly nameOf: (instanceId: string) => string | undefined;
}

const subjectName = ({ nameOf }: Naming, { subject }: Pick<Evaluation, "subject">): Named => {
  switch (subject.kind) {
    case "INSTANCE":
      return { name: nameOf(subject.instanceId) ?? subject.instanceId, id: subject.instanceId };
    case "GROUP":
      return { name: subject.asgName, id: subject.asgName };
    case "NODE_GROUP": {
      const name = `${subject.clusterName}/${subject.nodeGroup}`;
      return { name, id: subject.instanceId ?? name };
    }
  }
};

const decisionLine = (
  evaluation: Evaluation,
  common: Pick<Line, "atMs" | "subject">,
): Line | undefined => {
  const { verdict, evaluationId } = evaluation;
  if (verdict === undefined) return undefined;
  return {
    ...common,
    topic: "decision",
    evaluationId,
    word: verdictWords[verdict.kind],
    reason: verdict.reason,
    sentence: verdict.sentence,
    monthlyUsd: verdict.savings?.monthlyUsd,
  };
};

/** Of a verdict that was the end of it, the outcome says the same once more. */
const outcomeSentence = ({ verdict, outcome, authorization, failure }: Evaluation): string =>
  outcome === undefined || outcome.sentence === verdict?.sentence
    ? (failure?.cause ?? authorization?.sentence ?? "Nothing was touched.")
    : outcome.sentence;

const outcomeLine = (evaluation: Evaluation, common: Pick<Line, "atMs" | "subject">): Line => {
  const { status, outcome, evaluationId, verdict } = evaluation;
  return {
    ...common,
    topic: "outcome",
    evaluationId,
    ...statusWords[status],
    reason: outcome?.reason,
    sentence: outcomeSentence(evaluation),
    ...(status === "SWITCHED" && { monthlyUsd: verdict?.savings?.monthlyUsd }),
  };
};

export interface EvaluationTeller {
  /** A state was left. */
  visited(visit: StateVisit): Promise<readonly Line[]>;
  /** The execution has ended. */
  ended(atMs: number): Promise<readonly Line[]>;
}

export const tellEvaluation = (table: Table, naming: Naming, givenId: string): EvaluationTeller => {
  const evaluationId = evaluationIdSchema.parse(givenId);
  let hasDecided = false;
  const load = async (): Promise<Evaluation | undefined> =>
    (await loadEvaluation(table, evaluationId))?.evaluation;
  const decided = (
    evaluation: Evaluation,
    common: Pick<Line, "atMs" | "subject">,
  ): readonly Line[] => {
    const line = hasDecided ? undefined : decisionLine(evaluation, common);
    if (line === undefined) return [];
    hasDecided = true;
    return [line];
  };
  return {
    visited: async ({ state, leftMs, summary, hasFailed }) => {
      const evaluation = await load();
      if (evaluation === undefined) return [];
      const common = { atMs: leftMs, subject: subjectName(naming, evaluation) };
      const phase: Line = {
        ...common,
        topic: "phase",
        evaluationId,
        word: state,
        sentence: hasFailed ? `failed: ${summary}` : summary,
        ...(hasFailed && { tone: "bad" }),
      };
      const isSaidAgain = [evaluation.verdict, evaluation.outcome].some(
        (said) => said?.sentence === summary,
      );
      return [...(isSaidAgain ? [] : [phase]), ...decided(evaluation, common)];
    },
    ended: async (atMs) => {
      const evaluation = await load();
      if (evaluation === undefined) return [];
      const common = { atMs, subject: subjectName(naming, evaluation) };
      return [...decided(evaluation, common), outcomeLine(evaluation, common)];
    },
  };
};
