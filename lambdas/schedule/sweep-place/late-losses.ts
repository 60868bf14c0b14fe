/**
 * Asks of what has gone who took it. Takes back what a pool was blamed for without a reason, and remembers what pools took while no event told of it: delivery is best effort, and a rule may have lost its role. It comes
 * too late to be answered within the notice, and is told as such: the operator's alarm counts these lines.
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readRequestStatuses } from "../../../adapters/aws/ec2/spot-request.ts";
import { recordLoss, withdrawLoss } from "../../../adapters/store/pools.ts";
import { listSpotEvents } from "../../../adapters/store/spot-events.ts";
import type { Table } from "../../../adapters/store/table.ts";
import {
  earliestOf,
  foundLosses,
  notTheirPools,
  type FoundLoss,
  type GoneInstance,
} from "../../../core/decide/fleet/late-losses.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Pool } from "../../../core/model/market.ts";
import type { Place } from "../../../core/model/place.ts";
import type { SpotEvent } from "../../../core/model/spot-event.ts";
import type { SpotInstance } from "../../../core/model/spot-instance.ts";
import { longestExperimentMs } from "../../../core/risk/experiments.ts";
import type { CommonContext } from "../../runtime/context.ts";

export type LateContext = Pick<CommonContext, "log" | "now" | "table">;

export interface GoneInput {
  readonly place: Place;
  readonly account: Account;
  readonly ec2: EC2Client;
  /** Of the inventory: the reading no longer shows them. */
  readonly gone: readonly SpotInstance[];
}

const readGone = async ({ ec2, gone }: GoneInput): Promise<readonly GoneInstance[]> => {
  const statuses = await readRequestStatuses(
    ec2,
    gone.map(({ instanceId }) => instanceId),
  );
  return gone.flatMap((row) => {
    const status = statuses.get(row.instanceId);
    return status === undefined ? [] : [{ row, status }];
  });
};

const poolOf = ({ region, zoneId, instanceType, product }: SpotInstance): Pool => ({
  region,
  zoneId,
  instanceType,
  product,
});

const toldSince = async (
  table: Table,
  place: Place,
  only: { readonly kind: SpotEvent["kind"]; readonly ms: number },
): Promise<readonly SpotEvent[]> => {
  const since = new Date(only.ms - longestExperimentMs).toISOString();
  return listSpotEvents(table, place, { kind: only.kind, since });
};

const tell = (
  { log }: LateContext,
  { place, account }: GoneInput,
  late: readonly FoundLoss[],
): void => {
  const [first] = late;
  if (first === undefined) return;
  log.warn(
    `No event told that EC2 took ${String(late.length)} Spot Instances of account ${account.accountId} in ${place.region}, the first of them ` +
      `${first.row.instanceId} at ${first.at}. See docs/runbook.md, A loss that no event told.`,
    { ...place, untoldLosses: late.length },
  );
};

/** Told again after a sweep that was cut off, a loss is remembered once. @throws Retryable…, BrokenPermission */
export const rememberLate = async (context: LateContext, input: GoneInput): Promise<void> => {
  const { table, now } = context;
  const { place, account } = input;
  const gone = await readGone(input);
  if (gone.length === 0) return;
  for (const row of notTheirPools(gone)) {
    await withdrawLoss(table, { pool: poolOf(row), what: row.instanceId });
  }
  const at = now().toISOString();
  const ms = Date.parse(earliestOf(gone, at));
  const warnings = await toldSince(table, place, { kind: "INTERRUPTION_WARNING", ms });
  const experiments = await toldSince(table, place, { kind: "FIS_EXPERIMENT", ms });
  const found = foundLosses(gone, {
    warned: new Set(
      warnings.flatMap((event) =>
        event.kind === "INTERRUPTION_WARNING" ? [event.instanceId] : [],
      ),
    ),
    experiments: experiments.filter((event) => event.kind === "FIS_EXPERIMENT"),
    now: at,
  });
  const { accountId, environment } = account;
  for (const { row, isLate, ...loss } of environment === "PROD" ? found : []) {
    await recordLoss(table, {
      pool: poolOf(row),
      ...loss,
      what: row.instanceId,
      accountId,
      environment,
      ...(isLate && { isLate }),
    });
  }
  tell(
    context,
    input,
    found.filter(({ isLate }) => isLate),
  );
};
