/** Rules about what was registered for CLUSTER: those of every mode, and a proof where the account is PROD. */
import type { RegistrationRule } from "../../switch/objection.ts";
import {
  accountIsActive,
  isProvedUnless,
  modelIsAllowed,
  permissionsAreThere,
  regionIsConnected,
  regionIsServed,
} from "../../switch/registration.ts";

const isProved = isProvedUnless("the checks of EC2 and of its load balancers");

export const registrationRules: readonly RegistrationRule[] = [
  accountIsActive,
  regionIsConnected,
  regionIsServed,
  isProved,
  modelIsAllowed,
  permissionsAreThere,
];

/** What its owner has agreed to for a conversion is not asked again of what EC2 takes back. */
export const recoveryRules: readonly RegistrationRule[] = registrationRules.filter(
  (rule) => rule !== isProved,
);
