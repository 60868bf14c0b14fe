/**
 * Remembers a warned loss against its pool, for all who look for one: once for each instance, of PROD accounts, and not under an experiment.
 * Where the inventory knows the instance no call is made in the customer's account; of any other its Spot request is asked for once, and
 * only one that the pool takes counts.
 */
import { readSpotRequest } from "../../../adapters/aws/ec2/spot-request.ts";
import { recordLoss } from "../../../adapters/store/pools.ts";
import { listSpotEvents } from "../../../adapters/store/spot-events.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Pool } from "../../../core/model/market.ts";
import type { SpotEventOf } from "../../../core/model/spot-event.ts";
import type { SpotInstance } from "../../../core/model/spot-instance.ts";
import { readSpotStatus, showsWithinMs } from "../../../core/model/spot-status.ts";
import { isUnderExperiment, longestExperimentMs } from "../../../core/risk/experiments.ts";
import type { StepContext } from "../../runtime/context.ts";

type Warning = SpotEventOf<"INTERRUPTION_WARNING">;

export type Remembered =
  | "REMEMBERED"
  /** Disconnected, or disabled: dropped. */
  | "UNKNOWN_ACCOUNT"
  /** LAB: its losses don't count. */
  | "NOT_PROD"
  | "UNDER_EXPERIMENT"
  /** Neither the inventory nor EC2 knows its Spot request. */
  | "UNKNOWN_INSTANCE"
  /** EC2 does not show yet what it told of: asked again in a moment. */
  | "UNCONFIRMED"
  /** Its request says that somebody else than the pool takes it: its own maximum price, its owner … */
  | "NOT_TAKEN_BY_POOL";

const sessionName = "spot-optimizer-interruption";

type Found = { readonly pool: Pool } | Exclude<Remembered, "REMEMBERED">;

/** As EC2 tells it. @throws as `customer` does where the role cannot be assumed: the message comes again, and then to the dead letters */
const askEc2 = async (
  context: StepContext<"ec2">,
  account: Account,
  { region, instanceId, at }: Warning,
): Promise<Found> => {
  const { ec2 } = await context.customer(account, region, sessionName);
  const request = await readSpotRequest(ec2, region, instanceId);
  if (request === undefined) return "UNKNOWN_INSTANCE";
  const standing = readSpotStatus(request.status);
  const ageMs = context.now().getTime() - Date.parse(at);
  if (standing.kind === "RESTFUL" && ageMs < showsWithinMs) return "UNCONFIRMED";
  const isPools = standing.kind === "ANNOUNCED" && standing.by === "POOL";
  // Marked, without a reason: for `stop`, and where EC2 tells the reason at the end.
  const isUntold = standing.kind === "ANNOUNCED" && standing.by === "UNKNOWN";
  return isPools || isUntold ? { pool: request.pool } : "NOT_TAKEN_BY_POOL";
};

const findPool = async (
  context: StepContext<"ec2">,
  account: Account,
  { warning, known }: { readonly warning: Warning; readonly known: SpotInstance | undefined },
): Promise<Found> => {
  if (known === undefined) return askEc2(context, account, warning);
  const { region, zoneId, instanceType, product } = known;
  return { pool: { region, zoneId, instanceType, product } };
};

export const remember = async (
  context: StepContext<"ec2">,
  warning: Warning,
  {
    account,
    instance: known,
    isRepeated,
  }: {
    readonly account: Account | undefined;
    readonly instance: SpotInstance | undefined;
    readonly isRepeated: boolean;
  },
): Promise<Remembered> => {
  const { table } = context;
  if (account === undefined || account.status === "DISABLED") return "UNKNOWN_ACCOUNT";
  if (account.environment !== "PROD") return "NOT_PROD";
  const since = new Date(Date.parse(warning.at) - longestExperimentMs).toISOString();
  const told = await listSpotEvents(table, warning, { kind: "FIS_EXPERIMENT", since });
  const experiments = told.filter((event) => event.kind === "FIS_EXPERIMENT");
  if (isUnderExperiment(experiments, warning.at)) return "UNDER_EXPERIMENT";
  const found = await findPool(context, account, { warning, known });
  if (typeof found === "string") return found;
  const { accountId, at, instanceId: what } = warning;
  const { environment } = account;
  const loss = { pool: found.pool, at, what, accountId, environment };
  await recordLoss(table, { ...loss, isToldAgain: isRepeated });
  return "REMEMBERED";
};
