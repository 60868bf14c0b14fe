/**
 * Says who ended an instance, from the reason that EC2 gives, and what its owner can do about it. What he did himself, or must mend
 * in his account, says nothing of the pool.
 * Source of the codes: EC2 API reference, StateReason; EC2 user guide, "Spot Instance request status".
 */
import { refusalSentence } from "../../model/aws-refusal.ts";
import type { InstanceHealth } from "../../model/instance.ts";
import { grantCommand, keyCommand, spotRoleArn } from "./spot-role.ts";

export interface Ended {
  readonly sentence: string;
  readonly nextStep: string;
}

interface Remedy {
  /** What happened, without its subject. */
  readonly what: string;
  readonly nextStep: string;
}

/** Keys under which its volumes are, or could be, as far as is known; what the owner can grant is on these. */
export interface EndedContext {
  readonly accountId: string;
  readonly kmsKeyIds: readonly string[];
}

const ofKey = ({ accountId, kmsKeyIds }: EndedContext): string =>
  kmsKeyIds.length === 0
    ? "Look in CloudTrail for what was denied at its start: KMS calls above all, where an image or a snapshot is encrypted."
    : `Where a volume's key is the account's own (not aws/ebs), give AWS's role for Spot the use of it: ${kmsKeyIds.map((id) => grantCommand(spotRoleArn(accountId), id)).join("; ")}. Then evaluate the target.`;

const remedies: Readonly<Record<string, (context: EndedContext) => Remedy>> = {
  "Client.InternalError": (context) => ({
    what: "EC2 could not start it, mostly because the key of an encrypted volume may not be used",
    nextStep: ofKey(context),
  }),
  // † Not among the StateReason codes of the API reference; EC2 gives it where KMS says KMSInvalidStateException.
  "Client.InvalidKMSKey.InvalidState": ({ kmsKeyIds }) => ({
    what: "the key of an encrypted volume cannot be used in its state",
    nextStep: `See its state and enable it (${kmsKeyIds.map((id) => keyCommand("describe-key", id)).join("; ") || "aws kms describe-key"}); then evaluate the target.`,
  }),
  "Client.VolumeLimitExceeded": () => ({
    what: "the account's quota of EBS storage is used up",
    nextStep:
      "Have the quota of the volume type raised (Service Quotas, Amazon EBS), or free storage; then evaluate the target.",
  }),
  "Client.InvalidSnapshot.NotFound": () => ({
    what: "a snapshot of its image is not there",
    nextStep: "See who deletes snapshots of images that are in use; then evaluate the target.",
  }),
  "Client.InstanceInitiatedShutdown": () => ({
    what: "its own operating system shut it down",
    nextStep: "See in its boot scripts and user data what shuts it down; then evaluate the target.",
  }),
  "Client.UserInitiatedShutdown": () => ({
    what: "somebody of the account ended it, and we did not",
    nextStep: "See in CloudTrail who called TerminateInstances; then evaluate the target.",
  }),
};

const otherClientRemedy: Remedy = {
  what: "EC2 gives a cause that lies in the account",
  nextStep:
    "See in CloudTrail and the instance's StateReason what it is; then evaluate the target.",
};

/** Undefined: neither its owner nor his account ended it, as far as EC2 tells. */
export const endedByAccount = (
  { instanceId, stateReason }: InstanceHealth,
  context: EndedContext,
): Ended | undefined => {
  if (stateReason?.startsWith("Client.") !== true) return undefined;
  const { what, nextStep } = remedies[stateReason]?.(context) ?? otherClientRemedy;
  return {
    // As a refusal of the launch, so that the failed attempt is remembered by its code.
    sentence: refusalSentence({
      action: "RunInstances",
      resource: instanceId,
      code: stateReason,
      message: `${what}.`,
    }),
    nextStep,
  };
};
