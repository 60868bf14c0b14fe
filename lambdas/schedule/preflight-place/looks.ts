/** Looks closely at what would switch, that which saves most first, as fast as a quarter of EC2's request limits bears. */
import { missingOf } from "../../../core/decide/fleet/preflight/refused-look.ts";
import { rowIdOf } from "../../../core/decide/fleet/preflight/subject.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { openAsking, type GroupLookContext } from "../../fleet/asking.ts";
import { atLaunchPace, takeLaunches } from "../../fleet/calls.ts";
import { openLooksIn, type LookContext } from "../../fleet/looks.ts";
import { policyOf, type PlaceContext, type PlaceSession } from "../../fleet/place.ts";
import { rowOfGroup } from "./group-looks.ts";
import type { Candidate, Judging } from "./judge.ts";
import { rowOfNodes } from "./nodes-looks.ts";

type LookingContext = LookContext & GroupLookContext & Pick<PlaceContext, "log" | "pause">;

export interface LookOrder {
  readonly session: PlaceSession;
  readonly judging: Judging;
  /** In the order in which they are looked at. */
  readonly wanted: readonly Candidate[];
  /** What the lists say of each, by its id. */
  readonly rows: ReadonlyMap<string, PreflightRow>;
  /** Milliseconds since the epoch: then none is begun. */
  readonly endsAtMs: number;
  /** Is told of each that was looked at, or could not be, block by block. */
  readonly onLooked: (looked: readonly Looked[]) => Promise<void>;
}

interface Looked {
  readonly row: PreflightRow;
  /** False: it says beside what the lists say why it could not be looked at. */
  readonly isWhole: boolean;
}

/** Progress is noted after so many. */
const mostInBlock = 25;
const blockSeconds = 60;
/** Where others have taken all for the next minute. */
const waitMs = 30_000;

const isOf = <Mode extends PipelineMode>(
  candidate: Candidate,
  mode: Mode,
): candidate is Candidate & { readonly target: TargetOf<Mode> } =>
  candidate.target.pipelineMode === mode;

type InstanceCandidate = Candidate & { readonly target: TargetOf<"LINEAR"> };

const isInstance = (candidate: Candidate): candidate is InstanceCandidate =>
  isOf(candidate, "LINEAR");

/** Undefined: EC2 no longer shows it. */
type LookAt = (candidate: Candidate) => Promise<PreflightRow | undefined>;

/** Undefined: nothing more is known of it than before. */
const tryToLook = async (
  { log }: LookingContext,
  { rows, session }: LookOrder,
  { lookAt, candidate }: { readonly lookAt: LookAt; readonly candidate: Candidate },
): Promise<Looked | undefined> => {
  const id = rowIdOf(candidate.target);
  try {
    const row = await lookAt(candidate);
    return row && { row, isWhole: true };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) === undefined) throw error;
    log.warn(`${id} was not looked at: ${error.message}`, { error: error.name });
    const before = rows.get(id);
    const missing = missingOf(error, session.account);
    if (before === undefined || missing === undefined) return undefined;
    return { row: { ...before, missing: [...before.missing, missing] }, isWhole: false };
  }
};

const lookAtBlock = async (
  context: LookingContext,
  order: LookOrder,
  { lookAt, block }: { readonly lookAt: LookAt; readonly block: readonly Candidate[] },
): Promise<number> => {
  const { account, reading } = order.session;
  const place = { accountId: account.accountId, region: reading.region };
  const wanted = { place, calls: block.length, withinSeconds: blockSeconds };
  const launches = await takeLaunches(context, wanted);
  if (launches.granted === 0) await context.pause(waitMs);
  const found: Looked[] = [];
  const each = async (candidate: Candidate): Promise<void> => {
    const looked = await tryToLook(context, order, { lookAt, candidate });
    if (looked !== undefined) found.push(looked);
  };
  const tried = await atLaunchPace(context.pause, launches, { items: block, each });
  await order.onLooked(found);
  return tried.length;
};

const open = async (context: LookingContext, order: LookOrder): Promise<LookAt> => {
  const { session, judging, wanted } = order;
  const targets = wanted.filter(isInstance).map(({ target }) => target);
  const instances = targets.length === 0 ? undefined : await openLooksIn(context, session, targets);
  const asking = await openAsking(context, session);
  const atInstance = async (candidate: InstanceCandidate): Promise<PreflightRow | undefined> => {
    const { target } = candidate;
    const look = await instances?.at(target, policyOf(target));
    return look && judging.row(candidate, look);
  };
  return (candidate) => {
    if (isOf(candidate, "CLUSTER")) return rowOfGroup(asking, judging, candidate);
    if (isOf(candidate, "KUBERNETES")) return rowOfNodes(asking, judging, candidate);
    return isInstance(candidate) ? atInstance(candidate) : Promise.resolve(undefined);
  };
};

export const lookClosely = async (context: LookingContext, order: LookOrder): Promise<void> => {
  const { wanted, endsAtMs } = order;
  if (wanted.length === 0) return;
  const lookAt = await open(context, order);
  let from = 0;
  while (from < wanted.length && context.now().getTime() < endsAtMs) {
    const block = wanted.slice(from, from + mostInBlock);
    from += await lookAtBlock(context, order, { lookAt, block });
  }
};
