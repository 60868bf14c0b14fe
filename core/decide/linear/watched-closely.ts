/** Says of which targets the status of their Spot request is read twice a minute, beside the events that AWS sends by best effort. */
import type { Environment } from "../../model/account.ts";
import type { Target, TargetOf } from "../../model/target.ts";
import { effectivePolicy } from "../../policy/policy.ts";
import { isWatchedForLoss } from "../switch/recovery-attempts.ts";

/** With data nobody else can serve before it has ended, and what is launched for it in the notice shortens that. */
export const isWatchedClosely = (
  target: Target,
  environment: Environment,
): target is TargetOf<"LINEAR"> =>
  environment === "PROD" &&
  isWatchedForLoss(target) &&
  effectivePolicy("LINEAR", target.policyOverrides).consistency !== "stateless";
