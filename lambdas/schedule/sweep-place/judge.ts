/** Judges the targets of a place, one after the other: who was judged longest ago is first. */
import type { StoredRun } from "../../../adapters/store/judged-runs.ts";
import type { Judged } from "../../../core/decide/fleet/starts.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { PlaceContext, PlaceSession } from "../../fleet/place.ts";
import type { OneByOne } from "../one-by-one.ts";
import { recordVerdict, type KnownBodies } from "./record.ts";

type Runs = ReadonlyMap<TargetId, StoredRun>;

const longestAgoFirst = (targets: readonly Target[], runs: Runs): readonly Target[] => {
  const lastAt = ({ targetId }: Target): string => runs.get(targetId)?.run.lastAt ?? "";
  return targets.toSorted((one, other) =>
    lastAt(one) === lastAt(other) ? 0 : lastAt(one) < lastAt(other) ? -1 : 1,
  );
};

export interface JudgeInput {
  readonly place: Place;
  readonly session: PlaceSession;
  readonly targets: readonly Target[];
  readonly runs: Runs;
  readonly turns: OneByOne;
}

const judgeOne = async (
  { table, log }: PlaceContext,
  { place, session, runs }: JudgeInput,
  { target, known }: { readonly target: Target; readonly known: KnownBodies },
): Promise<Judged | undefined> => {
  const { judgement, policy, market } = await session.judge(target);
  const { targetId } = target;
  if (judgement.kind === "NOT_JUDGED") {
    const { error, cause } = judgement.failure;
    log.warn(`${targetId} is not judged: ${cause}`, { targetId, error });
    return undefined;
  }
  const { verdict, facts, isLookWanted } = judgement;
  const before = runs.get(targetId);
  const { run } = await recordVerdict(table, known, {
    place,
    account: session.account,
    target,
    policy,
    verdict,
    facts,
    market,
    ...(before !== undefined && { before }),
  });
  return { target, run, verdict, isLookWanted };
};

/** Those that were judged; the others are first at the next sweep. */
export const judgeTargets = async (
  context: PlaceContext,
  input: JudgeInput,
): Promise<readonly Judged[]> => {
  const { targets, runs, turns } = input;
  const known: KnownBodies = new Set();
  const judged: Judged[] = [];
  for (const target of longestAgoFirst(targets, runs)) {
    if (!turns.hasTime()) break;
    const { targetId } = target;
    const item = { name: `${targetId} is not judged before the next sweep`, keys: { targetId } };
    const one = await turns.attempt(item, () => judgeOne(context, input, { target, known }));
    if (one !== undefined) judged.push(one);
  }
  return judged;
};
