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

export const registrationRules: readonly RegistrationRule[] = [
  accountIsActive,
  regionIsConnected,
  regionIsServed,
  isProvedUnless("the checks of EC2 and of its load balancers"),
  modelIsAllowed,
  permissionsAreThere,
];
