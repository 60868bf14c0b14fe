/** May this instance be switched to Spot at all? Every reason against is kept; the rules stand in eligibility/. */
import type { CommandFacts } from "../../model/command.ts";
import type { Placement } from "../../model/evaluation.ts";
import type { Loss } from "../../model/loss.ts";
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
import type { DeploymentId } from "../../model/ids.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import type { LaunchFacts } from "../../model/launch-check.ts";
import type { InstanceTypeFacts } from "../../model/market.ts";
import { commandRules } from "./eligibility/commands.ts";
import { launchRules } from "./eligibility/launch.ts";
import { networkRules } from "./eligibility/network.ts";
import { ownershipRules } from "./eligibility/ownership.ts";
import { purchaseRules } from "./eligibility/purchase.ts";
import { objectionsToRecovery } from "./eligibility/recovery.ts";
import { registrationRules } from "./eligibility/registration.ts";
import type { OriginalRule } from "./eligibility/rule.ts";
import { settingsRules } from "./eligibility/settings.ts";
import { storageRules } from "./eligibility/storage.ts";
import type { Objection, RegistrationFacts } from "../switch/objection.ts";

export type Eligibility =
  | { readonly kind: "ELIGIBLE" }
  /** Never empty; the first is the verdict's reason. */
  | { readonly kind: "INELIGIBLE"; readonly objections: readonly Objection[] };

export interface EligibilityInput extends RegistrationFacts {
  /** What it is judged for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  /** Absent: no switch of its target has launched it. */
  readonly placedBy?: Placement;
  /** Absent: it lives, or nobody asked. */
  readonly lost?: Loss;
  /** Absent: EC2 does not show it, or the account may not be asked. */
  readonly instance: InstanceFacts | undefined;
  /** Whose claims are our own. */
  readonly deploymentId?: DeploymentId;
  /** Absent: the policy names no document. */
  readonly commands?: CommandFacts;
  /** Absent in records made before it was looked for. */
  readonly launch?: LaunchFacts;
  /** Absent: the region's catalogue does not have the instance's type. */
  readonly type: InstanceTypeFacts | undefined;
}

/** The most telling first: who owns the instance explains more than how it is set. */
const originalRules: readonly OriginalRule[] = [
  ...ownershipRules,
  ...purchaseRules,
  ...settingsRules,
  ...storageRules,
  ...commandRules,
  ...networkRules,
  ...launchRules,
];

const notFound = ({ target }: EligibilityInput): Objection => ({
  code: "INSTANCE_NOT_FOUND",
  sentence: `EC2 shows no instance ${target.instanceId} in ${target.region} of account ${target.accountId}: check the id, or delete target ${target.targetId}.`,
});

const conclude = (objections: readonly Objection[]): Eligibility =>
  objections.length === 0 ? { kind: "ELIGIBLE" } : { kind: "INELIGIBLE", objections };

/**
 * docs/workflows/linear.md says what can move and what cannot. An instance that is absent is only
 * called not found when the registration is in order: a disabled account is not asked at all.
 */
export const judgeEligibility = (input: EligibilityInput): Eligibility => {
  const { instance, kind } = input;
  if (kind === "RECOVER") return conclude(objectionsToRecovery(input));
  const registered = registrationRules.flatMap((rule) => rule(input) ?? []);
  if (instance === undefined) {
    const objections = registered.length > 0 ? registered : [notFound(input)];
    return { kind: "INELIGIBLE", objections };
  }
  const facts = { ...input, instance };
  return conclude([...registered, ...originalRules.flatMap((rule) => rule(facts) ?? [])]);
};
