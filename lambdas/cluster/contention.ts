/** A group that somebody else changes at this moment: AWS refuses the call, has done nothing, and takes it later. It is waited for, and not rolled back. */
import { SpotOptimizerError } from "../../core/errors.ts";

const busyCodes: ReadonlySet<string> = new Set([
  "ResourceContention",
  "ResourceContentionFault",
  "ScalingActivityInProgress",
  "ScalingActivityInProgressFault",
]);

/**
 * What AWS said, where it refused for contention. Throws any other error.
 * Source: EC2 Auto Scaling API reference, AttachInstances and TerminateInstanceInAutoScalingGroup, Errors.
 */
export const contentionIn = (error: unknown): string => {
  const isBusy =
    error instanceof SpotOptimizerError &&
    error.name === "RetryableContention" &&
    busyCodes.has(error.code ?? "");
  if (!isBusy) throw error;
  return error.message;
};
