/**
 * Onboarding's proof: the role can be assumed, it can't be without the ExternalId, and its parts are whole.
 * A failed proof is an answer, not an error; only what proves nothing (throttling, an outage) is thrown.
 */
import { assumeRole, tryWithoutExternalId } from "../../adapters/aws/sts.ts";
import {
  dryRunFallback,
  dryRunPermissions,
  type PermissionFinding,
} from "../../adapters/aws/ec2/tags.ts";
import { updateAccount } from "../../adapters/store/accounts.ts";
import { fallbackFeature } from "../../core/decide/switch/registration.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import { isServedRegion } from "../../core/model/partition.ts";
import type { ApiContext } from "./context.ts";
import { dryRunStage, splitActions } from "./dry-run.ts";
import {
  featureGrants,
  inOrder,
  isFaulty,
  skippedGrants,
  type FeatureGrant,
  type PermissionAnswer,
} from "./feature-grants.ts";
import type { VerificationJson } from "./schemas/verification.ts";
import { eventsGrant, verifyEvents } from "./verify-events.ts";
import { withNotices } from "./verify-notices.ts";
import { verifyKeys, type VerifiedKeys } from "./verify-keys.ts";
import { verifySnapshots } from "./verify-snapshots.ts";

type Check = VerificationJson["checks"][number];

const proveAssumable = async (
  context: ApiContext,
  account: Account,
  sessionName: string,
): Promise<Check> => {
  try {
    await assumeRole(context.sts, {
      roleArn: account.roleArn,
      externalId: account.externalId,
      sessionName,
      now: context.now(),
    });
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenPermission") throw error;
    return {
      check: "role_assumable",
      outcome: "FAILED",
      code: "role_not_assumable",
      message: `${account.roleArn} can't be assumed with its ExternalId: apply the role template in account ${account.accountId}.`,
    };
  }
  return {
    check: "role_assumable",
    outcome: "PASSED",
    message: `${account.roleArn} was assumed with its ExternalId.`,
  };
};

const proveExternalId = async (
  context: ApiContext,
  account: Account,
  sessionName: string,
): Promise<Check> => {
  const { kind } = await tryWithoutExternalId(context.sts, {
    roleArn: account.roleArn,
    sessionName,
  });
  return kind === "DENIED"
    ? {
        check: "external_id_enforced",
        outcome: "PASSED",
        message: `${account.roleArn} turned us away without the ExternalId.`,
      }
    : {
        check: "external_id_enforced",
        outcome: "FAILED",
        code: "external_id_not_enforced",
        message: `${account.roleArn} was assumed without the ExternalId: its trust policy lacks the condition on sts:ExternalId. Apply the role template again.`,
      };
};

interface RegionAnswers extends VerifiedKeys {
  readonly answers: readonly PermissionAnswer[];
  /** Whether On-Demand may be launched, tagged as fallback. */
  readonly fallback: PermissionAnswer;
  readonly snapshots: VerificationJson["snapshots"][number];
}

interface Asked {
  readonly grants: FeatureGrant[];
  readonly fallbacks: readonly PermissionAnswer[];
  readonly closed: readonly string[];
  readonly keys: VerifiedKeys;
  readonly snapshots: VerificationJson["snapshots"];
}

const askRegion = async (
  context: ApiContext,
  account: Account,
  session: { readonly region: string; readonly name: string },
): Promise<RegionAnswers> => {
  const { region, name } = session;
  const clients = await context.customer(account, region, name);
  const { autoScaling, ec2, kms } = clients;
  const stage = await dryRunStage(context, { ec2, account, region });
  const { provable, boundToTags } = splitActions(stage);
  const here = (finding: PermissionFinding): PermissionAnswer => ({
    ...finding,
    region,
  });
  const answers = [
    ...(await dryRunPermissions(ec2, provable, stage.subject)),
    ...(await dryRunPermissions(ec2, boundToTags, {})),
  ];
  return {
    answers: answers.map(here),
    fallback: here(await dryRunFallback(ec2, stage.subject)),
    ...(await verifyKeys(context, { autoScaling, ec2, kms, account, region })),
    snapshots: await verifySnapshots(clients, {
      account,
      region,
      table: context.table,
      now: context.now(),
    }),
  };
};

const askPermissions = async (
  context: ApiContext,
  account: Account,
  sessionName: string,
): Promise<Asked> => {
  // One region's dry runs go one after the other; regions have buckets of their own.
  const served = account.regions.filter(isServedRegion);
  const byRegion = await Promise.all(
    served.map((region) => askRegion(context, account, { region, name: sessionName })),
  );
  const answers = byRegion.flatMap((region) => region.answers);
  return {
    grants: featureGrants(answers),
    fallbacks: byRegion.map(({ fallback }) => fallback),
    closed: [
      ...account.regions.filter((region) => !isServedRegion(region)),
      ...closedRegions(answers),
    ],
    keys: {
      keys: byRegion.flatMap(({ keys }) => keys),
      isPart: byRegion.some(({ isPart }) => isPart),
    },
    snapshots: byRegion.map(({ snapshots }) => snapshots),
  };
};

const namesOf = (grants: readonly FeatureGrant[]): string =>
  grants.map(({ feature }) => feature).join(", ");

/** Where no call is allowed, and EC2 doesn't know the credentials with which others are. */
const closedRegions = (answers: readonly PermissionAnswer[]): readonly string[] => {
  const open = new Set(
    answers.filter(({ kind }) => kind === "ALLOWED").map(({ region }) => region),
  );
  const closed = answers.filter(
    ({ region, isUnknownThere }) => isUnknownThere && !open.has(region),
  );
  return [...new Set(closed.map(({ region }) => region))];
};

