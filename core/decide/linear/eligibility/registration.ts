/** Rules about what was registered for LINEAR: those of every mode, and permission to touch PROD. */
import {
  accountIsActive,
  modelIsAllowed,
  permissionsAreThere,
  regionIsConnected,
  regionIsServed,
} from "../../switch/registration.ts";
import type { RegistrationRule } from "../../switch/objection.ts";
import { limitName } from "../../../policy/limit-name.ts";

const prodIsAllowed: RegistrationRule = ({ account, target, policy }) =>
  account.environment !== "PROD" || policy.allowProdLinear
    ? undefined
    : {
        code: "PROD_NOT_ALLOWED",
        sentence: `Account ${account.accountId} is PROD, and LINEAR means a downtime: set ${limitName("allowProdLinear")} in the policy of target ${target.targetId} if its owner agrees.`,
      };

/** Where LINEAR is not allowed the question does not arise. */
const isProved: RegistrationRule = ({ account, target, policy }) =>
  account.environment !== "PROD" ||
  !policy.allowProdLinear ||
  policy.proof.length > 0 ||
  policy.acceptUnproved
    ? undefined
    : {
        code: "UNPROVED",
        sentence: `Account ${account.accountId} is PROD, and nothing proves that the application of target ${target.targetId} works after a switch: name a ${limitName("proof")} in its policy, or set ${limitName("acceptUnproved")} if EC2's checks are enough.`,
      };

export const registrationRules: readonly RegistrationRule[] = [
  accountIsActive,
  regionIsConnected,
  regionIsServed,
  prodIsAllowed,
  isProved,
  modelIsAllowed,
  permissionsAreThere,
];
