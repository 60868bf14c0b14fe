/** The words for one part of the identity: which call comes next for it, or what is waited for, or that it is there. */
import { SpotOptimizerError } from "../../../core/errors.ts";

/** One call of EC2's or the load balancer's, with all that it needs. */
export type IdentityCall = Readonly<
  | { action: "DetachVolume"; volumeId: string; instanceId: string }
  | { action: "AttachVolume"; volumeId: string; instanceId: string; deviceName: string }
  | { action: "DetachNetworkInterface"; attachmentId: string }
  | {
      action: "AttachNetworkInterface";
      networkInterfaceId: string;
      instanceId: string;
      deviceIndex: number;
    }
  | { action: "AssignPrivateIpAddresses"; interfaceId: string; privateIps: readonly string[] }
  | { action: "RegisterTargets"; arn: string; instanceId: string; port: number }
  | { action: "DeregisterTargets"; arn: string; instanceId: string; port: number }
  | { action: "AssociateAddress"; allocationId: string; interfaceId: string; privateIp: string }
>;

interface UnderWay {
  /** It has left the original, or reached the replacement: what is left is the second half. */
  readonly isHalfway?: true;
}

/** What comes next for one part. */
export type NextMove =
  | { readonly kind: "IN_PLACE" }
  /** One of our calls is under way. */
  | ({ readonly kind: "WAIT"; readonly sentence: string } & UnderWay)
  | ({
      readonly kind: "CALL";
      readonly resource: string;
      readonly call: IdentityCall;
      /** At the original right before the call takes it from there. */
      readonly found?: { readonly deleteOnTermination: boolean };
    } & UnderWay);

export const inPlace: NextMove = { kind: "IN_PLACE" };

export const waiting = (sentence: string, halfway: "halfway" | false = false): NextMove => ({
  kind: "WAIT",
  sentence,
  ...(halfway === "halfway" && { isHalfway: true }),
});

export const elsewhere = (what: string, where: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", `${what} is now at ${where}: somebody else moved it.`, {
    resource: what,
    nextStep: "Settle who owns it, then evaluate again.",
  });
