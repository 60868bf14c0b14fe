/** Rules about what was registered for CLUSTER: those of every mode, and a proof where the account is PROD. */
import { limitName } from "../../../policy/limit-name.ts";
import type { RegistrationRule } from "../../switch/objection.ts";
import {
  accountIsActive,
  modelIsAllowed,
  permissionsAreThere,
  regionIsConnected,
  regionIsServed,
} from "../../switch/registration.ts";

const isProved: RegistrationRule = ({ account, target, policy }) =>
  account.environment !== "PROD" || policy.proof.length > 0 || policy.acceptUnproved
    ? undefined
    : {
        code: "UNPROVED",
        sentence: `Account ${account.accountId} is PROD, and nothing proves that the application of target ${target.targetId} works on a replacement: name a ${limitName("proof")} in its policy, or set ${limitName("acceptUnproved")} if the checks of EC2 and of its load balancers are enough.`,
      };

export const registrationRules: readonly RegistrationRule[] = [
  accountIsActive,
  regionIsConnected,
  regionIsServed,
  isProved,
  modelIsAllowed,
  permissionsAreThere,
];
