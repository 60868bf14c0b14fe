/** May a SWITCH, or a way back, be carried out now, or only be written down? */
import { SpotOptimizerError } from "../../errors.ts";
import type { Account } from "../../model/account.ts";
import type { ApprovalSettings } from "../../model/approval-settings.ts";
import type { PipelineMode } from "../../model/pipeline-mode.ts";
import { callsForAction, type Authorization, type Verdict } from "../../model/verdict.ts";
import { limitName } from "../../policy/limit-name.ts";
import type { Policy } from "../../policy/policy.ts";

export interface AuthorizationInput {
  readonly account: Account;
  readonly mode: PipelineMode;
  readonly isShadowMode: boolean;
  /** EC2 has taken what is launched anew: nobody is asked. Default: false. */
  readonly isRecovery?: boolean;
  readonly policy: Policy;
  /** What the account's owner says of approvals. Absent: nothing. */
  readonly approvals?: Pick<ApprovalSettings, "switches">;
  /** The target was switched before. Default: false. */
  readonly wasSwitched?: boolean;
  readonly verdict: Verdict;
}

type Scope = NonNullable<ApprovalSettings["switches"]> | "UNSAID";

/** Why a person must agree, by what the account's owner has said; undefined: nobody must. */
const askedBy: Readonly<Record<Scope, (input: AuthorizationInput) => string | undefined>> = {
  EACH: ({ account: { accountId } }) =>
    `The owner of account ${accountId} wants a person to agree to each switch.`,
  FIRST_IN_PROD: ({ account: { accountId, environment }, wasSwitched = false }) =>
    environment === "PROD" && !wasSwitched
      ? `Account ${accountId} is PROD, and its owner wants a person to agree to the first switch of each target.`
      : undefined,
  AS_TARGETS_SAY: () => undefined,
  UNSAID: ({ account: { accountId, environment }, mode }) =>
    environment === "PROD" && mode !== "LINEAR"
      ? `Account ${accountId} is PROD, and its owner has not said otherwise: a person must agree to each ${mode} switch.`
      : undefined,
};

const whyApproval = (input: AuthorizationInput): string | undefined => {
  const { account, mode, policy } = input;
  if (policy.requireApproval) {
    return `The policy sets ${limitName("requireApproval")}: a person must agree to this switch.`;
  }
  if (account.environment === "PROD" && mode === "LINEAR" && !policy.allowProdLinear) {
    return `Account ${account.accountId} is PROD without ${limitName("allowProdLinear")}: a person must agree to the downtime.`;
  }
  return askedBy[input.approvals?.switches ?? "UNSAID"](input);
};

/**
 * Shadow mode outweighs an approval: nothing is asked of a person that would not be done. What EC2 took is launched anew without one, and
 * an undo never comes here. LINEAR in a PROD account without `allowProdLinear` is refused by eligibility before; should it come
 * here all the same, a person decides.
 * Throws BrokenInput for a verdict that changes nothing: there is nothing to authorise, so such a call is a mistake in the caller.
 */
export const authorizeSwitch = (input: AuthorizationInput): Authorization => {
  const { account, isShadowMode, isRecovery = false, verdict } = input;
  if (!callsForAction(verdict)) {
    throw new SpotOptimizerError(
      "BrokenInput",
      `A verdict of ${verdict.kind} (${verdict.reason}) can't be authorised: only a SWITCH and a way back that was asked for are carried out.`,
    );
  }
  if (isShadowMode) {
    return { kind: "SHADOW", sentence: "The target is in shadow mode: nothing is touched." };
  }
  if (isRecovery) {
    return {
      kind: "PROCEED",
      sentence: "It is launched anew at once: no approval is waited for.",
    };
  }
  const sentence = whyApproval(input);
  if (sentence !== undefined) return { kind: "APPROVAL_REQUIRED", sentence };
  return {
    kind: "PROCEED",
    sentence: `It may be carried out in ${account.environment} account ${account.accountId}.`,
  };
};
