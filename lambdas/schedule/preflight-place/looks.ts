/** Looks closely at instances that would switch, those that save most first, as fast as a quarter of EC2's request limits bears. */
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { DeploymentId } from "../../../core/model/ids.ts";
import type { InstanceTypeFacts } from "../../../core/model/market.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import { openLooks, type lookClients, type Looks } from "../../evaluation/look-at-instances.ts";
import { takeLaunches } from "../../fleet/calls.ts";
import { policyOf, type PlaceContext, type PlaceSession } from "../../fleet/place.ts";
import type { CustomerClients } from "../../runtime/context.ts";
import type { Candidate, Judging } from "./judge.ts";

export type InstanceCandidate = Candidate & { readonly target: TargetOf<"LINEAR"> };

export const isInstance = (candidate: Candidate): candidate is InstanceCandidate =>
  candidate.target.pipelineMode === "LINEAR";

export interface LookOrder {
  readonly session: PlaceSession;
  readonly clients: Pick<CustomerClients, (typeof lookClients)[number]>;
  readonly judging: Judging;
  readonly deploymentId: DeploymentId;
  /** Of the region's market. */
  readonly types: readonly InstanceTypeFacts[];
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
  { log }: PlaceContext,
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
  context: PlaceContext,
  order: LookOrder,
  { looks, block }: { readonly looks: Looks; readonly block: readonly InstanceCandidate[] },
): Promise<number> => {
  const { account, reading } = order.session;
  const place = { accountId: account.accountId, region: reading.region };
  const wanted = { place, calls: block.length, withinSeconds: blockSeconds };
  const { granted, afterSeconds, secondsEach } = await takeLaunches(context, wanted);
  if (granted === 0) await context.pause(waitMs);
  const rows: PreflightRow[] = [];
  for (const [index, candidate] of block.slice(0, granted).entries()) {
    await context.pause((index === 0 ? afterSeconds : secondsEach) * 1000);
    const row = await lookAt(context, order, { looks, candidate });
    if (row !== undefined) rows.push(row);
  }
  await order.onLooked(rows);
  return granted;
};

export const lookClosely = async (context: PlaceContext, order: LookOrder): Promise<void> => {
  const { session, clients, deploymentId, types, wanted, endsAtMs } = order;
  if (wanted.length === 0) return;
  const { account, reading } = session;
  const looks = await openLooks({
    clients,
    place: { table: context.table, account, region: reading.region, now: context.now() },
    reading,
    deploymentId,
    types,
    targets: wanted.map(({ target }) => target),
  });
  let from = 0;
  while (from < wanted.length && context.now().getTime() < endsAtMs) {
    const block = wanted.slice(from, from + mostInBlock);
    from += await lookAtBlock(context, order, { looks, block });
  }
};
