/**
 * Onboarding's proof: the role can be assumed, it can't be without the ExternalId, and its permissions are there.
 * A failed proof is an answer, not an error; only what proves nothing (throttling, an outage) is thrown.
 */
import { assumeRole, tryWithoutExternalId } from "../../adapters/aws/sts.ts";
import { dryRunPermissions, type PermissionFinding } from "../../adapters/aws/ec2/tags.ts";
import { updateAccount } from "../../adapters/store/accounts.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { ApiContext } from "./context.ts";
import { dryRunStage, splitActions } from "./dry-run.ts";
import type { VerificationJson } from "./schemas/accounts.ts";

type Check = VerificationJson["checks"][number];
type Permission = VerificationJson["missing_permissions"][number];

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

type PermissionAnswer = PermissionFinding & { readonly region: string };

interface PermissionReport {
  readonly missing: readonly Permission[];
  readonly unproved: readonly Permission[];
}

const askRegion = async (
  context: ApiContext,
  account: Account,
  session: { readonly region: string; readonly name: string },
): Promise<readonly PermissionAnswer[]> => {
  const { ec2 } = await context.customer(account, session.region, session.name);
  const stage = await dryRunStage(context, { ec2, account, region: session.region });
  const { provable, boundToTags } = splitActions(stage);
  return [
    ...(await dryRunPermissions(ec2, provable, stage.subject)),
    ...(await dryRunPermissions(ec2, boundToTags, {})),
  ].map((finding) => ({ ...finding, region: session.region }));
};

const askPermissions = async (
  context: ApiContext,
  account: Account,
  sessionName: string,
): Promise<PermissionReport> => {
  // One region's dry runs go one after the other; regions have buckets of their own.
  const byRegion = await Promise.all(
    account.regions.map((region) => askRegion(context, account, { region, name: sessionName })),
  );
  const those = (kind: "DENIED" | "UNKNOWN"): readonly Permission[] =>
    byRegion
      .flat()
      .filter((answer) => answer.kind === kind)
      .map(({ action, region, reason }) => ({
        action,
        region,
        ...(reason === undefined ? {} : { reason }),
      }));
  return { missing: those("DENIED"), unproved: those("UNKNOWN") };
};

const permissionCheck = (report: PermissionReport): Check =>
  report.missing.length === 0
    ? {
        check: "permissions_granted",
        outcome: "PASSED",
        message: `No permission was refused; ${String(report.unproved.length)} have no dry run that proves them.`,
      }
    : {
        check: "permissions_granted",
        outcome: "FAILED",
        code: "permissions_missing",
        message: `${String(report.missing.length)} permissions are missing: update the customer's stack with the present role template.`,
      };

const skipped: Check = {
  check: "permissions_granted",
  outcome: "SKIPPED",
  message: "Not asked: the role can't be assumed.",
};

/** A verified account becomes ACTIVE, unless somebody disabled it. */
const noteVerified = async (context: ApiContext, account: Account): Promise<Account["status"]> => {
  const updatedAt = context.now().toISOString();
  const noted = await updateAccount(context.table, account.accountId, (stored) =>
    stored.status === "PENDING" ? { ...stored, status: "ACTIVE", updatedAt } : stored,
  );
  return noted.status;
};

export const verifyAccount = async (
  context: ApiContext,
  account: Account,
  sessionName: string,
): Promise<VerificationJson> => {
  const assumable = await proveAssumable(context, account, sessionName);
  const enforced = await proveExternalId(context, account, sessionName);
  const report =
    assumable.outcome === "PASSED"
      ? await askPermissions(context, account, sessionName)
      : undefined;
  const checks = [assumable, enforced, report === undefined ? skipped : permissionCheck(report)];
  const verified = checks.every((check) => check.outcome === "PASSED");
  return {
    account_id: account.accountId,
    verified,
    status: verified ? await noteVerified(context, account) : account.status,
    checked_at: context.now().toISOString(),
    checks,
    missing_permissions: [...(report?.missing ?? [])],
    unproved_permissions: [...(report?.unproved ?? [])],
  };
};
