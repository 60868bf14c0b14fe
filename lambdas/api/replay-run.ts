/** Judges the first or the last verdict of a run again, from what was stored of its facts. */
import { digestOf, loadJudgedBody } from "../../adapters/store/judged-bodies.ts";
import { loadMarket } from "../../adapters/store/markets.ts";
import { withUnchecked } from "../../core/decide/fleet/judge-in-place.ts";
import { judgeOf } from "../../core/decide/judges.ts";
import type { EvaluationFacts } from "../../core/model/evaluation.ts";
import {
  factsOfParts,
  type FirstJudged,
  type JudgedSubject,
} from "../../core/model/judged-facts.ts";
import type { FactsDigests, JudgedRun } from "../../core/model/judged-run.ts";
import { judgementVersionOf } from "../../core/model/judgement-version.ts";
import type { PlacementFacts, PoolMemory } from "../../core/model/market.ts";
import type { Place } from "../../core/model/place.ts";
import type { ApiContext } from "./context.ts";
import { snakeKeys } from "./letter-case.ts";
import { accountOf, modelOf, questionsOf } from "./replay.ts";
import type { RunReplayJson } from "./schemas/judged-runs.ts";

interface Judged {
  readonly subject: JudgedSubject;
  readonly facts: EvaluationFacts;
}

const loadFacts = async (
  { table }: ApiContext,
  place: Place,
  { at, facts: digests }: Pick<FirstJudged, "at" | "facts">,
): Promise<Judged> => {
  const load = (digest: string): Promise<unknown> => loadJudgedBody(table, place, digest);
  const subject = (await load(digests.subject)) as JudgedSubject;
  const { market, placement, memory }: FactsDigests = digests;
  if (market === undefined || placement === undefined || memory === undefined) {
    return { subject, facts: factsOfParts(at, { subject: subject.facts }) };
  }
  const parts = {
    placement: (await load(placement)) as PlacementFacts,
    memory: (await load(memory)) as PoolMemory,
  };
  const region = await loadMarket(table, { region: place.region, ...market });
  return { subject, facts: factsOfParts(at, { subject: subject.facts, market: parts, region }) };
};

/** @throws BrokenFacts where what a verdict rests on is not stored, or damaged */
export const replayRun = async (
  context: ApiContext,
  place: Place,
  { run, of }: { readonly run: JudgedRun; readonly of: "FIRST" | "LAST" },
): Promise<RunReplayJson> => {
  const first = (await loadJudgedBody(context.table, place, run.first)) as FirstJudged;
  const judged = of === "FIRST" ? first : { at: run.lastAt, facts: run.facts };
  const { subject, facts } = await loadFacts(context, place, judged);
  const { target, policy } = subject.registered;
  const { unchecked = [], policyVersion, modelVersion } = first.verdict;
  const judge = judgeOf(target.pipelineMode);
  const versions = { stored: modelVersion, asked: undefined };
  const choice = judge.judge({
    account: accountOf(subject.registered),
    target,
    facts,
    policy,
    policyVersion,
    model: await modelOf(context, versions, questionsOf(judge, facts, policy)),
    judgementVersion: judgementVersionOf(first.verdict),
    isAskedFor: false,
    ...(target.lastSwitchAt !== undefined && { lastSwitchAt: target.lastSwitchAt }),
  });
  const recomputed = withUnchecked(choice.verdict, unchecked);
  const stored = of === "FIRST" ? digestOf(first.verdict) : run.verdict;
  return {
    target_id: run.targetId,
    first_at: run.firstAt,
    identical: digestOf(recomputed) === stored,
    recomputed: snakeKeys(recomputed),
  };
};
