/** Refusals of admission as the API server passes them on: held to the real one by test/kube. */
import { refuse, type KubeRefusal } from "../../../../local/cloud/kubernetes/refusals.ts";

export interface Denial {
  /** 400 where the webhook gives none. */
  readonly code?: number;
  readonly message?: string;
  readonly reason?: string;
}

/** A webhook that says no, in its own words. */
export const webhookDenies = (
  webhook: string,
  { code = 400, message = "", reason = "" }: Denial = {},
): KubeRefusal =>
  refuse(code, reason, {
    message: `admission webhook "${webhook}" denied the request${message === "" ? " without explanation" : `: ${message}`}`,
  });

/** A webhook that must be asked, and can't be. */
export const webhookFails = (webhook: string, why: string): KubeRefusal => {
  const message = `failed calling webhook "${webhook}": failed to call webhook: ${why}`;
  return refuse(500, "InternalError", {
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });
};

/** A ValidatingAdmissionPolicy on evictions. */
export const policyDenies = (
  pod: string,
  names: { readonly policy: string; readonly binding: string },
  message: string,
): KubeRefusal => {
  const denied = `ValidatingAdmissionPolicy '${names.policy}' with binding '${names.binding}' denied request: ${message}`;
  return refuse(422, "Invalid", {
    message: `pods "${pod}" is forbidden: ${denied}`,
    details: { name: pod, kind: "pods", causes: [{ message: denied }] },
  });
};
