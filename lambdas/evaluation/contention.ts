/** A group that somebody else changes at this moment: AWS refuses the call, and takes it later, or the next look tells what it found. It is waited for, and not rolled back. */
import { SpotOptimizerError } from "../../core/errors.ts";

const busyCodes: ReadonlySet<string> = new Set([
  "ResourceContention",
  "ResourceContentionFault",
  "ScalingActivityInProgress",
  "ScalingActivityInProgressFault",
  // By the adapter, of a member that has left meanwhile: AWS has no code of its own for it.
  "ValidationError",
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