const whyClosed = ({ accountId }: Account, region: string): string =>
  isServedRegion(region)
    ? `Region ${region} doesn't know account ${accountId}: its owner enables it (aws account enable-region --region-name ${region}).`
    : `Region ${region} is not of partition aws, the only one that is served.`;

/** Before the permissions: where the account is not known every one of them is refused. */
const closedRegionsCheck = (account: Account, regions: readonly string[]): Check => ({
  check: "permissions_granted",
  outcome: "FAILED",
  code: "region_not_enabled",
  message: `${regions.map((region) => whyClosed(account, region)).join(" ")} What is not to be used, take from the account's regions.`,
});

const permissionCheck = (grants: readonly FeatureGrant[]): Check => {
  const faulty = grants.filter(isFaulty);
  if (faulty.length > 0) {
    return {
      check: "permissions_granted",
      outcome: "FAILED",
      code: "permissions_missing",
      message: `Permissions are missing of ${namesOf(faulty)}: update the customer's stack with the present role template.`,
    };
  }
  const absent = grants.filter(({ status }) => status === "ABSENT");
  const unproved = grants.flatMap((grant) => grant.unproved).length;
  return {
    check: "permissions_granted",
    outcome: "PASSED",
    message: `${absent.length === 0 ? "No permission was refused" : `Left out: ${namesOf(absent)}. Of the rest no permission was refused`}; ${String(unproved)} could not be proved.`,
  };
};

const grantCheck = (account: Account, { grants, closed }: Asked): Check =>
  closed.length > 0 ? closedRegionsCheck(account, closed) : permissionCheck(grants);

const skipped: Check = {
  check: "permissions_granted",
  outcome: "SKIPPED",
  message: "Not asked: the role can't be assumed.",
};

/** The option is left out where any region denies it, and there where one allows it. */
const fallbackOf = (asked: Asked): VerificationJson["on_demand_fallback"] => {
  const kinds = asked.fallbacks.map(({ kind }) => kind);
  if (kinds.includes("DENIED")) return "ABSENT";
  return kinds.includes("ALLOWED") ? "GRANTED" : "UNPROVED";
};

interface Missing {
  readonly feature: string;
  readonly action: string;
  readonly region: string;
}

const missingIn = ({ grants, fallbacks }: Asked): readonly Missing[] => [
  ...grants.flatMap(({ feature, missing }) =>
    missing.map(({ action, region }) => ({ feature, action, region })),
  ),
  ...fallbacks
    .filter(({ kind }) => kind === "DENIED")
    .map(({ action, region }) => ({ feature: fallbackFeature, action, region })),
];

/** An entry for each action of a part. */
const byAction = (missing: readonly Missing[]): NonNullable<Account["permissions"]>["missing"] => {
  const regions = new Map<string, NonNullable<Account["permissions"]>["missing"][number]>();
  for (const { feature, action, region } of missing) {
    const key = `${feature} ${action}`;
    const before = regions.get(key)?.regions ?? [];
    regions.set(key, { feature, action, regions: [...before, region] });
  }
  return [...regions.values()];
};

/** What is missing is noted, so that no switch finds it half-way; a verified account becomes ACTIVE, unless somebody disabled it. */
const noteVerified = async (
  context: ApiContext,
  account: Account,
  { verified, asked }: { readonly verified: boolean; readonly asked: Asked | undefined },
): Promise<Account["status"]> => {
  const checkedAt = context.now().toISOString();
  const noted = await updateAccount(context.table, account.accountId, (stored) => ({
    ...stored,
    ...(asked === undefined
      ? {}
      : { permissions: { checkedAt, missing: byAction(missingIn(asked)) } }),
    ...(verified && stored.status === "PENDING"
      ? { status: "ACTIVE" as const, updatedAt: checkedAt }
      : {}),
  }));
  return noted.status;
};

/** Nothing of it where the role can't be assumed. */
const foundIn = (
  asked: Asked | undefined,
): Pick<
  VerificationJson,
  "features" | "on_demand_fallback" | "keys" | "keys_are_part" | "snapshots"
> =>
  asked === undefined
    ? {
        features: skippedGrants(),
        on_demand_fallback: "SKIPPED",
        keys: [],
        keys_are_part: false,
        snapshots: [],
      }
    : {
        features: asked.grants,
        on_demand_fallback: fallbackOf(asked),
        keys: [...asked.keys.keys],
        keys_are_part: asked.keys.isPart,
        snapshots: asked.snapshots,
      };

export const verifyAccount = async (
  context: ApiContext,
  account: Account,
  sessionName: string,
): Promise<VerificationJson> => {
  const assumable = await proveAssumable(context, account, sessionName);
  const enforced = await proveExternalId(context, account, sessionName);
  const isAssumable = assumable.outcome === "PASSED";
  const asked = isAssumable ? await askPermissions(context, account, sessionName) : undefined;
  const checks = [assumable, enforced, asked === undefined ? skipped : grantCheck(account, asked)];
  const verified = checks.every((check) => check.outcome === "PASSED");
  const events = await Promise.all(
    account.regions
      .filter(isServedRegion)
      .map((region) => verifyEvents(context.table, { accountId: account.accountId, region })),
  );
  const found = foundIn(asked);
  const features = await Promise.all(
    found.features.map((grant) => withNotices(context.table, account.accountId, grant)),
  );
  return {
    account_id: account.accountId,
    verified,
    status: await noteVerified(context, account, { verified, asked }),
    checked_at: context.now().toISOString(),
    checks,
    ...found,
    features: inOrder([...features, eventsGrant(events)]),
    events,
  };
};
