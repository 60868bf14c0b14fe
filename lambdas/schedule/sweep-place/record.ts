/** Records a verdict of a sweep: a count on the run that it goes on with, or the first of another run. What it rests on is written once. */
import { digestOf, saveJudgedBody } from "../../../adapters/store/judged-bodies.ts";
import { writeEndedRun, writeJudged, type StoredRun } from "../../../adapters/store/judged-runs.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { goOnWith, likenessOf } from "../../../core/decide/switch/judged-run.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Account } from "../../../core/model/account.ts";
import type { EvaluationFacts } from "../../../core/model/evaluation.ts";
import {
  partsOfFacts,
  type FirstJudged,
  type JudgedSubject,
} from "../../../core/model/judged-facts.ts";
import type { FactsDigests, JudgedRun } from "../../../core/model/judged-run.ts";
import type { MarketReference } from "../../../core/model/market.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import { callsForAction, type Verdict } from "../../../core/model/verdict.ts";
import type { Policy } from "../../../core/policy/policy.ts";
import { withoutExternalId } from "../../evaluation/new-record.ts";

export interface VerdictToRecord {
  readonly place: Place;
  readonly account: Account;
  readonly target: Target;
  readonly policy: Policy;
  readonly verdict: Verdict;
  readonly facts: EvaluationFacts;
  readonly market: MarketReference;
  /** The run that there is; absent: none. */
  readonly before?: StoredRun;
}

/** Of one invocation: what it has written already, or seen named by a run. */
export type KnownBodies = Set<string>;

const keep = async (
  table: Table,
  known: KnownBodies,
  { place, body }: { readonly place: Place; readonly body: unknown },
): Promise<string> => {
  const digest = digestOf(body);
  if (!known.has(digest)) await saveJudgedBody(table, place, { digest, body });
  known.add(digest);
  return digest;
};

const keepFacts = async (
  table: Table,
  known: KnownBodies,
  { place, account, target, policy, facts, market }: VerdictToRecord,
): Promise<FactsDigests> => {
  const kept = (body: unknown): Promise<string> => keep(table, known, { place, body });
  const parts = partsOfFacts(facts);
  const registered = { account: withoutExternalId(account), target, policy };
  const subject: JudgedSubject = { registered, facts: parts.subject };
  const digests = { subject: await kept(subject) };
  if (parts.market === undefined) return digests;
  const { product, digest } = market;
  return {
    ...digests,
    placement: await kept(parts.market.placement),
    memory: await kept(parts.market.memory),
    market: { product, digest },
  };
};

const bodiesOf = ({ first, facts }: JudgedRun): readonly string[] =>
  [first, facts.subject, facts.placement, facts.memory].flatMap((digest) => digest ?? []);

/** SWITCH as far as the lists tell. */
const leavesOpen = ({ kind, unchecked = [] }: Verdict): boolean =>
  kind === "SWITCH" && unchecked.length > 0;

const runOf = (
  { target, verdict, facts: { observedAt: at }, before }: VerdictToRecord,
  facts: FactsDigests,
): JudgedRun => {
  const alike = digestOf(likenessOf(verdict));
  return {
    targetId: target.targetId,
    kind: verdict.kind,
    ...(leavesOpen(verdict) && { isWouldSwitch: true as const }),
    reason: verdict.reason,
    sentence: verdict.sentence,
    alike,
    count: 1,
    firstAt: at,
    lastAt: at,
    ...(callsForAction(verdict) && { actionSince: at }),
    // A run that goes on keeps its first.
    first: before?.run.alike === alike ? before.run.first : digestOf({ at, verdict, facts }),
    verdict: digestOf(verdict),
    facts,
  };
};

/** What it rests on is written before it, and the run that it ends: who dies in between has lost nothing. @throws RetryableContention */
export const recordVerdict = async (
  table: Table,
  known: KnownBodies,
  input: VerdictToRecord,
): Promise<StoredRun> => {
  const { place, target, verdict, facts, before } = input;
  if (before !== undefined) for (const digest of bodiesOf(before.run)) known.add(digest);
  const digests = await keepFacts(table, known, input);
  const { run, ended } = goOnWith(before?.run, runOf(input, digests));
  if (run.count === 1) {
    const first: FirstJudged = { at: facts.observedAt, verdict, facts: digests };
    await keep(table, known, { place, body: first });
  }
  if (ended !== undefined) await writeEndedRun(table, ended);
  const written = await writeJudged(table, place, { run, version: before?.version });
  if (written.kind === "WRITTEN") return { run, version: (before?.version ?? 0) + 1 };
  const { targetId } = target;
  throw new SpotOptimizerError(
    "RetryableContention",
    `Another sweep has recorded a verdict on ${targetId} meanwhile.`,
    { resource: targetId },
  );
};
