/**
 * Judges the targets of a place, one after the other: who was judged longest ago is first. Of what would be switched the verdict is recorded
 * once it was looked at.
 */
import type { StoredRun } from "../../../adapters/store/judged-runs.ts";
import type { GivenUp } from "../../../core/decide/fleet/given-up.ts";
import { awaitsLook, type Judged } from "../../../core/decide/fleet/starts.ts";
import { figuresOfTarget, type TargetFigures } from "../../../core/decide/fleet/target-figures.ts";
import type { CloseLook } from "../../../core/model/close-look.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { KeptLook } from "../../../core/model/kept-look.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import { isPassing } from "../../../core/model/verdict.ts";
import type { JudgedInPlace, PlaceContext, PlaceSession } from "../../fleet/place.ts";
import type { OneByOne } from "../one-by-one.ts";
import { judgeGivenUp } from "./given-up.ts";
import { keptFor, lookOf, type KeptLooks } from "./kept.ts";
import { lookInTurn, type LookedAt, type LookingContext } from "./looks.ts";
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
  /** On which the judgement rests. */
  readonly look?: CloseLook<PipelineMode>;
  /** The look of today, whether or not it has found anything. */
  readonly kept?: KeptLook;
  /** What it has found is not enough, or may have passed. */
  readonly isToBeLookedAtAgain?: boolean;
}

type Context = Pick<JudgingContext, "log" | "table">;

const judgeOnce = async (
  { log }: Context,
  { session }: JudgeInput,
  {
    target,
    look,
  }: { readonly target: Target; readonly look?: CloseLook<PipelineMode> | undefined },
): Promise<Pending | undefined> => {
  const judged = await session.judge(target, look);
  const { judgement } = judged;
  if (judgement.kind === "JUDGED") {
    return { target, judged: { ...judged, judgement }, ...(look !== undefined && { look }) };
  }
  const { targetId } = target;
  const { error, cause } = judgement.failure;
  log.warn(`${targetId} is not judged: ${cause}`, { targetId, error });
  return undefined;
};

const awaits = ({ judged: { judgement } }: Pending): boolean => awaitsLook(judgement);

/**
 * Members come and go between two sweeps: what the lists of now say against a group stands, whatever a look has found. What that has found to
 * pass by itself may have passed: then the lists' verdict stands too, and in earnest it is looked at again.
 */
const judgeMembersBy = async (
  context: Context,
  input: JudgeInput,
  { target, kept }: { readonly target: Target; readonly kept: KeptLook },
): Promise<Pending | undefined> => {
  const byLists = await judgeOnce(context, input, { target });
  if (byLists === undefined || !awaits(byLists)) return byLists;
  const look = await lookOf(context.table, input.place, kept);
  const byLook = look && (await judgeOnce(context, input, { target, look }));
  if (byLook === undefined) return { ...byLists, kept };
  return isPassing(byLook.judged.judgement.verdict.reason)
    ? { ...byLists, kept, isToBeLookedAtAgain: !target.isShadowMode }
    : { ...byLook, kept, isToBeLookedAtAgain: true };
};

const judgeBy = async (
  context: Context,
  input: JudgeInput,
  { target, kept }: { readonly target: Target; readonly kept: KeptLook | undefined },
): Promise<Pending | undefined> => {
  if (kept === undefined) return judgeOnce(context, input, { target });
  if (target.pipelineMode !== "LINEAR") return judgeMembersBy(context, input, { target, kept });
  const look = await lookOf(context.table, input.place, kept);
  const pending = await judgeOnce(context, input, { target, look });
  return pending && { ...pending, kept };
};

const isToBeLookedAt = (pending: Pending): boolean =>
  awaits(pending) && (pending.kept === undefined || pending.isToBeLookedAtAgain === true);

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
  const lookedAt = kept?.found.kind === "LOOKED" ? kept.triedAt : undefined;
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
  /** Of those that were judged. */
  readonly figures: ReadonlyMap<TargetId, TargetFigures>;
}

const figuresOf = (
  { reading }: PlaceSession,
  { target, judged: { judgement } }: Pending,
): TargetFigures => {
  const { verdict, choice, facts } = judgement;
  const { offers } = choice;
  return figuresOfTarget({ target, reading, verdict, offers, facts, market: facts.market });
};

export const judgeTargets = async (
  context: JudgingContext,
  input: JudgeInput,
): Promise<PlaceJudged> => {
  const { place, session, targets, runs, looks, turns } = input;
  const known: KnownBodies = new Set();
  const judged: Judged[] = [];
  const givenUp: GivenUp[] = [];
  const figures = new Map<TargetId, TargetFigures>();
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
      figures.set(pending.target.targetId, figuresOf(session, pending));
      const { target, look, judged: of } = pending;
      const given = await judgeGivenUp(session, { target, judgement: of.judgement, look });
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
  const onLooked = async ({ kept, look }: LookedAt): Promise<void> => {
    const before = held.get(kept.targetId);
    if (before === undefined) return;
    held.delete(kept.targetId);
    looked += 1;
    const { target } = before;
    const again = await attempt(target, () => judgeOnce(context, input, { target, look }));
    await settle({ ...(again ?? before), kept });
  };
  await turns.attempt(
    { name: "Nothing more is looked at before the next sweep", keys: { ...place } },
    () =>
      lookInTurn(context, input, {
        targets: [...held.values()].map(({ target }) => target),
        onLooked,
      }),
  );
  for (const pending of held.values()) await settle(pending);
  return { judged, looked, unlooked: held.size, givenUp, figures };
};
