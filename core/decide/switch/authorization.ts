/** May a SWITCH, or a way back, be carried out now, or only be written down? */
import { SpotOptimizerError } from "../../errors.ts";
import type { Account } from "../../model/account.ts";
import type { PipelineMode } from "../../model/pipeline-mode.ts";
import { callsForAction, type Authorization, type Verdict } from "../../model/verdict.ts";
import { limitName } from "../../policy/limit-name.ts";
import type { Policy } from "../../policy/policy.ts";

/**
 * Shadow mode outweighs an approval: nothing is asked of a person that would not be done. LINEAR in a PROD account without
 * `allowProdLinear` is refused by eligibility before; should it come here all the same, a person decides. In the other
 * modes a person decides in each PROD account: no limit says yet that an owner wants it otherwise.
 * Throws BrokenInput for a verdict that changes nothing: there is nothing to authorise, so such a call is a mistake in the caller.
 */
export const authorizeSwitch = (input: {
  readonly account: Account;
  readonly mode: PipelineMode;
  readonly isShadowMode: boolean;
  /** EC2 has taken what is launched anew: nobody is asked. Default: false. */
  readonly isRecovery?: boolean;
  readonly policy: Policy;
  readonly verdict: Verdict;
}): Authorization => {
  const { account, mode, isShadowMode, isRecovery = false, policy, verdict } = input;
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
    return { kind: "PROCEED", sentence: "It is launched anew at once: nobody is asked." };
  }
  if (policy.requireApproval) {
    return {
      kind: "APPROVAL_REQUIRED",
      sentence: `The policy sets ${limitName("requireApproval")}: a person must agree to this switch.`,
    };
  }
  if (account.environment === "PROD" && mode !== "LINEAR") {
    return {
      kind: "APPROVAL_REQUIRED",
      sentence: `Account ${account.accountId} is PROD: a person must agree to each ${mode} switch.`,
    };
  }
  if (account.environment === "PROD" && !policy.allowProdLinear) {
    return {
      kind: "APPROVAL_REQUIRED",
      sentence: `Account ${account.accountId} is PROD without ${limitName("allowProdLinear")}: a person must agree to the downtime.`,
    };
  }
  return {
    kind: "PROCEED",
    sentence: `It may be carried out in ${account.environment} account ${account.accountId}.`,
  };
};
