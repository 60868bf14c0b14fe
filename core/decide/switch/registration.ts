/** Rules about what was registered, whatever its mode: the account, its regions, the risk model, and what the role may do. */
import type { Account } from "../../model/account.ts";
import { judgeModelUse } from "../models/model-assignment.ts";
import { isServedRegion } from "../../model/partition.ts";
import { limitName } from "../../policy/limit-name.ts";
import {
  listed,
  type Objection,
  type RegistrationFacts,
  type RegistrationRule,
} from "./objection.ts";

export const accountIsActive: RegistrationRule = ({ account }) => {
  if (account.status === "ACTIVE") return undefined;
  const next =
    account.status === "PENDING" ? "verify it once" : "enable it again if it is to be evaluated";
  return {
    code: "ACCOUNT_DISABLED",
    sentence: `Account ${account.accountId} (${account.name}) is ${account.status}: ${next}.`,
  };
};

export const regionIsConnected: RegistrationRule = ({ account, target }) =>
  account.regions.includes(target.region)
    ? undefined
    : {
        code: "REGION_NOT_CONNECTED",
        sentence: `Region ${target.region} is not among the connected regions of account ${account.accountId} (${account.regions.join(", ")}): add it to the account, or delete the target.`,
      };

/** The API takes no such region; an older version did. */
export const regionIsServed: RegistrationRule = ({ target }) =>
  isServedRegion(target.region)
    ? undefined
    : {
        code: "REGION_NOT_SERVED",
        sentence: `Region ${target.region} is not of partition aws, and only that one is served: delete target ${target.targetId}.`,
      };

export const modelIsAllowed: RegistrationRule = ({ account, riskModel }) => {
  if (riskModel === undefined) return undefined;
  const use = judgeModelUse(riskModel, account.environment);
  return use.kind === "ALLOWED"
    ? undefined
    : { code: "MODEL_NOT_ALLOWED", sentence: `${use.sentence} Next: ${use.nextStep}` };
};

/** @param enough what else says that a replacement works, as the end of a sentence names it */
export const isProvedUnless =
  (enough: string): RegistrationRule =>
  ({ account, target, policy }) =>
    account.environment !== "PROD" || policy.proof.length > 0 || policy.acceptUnproved
      ? undefined
      : {
          code: "UNPROVED",
          sentence: `Account ${account.accountId} is PROD, and nothing proves that the application of target ${target.targetId} works on a replacement: name a ${limitName("proof")} in its policy, or set ${limitName("acceptUnproved")} if ${enough} are enough.`,
        };

/** By the name under which a verification notes it: the option of the role by which On-Demand is launched. */
export const fallbackFeature = "on-demand-fallback";

const mendRole = (accountId: string, what: string): string =>
  `${what} (GET /accounts/${accountId}/role-template, then aws cloudformation deploy --stack-name spot-optimizer --template-file role.yaml --capabilities CAPABILITY_NAMED_IAM), then POST /accounts/${accountId}/verify`;

/** What the last verification found missing of all that a switch of the target needs. */
export const missingActions = ({
  account: { permissions },
  target,
  kind,
}: Pick<RegistrationFacts, "account" | "kind"> & {
  readonly target: Pick<RegistrationFacts["target"], "region" | "pipelineMode">;
}): NonNullable<Account["permissions"]>["missing"] => {
  const needed = [
    "read",
    target.pipelineMode.toLowerCase(),
    ...(kind === "FALL_BACK" ? [fallbackFeature] : []),
  ];
  return (permissions?.missing ?? []).filter(
    ({ feature, regions }) => needed.includes(feature) && regions.includes(target.region),
  );
};

/** Also of a target in shadow mode: what its owner should know when he registers it. */
export const missingPermissions = (
  facts: Parameters<typeof missingActions>[0],
): Objection | undefined => {
  const { permissions, accountId } = facts.account;
  const missing = missingActions(facts);
  if (permissions === undefined || missing.length === 0) return undefined;
  const actions = listed([...new Set(missing.map(({ action }) => action))]);
  const isFallbackAlone = missing.every(({ feature }) => feature === fallbackFeature);
  const next = isFallbackAlone
    ? mendRole(accountId, "allow it by AllowOnDemandFallback=true")
    : mendRole(accountId, "update the stack of the role with its present template");
  return {
    code: "PERMISSION_MISSING",
    sentence: `The role in account ${accountId} lacked ${actions} in ${facts.target.region} when it was verified at ${permissions.checkedAt}: ${next}.`,
  };
};

/** Why nothing can be launched On-Demand, as far as the role was verified. Without a sentence: it can. */
export const fallbackIn = (
  facts: Omit<Parameters<typeof missingActions>[0], "kind">,
): { readonly noFallback?: string } => {
  const missing = missingPermissions({ ...facts, kind: "FALL_BACK" });
  return missing === undefined ? {} : { noFallback: missing.sentence };
};

/** Found half-way it would be a roll-back. In shadow mode nothing is changed, and reading fails by itself. */
export const permissionsAreThere: RegistrationRule = (facts) =>
  facts.target.isShadowMode ? undefined : missingPermissions(facts);
