/** Rules about what was registered for KUBERNETES: those of every mode, and a proof where the account is PROD. */
import type { RegistrationRule } from "../../switch/objection.ts";
import {
  accountIsActive,
  isProvedUnless,
  modelIsAllowed,
  permissionsAreThere,
  regionIsConnected,
  regionIsServed,
} from "../../switch/registration.ts";

/** A person would have to ask for On-Demand nodes: an interruption is answered by the group itself. */
const isSwitch: RegistrationRule = ({ kind, target }) =>
  kind === "FALL_BACK"
    ? {
        code: "WAY_BACK_NOT_OFFERED",
        sentence: `Target ${target.targetId} is of mode KUBERNETES, which has no way back of its own: raise the desired size of the On-Demand node group, then drain the Spot nodes (kubectl drain) and lower the size of their group.`,
      }
    : undefined;

export const registrationRules: readonly RegistrationRule[] = [
  accountIsActive,
  regionIsConnected,
  regionIsServed,
  isProvedUnless("the checks of Kubernetes, its readiness probes and its budgets"),
  modelIsAllowed,
  permissionsAreThere,
  isSwitch,
];
