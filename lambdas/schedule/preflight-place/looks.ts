/** Looks closely at instances that would switch, those that save most first, as fast as a quarter of EC2's request limits bears. */
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import type { Looks } from "../../evaluation/look-at-instances.ts";
import { atLaunchPace, takeLaunches } from "../../fleet/calls.ts";
import { openLooksIn, type LookContext } from "../../fleet/looks.ts";
import { policyOf, type PlaceContext, type PlaceSession } from "../../fleet/place.ts";
import type { Candidate, Judging } from "./judge.ts";

export type InstanceCandidate = Candidate & { readonly target: TargetOf<"LINEAR"> };

export const isInstance = (candidate: Candidate): candidate is InstanceCandidate =>
  candidate.target.pipelineMode === "LINEAR";

type LookingContext = LookContext & Pick<PlaceContext, "log" | "pause">;

export interface LookOrder {
  readonly session: PlaceSession;
  readonly judging: Judging;
  /** In the order in which they are looked at. */
  readonly wanted: readonly InstanceCandidate[];
  /** Milliseconds since the epoch: then none is begun. */
  readonly endsAtMs: number;
  /** Is told of each that was looked at, block by block. */
  readonly onLooked: (rows: readonly PreflightRow[]) => Promise<void>;
}

/** Progress is noted after so many. */
const mostInBlock = 25;
const blockSeconds = 60;
/** Where others have taken all for the next minute. */
const waitMs = 30_000;

/** Undefined: nothing more is known of it than before. */
const lookAt = async (
  { log }: LookingContext,
  { judging }: LookOrder,
  { looks, candidate }: { readonly looks: Looks; readonly candidate: InstanceCandidate },
): Promise<PreflightRow | undefined> => {
  const { target } = candidate;
  try {
    const look = await looks.at(target, policyOf(target));
    return look === undefined ? undefined : await judging.row(candidate, look);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) === undefined) throw error;
    const { instanceId } = target;
    log.warn(`${instanceId} was not looked at: ${error.message}`, { error: error.name });
    return undefined;
  }
};

const lookAtBlock = async (
  context: LookingContext,
  order: LookOrder,
  { looks, block }: { readonly looks: Looks; readonly block: readonly InstanceCandidate[] },
): Promise<number> => {
  const { account, reading } = order.session;
  const place = { accountId: account.accountId, region: reading.region };
  const wanted = { place, calls: block.length, withinSeconds: blockSeconds };
  const launches = await takeLaunches(context, wanted);
  if (launches.granted === 0) await context.pause(waitMs);
  const rows: PreflightRow[] = [];
  const each = async (candidate: InstanceCandidate): Promise<void> => {
    const row = await lookAt(context, order, { looks, candidate });
    if (row !== undefined) rows.push(row);
  };
  const tried = await atLaunchPace(context.pause, launches, { items: block, each });
  await order.onLooked(rows);
  return tried.length;
};

export const lookClosely = async (context: LookingContext, order: LookOrder): Promise<void> => {
  const { session, wanted, endsAtMs } = order;
  if (wanted.length === 0) return;
  const looks = await openLooksIn(
    context,
    session,
    wanted.map(({ target }) => target),
  );
  let from = 0;
  while (from < wanted.length && context.now().getTime() < endsAtMs) {
    const block = wanted.slice(from, from + mostInBlock);
    from += await lookAtBlock(context, order, { looks, block });
  }
};
