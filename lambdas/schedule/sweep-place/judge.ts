/**
 * Judges the targets of a place, one after the other: who was judged longest ago is first. Of an instance that would be switched the verdict
 * is recorded once it was looked at.
 */
import type { StoredRun } from "../../../adapters/store/judged-runs.ts";
import type { GivenUp } from "../../../core/decide/fleet/given-up.ts";
import { awaitsLook, type Judged } from "../../../core/decide/fleet/starts.ts";
import type { InstanceLook } from "../../../core/model/close-look.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { KeptLook } from "../../../core/model/kept-look.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { JudgedInPlace, PlaceContext, PlaceSession } from "../../fleet/place.ts";
import type { OneByOne } from "../one-by-one.ts";
import { judgeGivenUp } from "./given-up.ts";
import { keptFor, lookInTurn, type KeptLooks, type LookingContext } from "./looks.ts";
import { recordVerdict, type KnownBodies } from "./record.ts";

type Runs = ReadonlyMap<TargetId, StoredRun>;

export type JudgingContext = PlaceContext & LookingContext;

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
  readonly looks: KeptLooks;
  readonly turns: OneByOne;
}

/** A verdict that is not recorded yet. */
interface Pending {
  readonly target: Target;
  readonly judged: JudgedInPlace & {
    readonly judgement: Extract<JudgedInPlace["judgement"], { readonly kind: "JUDGED" }>;
  };
  /** The look on which it rests, or that failed. */
  readonly kept?: KeptLook;
}

const lookOf = (kept: KeptLook | undefined): InstanceLook | undefined =>
  kept?.found.kind === "LOOKED" ? kept.found.look : undefined;

const judgeBy = async (
  { log }: JudgingContext,
  { session }: JudgeInput,
  { target, kept }: { readonly target: Target; readonly kept: KeptLook | undefined },
): Promise<Pending | undefined> => {
  const judged = await session.judge(target, lookOf(kept));
  const { judgement } = judged;
  if (judgement.kind === "JUDGED") {
    return { target, judged: { ...judged, judgement }, ...(kept !== undefined && { kept }) };
  }
  const { targetId } = target;
  const { error, cause } = judgement.failure;
  log.warn(`${targetId} is not judged: ${cause}`, { targetId, error });
  return undefined;
};

/** Was it, today, it is not looked at again, whether or not anything was found. */
const isToBeLookedAt = ({ target, judged: { judgement }, kept }: Pending): boolean =>
  kept === undefined && awaitsLook({ target, ...judgement });

const record = async (
  { table }: JudgingContext,
  { place, session, runs, looks }: JudgeInput,
  { pending, known }: { readonly pending: Pending; readonly known: KnownBodies },
): Promise<Judged> => {
  const { target, judged, kept = looks.get(target.targetId) } = pending;
  const { judgement, policy, market } = judged;
  const { verdict, facts, isLookWanted } = judgement;
  const before = runs.get(target.targetId);
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
  const lookedAt = lookOf(kept)?.readAt;
  return { target, run, verdict, isLookWanted, ...(lookedAt !== undefined && { lookedAt }) };
};

export interface PlaceJudged {
  /** The others are first at the next sweep. */
  readonly judged: readonly Judged[];
  readonly looked: number;
  /** Judged, and to be looked at by the next sweep. */
  readonly unlooked: number;
  /** To quarantine of pools, each by one of those that were judged. */
  readonly givenUp: readonly GivenUp[];
}

export const judgeTargets = async (
  context: JudgingContext,
  input: JudgeInput,
): Promise<PlaceJudged> => {
  const { place, session, targets, runs, looks, turns } = input;
  const known: KnownBodies = new Set();
  const judged: Judged[] = [];
  const givenUp: GivenUp[] = [];
  const held = new Map<TargetId, Pending>();
  let looked = 0;
  const attempt = <Result>(
    { targetId }: Target,
    work: () => Promise<Result>,
  ): Promise<Result | undefined> => {
    const item = { name: `${targetId} is not judged before the next sweep`, keys: { targetId } };
    return turns.attempt(item, work);
  };
  const settle = (pending: Pending): Promise<unknown> =>
    attempt(pending.target, async () => {
      judged.push(await record(context, input, { pending, known }));
      const {
        target,
        kept,
        judged: { judgement },
      } = pending;
      const given = await judgeGivenUp(session, { target, judgement, look: lookOf(kept) });
      if (given !== undefined) givenUp.push(given);
    });
  for (const target of longestAgoFirst(targets, runs)) {
    if (!turns.hasTime()) break;
    const kept = keptFor(session, { target, looks, now: context.now() });
    const pending = await attempt(target, () => judgeBy(context, input, { target, kept }));
    if (pending === undefined) continue;
    if (isToBeLookedAt(pending)) held.set(target.targetId, pending);
    else await settle(pending);
  }
  const onLooked = async (kept: KeptLook): Promise<void> => {
    const before = held.get(kept.targetId);
    if (before === undefined) return;
    held.delete(kept.targetId);
    looked += 1;
    const { target } = before;
    const again = await attempt(target, () => judgeBy(context, input, { target, kept }));
    await settle(again ?? before);
  };
  await turns.attempt(
    { name: "No more instances are looked at before the next sweep", keys: { ...place } },
    () =>
      lookInTurn(context, input, {
        targets: [...held.values()].map(({ target }) => target),
        onLooked,
      }),
  );
  for (const pending of held.values()) await settle(pending);
  return { judged, looked, unlooked: held.size, givenUp };
};
