/** Refuses what the caller's policies do not allow, in the words of IAM. */
import type { Authorization, Call } from "../contract.ts";
import { refuse } from "../refusals.ts";
import type { Principal } from "./identities.ts";
import { actionOf, judgeCall, type Judgement } from "./permissions.ts";

/** Asking who one is needs no permission. */
const freeActions: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

/** @throws CloudError that says which action on which resource */
export const authorize = (
  call: Call,
  principal: Principal,
  asked: () => ReturnType<Authorization<unknown>>,
): void => {
  if (freeActions.has(actionOf(call))) return;
  const judgement = judgeCall(principal.permissions(), asked);
  if (judgement.kind === "ALLOWED") return;
  const sentence = denial(call, judgement);
  throw refuse(
    call.service,
    "DENIED",
    call.service === "ec2"
      ? `You are not authorized to perform this operation. ${sentence}`
      : sentence,
  );
};

const denial = ({ caller }: Call, { kind, action = "", arn }: Judgement): string => {
  const because =
    kind === "DENIED"
      ? `because no identity-based policy allows the ${action} action`
      : "with an explicit deny in an identity-based policy";
  const where = arn === undefined ? "" : ` on resource: ${arn}`;
  return `User: ${caller.arn} is not authorized to perform: ${action}${where} ${because}`;
};
