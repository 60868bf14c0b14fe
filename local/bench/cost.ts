/**
 * What an evaluation costs in our own account, from what was counted. List prices of us-east-1, without free tiers and
 * volume steps; † = as others quote that page, not read there. Logs and traces are not counted.
 */

export const prices = {
  /** Standard workflows; a retry counts too (aws.amazon.com/step-functions/pricing). */
  transition: 0.025 / 1_000,
  /** aws.amazon.com/lambda/pricing† */
  invocation: 0.2 / 1_000_000,
  /** On Arm (aws.amazon.com/lambda/pricing†). */
  gbSecond: 0.000_013_333_4,
  /** On demand, Standard class, since November 2024 (aws.amazon.com/dynamodb/pricing/on-demand†). */
  readUnit: 0.125 / 1_000_000,
  writeUnit: 0.625 / 1_000_000,
  /** REST (aws.amazon.com/api-gateway/pricing†). */
  apiRequest: 3.5 / 1_000_000,
} as const;

/** As infra sets it. */
export const memoryGb = 0.5;

/** Not measured: a step makes one to thirty calls to AWS of some tens of milliseconds each. */
export const secondsPerInvocation = 1;

/** One POST …/evaluate; the sweep's evaluations need none. */
export const apiRequests = 1;

export interface Counted {
  readonly transitions: number;
  readonly invocations: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Asked for one by one. Default 1. */
  readonly evaluations?: number;
}

/** USD for a thousand evaluations like this one, by what is paid for. */
export const costPerThousand = (counted: Counted) => {
  const each = {
    transitions: counted.transitions * prices.transition,
    invocations: counted.invocations * prices.invocation,
    computing: counted.invocations * secondsPerInvocation * memoryGb * prices.gbSecond,
    readUnits: counted.readUnits * prices.readUnit,
    writeUnits: counted.writeUnits * prices.writeUnit,
    apiRequests: apiRequests * (counted.evaluations ?? 1) * prices.apiRequest,
  };
  return Object.fromEntries(
    Object.entries(each).map(([item, usd]) => [item, usd * 1_000]),
  ) as Readonly<Record<keyof typeof each, number>>;
};

export const totalOf = (cost: Readonly<Record<string, number>>): number =>
  Object.values(cost).reduce((sum, usd) => sum + usd, 0);
