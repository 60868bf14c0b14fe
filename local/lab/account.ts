/**
 * One customer account on the whole product in virtual time, connected as a customer would connect it: through the
 * API, with our role template applied.
 */
import * as z from "zod";
import { withoutUndefined } from "../../adapters/aws/without-undefined.ts";
import type { Table } from "../../adapters/store/table.ts";
import { base32Id } from "../../core/random-id.ts";
import {
  accountWithSwitchingSchema,
  createdAccountSchema,
  type CreateAccountJson,
} from "../../lambdas/api/schemas/accounts.ts";
import { verificationSchema } from "../../lambdas/api/schemas/verification.ts";
import type { Log } from "../../lambdas/runtime/log.ts";
import { VirtualClock } from "../cloud/clock.ts";
import type { Ec2Settings } from "../cloud/ec2/settings.ts";
import type { KubeSettings } from "../cloud/kubernetes/settings.ts";
import type { Market } from "../cloud/market/market.ts";
import {
  applyEventTemplate,
  applyRoleTemplate,
  type TemplateParameters,
} from "../platform/customer-account.ts";
import type { Around } from "../platform/functions.ts";
import { createMemoryTable, type MemoryTable } from "../platform/memory-table.ts";
import {
  createPlatform,
  preparePlatform,
  seededBytes,
  type Front,
  type Platform,
} from "../platform/platform.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";
import { keepConnection, recallConnection } from "./recalled-connection.ts";

export interface AccountOptions {
  readonly market: Market;
  readonly seed: number;
  /** Virtual begin, milliseconds since the epoch. */
  readonly startMs: number;
  readonly region: string;
  /** As `GET /health` tells it. */
  readonly version: string;
  readonly name: string;
  /** Default: LAB. */
  readonly environment?: "LAB" | "PROD";
  /** As the platform has it: through the bytes of the wire protocol unless told. */
  readonly front?: Front;
  /** EC2's request buckets. On unless told. */
  readonly throttle?: boolean;
  readonly settings?: Partial<Ec2Settings>;
  readonly kubernetes?: Partial<KubeSettings>;
  /** Of the role's template. Default: the template's own, without the parts that a customer has to choose. */
  readonly parameters?: TemplateParameters;
  readonly table?: Table;
  /** What the table keeps its items in, where more happens at it. */
  readonly ownTable?: MemoryTable;
  /** The connection is not a part of what is looked at: it may be recalled from another laboratory. Default: false. */
  readonly isRecalled?: boolean;
  readonly log?: Log;
  /** What stands between functions and the rest. Default: nothing. */
  readonly around?: Around;
  /** Told of the platform before anything is called. */
  readonly onPlatform?: (platform: Platform) => void;
}

export interface LabAccount {
  readonly platform: Platform;
  readonly clock: VirtualClock;
  readonly table: Table;
  readonly api: ApiClient;
  readonly accountId: string;
  readonly region: string;
  /** What the customer's role asks for, besides who comes. A secret. */
  readonly externalId: string;
}

export const customerAccountId = "444455556666";

interface CustomerOptions extends Pick<AccountOptions, "name"> {
  readonly parameters?: TemplateParameters | undefined;
  readonly environment?: AccountOptions["environment"] | undefined;
  readonly accountId: string;
  readonly regions: readonly string[];
}

/**
 * @returns the ExternalId
 * @throws Error where the API refuses, or the account does not come to be verified
 */
export const connectCustomer = async (
  platform: Platform,
  api: ApiClient,
  { accountId, name, regions, environment, parameters }: CustomerOptions,
): Promise<string> => {
  platform.ec2.control.addAccount(accountId, regions);
  const account: CreateAccountJson = {
    account_id: z.string().brand<"AccountId">().parse(accountId),
    name,
    environment: environment ?? "LAB",
    regions: [...regions],
  };
  const created = await api.post("/accounts", createdAccountSchema, account);
  const yaml = await api.getText(`/accounts/${accountId}/role-template`);
  applyRoleTemplate(platform.cloud, { accountId, yaml, parameters: parameters ?? {} });
  const { verified } = await api.post(`/accounts/${accountId}/verify`, verificationSchema);
  if (!verified) {
    const { status } = await api.get(`/accounts/${accountId}`, accountWithSwitchingSchema);
    throw new Error(`Account ${accountId} is not verified: its status is ${status}.`);
  }
  return created.external_id;
};

interface Opened {
  readonly platform: Platform;
  /** Where the platform's items stand, if that is known. */
  readonly own: MemoryTable | undefined;
  readonly randomId: () => string;
}

/** Through the wire it is the bytes that matter, and EC2's buckets know who has called. */
const isRecallable = ({ isRecalled, front, throttle }: AccountOptions): boolean =>
  isRecalled === true && front === "direct" && throttle === false;

const connect = async (
  { platform, own, randomId }: Opened,
  options: AccountOptions,
): Promise<Pick<LabAccount, "api" | "externalId">> => {
  const { name, environment, region, startMs, parameters } = options;
  const regions = [region];
  const customer = { accountId: customerAccountId, name, environment, regions, parameters };
  const place = own && isRecallable(options) ? { platform, table: own } : undefined;
  const way = JSON.stringify({ ...customer, startMs });
  const recalled = place && (await recallConnection(way, place, randomId));
  const api = createApiClient(platform.gateway, recalled?.posted);
  if (recalled !== undefined) return { api, externalId: recalled.externalId };
  const externalId = await connectCustomer(platform, api, customer);
  if (place) keepConnection(way, place, { ...customer, externalId, posted: api.posted() });
  return { api, externalId };
};

export const openAccount = async (options: AccountOptions): Promise<LabAccount> => {
  const { market, seed, startMs, region, version } = options;
  const { front, throttle, settings, kubernetes, log, around } = options;
  // Read from the disk meanwhile, they would let another of two calls at once come first than in a process that has them.
  await preparePlatform();
  const clock = new VirtualClock(startMs);
  const memory = options.ownTable ?? createMemoryTable();
  const table = options.table ?? memory;
  const randomBytes = seededBytes(seed);
  const platform = createPlatform({
    clock,
    table,
    seed,
    market,
    version,
    randomBytes,
    ...withoutUndefined({ front, throttle, settings, kubernetes, log, around }),
  });
  options.onPlatform?.(platform);
  const own = options.table === undefined ? memory : options.ownTable;
  const opened = { platform, own, randomId: () => base32Id(randomBytes) };
  const connected = await connect(opened, options);
  return { platform, clock, table, accountId: customerAccountId, region, ...connected };
};

/** From now on what AWS tells of Spot in the account reaches us: the customer's stack forwards it, and our bus lets it in. */
export const forwardEvents = async (
  { api, platform, accountId, region }: LabAccount,
  parameters: TemplateParameters = {},
): Promise<void> => {
  const yaml = await api.getText(`/accounts/${accountId}/role-template`);
  applyEventTemplate(platform, { accountId, region, yaml, parameters });
  await platform.functions.invoke("interruption-open-bus", {});
};
