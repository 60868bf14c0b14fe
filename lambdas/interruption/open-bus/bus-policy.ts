/** The policy of our bus: the connected accounts may put AWS's own events on it, and nobody else anything. */
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { AccountId } from "../../../core/model/ids.ts";

/** EventBridge quotas, event bus policy: characters. Some 300 accounts. */
const longestPolicy = 10_240;

/**
 * Nobody connected: our own account, which may put events by its roles' policies in any case, since a policy without statements is refused †.
 * @throws BrokenQuota where so many accounts do not fit
 */
export const busPolicyOf = (busArn: string, accountIds: readonly AccountId[]): string => {
  const ownAccount = busArn.split(":")[4] ?? "";
  const accounts = accountIds.length === 0 ? [ownAccount] : accountIds.toSorted();
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ConnectedAccounts",
        Effect: "Allow",
        Principal: { AWS: accounts.map((id) => `arn:aws:iam::${id}:root`) },
        Action: "events:PutEvents",
        Resource: busArn,
        Condition: { StringLike: { "events:source": "aws.*" } },
      },
    ],
  });
  if (policy.length <= longestPolicy) return policy;
  throw new SpotOptimizerError(
    "BrokenQuota",
    `The policy of event bus ${busArn} has room for some 300 accounts, and ${String(accounts.length)} are connected.`,
    { nextStep: "Ask AWS to raise the size of event bus policies, or deploy another stage." },
  );
};

/** Whether the bus says so already, however EventBridge has ordered it. */
export const isSamePolicy = (one: string | undefined, other: string): boolean =>
  one !== undefined && normal(JSON.parse(one)) === normal(JSON.parse(other));

const normal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(normal).toSorted().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}:${normal(each)}`);
  return `{${entries.toSorted().join()}}`;
};
